"""Emailing documents through the service: the gate before release, and whose address it is."""

from dataclasses import replace

import pytest

from memory_store import office
from notifications.messages import OUTSIDE
from people import CAST, actor, order, workflow
from workflow.counterparties import Counterparty
from workflow.errors import AlreadyEmailed, NoEmailAddress, NotReleased
from workflow.events import (
    CounterpartyChanged,
    DocumentEmailed,
    DocumentNotEmailed,
    DocumentReleased,
    FieldChange,
)
from workflow.mailing import TO_COUNTERPARTY
from workflow.options import BeforeRelease, CompanyOptions
from workflow.service import deciding, handling, mailing, parties, requesting
from workflow.service.bouncing import record_bounce
from workflow.statuses import Area

VENDOR = Counterparty(area=Area.PURCHASE, number="V-10", email="orders@desks.example")


def stored_events(uow, kind):
    return [event for _, _, event in uow.stored.events if isinstance(event, kind)]


def with_vendor(uow):
    uow.stored.counterparties = {(Area.PURCHASE, "V-10"): VENDOR}
    return uow


def released(uow, key):
    requesting.send_approval_request(uow, key, actor("ANN"))
    deciding.approve(uow, key, actor("BOB"))
    return uow


def test_a_released_document_is_emailed_and_it_stands_in_its_history(uow, key):
    with_vendor(released(uow, key))

    outcome = mailing.email_document(uow, key, actor("ANN"))

    (emailed,) = stored_events(uow, DocumentEmailed)
    assert outcome.message == "Purchase order PO-1 goes to orders@desks.example."
    assert emailed.to_address == "orders@desks.example"
    assert uow.document(key).event_count == len(uow.stored.events)


@pytest.mark.parametrize("pending", [False, True])
def test_before_the_release_it_is_refused_and_nothing_is_recorded(uow, key, pending):
    with_vendor(uow)
    if pending:
        requesting.send_approval_request(uow, key, actor("ANN"))

    with pytest.raises(NotReleased) as refused:
        mailing.email_document(uow, key, actor("ANN"), to_address="zoe@desks.example")

    assert refused.value.code == "NOT_RELEASED"
    assert "before_release=allow" in refused.value.next_step
    assert stored_events(uow, DocumentEmailed) == []


def test_where_the_workflow_allows_it_an_open_document_is_emailed(key):
    uow = office(workflow(before_release="allow"), people=CAST, documents=[order()])

    mailing.email_document(uow, key, actor("ANN"), to_address="zoe@desks.example")

    assert len(stored_events(uow, DocumentEmailed)) == 1


def test_a_document_that_no_workflow_covers_follows_the_company(key):
    strict = office(people=CAST, documents=[order()])
    open_company = CompanyOptions(before_release=BeforeRelease.ALLOW)
    lenient = office(people=CAST, documents=[order()], company=open_company)

    with pytest.raises(NotReleased):
        mailing.email_document(strict, key, actor("ANN"), to_address="zoe@desks.example")
    handling.release(strict, key, actor("ANN"))
    for uow in (strict, lenient):
        mailing.email_document(uow, key, actor("ANN"), to_address="zoe@desks.example")
        assert len(stored_events(uow, DocumentEmailed)) == 1


def test_without_an_address_nothing_is_recorded(uow, key):
    released(uow, key)

    with pytest.raises(NoEmailAddress):
        mailing.email_document(uow, key, actor("ANN"))

    assert stored_events(uow, DocumentEmailed) == []


def test_the_workflow_sends_it_out_with_the_release_in_one_transaction(key):
    on_release = workflow(email_on_release=True)
    uow = with_vendor(office(on_release, people=CAST, documents=[order()]))

    released(uow, key)

    (emailed,) = stored_events(uow, DocumentEmailed)
    assert emailed.to_address == VENDOR.email


def test_so_does_an_automatic_approval(key):
    on_release = workflow(email_on_release=True)
    uow = with_vendor(office(on_release, people=CAST, documents=[order()]))

    requesting.send_approval_request(uow, key, actor("CID"))

    assert len(stored_events(uow, DocumentEmailed)) == 1


@pytest.fixture
def mailed(key):
    """Released, mailed by the release, and reopened."""
    on_release = workflow(email_on_release=True, reapproval="if_changed")
    uow = with_vendor(office(on_release, people=CAST, documents=[order()]))
    released(uow, key)
    handling.reopen(uow, key, actor("ANN"))
    return uow


def test_another_release_mails_the_same_document_only_when_somebody_asks_for_it(mailed, key):
    outcome = handling.release(mailed, key, actor("ANN"))

    assert [type(event) for event in outcome.events] == [DocumentReleased]
    assert len(stored_events(mailed, DocumentEmailed)) == 1
    with pytest.raises(AlreadyEmailed):
        mailing.email_document(mailed, key, actor("ANN"))
    mailing.email_document(mailed, key, actor("ANN"), again=True)
    assert len(stored_events(mailed, DocumentEmailed)) == 2


