"""Wording of Mail: texts of the company's own, seen in an example before anybody gets one."""

import pytest

from notifications.rendering import message_names
from web.pages.wording import CAPTIONS
from workflow.wording import EVERY_MESSAGE, WordingPart

WORDING = "/setup/wording"
ONE = {"message": "approval_requested", "language": "nl"}


@pytest.fixture
def eva(browser):
    return browser("EVA")


def stored(company, message="approval_requested", part=WordingPart.INTRO):
    with company.uow(readonly=True) as uow:
        return uow.wordings.text(message, "nl", part)


def test_every_message_has_its_caption():
    assert set(CAPTIONS) == {EVERY_MESSAGE, *message_names()}


@pytest.mark.parametrize("message", sorted(message_names()))
def test_every_message_has_an_example_on_the_page(eva, message):
    assert eva.open(f"{WORDING}?message={message}&language=nl").status_code == 200


def test_a_text_is_saved_and_shows_in_the_example(eva, company):
    answer = eva.send(WORDING, **ONE, intro="Vragen? Bel 2911.", footer="")
    assert stored(company) == "Vragen? Bel 2911."
    page = eva.open(answer.headers["location"]).text
    assert "Vragen? Bel 2911.</textarea>" in page
    letter = eva.open(f"{WORDING}/letter?message=approval_requested&language=nl")
    assert "Vragen? Bel 2911." in letter.text
    assert letter.headers["content-security-policy"].endswith("sandbox")


def test_an_empty_text_goes_back_to_the_built_in_words(eva, company):
    eva.send(WORDING, **ONE, intro="Vragen?", footer="Contoso")
    eva.send(WORDING, **ONE, intro="", footer="Contoso")
    assert stored(company) == ""
    assert stored(company, part=WordingPart.FOOTER) == "Contoso"


def test_a_text_that_is_too_long_is_refused_and_kept_on_the_page(eva, company):
    refused = eva.send(WORDING, **ONE, intro="<b>long " * 200, footer="")
    assert refused.status_code == 422
    assert "a letter has room for 1000" in refused.text
    assert "&lt;b&gt;long" in refused.text
    assert stored(company) == ""


def test_only_administrators_change_the_wording(browser, company):
    ann = browser("ANN")
    assert ann.open(WORDING).status_code == 403
    assert ann.client.post(WORDING, data={**ONE, "intro": "Mine"}).status_code == 403
    assert stored(company) == ""
