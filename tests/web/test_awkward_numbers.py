"""A document's number is somebody else's: whatever it is made of, its pages are found and work."""

import re
from urllib.parse import urljoin

import pytest

from notifications.links import document_path, request_path
from tests.people import order

NUMBERS = [
    "..",
    ".",
    "a/../b",
    "=..",
    "=x",
    "PO 1/2",
    "50%",
    "a?b#c",
    "é—漢",
    "x\ny",
    "<b>\"'",
    "//a",
]


@pytest.fixture
def stored(company):
    def store(number):
        document = order(400, number, requester="ANN")
        with company.uow() as uow:
            uow.documents.add(document)
            uow.commit()
        return document.key

    return store


@pytest.mark.parametrize("number", NUMBERS)
def test_a_document_of_any_number_is_sent_and_approved_on_its_pages(
    browser, company, stored, number
):
    key = stored(number)
    ann, bob = browser("ANN"), browser("BOB")
    assert ann.send(document_path(key), step="send").status_code == 303
    page = bob.send(request_path(key, 1), step="approve")
    assert urljoin("http://testserver", page.headers["location"]).startswith(
        "http://testserver" + request_path(key, 1)
    )
    with company.uow(readonly=True) as uow:
        assert uow.documents.get(key).status == "released"
    rows = ann.open("/documents").text
    assert document_path(key).replace("&", "&amp;") in rows


@pytest.mark.parametrize("number", NUMBERS)
def test_signing_in_leads_back_to_the_page(browser, stored, number):
    key = stored(number)
    asked = browser().open(document_path(key))
    somebody = browser()
    field = somebody.open(asked.headers["location"]).text
    back = re.search(r'name="next" value="([^"]*)"', field)[1]
    assert somebody.sign_in("ANN", next_page=back).headers["location"] == document_path(key)
