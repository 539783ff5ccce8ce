"""Approval users from a file on the pages: the plan, then all of it or nothing; and back out."""

from dataclasses import replace
from html import unescape

import pytest

from tests.people import BOB
from tests.web.conftest import HERE
from tests.web.forms import form_of

PATH = "/setup/users/import"
FILE = """user_id;full_name;approver;purchase_limit
BOB;Bob Baker;CID;1500
GUS;Gus Green;BOB;0
CID;Cid;;unlimited
"""


def upload(browser, text, **fields):
    """Choose a file on the page and send it."""
    fields = {"token": browser.token(PATH), "decimals": "point", **fields}
    files = {"file": ("team.csv", text.encode() if isinstance(text, str) else text)}
    return browser.client.post(PATH, data=fields, files=files, headers={"Origin": HERE})


def apply(browser, plan_page):
    """Press the button of the plan that is shown."""

    class Shown:
        def open(self, _path):
            return plan_page

    fields = form_of(Shown(), PATH)
    return browser.client.post(PATH, data={**fields, "step": "apply"}, headers={"Origin": HERE})


def test_the_plan_shows_old_and_new_and_changes_nothing(browser, company):
    answer = upload(browser("EVA"), FILE)
    assert answer.status_code == 200
    text = unescape(answer.text)
    assert 'Purchase Amount Approval Limit: <del dir="auto">1000' in text
    assert "1500" in text
    assert "<strong>GUS</strong>" in text
    assert "<strong>CID</strong>" not in text, "stays as it is"
    assert company.directory.user("GUS") is None
    assert company.directory.user("BOB") == BOB


def test_the_plan_is_applied_as_a_whole(browser, company):
    eva = browser("EVA")
    assert apply(eva, upload(eva, FILE)).status_code == 303
    assert company.directory.user("BOB").purchase_limit == 1500
    assert company.directory.user("GUS").approver == "BOB"


def test_a_plan_that_is_outdated_is_made_anew_and_not_applied(browser, company):
    eva = browser("EVA")
    plan = upload(eva, FILE)
    with company.uow() as uow:
        uow.users.save(replace(BOB, phone="1"))
        uow.commit()
    answer = apply(eva, plan)
    assert answer.status_code == 409
    assert "changed since this plan" in answer.text
    assert company.directory.user("GUS") is None
    assert apply(eva, answer).status_code == 303, "the new plan"


def test_every_wrong_row_is_shown_and_none_is_imported(browser, company):
    rows = FILE + "HAL;Hal;;a lot\nIDA;Ida;;-5\nJAN;Jan;JAN;0\n"
    answer = upload(browser("EVA"), rows)
    assert answer.status_code == 422
    for row in ("5", "6", "7"):
        assert f'data-label="Row">{row}</td>' in answer.text
    assert "a lot" in answer.text
    assert 'value="apply"' not in answer.text
    assert company.directory.user("GUS") is None


def test_what_nobody_may_do_is_refused_in_the_plan_too(browser):
    answer = upload(browser("EVA"), "user_id;purchase_limit\nEVA;5000\n")
    assert answer.status_code == 422
    assert "cannot raise the authority" in answer.text


def test_circles_that_a_file_would_make_are_shown(browser):
    answer = upload(browser("EVA"), "user_id;approver\nCID;ANN\n")
    assert "approver chain in a circle" in answer.text


def test_rows_can_be_pasted_and_nothing_is_no_file(browser):
    eva = browser("EVA")
    assert "GUS" in eva.send(PATH, pasted=FILE, decimals="point", step="plan").text
    assert eva.send(PATH, pasted=" ", step="plan").status_code == 422


def test_amounts_are_read_as_declared_and_never_guessed(browser):
    eva = browser("EVA")
    rows = "user_id;purchase_limit\nBOB;1234,56\n"
    assert upload(eva, rows, decimals="point").status_code == 422
    assert "1234.56" in upload(eva, rows, decimals="comma").text


def test_only_who_sets_up_imports(browser):
    assert browser("ANN").open(PATH).status_code == 403


@pytest.mark.parametrize("language", ["en", "nl"])
def test_an_export_changes_nothing_when_it_comes_back(browser, company, language):
    with company.uow() as uow:
        for user in company.directory.all():
            uow.users.save(replace(user, full_name='=1+1; "x"', phone="-31 (0)20"))
        eva = company.directory.user("EVA")
        uow.users.save(replace(eva, language=language, full_name="'@Eva"))
        uow.commit()
    eva = browser("EVA")
    exported = eva.open("/setup/users/export")
    assert exported.content.startswith(b"\xef\xbb\xbfuser_id;")
    assert b"\r\n" in exported.content
    assert b"'=1+1" in exported.content
    decimals = "comma" if language == "nl" else "point"
    plan = upload(eva, exported.content, decimals=decimals)
    assert plan.status_code == 200
    assert 'value="apply"' not in plan.text
    assert "<del" not in plan.text