def test_what_was_changed_in_between_goes_out_again_by_itself(mailed, key):
    handling.change_document(mailed, key, actor("ANN"), {"description": "Other desks"})
    handling.release(mailed, key, actor("ANN"))

    assert len(stored_events(mailed, DocumentEmailed)) == 2


def test_what_came_back_goes_out_again_by_itself(mailed, key):
    record_bounce(
        mailed,
        [key],
        actor("MAIL"),
        recipient=VENDOR.email,
        to_address=VENDOR.email,
        message=TO_COUNTERPARTY,
        status="5.1.1",
        diagnostic="no such user",
    )
    handling.release(mailed, key, actor("ANN"))

    assert len(stored_events(mailed, DocumentEmailed)) == 2


def test_without_an_address_the_document_is_released_all_the_same(key):
    uow = office(workflow(email_on_release=True), people=CAST, documents=[order()])

    released(uow, key)

    assert uow.document(key).status == "released"
    assert len(stored_events(uow, DocumentNotEmailed)) == 1


# --- vendors and customers -----------------------------------------------------------------


def test_a_vendor_is_added_and_changed_and_both_are_recorded(uow):
    setup = actor("EVA")
    parties.set_counterparty(uow, Area.PURCHASE, "V-10", {"email": "a@desks.example"}, setup)
    changed = parties.set_counterparty(uow, Area.PURCHASE, "V-10", {"restricted": True}, setup)
    parties.set_counterparty(uow, Area.PURCHASE, "V-10", {"restricted": True}, setup)

    assert changed == replace(VENDOR, email="a@desks.example", restricted=True)
    first, second = stored_events(uow, CounterpartyChanged)
    assert first.changes == (FieldChange(field="email", before="", after="a@desks.example"),)
    assert (second.subject, second.actor) == ("Vendor V-10", "EVA")


def test_a_vendor_and_a_customer_may_share_a_number(uow):
    parties.set_counterparty(uow, Area.PURCHASE, "10", {"name": "Desks"}, actor("EVA"))
    parties.set_counterparty(uow, Area.SALES, "10", {"name": "Adatum"}, actor("EVA"))

    with uow:
        assert [one.name for one in uow.parties.counterparties()] == ["Desks", "Adatum"]


# Once more ------------------------------------------------------------------------------------


def came_back(uow, key, *, to_address="orders@desks.example", message="document_to_counterparty"):
    record_bounce(
        uow,
        [key],
        actor("MAIL"),
        recipient=to_address,
        to_address=to_address,
        message=message,
        status="5.1.1",
        diagnostic="no such user",
    )


def test_what_was_emailed_is_not_sent_out_a_second_time_by_accident(uow, key):
    with_vendor(released(uow, key))
    mailing.email_document(uow, key, actor("ANN"))

    for to_address in ("", "zoe@desks.example"):
        with pytest.raises(AlreadyEmailed) as refused:
            mailing.email_document(uow, key, actor("ANN"), to_address=to_address)
        assert "for orders@desks.example on 2026-03-02 09:00 UTC" in refused.value.message
        assert "--again" in refused.value.next_step
    assert len(stored_events(uow, DocumentEmailed)) == 1

    mailing.email_document(uow, key, actor("ANN"), again=True)
    assert len(stored_events(uow, DocumentEmailed)) == 2


def test_a_document_that_changed_since_goes_out(uow, key):
    with_vendor(released(uow, key))
    mailing.email_document(uow, key, actor("ANN"))
    handling.reopen(uow, key, actor("ANN"))
    handling.change_document(uow, key, actor("ANN"), {"description": "Three desks"})
    released(uow, key)

    mailing.email_document(uow, key, actor("ANN"))

    assert len(stored_events(uow, DocumentEmailed)) == 2


def test_a_document_whose_mail_came_back_goes_out(uow, key):
    with_vendor(released(uow, key))
    mailing.email_document(uow, key, actor("ANN"))
    came_back(uow, key)

    mailing.email_document(uow, key, actor("ANN"))

    assert len(stored_events(uow, DocumentEmailed)) == 2


@pytest.mark.parametrize(
    "other", [{"to_address": "zoe@desks.example"}, {"message": "document_released"}]
)
def test_other_mail_that_came_back_changes_nothing(uow, key, other):
    with_vendor(released(uow, key))
    mailing.email_document(uow, key, actor("ANN"))
    came_back(uow, key, **other)

    with pytest.raises(AlreadyEmailed):
        mailing.email_document(uow, key, actor("ANN"))


def test_what_takes_a_document_out_is_the_message_outside():
    assert TO_COUNTERPARTY in OUTSIDE
