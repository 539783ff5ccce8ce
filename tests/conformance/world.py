"""One case's company: people, workflows and documents on a real database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from workflow.actors import Actor
from workflow.approval_users import ApprovalUser
from workflow.counterparties import Counterparty
from workflow.definitions import Conditions, WorkflowDefinition, WorkflowKind
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.notification_setup import (
    NotificationMethod,
    NotificationSetup,
    NotificationType,
)
from workflow.options import BC, COMPANY_BC
from workflow.ports import UnitOfWork
from workflow.service import handling
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType

FIELDS = {
    "person_code": "salesperson_purchaser_code",
    "admin": "administrator",
}
BACKGROUND = {"system", "JOB"}


def money(value):
    return Decimal(str(value))


def limit(value):
    return None if value == "unlimited" else money(value)


def user_fields(row):
    """A row of the case's users in our field names."""
    fields = {}
    for name, value in row.items():
        if name != "id":
            fields[FIELDS.get(name, name)] = limit(value) if name.endswith("_limit") else value
    return fields


class World:
    """The company a case describes, and its calendar."""

    def __init__(self, uow: UnitOfWork, given: dict) -> None:
        self.uow = uow
        self.today = date.fromisoformat(str(given.get("today", "2026-03-02")))
        self.ticks = 0
        self.keys: dict[str, DocumentKey] = {}
        self.workflows: list[WorkflowDefinition] = []
        self.notification_setup = [
            NotificationSetup(
                user=row["user"],
                type=NotificationType(row["type"]),
                method=NotificationMethod(row["method"]),
            )
            for row in given.get("notification_setup") or ()
        ]
        with uow:
            self._set_up(given)
            uow.commit()

    def _set_up(self, given):
        overdue = given.get("overdue_workflow", False)
        self.uow.set_company(_company(overdue))
        for row in given.get("users") or ():
            self.uow.users.save(ApprovalUser(user_id=row["id"], **user_fields(row)))
        for row in given.get("groups") or ():
            members = [(member["user"], member["seq"]) for member in row.get("members") or ()]
            self.uow.users.set_group(row["code"], members)
        for row in given.get("workflows") or ():
            self._add_workflow(row)
        for row in given.get("documents") or ():
            self._add_document(row)

    def _add_workflow(self, row):
        definition = definition_of(f"W{len(self.workflows):02}", row)
        self.workflows.append(definition)
        self.uow.workflows.add_version(definition)
        if row.get("enabled", True):
            self.uow.workflows.enable(definition.code, enabled=True)

    def _add_document(self, row):
        document = document_of(row)
        self.keys[row["no"]] = document.key
        for counterparty in counterparties_of(row):
            self.uow.parties.save_counterparty(counterparty)
        for number, line in enumerate(row.get("lines") or (), 1):
            if line.get("restricted"):
                self.uow.parties.restrict_item(item_no(row, number), restricted=True)
        handling.receive(self.uow, document, self.actor("system"))

    def actor(self, user: str, *, background: bool = False) -> Actor:
        """Somebody acting now; every act is a second after the one before."""
        self.ticks += 1
        at = datetime.combine(self.today, time(9), UTC) + timedelta(seconds=self.ticks)
        return Actor(
            user=user, at=at, today=self.today, background=background or user in BACKGROUND
        )

    def key(self, number: str) -> DocumentKey:
        return self.keys[number]

    def document(self, number: str) -> Document | None:
        with self.uow:
            return self.uow.documents.find(self.keys[number])


def _company(overdue):
    return replace(COMPANY_BC, overdue_workflow=bool(overdue))


def definition_of(code: str, row: dict) -> WorkflowDefinition:
    line_filter = row.get("line_filter") or {}
    conditions = Conditions(
        min_amount=money(row["min_amount"]) if "min_amount" in row else None,
        line_type=line_filter.get("type"),
        needs_lines=not row.get("header_condition_only", False),
    )
    external = row.get("kind") == "webhook"
    return WorkflowDefinition(
        code=code,
        area=Area(row["area"]),
        document_type=DocumentType(row["type"]),
        kind=WorkflowKind.EXTERNAL if external else WorkflowKind.APPROVAL,
        conditions=conditions,
        approver_type=ApproverType(row.get("approver_type", "approver")),
        limit_type=ApproverLimitType(row.get("limit_type", "chain")),
        specific_approver=row.get("specific", ""),
        group=row.get("group", ""),
        due=str(row.get("due", "")),
        delegate_after=str(row.get("delegate_after", "")),
        credit_limit_check=row.get("credit_limit_check", False),
        response_user=row.get("response_user", ""),
        options=replace(BC, notify_sender_on_reject=row.get("notify_sender_on_reject", True)),
    )


def document_of(row: dict) -> Document:
    amount = money(row["amount"])
    including = money(row.get("amount_incl_vat", row["amount"]))
    amount_lcy = money(row.get("amount_lcy", row["amount"]))
    rate = amount_lcy / amount if amount else Decimal(1)
    party = row.get("vendor") or row.get("customer") or {}
    return Document(
        key=DocumentKey(Area(row["area"]), DocumentType(row["type"]), row["no"]),
        amount=amount,
        amount_including_vat=including,
        amount_lcy=amount_lcy,
        amount_including_vat_lcy=round(including * rate, 4),
        currency=row.get("currency", "") or "",
        salesperson_purchaser_code=row.get("person", "") or "",
        counterparty_no=str(party.get("no", "")),
        prepayment_unpaid=row.get("prepayment_unpaid", False),
        lines=lines_of(row),
    )


def lines_of(row: dict) -> tuple[DocumentLine, ...]:
    given = row.get("lines")
    if given is None:
        given = [{"type": "item", "amount": row["amount"]}]
    return tuple(
        DocumentLine(
            line_no=number * 10000,
            line_type=line.get("type", "item"),
            item_no=item_no(row, number) if line.get("restricted") else "",
            unit_price=money(line.get("amount", 0)),
            amount=money(line.get("amount", 0)),
        )
        for number, line in enumerate(given, 1)
    )


def item_no(row: dict, number: int) -> str:
    return f"ITEM-{row['no']}-{number}"


def counterparties_of(row: dict):
    for area, party in ((Area.PURCHASE, row.get("vendor")), (Area.SALES, row.get("customer"))):
        if party:
            yield Counterparty(
                area=area,
                number=str(party["no"]),
                restricted=party.get("restricted", False),
                credit_limit_lcy=money(party.get("credit_limit", 0)),
                exposure_lcy=money(party.get("exposure", 0)),
            )
