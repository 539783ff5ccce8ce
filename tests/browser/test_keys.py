"""Requests to Approve by keyboard: j and k walk through the list, Enter opens a request."""

from tests.people import order
from workflow.service.requesting import send_approval_request

FOCUSED = "document.activeElement.textContent"


def test_keys_walk_through_the_list_and_open_a_request(person, company):
    ann = company.actor("ANN")
    send_approval_request(company.uow(), order(number="PO-1").key, ann)
    with person("BOB") as page:
        page.goto("/requests")
        page.keyboard.press("j")
        first = page.evaluate(FOCUSED)
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert {first, page.evaluate(FOCUSED)} == {"purchase order PO-1", "purchase order PO-2"}
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/requests/purchase/order/1/{first.rpartition(' ')[2]}")


def test_one_click_ticks_all_and_another_none(person, company):
    send_approval_request(company.uow(), order(number="PO-1").key, company.actor("ANN"))
    with person("BOB") as page:
        page.goto("/requests")
        ticked = page.locator("[name=pick]:checked")
        page.get_by_role("link", name="Select all").click()
        assert ticked.count() == 2
        page.get_by_role("link", name="Select none").click()
        assert ticked.count() == 0
        assert page.url.endswith("/requests")
