"""Documents that were really sent, approved, rejected, canceled and posted, to be copied by others.

Played by the program itself in a database of their own, with the mail they cause; what the copies
replace stands in them as words nobody uses.
"""

import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.engine import open_database
from db.outbox import SqlOutbox
from db.schema import upgrade
from db.tables import (
    approval_comments,
    approval_entries,
    approval_runs,
    archived_comments,
    archived_entries,
    documents,
    email_attempts,
    emails,
    events,
    notifications,
    received_documents,
)
from db.unit_of_work import SqlUnitOfWork
from notifications.outbox import bundle_notifications, expand_events
from notifications.ports import EmailState
from workflow.actors import Actor
from workflow.approval_users import ApprovalUser
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.service import deciding, handling, requesting, setting_up
from workflow.statuses import Area, DocumentType
from workflow.workflow_templates import template

PLAYED_ON = date(2026, 3, 2)
NUMBER = "MODEL-NUMBER"
REQUESTER = "MODEL-ANN"
APPROVERS = ("MODEL-BOB", "MODEL-CID", "MODEL-EVA")
WORKFLOWS = ("ORDERS", "INVOICES")
LETTER = b"From: noreply@example.com\r\nSubject: MODEL-NUMBER\r\n\r\nPlease approve.\r\n"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
IN_TEXT = re.compile(r"%\((\d{4}-\d\d-\d\d)\)s")
PLACEHOLDERS = re.compile(rf"MODEL-[A-Z]+|{DAY.pattern}")
# In the order of their foreign keys.
TABLES = (
    received_documents,
    documents,
    approval_runs,
    approval_entries,
    approval_comments,
    archived_entries,
    archived_comments,
    events,
    emails,
    email_attempts,
    notifications,
)
POINTS_TO = {
    "document_id": documents,
    "run_id": approval_runs,
    "event_id": events,
    "email_id": emails,
}

Play = Callable[["Stage"], None]


@dataclass(frozen=True)
class Row:
    """One row of a model: its values, and at which places the copies differ."""

    values: tuple[Any, ...]
    numbers: tuple[tuple[int, str, int], ...]  # place, table, which of the model's rows it is
    texts: tuple[int, ...]
    amounts: tuple[int, ...]


@dataclass(frozen=True)
class Model:
    """A played document, as rows."""

    rows: dict[str, list[Row]]
    days: frozenset[str]  # that its texts name


@dataclass
class Stage:
    """One document and the people who do something about it, an hour after each other."""

    uow: SqlUnitOfWork
    key: DocumentKey
    at: datetime = field(default=datetime(2026, 3, 2, 8, tzinfo=UTC))

    def actor(self, user: str) -> Actor:
        self.at += timedelta(hours=1)
        return Actor(user=user, at=self.at, today=self.at.date())

    def receive(self) -> None:
        handling.receive(self.uow, _document(self.key), self.actor(REQUESTER))

    def send(self) -> None:
        requesting.send_approval_request(self.uow, self.key, self.actor(REQUESTER))

    def approve(self, *approvers: str) -> None:
        for approver in approvers:
            deciding.approve(self.uow, self.key, self.actor(approver))

    def reject(self, approver: str) -> None:
        why = "Please ask for a second quotation."
        deciding.reject(self.uow, self.key, self.actor(approver), comment=why)


def _received(stage: Stage) -> None:
    stage.receive()


def _pending_first(stage: Stage) -> None:
    stage.receive()
    stage.send()


def _pending_last(stage: Stage) -> None:
    _pending_first(stage)
    stage.approve(*APPROVERS[:2])


def _released(stage: Stage) -> None:
    _pending_first(stage)
    stage.approve(*APPROVERS)


def _rejected(stage: Stage) -> None:
    _pending_first(stage)
    stage.approve(APPROVERS[0])
    stage.reject(APPROVERS[1])


def _released_at_last(stage: Stage) -> None:
    _rejected(stage)
    stage.send()
    stage.approve(*APPROVERS)


def _canceled(stage: Stage) -> None:
    _pending_first(stage)
    requesting.cancel_approval_request(stage.uow, stage.key, stage.actor(REQUESTER))


def _posted(stage: Stage) -> None:
    _released(stage)
    handling.post(stage.uow, stage.key, stage.actor(REQUESTER))


# How many of a hundred are like that; what waits is younger than a month.
FINISHED: dict[Play, int] = {
    _released: 60,
    _released_at_last: 14,
    _rejected: 6,
    _canceled: 4,
    _posted: 12,
    _received: 2,
}
WAITING: dict[Play, int] = {_pending_first: 1, _pending_last: 1}
MIX = FINISHED | WAITING


@cache
def played_models() -> dict[tuple[Play, DocumentType], Model]:
    """Every one of the mix, as an order and as an invoice."""
    with tempfile.TemporaryDirectory() as folder:
        empty, file = Path(folder) / "empty.db", Path(folder) / "played.db"
        upgrade(f"sqlite:///{empty}")
        models = {}
        for play in MIX:
            for kind in (DocumentType.ORDER, DocumentType.INVOICE):
                shutil.copyfile(empty, file)
                models[play, kind] = _played(file, play, kind)
        return models


