"""Ann asks, Bob may approve to 1,000, Cid anything, Dee stands in for Bob."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from db.engine import open_database
from db.outbox import SqlOutbox
from db.queries import SqlQueries
from db.unit_of_work import SqlUnitOfWork
from notifications.ports import NewEmail, NewNotification
from workflow.actors import Actor
from workflow.approval_users import ApprovalUser
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.interchange.records import ImportedDocument, whole_amount_line
from workflow.service import handling
from workflow.statuses import Area, DocumentType

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture
def engine(database_url):
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def uow(engine):
    return SqlUnitOfWork(engine)


@pytest.fixture
def reads(engine):
    return SqlQueries(engine)


@pytest.fixture
def outbox(engine):
    return SqlOutbox(engine)


@pytest.fixture
def actor():
    """``actor("ANN")``: somebody acting at noon, or some days later."""

    def act(user, *, days=0):
        later = timedelta(days=days)
        return Actor(user=user, at=NOON + later, today=TODAY + later)

    return act


@pytest.fixture
def new_document():
    """``new_document("PO-1", amount=…)``: a purchase order with one line."""

    def make(number="PO-1", **fields):
        amount = fields.pop("amount", Decimal("1500.50"))
        key = fields.pop("key", DocumentKey(Area.PURCHASE, DocumentType.ORDER, number))
        values = {
            "amount_including_vat": amount,
            "amount_lcy": amount,
            "amount_including_vat_lcy": amount,
            "lines": (DocumentLine(line_no=10000, unit_price=amount, amount=amount),),
            **fields,
        }
        return Document(key=key, amount=amount, **values)

    return make


@pytest.fixture
def company(uow):
    """The cast, and an enabled workflow for purchase orders: the approver chain."""
    workflow = WorkflowDefinition(
        code="PO",
        area=Area.PURCHASE,
        document_type=DocumentType.ORDER,
        due="5D",
        delegate_after="2D",
    )
    with uow:
        for user in (
            ApprovalUser(user_id="ANN", approver="BOB"),
            ApprovalUser(
                user_id="BOB", approver="CID", substitute="DEE", purchase_limit=Decimal(1000)
            ),
            ApprovalUser(user_id="CID", purchase_limit=None, administrator=True),
            ApprovalUser(user_id="DEE"),
        ):
            uow.users.save(user)
        uow.workflows.add_version(workflow)
        uow.workflows.enable("PO", enabled=True)
        uow.commit()
    return uow


@pytest.fixture
def received(company, new_document, actor):
    """``received("PO-1")``: a document that came in."""

    def receive(number="PO-1", **fields):
        document = new_document(number, **fields)
        handling.receive(company, document, actor("ANN"))
        return document.key

    return receive


@pytest.fixture
def queued_email(outbox, received):
    """``queued_email("<1@x>")``: an email to Bob that is due now."""

    def queue(message_id="<1@example.com>", *, message="approval_requested"):
        with outbox._engine.begin() as connection:
            event_id = connection.exec_driver_sql("SELECT max(id) FROM events").scalar()
        if event_id is None:
            received("FOR-EVENTS")
            event_id = 1
        new = NewNotification(
            recipient=f"BOB {message_id}", message=message, requester="ANN", due_at=NOON
        )
        outbox.expand({event_id: [new]})
        (notification,) = outbox.due_notifications(NOON, 100)
        email = NewEmail(
            message_id=message_id,
            recipient="BOB",
            message=message,
            requester="ANN",
            notifications=(notification.id,),
        )
        assert outbox.bundle([email], NOON)
        return notification

    return queue


@pytest.fixture
def received_invoice():
    """``received_invoice("A-1", seller="Bakker")``: as an electronic file has it, without a row."""

    def make(number, *, seller="Bakker", amount=Decimal(100)):
        return ImportedDocument(
            number=number,
            area=Area.PURCHASE,
            document_type=DocumentType.INVOICE,
            document_date=None,
            due_date=None,
            amount=amount,
            amount_including_vat=amount,
            currency="",
            amount_lcy=amount,
            amount_including_vat_lcy=amount,
            salesperson_purchaser_code="",
            counterparty_no="",
            counterparty_name=seller,
            requester="ANN",
            external_document_no=number,
            description="",
            lines=(whole_amount_line(amount, ""),),
            row=None,
            source="invoice.xml",
        )

    return make
