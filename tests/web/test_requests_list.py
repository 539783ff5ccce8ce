"""Requests to Approve: found, sorted, answered together."""

import pytest

from tests.people import order
from workflow.service.requesting import send_approval_request

LIST = "/requests"
SHEET = "/requests/selection"


@pytest.fixture
def asked(company, clock):
    """Ann asks Bob about four orders, the last one from abroad and a day later."""
    facts = {
        "A-1": {"amount": 100},
        "A-2": {"amount": 900},
        "A-3": {"amount": 300},
        "A-4": {"amount": 200, "currency": "USD"},
    }
    with company.uow() as uow:
        for number, fields in facts.items():
            uow.documents.add(order(number=number, requester="ANN", **fields))
        uow.commit()
    for number in facts:
        if number == "A-4":
            clock.forward(days=1)
        send_approval_request(company.uow(), order(number=number).key, company.actor("ANN"))


def numbers(page):
    return [number for number in ("A-1", "A-2", "A-3", "A-4") if f'/1/{number}"' in page]


def in_order(page):
    return sorted(numbers(page), key=lambda number: page.index(f'/1/{number}"'))


def status(company, number):
    with company.uow(readonly=True) as uow:
        return uow.documents.get(order(number=number).key).status


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A-1", "A-2", "A-3", "A-4"]),
        ("?sort=amount", ["A-2", "A-3", "A-4", "A-1"]),
        ("?overdue=1", ["A-1", "A-2", "A-3"]),
        ("?area=sales", []),
        ("?area=&type=&requester=ANN&sort=age", ["A-1", "A-2", "A-3", "A-4"]),
        ("?requester=CID", []),
        ("?area=nonsense&sort=%00&page=x", ["A-1", "A-2", "A-3", "A-4"]),
        ("?page=2", []),
    ],
)
def test_the_address_says_which_requests_are_shown_and_in_which_order(browser, asked, query, found):
    page = browser("BOB").open(LIST + query)
    assert page.status_code == 200
    assert in_order(page.text) == found


def test_others_see_none_of_it(browser, asked):
    assert "Nothing waits for your answer." in browser("CID").open(LIST).text


def test_a_long_list_comes_in_parts(browser, company):
    with company.uow() as uow:
        for number in range(55):
            uow.documents.add(order(100, f"L-{number:02}", requester="ANN"))
        uow.commit()
    for number in range(55):
        key = order(number=f"L-{number:02}").key
        send_approval_request(company.uow(), key, company.actor("ANN"))
    bob = browser("BOB")
    first, second = bob.open(f"{LIST}?sort=age").text, bob.open(f"{LIST}?sort=age&page=2").text
    assert first.count('name="pick"') == 50
    assert second.count('name="pick"') == 5
    assert 'href="/requests?sort=age&amp;page=2"' in first


def test_several_are_approved_after_one_look_at_the_totals(browser, company, asked):
    bob = browser("BOB")
    picked = [f"purchase/order/1/{number}" for number in ("A-1", "A-3", "A-4")]
    address = f"{SHEET}?" + "&".join(f"pick={pick}" for pick in picked)
    sheet = bob.open(address).text
    assert "€400.00" in sheet
    assert "USD" in sheet
    assert sheet.count("checked") == 3
    assert status(company, "A-1") == "pending_approval"  # looking changes nothing
    done = bob.send(SHEET, address, pick=picked[:2], text="All fine")
    assert "2 of 2 approved" in done.text
    assert [status(company, n) for n in ("A-1", "A-3")] == ["released", "released"]
    assert status(company, "A-4") == "pending_approval"


def test_one_that_is_not_possible_is_explained_and_none_is_silently_left_out(
    browser, company, asked
):
    bob = browser("BOB")
    picked = [f"purchase/order/1/{number}" for number in ("A-1", "A-2", "NO-SUCH", "PO-1")]
    address = f"{SHEET}?" + "&".join(f"pick={pick}" for pick in picked)
    sheet = bob.open(address)
    assert "2 of the selected requests do not wait for your answer any more." in sheet.text
    bob.send("/requests/purchase/order/1/A-2", step="reject", text="No")
    done = bob.send(SHEET, address, pick=picked).text
    assert "1 of 4 approved" in done
    assert done.count("Not approved") == 3


def test_only_the_request_that_was_shown_is_approved(browser, company, asked):
    bob = browser("BOB")
    picked = "purchase/order/1/A-1"
    token = bob.token(f"{SHEET}?pick={picked}")
    bob.send("/requests/purchase/order/1/A-1", step="reject", text="No")
    send_approval_request(company.uow(), order(number="A-1").key, company.actor("ANN"))
    done = bob.send(SHEET, pick=picked, token=token)
    assert "0 of 1 approved" in done.text
    assert status(company, "A-1") == "pending_approval"


def test_nobody_approves_a_selection_of_somebody_elses_requests(browser, company, asked):
    cid = browser("CID")
    picked = "purchase/order/1/A-1"
    assert "€100.00" not in cid.open(f"{SHEET}?pick={picked}").text
    token = cid.token(LIST)
    assert cid.send(SHEET, pick=picked, token=token).status_code == 403
    assert status(company, "A-1") == "pending_approval"


def test_all_or_nothing_where_the_company_wants_it(browser, company, asked):
    from dataclasses import replace  # noqa: PLC0415

    from workflow.options import Selection  # noqa: PLC0415

    with company.uow() as uow:
        uow.set_company(replace(uow.company(), selection=Selection.ALL_OR_NOTHING))
        uow.commit()
    bob = browser("BOB")
    address = f"{SHEET}?pick=purchase/order/1/A-1"
    refused = bob.send(SHEET, address, pick=["purchase/order/1/A-1", "purchase/order/1/PO-1"])
    assert refused.status_code == 422
    assert status(company, "A-1") == "pending_approval"


def test_more_than_a_hundred_at_once_are_refused(browser):
    address = f"{SHEET}?" + "&".join(f"pick=purchase/order/1/{n}" for n in range(101))
    page = browser("BOB").open(address)
    assert page.status_code == 422
    assert "At most 100" in page.text


def test_all_rows_are_ticked_without_scripts(browser, asked):
    bob = browser("BOB")
    assert " checked" not in bob.open(LIST).text
    ticked = bob.open(f"{LIST}?requester=ANN&selected=all").text
    assert ticked.count(" checked") == 4
    assert 'href="/requests?requester=ANN"' in ticked


def test_an_empty_list_says_what_was_decided_last(browser, asked, company):
    bob = browser("BOB")
    assert "You approved this on" not in browser("CID").open(LIST).text
    for number in ("A-1", "A-2", "A-3"):
        bob.send(f"/requests/purchase/order/1/{number}", step="approve")
    assert "Last:" not in bob.open(LIST).text
    bob.send("/requests/purchase/order/1/A-4", step="reject", text="too dear")
    page = bob.open(LIST).text
    assert 'Last: <a href="/requests/purchase/order/1/A-4">' in page
    assert "You rejected this on Tue, 3 Mar 2026, 09:00." in page


def test_the_sheet_warns_of_what_goes_on_to_somebody_else(browser, asked, sent):
    sent("PO-2")
    bob = browser("BOB")
    warning = "Your limit is too low for 1 of them"
    assert warning not in bob.open(f"{SHEET}?pick=purchase/order/1/A-1").text
    both = f"{SHEET}?pick=purchase/order/1/A-1&pick=purchase/order/1/PO-2"
    assert warning in bob.open(both).text
