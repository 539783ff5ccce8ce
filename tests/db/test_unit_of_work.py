"""One block, one transaction: all of it or nothing, also for blocks within blocks."""

import threading
from decimal import Decimal

import pytest
import sqlalchemy as sa

from db.engine import for_reading
from db.tables import approval_entries, approval_runs, documents, event_inbox, events
from db.unit_of_work import OnlyReading, SqlUnitOfWork, TransactionUndone
from workflow.errors import DocumentNotFound, WorkflowError
from workflow.events import (
    ApprovalRequestSent,
    ApprovalUserChanged,
    ApprovalUserRemoved,
    CommentAdded,
    FieldChange,
)
from workflow.options import COMPANY_BC, COMPANY_PRODUCT
from workflow.ports import UnitOfWork
from workflow.service import deciding, requesting
from workflow.statuses import DocumentStatus


def counts(engine):
    tables = (documents, approval_runs, approval_entries, events, event_inbox)
    with for_reading(engine).connect() as connection:
        return [connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]


def test_it_is_what_the_workflow_asks_for(uow):
    unit: UnitOfWork = uow

    with unit as entered:
        assert entered is uow


def test_nothing_stays_without_commit(engine, uow, new_document):
    with uow:
        uow.documents.add(new_document())

    assert counts(engine) == [0, 0, 0, 0, 0]


def test_an_error_leaves_nothing(engine, company, received, actor):
    key = received()
    before = counts(engine)

    class Crash(Exception):
        pass

    def crash(_connection):
        raise Crash

    company.on_commit(crash)
    with pytest.raises(Crash):
        requesting.send_approval_request(company, key, actor("ANN"))

    assert counts(engine) == before


def test_events_of_one_kind_about_one_document_can_be_read_back(company, received, actor):
    first, second = received(), received("PO-2")
    for key in (first, second):
        deciding.comment(company, key, actor("ANN"), f"about {key.number}")

    with company:
        document = company.documents.get(second)
        remarks = company.recorded(document, CommentAdded)
        sent = company.recorded(document, ApprovalRequestSent)

    assert [(one.actor, one.text) for one in remarks] == [("ANN", "about PO-2")]
    assert sent == []


def test_it_can_be_entered_again(uow, new_document):
    for number in ("PO-1", "PO-2"):
        with uow:
            uow.documents.add(new_document(number))
            uow.commit()

    with uow:
        assert uow.documents.get(new_document("PO-1").key).id == 1


def test_an_inner_block_commits_with_the_outer_one(engine, uow, new_document):
    with uow:
        with uow:
            uow.documents.add(new_document())
            uow.commit()
        assert counts(engine)[0] == 0
        uow.commit()

    assert counts(engine)[0] == 1


def test_an_inner_block_is_undone_when_the_outer_one_does_not_commit(engine, uow, new_document):
    with uow, uow:
        uow.documents.add(new_document())
        uow.commit()

    assert counts(engine)[0] == 0


def test_a_failed_inner_block_undoes_the_outer_one(engine, uow, new_document):
    def fail():
        with uow:
            uow.documents.get(new_document("PO-2").key)

    with uow:
        uow.documents.add(new_document())
        with pytest.raises(DocumentNotFound):
            fail()
        with pytest.raises(TransactionUndone):
            uow.commit()

    assert counts(engine)[0] == 0


def test_after_a_failure_it_works_again(uow, new_document):
    with pytest.raises(DocumentNotFound), uow:
        uow.documents.get(new_document().key)

    with uow:
        uow.documents.add(new_document())
        uow.commit()


def test_a_callback_takes_part_in_the_transaction(uow, new_document):
    seen = []
    uow.on_commit(lambda c: seen.append(c.scalar(sa.select(sa.func.count(documents.c.id)))))
    with uow:
        with uow:
            uow.documents.add(new_document())
            uow.commit()
        assert seen == []
        uow.commit()

    assert seen == [1]


def test_events_are_numbered_for_each_document(company, received, reads, actor):
    key = received()
    received("PO-2")
    requesting.send_approval_request(company, key, actor("ANN"))

    assert [event.seq for event in reads.events_of(key)] == [1, 2, 3]


def test_only_events_that_tell_somebody_are_queued(company, received, outbox, actor):
    requesting.send_approval_request(company, received(), actor("ANN"))

    assert [type(one.event).__name__ for one in outbox.unexpanded(10)] == ["ApprovalRequested"]


def test_setup_events_are_recorded_under_their_subject(uow, reads, actor):
    at = actor("CID").at
    change = FieldChange(field="approver", before="BOB", after="CID")
    recorded = [
        ApprovalUserChanged(at=at, actor="CID", subject="ANN", changes=(change,)),
        ApprovalUserRemoved(at=at, actor="CID", subject="ANN", tell=("ANN",)),
    ]
    with uow:
        uow.record_setup(recorded)
        uow.commit()

    assert [one.event for one in reads.events_about("ANN")] == recorded


def test_the_company_has_the_products_options_until_it_is_given_others(uow):
    with uow:
        assert uow.company() == COMPANY_PRODUCT
        uow.set_company(COMPANY_BC)
        uow.set_company(COMPANY_BC)
        uow.commit()

    with uow:
        assert uow.company() == COMPANY_BC


THREADS = 8


def test_of_many_who_decide_at_once_one_wins(engine, company, received, reads, actor):
    key = received(amount=Decimal(800))
    requesting.send_approval_request(company, key, actor("ANN"))
    start = threading.Barrier(THREADS)
    outcomes = []

    def decide(number):
        uow = SqlUnitOfWork(engine)
        start.wait()
        try:
            if number % 2:
                outcomes.append(deciding.approve(uow, key, actor("BOB")).status)
            else:
                outcomes.append(deciding.reject(uow, key, actor("BOB"), comment="no").status)
        except WorkflowError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won = [outcome for outcome in outcomes if isinstance(outcome, DocumentStatus)]
    kinds = [event.kind for event in reads.events_of(key)]
    assert len(outcomes) == THREADS
    assert len(won) == 1
    assert kinds.count("RequestApproved") + kinds.count("RequestRejected") == 1


def test_of_many_who_send_at_once_one_starts_a_run(engine, company, received, reads, actor):
    key = received()
    start = threading.Barrier(THREADS)
    messages = []

    def send():
        uow = SqlUnitOfWork(engine)
        start.wait()
        messages.append(requesting.send_approval_request(uow, key, actor("ANN")).message)

    threads = [threading.Thread(target=send) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert messages.count(requesting.SENT) == 1
    assert messages.count(requesting.ALREADY_PENDING) == THREADS - 1
    assert {entry.run_no for entry in reads.entries_of(key)} == {1}


def test_a_unit_of_work_for_reading_waits_for_no_writer_and_holds_nobody_up(
    engine, company, received
):
    key = received()
    reading = SqlUnitOfWork(engine, readonly=True)
    with company:
        held = company.documents.get(key)
        held.description = "changed"
        company.documents.save(held)
        with reading:
            assert reading.documents.get(key).description == ""
            enabled = reading.workflows.enabled(key.area, key.document_type)
            assert [one.code for one in enabled] == ["PO"]
            company.commit()


def test_a_unit_of_work_for_reading_refuses_to_commit(engine, company):
    reading = SqlUnitOfWork(engine, readonly=True)
    with reading, pytest.raises(OnlyReading):
        reading.commit()


def test_readers_do_not_wait_for_a_writer(uow, reads, new_document):
    with uow:
        uow.documents.add(new_document())

        assert reads.documents_list() == []
