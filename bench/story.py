"""The work that is timed: a three-level chain, sent, approved three times, released.

Every action is one commit, with its events and the intents of its emails.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import sqlalchemy as sa

from db.unit_of_work import SqlUnitOfWork
from workflow.actors import Actor
from workflow.approval_users import ApprovalUser
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.service import deciding, handling, requesting, setting_up
from workflow.statuses import Area, DocumentStatus, DocumentType
from workflow.workflow_templates import template

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ACTIONS = 4  # send, approve three times
PEOPLE = (
    ApprovalUser(user_id="ANN", approver="BOB", email="ann@example.com"),
    ApprovalUser(user_id="BOB", approver="CID", email="bob@example.com", purchase_limit=Decimal(1)),
    ApprovalUser(user_id="CID", approver="EVA", email="cid@example.com", purchase_limit=Decimal(2)),
    ApprovalUser(user_id="EVA", email="eva@example.com", purchase_limit=None),
)


def actor(user: str) -> Actor:
    return Actor(user=user, at=AT, today=TODAY)


def set_up(engine: sa.Engine, due: str = "") -> None:
    """Where requests are *due* after a time, every working day after it reminds of them."""
    uow = SqlUnitOfWork(engine)
    with uow:
        for person in PEOPLE:
            uow.users.save(person)
        uow.commit()
    workflow = template("MS-POAPW").workflow("ORDERS")
    options = replace(workflow.options, reminders="daily")
    workflow = replace(workflow, due=due, options=options)
    setting_up.save_workflow(uow, workflow, actor("EVA"))
    setting_up.enable_workflow(uow, "ORDERS", actor("EVA"))


def key(number: str) -> DocumentKey:
    return DocumentKey(Area.PURCHASE, DocumentType.ORDER, number)


def order(number: str) -> Document:
    amount = Decimal(5000)
    line = DocumentLine(line_no=10000, description="Steel", unit_price=amount, amount=amount)
    return Document(
        key=key(number),
        amount=amount,
        amount_including_vat=amount,
        amount_lcy=amount,
        amount_including_vat_lcy=amount,
        counterparty_no="V-10",
        counterparty_name="Bakker Staal B.V.",
        requester="ANN",
        lines=(line,),
    )


def take_in(engine: sa.Engine, numbers: list[str]) -> None:
    """The documents themselves are not part of what is timed."""
    uow = SqlUnitOfWork(engine)
    with uow:
        for number in numbers:
            handling.receive(uow, order(number), actor("ANN"))
        uow.commit()


def play(uow: SqlUnitOfWork, number: str) -> Iterator[None]:
    """One document from request to release; yields after each action."""
    requesting.send_approval_request(uow, key(number), actor("ANN"))
    yield
    for approver in ("BOB", "CID", "EVA"):
        outcome = deciding.approve(uow, key(number), actor(approver))
        yield
    assert outcome.status is DocumentStatus.RELEASED
