"""The scheduled runs."""

from datetime import timedelta

import pytest

from memory_store import office
from people import CAST, MONDAY, actor, cast, order, workflow
from workflow.errors import DocumentNotFound, NoOverdueWorkflow
from workflow.events import DelegationFailed
from workflow.options import CompanyOptions
from workflow.schedules import BadSchedule
from workflow.service import requesting, running

TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)


def two_orders(people=CAST, **options):
    orders = [order(number="PO-1"), order(number="PO-2", salesperson_purchaser_code="B")]
    uow = office(workflow(delegate_after="1D", **options), people=people, documents=orders)
    for one in orders:
        requesting.send_approval_request(uow, one.key, actor())
    return uow, [one.key for one in orders]


def system(day):
    return actor("SYSTEM", day, background=True)


def test_a_document_that_has_gone_does_not_stop_the_run():
    uow, keys = two_orders()
    gone = order(number="GONE").key

    report = running.run_delegation(uow, [gone, *keys], system(TUESDAY))

    assert (report.done, [r.document for r in report.refused]) == (2, [gone])
    assert isinstance(report.refused[0].error, DocumentNotFound)


def test_running_twice_on_a_day_is_running_once():
    uow, keys = two_orders()
    running.run_delegation(uow, keys, system(TUESDAY))
    before = uow.snapshot()

    assert running.run_delegation(uow, keys, system(TUESDAY)).done == 0
    assert uow.snapshot() == before


def test_what_nobody_can_take_is_an_event_and_the_others_are_handed_over():
    alone = cast(bob={"substitute": "", "approver": ""}, eva={"administrator": False})
    uow, keys = two_orders(alone.by_id())
    uow.stored.documents[keys[0]].editors = frozenset({"FINN"})

    report = running.run_delegation(uow, keys, system(TUESDAY))

    assert report.done == 1
    assert isinstance(report.events[0], DelegationFailed)
    assert uow.document(keys[1]).run.entries[1].approver == "FINN"


def test_overdue_requests_are_reminded_of_once_a_day():
    uow, keys = two_orders()

    assert running.run_overdue(uow, keys, system(MONDAY)).done == 0
    assert running.run_overdue(uow, keys, system(TUESDAY)).done == 2
    assert running.run_overdue(uow, keys, system(TUESDAY)).done == 0


@pytest.mark.parametrize(("working_days_only", "done"), [(True, 0), (False, 2)])
def test_there_are_no_reminders_on_days_nobody_works(working_days_only, done):
    uow, keys = two_orders()
    uow.stored.company = CompanyOptions(working_days_only=working_days_only)

    assert running.run_overdue(uow, keys, system(SATURDAY)).done == done


@pytest.mark.parametrize(
    ("changes", "done"),
    [
        ({}, 2),
        ({"holidays": "XX"}, 0),
        ({"closed_days": str(TUESDAY)}, 0),
        ({"working_weekdays": "wed-fri"}, 0),
        ({"working_weekdays": "wed-fri", "working_days_only": False}, 2),
    ],
)
def test_holidays_and_closed_days_are_days_on_which_nobody_works(changes, done):
    uow, keys = two_orders()
    uow.stored.company = CompanyOptions(**changes)

    def holidays(country):
        return {TUESDAY} if country == "XX" else set()

    assert running.run_overdue(uow, keys, system(TUESDAY), holidays).done == done


def test_the_second_day_escalates_and_says_how_many():
    uow, keys = two_orders(reminders="daily")
    running.run_overdue(uow, keys, system(TUESDAY))
    wednesday = system(TUESDAY + timedelta(days=1))

    report = running.run_overdue(uow, keys, wednesday)
    assert (report.done, report.escalated) == (2, 2)
    again = running.run_overdue(uow, keys, wednesday)
    assert (again.done, again.escalated, again.events) == (0, 0, ())


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        ({"working_weekdays": "someday"}, "is no weekday"),
        ({"closed_days": "24-12-2026"}, "is no list of dates"),
        ({"quiet_hours": "18"}, "are no hours, for example 18:00-08:00"),
        ({"quiet_hours": "18:00-25:00"}, "is not a time of day"),
    ],
)
def test_days_and_hours_that_make_no_sense_are_refused(choice, reason):
    with pytest.raises(BadSchedule, match=reason):
        CompanyOptions(**choice)


def test_a_company_may_send_no_overdue_notices():
    uow, keys = two_orders()
    uow.stored.company = CompanyOptions(overdue_workflow=False)

    with pytest.raises(NoOverdueWorkflow):
        running.run_overdue(uow, keys, system(TUESDAY))


def test_documents_that_are_not_pending_are_passed_over():
    uow, keys = two_orders()
    requesting.cancel_approval_request(uow, keys[0], actor())

    assert running.run_delegation(uow, keys, system(TUESDAY)).done == 1