def workflows() -> list[WorkflowDefinition]:
    """For orders and invoices: everybody up to the first whose limit covers the amount."""
    orders = replace(template("MS-POAPW").workflow(WORKFLOWS[0]), due="2M")
    return [orders, replace(orders, code=WORKFLOWS[1], document_type=DocumentType.INVOICE)]


def _played(file: Path, play: Play, kind: DocumentType) -> Model:
    engine = open_database(f"sqlite:///{file}", synchronous="OFF")
    try:
        uow = SqlUnitOfWork(engine)
        _set_up(uow)
        stage = Stage(uow, DocumentKey(Area.PURCHASE, kind, NUMBER))
        play(stage)
        _tell(engine, stage.at)
        return _model(engine)
    finally:
        engine.dispose()


def _set_up(uow: SqlUnitOfWork) -> None:
    chain = zip((REQUESTER, *APPROVERS), (*APPROVERS, ""), strict=True)
    with uow:
        for place, (user, approver) in enumerate(chain):
            limit = None if not approver else Decimal(place)
            person = ApprovalUser(
                user_id=user, approver=approver, email="somebody@example.com", purchase_limit=limit
            )
            uow.users.save(person)
        uow.commit()
    operator = Actor(user="OPERATOR", at=datetime(2026, 3, 2, tzinfo=UTC), today=PLAYED_ON)
    for workflow in workflows():
        setting_up.save_workflow(uow, workflow, operator)
        setting_up.enable_workflow(uow, workflow.code, operator)


def _document(key: DocumentKey) -> Document:
    amount = Decimal(5000)
    line = DocumentLine(line_no=10000, description="Steel", unit_price=amount, amount=amount)
    return Document(
        key=key,
        amount=amount,
        amount_including_vat=amount,
        amount_lcy=amount,
        amount_including_vat_lcy=amount,
        counterparty_no="V-10",
        counterparty_name="Bakker Staal B.V.",
        external_document_no=f"X-{NUMBER}" if key.document_type is DocumentType.INVOICE else "",
        document_date=PLAYED_ON,
        requester=REQUESTER,
        lines=(line, replace(line, line_no=20000, amount=Decimal(0), unit_price=Decimal(0))),
    )


def _tell(engine: sa.Engine, now: datetime) -> None:
    """Everything is told; what was told is sent, as far as the tables know."""
    outbox = SqlOutbox(engine)
    while expand_events(outbox, now=now).events:
        pass
    while bundle_notifications(outbox, now=now, domain="example.com"):
        pass
    sent = {
        "state": EmailState.SENT,
        "next_attempt_at": None,
        "attempts": 1,
        "subject": NUMBER,
        "to_address": "somebody@example.com",
        "from_address": "noreply@example.com",
        "rule": "send_as",
        "envelope_from": "noreply@example.com",
        "smtputf8": False,
        "raw": LETTER,
    }
    attempt = sa.select(emails.c.id, emails.c.created_at, 40, sa.literal("sent"), sa.literal("OK"))
    with engine.begin() as connection:
        connection.execute(sa.update(emails).values(sent))
        connection.execute(
            sa.insert(email_attempts).from_select(
                ["email_id", "at", "duration_ms", "stage", "text"], attempt
            )
        )
        connection.execute(
            sa.update(emails).values(
                message_id=sa.literal(f"<{NUMBER}-") + sa.cast(emails.c.id, sa.Text) + "@x>"
            )
        )


# --- from the tables to rows that can be copied -----------------------------------------------


def _model(engine: sa.Engine) -> Model:
    raw = {table.name: _rows_of(engine, table) for table in TABLES}
    places = {
        name: {row["id"]: place for place, row in enumerate(rows) if "id" in row}
        for name, rows in raw.items()
    }
    days: set[str] = set()
    rows: dict[str, list[Row]] = defaultdict(list)
    for table in TABLES:
        for row in raw[table.name]:
            made = _row(table, row, places)
            rows[table.name].append(made)
            days.update(*(IN_TEXT.findall(made.values[place]) for place in made.texts))
    return Model(rows=dict(rows), days=frozenset(days))


def _rows_of(engine: sa.Engine, table: sa.Table) -> list[dict[str, Any]]:
    """As the driver has them; without the events of the setup."""
    of_document = " WHERE document_id IS NOT NULL" if table is events else ""
    order = "id" if "id" in table.c else "number"
    statement = f"SELECT * FROM {table.name}{of_document} ORDER BY {order}"
    with engine.connect() as connection:
        return [dict(row) for row in connection.exec_driver_sql(statement).mappings()]


def _row(table: sa.Table, row: dict[str, Any], places: dict[str, dict[int, int]]) -> Row:
    values, numbers, texts, amounts = [], [], [], []
    names = [column.name for column in table.columns]
    for place, name in enumerate(names):
        value = row[name]
        points_to = table if name == "id" else POINTS_TO.get(name)
        if points_to is not None and value is not None:
            where = places[points_to.name]
            numbers.append(
                (place, points_to.name, where.get(value, 0))
            )  # 0: a document that is gone
        elif name.startswith("amount"):
            amounts.append(place)
        elif isinstance(value, str) and PLACEHOLDERS.search(value):
            texts.append(place)
            value = PLACEHOLDERS.sub(r"%(\g<0>)s", value.replace("%", "%%"))
        values.append(value)
    return Row(
        values=tuple(values),
        numbers=tuple(numbers),
        texts=tuple(texts),
        amounts=tuple(amounts),
    )
