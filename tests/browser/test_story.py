"""The whole story in a browser: Ann asks, Bob and Cid approve, and the order is released."""

from dataclasses import replace

from tests.people import order
from workflow.statuses import DocumentStatus


def status(company, number):
    with company.uow(readonly=True) as uow:
        return uow.documents.get(order(number=number).key).status


def test_three_people_take_an_order_from_sending_to_release(person, company):
    with person("ANN") as ann:
        ann.get_by_role("link", name="purchase order PO-1").click()
        ann.get_by_role("button", name="Send Approval Request").click()
        ann.get_by_text("Pending Approval").wait_for()
    for approver, number in (("BOB", "PO-1"), ("BOB", "PO-2"), ("CID", "PO-2")):
        with person(approver) as page:
            page.goto("/requests")
            page.get_by_role("link", name=f"purchase order {number}").click()
            page.get_by_role("button", name="Approve: ").click()
            page.get_by_text("Approve: ").wait_for(state="detached")
    assert status(company, "PO-1") is DocumentStatus.RELEASED
    assert status(company, "PO-2") is DocumentStatus.RELEASED


def test_three_people_take_an_order_from_sending_to_release_in_dutch(person, company):
    with company.uow() as uow:
        for user in ("ANN", "BOB", "CID"):
            uow.users.save(replace(uow.users.user(user), language="nl"))
        uow.commit()
    with person("ANN", locale="nl-NL") as ann:
        ann.get_by_role("link", name="inkooporder PO-1").click()
        ann.get_by_text("Wie keurt dit goed?").wait_for()
        ann.get_by_role("button", name="Goedkeuringsaanvraag verzenden").click()
        ann.get_by_text("Wacht op goedkeuring").wait_for()
    for approver, number in (("BOB", "PO-1"), ("BOB", "PO-2"), ("CID", "PO-2")):
        with person(approver, locale="nl-NL") as page:
            page.get_by_role("heading", name="Aanvragen ter goedkeuring").wait_for()
            page.get_by_role("link", name=f"inkooporder {number}").click()
            page.get_by_role("button", name="Goedkeuren: ").click()
            page.get_by_text("U keurde dit goed op").wait_for()
    with person("ANN", locale="nl-NL") as ann:
        ann.get_by_role("link", name="inkooporder PO-2").click()
        ann.get_by_text("Vrijgegeven").first.wait_for()
    assert status(company, "PO-1") is DocumentStatus.RELEASED
    assert status(company, "PO-2") is DocumentStatus.RELEASED


def test_it_works_without_scripts_and_by_keyboard_alone(person, company):
    with person("BOB", java_script_enabled=False) as bob:
        bob.goto("/requests/purchase/order/1/PO-2")
        button = bob.get_by_role("button", name="Approve: ")
        for _ in range(30):
            bob.keyboard.press("Tab")
            if button.evaluate("element => element === document.activeElement"):
                break
        bob.keyboard.press("Enter")
        button.wait_for(state="detached")
    with company.uow(readonly=True) as uow:
        run = uow.documents.get(order(number="PO-2").key).run
    assert [entry.decided_by for entry in run.entries if entry.decided_by] == ["BOB"]
