"""What a webhook says about an event: its type, and few facts that are a promise to receivers."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from workflow import events
from workflow.events import (
    ApprovalRequestSent,
    DocumentEvent,
    DocumentFacts,
    DocumentReleased,
    EntryFacts,
    Event,
    FieldChange,
    SetupEvent,
)
from workflow.external import ExternalAnswer
from workflow.statuses import DocumentStatus

LARGEST: Final = 20_000  # bytes
TEXT_LIMITS: Final = (2_000, 100, 20)  # characters; the next where one makes too much
ANSWERS: Final = "/webhooks/answers/"
CONFIG: Final = "config.changed"

# Every event, and what receivers call it; None: it is of no use to anybody outside.
TYPES: Final[Mapping[type[Event], str | None]] = {
    events.DocumentReceived: "document.received",
    events.ApprovalRequestSent: "document.submitted",
    events.ApprovalRequested: "entry.opened",
    events.RequestApproved: "entry.approved",
    events.RequestRejected: "entry.rejected",
    events.RequestDelegated: "entry.delegated",
    events.ApprovalNoLongerNeeded: "entry.closed",
    events.RequestCanceled: "document.canceled",
    events.DocumentReleased: "document.released",
    events.DocumentEmailed: "document.emailed",
    events.DocumentNotEmailed: None,
    events.DocumentReopened: "document.reopened",
    events.DocumentChanged: "document.amended",
    events.CommentAdded: "comment.added",
    events.DocumentPosted: "document.posted",
    events.DocumentConverted: "document.converted",
    events.DocumentDeleted: "document.deleted",
    events.DocumentRetired: None,
    events.ExternalAnswerReceived: "external.answered",
    events.ApprovalDueSoon: "approval.due_soon",
    events.ApprovalOverdue: "approval.overdue",
    events.RequestEscalated: "approval.escalated",
    events.RequestNudged: "approval.reminded",
    events.MailDecidedNothing: None,
    events.DelegationFailed: "delegation.failed",
    events.MailBounced: "mail.bounced",
    events.MailGrantMissing: "mail.refused",
    events.MailHeld: "mail.held",
    events.WordingBroken: None,
    events.WebhookDisabled: None,
    events.ApprovalUserChanged: CONFIG,
    events.ApprovalUserRemoved: CONFIG,
    events.EMailChanged: None,
    events.PasswordLinkMade: None,
    events.AccountChanged: CONFIG,
    events.MailSetupChanged: CONFIG,
    events.AccountRemoved: CONFIG,
    events.UserGroupChanged: CONFIG,
    events.NotificationSetupChanged: CONFIG,
    events.WorkflowSaved: CONFIG,
    events.WorkflowEnabled: CONFIG,
    events.WorkflowDisabled: CONFIG,
    events.WorkflowDeleted: CONFIG,
    events.CompanyChanged: CONFIG,
    events.CounterpartyChanged: CONFIG,
    events.WordingChanged: CONFIG,
    events.WebhookChanged: CONFIG,
    events.EmailOperated: None,
    events.MailGrantConfirmed: None,
}
KNOWN_TYPES: Final = tuple(sorted({name for name in TYPES.values() if name}))

# What only one kind of event has.
MORE: Final[Mapping[type[Event], tuple[str, ...]]] = {
    events.ApprovalRequestSent: ("workflow_code", "workflow_version", "external"),
    events.RequestApproved: ("comment", "pending"),
    events.RequestRejected: ("comment",),
    events.RequestDelegated: ("from_approver", "automatic"),
    events.RequestCanceled: ("comment",),
    events.DocumentReleased: ("how", "comment"),
    events.DocumentEmailed: ("to_address",),
    events.DocumentChanged: ("changes", "significant", "voided"),
    events.CommentAdded: ("text", "by_mail"),
    events.DocumentPosted: ("posted",),
    events.DocumentConverted: ("new_document_type", "new_number"),
    events.DocumentDeleted: ("was_pending",),
    events.ExternalAnswerReceived: ("answer",),
    events.ApprovalDueSoon: ("days_left",),
    events.ApprovalOverdue: ("days_overdue",),
    events.RequestEscalated: ("working_days",),
    events.DelegationFailed: ("why",),
    events.MailBounced: ("recipient", "to_address", "message", "status", "diagnostic", "uncertain"),
    events.MailGrantMissing: ("address", "account"),
    events.MailHeld: ("recipient", "emails", "hours"),
}
STATUS_AFTER: Final[Mapping[type[Event], DocumentStatus]] = {
    events.ApprovalRequestSent: DocumentStatus.PENDING_APPROVAL,
    events.RequestRejected: DocumentStatus.OPEN,
    events.RequestCanceled: DocumentStatus.OPEN,
    events.DocumentReopened: DocumentStatus.OPEN,
}


def type_of(event: Event) -> str | None:
    """None also for what this version cannot read."""
    return TYPES.get(type(event))


def wants(types: tuple[str, ...], event_type: str) -> bool:
    return not types or event_type in types


def asks_flow(event: Event) -> bool:
    """Whether an external flow decides on the request."""
    return isinstance(event, ApprovalRequestSent) and event.external


def body_of(  # noqa: PLR0913 - what a message consists of
    event: Event,
    event_type: str,
    *,
    event_id: int,
    sequence: int | None,
    version: int | None,
    message_id: str = "",
    answer_to: str = "",
) -> str:
    """``{type, timestamp, data}``; *answer_to* is where an external flow answers, else empty."""
    for limit in TEXT_LIMITS:
        data = _data(event, event_id, sequence, version, limit)
        if answer_to:
            data["answer"] = {
                "to": answer_to,
                "in_reply_to": message_id,
                "choices": list(ExternalAnswer),
            }
        message = {"type": event_type, "timestamp": event.at.isoformat(), "data": data}
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        if len(body.encode()) < LARGEST:
            break
    return body


def _data(
    event: Event, event_id: int, sequence: int | None, version: int | None, limit: int
) -> dict[str, Any]:
    data: dict[str, Any] = {"event_id": event_id, "kind": type(event).__name__}
    if event.actor:
        data["actor"] = event.actor
    if isinstance(event, SetupEvent):
        data["subject"] = event.subject
    if isinstance(event, DocumentEvent):
        data["sequence"] = sequence
        data["document"] = _document(event, version)
        data["request"] = {"number": event.run_no, "requester": event.requester}
        if entry := getattr(event, "entry", None):
            data["entry"] = _entry(entry)
    for name in MORE.get(type(event), ()):
        data[name] = _plain(getattr(event, name))
    plain: dict[str, Any] = _cut(data, limit)
    return plain


def _document(event: DocumentEvent, version: int | None) -> dict[str, Any]:
    facts: DocumentFacts = event.document
    status = event.status if isinstance(event, DocumentReleased) else STATUS_AFTER.get(type(event))
    return {
        "area": facts.area,
        "type": facts.document_type,
        "number": facts.number,
        "version": version,
        "status": status,
        "external_document_no": facts.external_document_no,
        "counterparty_no": facts.counterparty_no,
        "counterparty_name": facts.counterparty_name,
        "currency": facts.currency,
        "amount": _plain(facts.amount),
        "amount_including_vat": _plain(facts.amount_including_vat),
        "amount_lcy": _plain(facts.amount_lcy),
    }


def _entry(entry: EntryFacts) -> dict[str, Any]:
    return {
        "sequence_no": entry.sequence_no,
        "stage": entry.stage,
        "stages": entry.stages,
        "approver": entry.approver,
        "authority_of": entry.authority_of,
        "due_date": entry.due_date.isoformat(),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - the fields of any event
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, FieldChange):
        return {"field": value.field, "before": value.before, "after": value.after}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


MOST_PARTS: Final = 30


def _cut(value: Any, limit: int) -> Any:  # noqa: ANN401 - likewise
    """Numbers and names are short; what somebody wrote may be anything."""
    if isinstance(value, str):
        return value if len(value) <= limit else value[: limit - 1] + "…"
    if isinstance(value, list):
        return [_cut(part, limit) for part in value[:MOST_PARTS]]
    if isinstance(value, dict):
        return {name: _cut(part, limit) for name, part in value.items()}
    return value
