"""Who would approve this? The page answers as sending does."""

from dataclasses import replace
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.people import ANN, order, workflow
from workflow.statuses import ApproverLimitType

PATH = "/setup/who"


def asks(browser, **fields):
    given = {"requester": "ANN", "kind": "purchase/order", "amount": "400", **fields}
    return browser.open(f"{PATH}?{urlencode(given)}")


@pytest.mark.parametrize(
    ("amount", "asked"), [("400", ["BOB"]), ("1000", ["BOB"]), ("1000.01", ["BOB", "CID"])]
)
def test_it_names_who_sending_would_ask(browser, company, sent, amount, asked):
    text = unescape(asks(browser("EVA"), amount=amount).text)
    found = [user for user in ("BOB", "CID", "DEE", "EVA") if f"({user})" in text]
    assert found == asked
    with company.uow() as uow:
        uow.documents.add(order(amount, "PO-9", requester="ANN"))
        uow.commit()
    sent("PO-9")
    entries = company.read.entries_of(order(number="PO-9").key)
    assert [one.approver for one in entries if one.approver != "ANN"] == asked


def test_nothing_is_stored_by_asking(browser, company):
    before = company.read.documents_list()
    asks(browser("EVA"))
    assert company.read.documents_list() == before


def test_whose_limit_is_not_enough_is_said_with_the_limit(browser, company):
    first = workflow(limit_type=ApproverLimitType.FIRST_QUALIFIED, version=2)
    with company.uow() as uow:
        uow.workflows.add_version(first)
        uow.commit()
    text = unescape(asks(browser("EVA"), amount="5000").text)
    assert "Bob (BOB)</strong>: limit €1,000.00, which is not enough" in text
    assert "Cid (CID)" in text


def test_a_refusal_of_sending_is_the_answer(browser, company):
    with company.uow() as uow:
        uow.users.save(replace(ANN, approver=""))
        uow.commit()
    answer = asks(browser("EVA"), amount="5000")
    assert answer.status_code == 422
    assert "No qualified approver was found" in answer.text
    assert "No approval workflow" in asks(browser("EVA"), kind="sales/order").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "a lot"), ("amount", ""), ("currency", "dollars"), ("kind", "poem")],
)
def test_what_is_wrong_stands_beside_its_field(browser, field, value):
    answer = asks(browser("EVA"), **{field: value})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text


def test_a_foreign_amount_counts_in_local_currency(browser):
    eva = browser("EVA")
    text = asks(eva, amount="1100", currency="usd", amount_lcy="990").text
    assert "(BOB)" in text
    assert "(CID)" not in text
    assert 'id="e-amount_lcy"' in asks(eva, currency="usd").text


def test_an_unknown_requester_is_refused(browser):
    assert asks(browser("EVA"), requester="ZED").status_code == 404


def test_it_is_for_who_sees_the_setup(browser):
    assert asks(browser("ANN")).status_code == 403
