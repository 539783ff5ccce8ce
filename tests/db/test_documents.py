"""Documents come back as they were saved, and nobody overwrites what somebody else saved."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from db.unit_of_work import SqlUnitOfWork
from workflow.approval_entries import ApprovalComment, ApprovalEntry, ApprovalRun, RunState
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.errors import Conflict, DocumentExists, DocumentNotFound
from workflow.service import deciding, handling, requesting
from workflow.statuses import (
    ApproverType,
    Area,
    DocumentStatus,
    DocumentType,
    EntryStatus,
    LimitType,
    Reason,
)

LATER = timedelta(hours=1)
USED = WorkflowDefinition(
    code="CREDITS", area=Area.SALES, document_type=DocumentType.CREDIT_MEMO, version=7
)


def full_entry(at, **fields):
    values = {
        "sequence_no": 2,
        "approver": "BOB",
        "authority_of": "DEE",
        "reason": Reason.CHAIN,
        "limit": Decimal("1000.5"),
        "approval_type": ApproverType.USER_GROUP,
        "limit_type": LimitType.REQUEST_LIMITS,
        "due_date": date(2026, 3, 7),
        "amount": Decimal("12.3456"),
        "amount_lcy": Decimal("11.10"),
        "currency": "USD",
        "sent_at": at,
        "last_modified_at": at + LATER,
        "last_modified_by": "CID",
        "delegate_after": "2D",
        "delegate_from": date(2026, 3, 3),
        "hops": 3,
        "available_credit_lcy": Decimal(-5),
        "decided_by": "CID",
        "reminded_on": date(2026, 3, 9),
        "status": EntryStatus.REJECTED,
    }
    return ApprovalEntry(**values | fields)


def full_run(at):
    return ApprovalRun(
        run_no=1,
        requester="ANN",
        workflow_code=USED.code,
        workflow_version=USED.version,
        content_hash="c" * 64,
        terms_hash="t" * 64,
        amount_lcy=Decimal("11.10"),
        sent_at=at,
        external=True,
        state=RunState.REJECTED,
        entries=[full_entry(at), full_entry(at, sequence_no=1, limit=None, decided_by=None)],
    )


def full_document(at):
    """No field has its default."""
    line = DocumentLine(
        line_no=10000,
        line_type="g_l_account",
        item_no="1000",
        description="Fietsen — 'groß' \U0001f6b2",
        quantity=Decimal("1.00001"),
        unit_price=Decimal("0.333333"),
        amount=Decimal("12.34"),
    )
    return Document(
        key=DocumentKey(Area.SALES, DocumentType.CREDIT_MEMO, "SC/1 é"),
        amount=Decimal("-12.3456"),
        amount_including_vat=Decimal("14.5"),
        amount_lcy=Decimal("11.10"),
        amount_including_vat_lcy=Decimal(13),
        currency="USD",
        document_date=date(2026, 3, 1),
        due_date=date(2026, 4, 1),
        salesperson_purchaser_code="JO",
        counterparty_no="10000",
        counterparty_name="Adatum",
        requester="ANN",
        external_document_no="X-1",
        description="Bikes",
        prepayment_unpaid=True,
        lines=(line, replace(line, line_no=20000)),
        more={"location": "BLUE", "contact": "Zoë"},
        editors=frozenset({"ANN", "DEE"}),
        status=DocumentStatus.PENDING_PREPAYMENT,
        run=full_run(at),
    )


@pytest.fixture
def full(uow, actor):
    with uow:
        uow.workflows.add_version(USED)
        uow.commit()
    return full_document(actor("ANN").at)


def test_every_field_comes_back(uow, full):
    with uow:
        uow.documents.add(full)
        uow.commit()

    with uow:
        assert asdict(uow.documents.get(full.key)) == asdict(full)


def test_no_field_of_the_test_document_has_its_default(full):
    """So that the test above sees every column."""
    plain = Document(
        key=full.key,
        amount=Decimal(0),
        amount_including_vat=Decimal(0),
        amount_lcy=Decimal(0),
        amount_including_vat_lcy=Decimal(0),
    )
    same = {name for name, value in asdict(plain).items() if asdict(full)[name] == value}

    assert same == {"key", "asked_before", "event_count", "version", "id"}


def test_every_change_comes_back(uow, new_document, full):
    with uow:
        uow.documents.add(new_document())
        uow.commit()
    with uow:
        document = uow.documents.get(new_document().key)
        for name, value in vars(full).items():
            if name not in {"key", "id", "version", "event_count"}:
                setattr(document, name, value)
        uow.documents.save(document)
        uow.commit()

    with uow:
        assert asdict(uow.documents.get(document.key)) == asdict(document)


def test_every_change_of_a_run_comes_back(uow, full, actor):
    with uow:
        uow.documents.add(full)
        uow.commit()
    with uow:
        document = uow.documents.get(full.key)
        document.run.state = RunState.CANCELED
        document.run.entries[1].status = EntryStatus.CANCELED
        document.run.entries[1].due_date = date(2027, 1, 1)
        document.run.entries[0].hops = 0
        document.run.entries.append(full_entry(actor("ANN").at, approver="NEW"))
        uow.documents.save(document)
        uow.commit()

    with uow:
        again = uow.documents.get(full.key)
        assert asdict(again) == asdict(document)
        assert [entry.approver for entry in again.run.entries] == ["BOB", "BOB", "NEW"]


def test_fields_changed_in_place_are_saved(uow, new_document):
    with uow:
        uow.documents.add(new_document())
        uow.commit()
    with uow:
        document = uow.documents.get(new_document().key)
        document.more["location"] = "RED"
        uow.documents.save(document)
        uow.commit()

    with uow:
        assert uow.documents.get(document.key).more == {"location": "RED"}


def test_only_the_latest_run_is_loaded(uow, full, actor):
    with uow:
        uow.documents.add(full)
        full.run = replace(full_run(actor("ANN").at), run_no=2)
        uow.documents.save(full)
        uow.commit()

    with uow:
        assert uow.documents.get(full.key).run_no == 2


def test_a_run_without_entries_comes_back(uow, full):
    full.run.entries.clear()
    with uow:
        uow.documents.add(full)
        uow.commit()

    with uow:
        assert uow.documents.get(full.key).run.entries == []


def test_what_is_not_there_is_not_found(uow, new_document):
    with uow:
        assert uow.documents.find(new_document().key) is None
        with pytest.raises(DocumentNotFound):
            uow.documents.get(new_document().key)


def test_two_documents_may_share_a_number_but_not_a_key(uow, new_document):
    invoice = DocumentKey(Area.PURCHASE, DocumentType.INVOICE, "PO-1")
    with uow:
        uow.documents.add(new_document())
        uow.documents.add(new_document(key=invoice))
        with pytest.raises(DocumentExists):
            uow.documents.add(new_document())
        uow.commit()  # the refusal has not broken the transaction

    with uow:
        assert uow.documents.get(invoice).key == invoice


def test_a_stale_version_is_refused(engine, uow, new_document):
    with uow:
        uow.documents.add(new_document())
        uow.commit()
    with uow:
        first = uow.documents.get(new_document().key)
    with uow:
        second = uow.documents.get(new_document().key)
        second.description = "second"
        uow.documents.save(second)
        uow.commit()

    first.description = "first"
    other = SqlUnitOfWork(engine)
    with pytest.raises(Conflict, match="Purchase order PO-1"), other:
        other.documents.save(first)


def test_saving_what_has_not_changed_writes_nothing(uow, new_document):
    with uow:
        uow.documents.add(new_document())
        uow.commit()
    with uow:
        document = uow.documents.get(new_document().key)
        uow.documents.save(document)

        assert document.version == 0


def test_a_document_can_be_saved_twice_in_one_transaction(uow, new_document):
    with uow:
        document = new_document()
        uow.documents.add(document)
        for description in ("first", "second"):
            document.description = description
            uow.documents.save(document)
        uow.commit()

    with uow:
        assert uow.documents.get(document.key).description == "second"


def test_one_approval_takes_few_statements(engine, company, received, actor):
    key = received()
    requesting.send_approval_request(company, key, actor("ANN"))
    statements = []

    @event.listens_for(engine, "before_cursor_execute")
    def count(_connection, _cursor, statement, *_):
        statements.append(statement)

    deciding.approve(company, key, actor("BOB"))
    different = {text for text in statements if not text.startswith("BEGIN")}

    assert len(different) <= 8


def test_posting_copies_all_runs_to_the_archive(company, received, reads, actor):
    key = received(amount=Decimal(800))
    requesting.send_approval_request(company, key, actor("ANN"))
    deciding.reject(company, key, actor("BOB"), comment="too dear")
    requesting.send_approval_request(company, key, actor("ANN"))
    deciding.comment(company, key, actor("ANN"), "please")
    deciding.approve(company, key, actor("BOB"))
    live = reads.entries_of(key)
    handling.post(company, key, actor("ANN"))

    assert {one.kind: (one.entries, one.comments) for one in reads.archived(key)} == {
        "posted_receipt": (len(live), 2),
        "posted_invoice": (len(live), 2),
    }
    assert (reads.live_entries(), reads.live_comments()) == (0, 0)
    assert [one.kind for one in reads.events_of(key)][-1] == "DocumentPosted"


def test_the_archive_has_what_the_entries_had(engine, uow, full):
    with uow:
        uow.documents.add(full)
        full.run.entries[0].decided_by = "at the last moment"
        uow.documents.archive(full, ["deleted"])
        uow.commit()

    with engine.connect() as connection:
        row = connection.execute(
            sa.text("SELECT * FROM archived_entries ORDER BY id LIMIT 1")
        ).one()
    assert (row.kind, row.area, row.number, row.run_no) == ("deleted", "sales", "SC/1 é", 1)
    assert (row.approver, row.decided_by, row.limit) == ("BOB", "at the last moment", 10_005_000)


def test_an_archived_document_can_come_in_again(uow, new_document, full):
    with uow:
        uow.documents.add(full)
        uow.documents.archive(full, ["deleted"])
        uow.documents.add(new_document(key=full.key))
        uow.commit()

    with uow:
        assert uow.documents.get(full.key).run is None


def test_archiving_a_stale_document_is_refused(uow, new_document):
    with uow:
        uow.documents.add(new_document())
        uow.commit()
    with uow:
        stale = uow.documents.get(new_document().key)
    with uow:
        document = uow.documents.get(new_document().key)
        document.description = "changed"
        uow.documents.save(document)
        uow.commit()

    with pytest.raises(Conflict), uow:
        uow.documents.archive(stale, ["deleted"])


def test_a_converted_quote_keeps_its_runs_and_comments(uow, full, reads, actor):
    key = DocumentKey(Area.SALES, DocumentType.ORDER, "SO-1")
    comment = ApprovalComment(run_no=1, user="ANN", at=actor("ANN").at, text="fine")
    with uow:
        uow.documents.add(full)
        uow.documents.comment(full, comment)
        uow.commit()
    with uow:
        quote = uow.documents.get(full.key)
        order = replace(quote, key=key, id=None, version=0, event_count=0)
        uow.documents.replace(quote, order)
        order.status = DocumentStatus.OPEN
        uow.documents.save(order)
        uow.commit()

    with uow:
        assert uow.documents.find(full.key) is None
        assert asdict(uow.documents.get(key)) == asdict(order)
    assert reads.comments_of(key) == [comment]


def test_a_quote_cannot_replace_a_document_that_exists(uow, new_document, full):
    with uow:
        uow.documents.add(full)
        uow.documents.add(new_document())
        copy = replace(full, key=new_document().key, id=None)
        with pytest.raises(DocumentExists):
            uow.documents.replace(full, copy)


def test_who_wrote_a_deleted_document_is_an_editor_when_it_comes_again(
    company, new_document, actor
):
    handling.receive(company, new_document("PO-7"), actor("BOB"))
    handling.delete(company, new_document("PO-7").key, actor("CID"))
    handling.receive(company, new_document("PO-7"), actor("ANN"))

    with company:
        assert company.documents.get(new_document("PO-7").key).editors == {"ANN", "BOB"}
