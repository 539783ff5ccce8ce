"""One example of every kind of letter, in each of its variants: for trying and showing words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from notifications.messages import DIGEST, Message, messages_for
from workflow.approval_users import ApprovalUser
from workflow.errors import NoSubstitute
from workflow.events import (
    ApprovalDueSoon,
    ApprovalNoLongerNeeded,
    ApprovalOverdue,
    ApprovalRequested,
    CommentAdded,
    DelegationFailed,
    DocumentChanged,
    DocumentCopy,
    DocumentDeleted,
    DocumentEmailed,
    DocumentEvent,
    DocumentFacts,
    DocumentNotEmailed,
    DocumentPosted,
    DocumentReleased,
    EMailChanged,
    EntryFacts,
    ExternalAnswerReceived,
    FieldChange,
    LineFacts,
    MailBounced,
    MailDecidedNothing,
    MailGrantMissing,
    MailHeld,
    PasswordLinkMade,
    RequestApproved,
    RequestCanceled,
    RequestDelegated,
    RequestEscalated,
    RequestNudged,
    RequestRejected,
    Step,
    WebhookDisabled,
    WordingBroken,
)
from workflow.statuses import Area, AttachmentKind, DocumentStatus, DocumentType, Reason

LISTED: Final = frozenset({"approval_requested", "request_approved"})
AT: Final = datetime(2026, 11, 20, 13, 2, tzinfo=UTC)
PEOPLE: Final = {
    user_id: ApprovalUser(user_id=user_id, full_name=name, email=f"{user_id}@example.com".lower())
    for user_id, name in {"ANN": "Ann Ash", "BOB": "Bob Baker", "CID": "Cid Cole"}.items()
}
LINE: Final = LineFacts(
    item_no="D100",
    description="Desk <90 cm> & lamp",  # what has to be escaped
    quantity=Decimal(4),
    unit_price=Decimal(100),
    amount=Decimal(400),
)
DOCUMENT: Final = DocumentFacts(
    area=Area.PURCHASE,
    document_type=DocumentType.ORDER,
    number="PO-1",
    description="Four desks",
    external_document_no="Q-22",
    counterparty_no="V100",
    counterparty_name="Desks & Co",
    document_date=date(2026, 11, 20),
    currency="",
    amount=Decimal(400),
    amount_including_vat=Decimal(484),
    amount_lcy=Decimal(400),
    line_count=1,
    lines=(LINE,),
)
FOREIGN: Final = replace(DOCUMENT, number="PO-2", currency="USD")
BARE: Final = replace(
    DOCUMENT,
    number="PO-3",
    description="",
    external_document_no="",
    counterparty_name="",
    counterparty_no="",
    document_date=None,
    line_count=0,
    lines=(),
)
COPY: Final = DocumentCopy(due_date=None, lines=(LINE,))
ENTRY: Final = EntryFacts(
    sequence_no=1,
    stage=1,
    stages=2,
    approver="BOB",
    authority_of="BOB",
    due_date=date(2026, 11, 26),
    reason=Reason.SUFFICIENT,
    limit=Decimal(1000),
)
HISTORY: Final = (
    Step(what="sent", user="ANN", at=AT),
    Step(what="comment", user="BOB", at=AT, text="Which room?\nBob"),
)


def examples_of(message: str) -> list[tuple[Message, DocumentEvent]]:
    """Letters of that kind, each to its first reader; a digest tells of one thing here."""
    events = [event for document in (DOCUMENT, FOREIGN, BARE) for event in _events(document)]
    told = [(one, event) for event in events for one in messages_for(event)]
    if message != DIGEST:
        return [(one, event) for one, event in told if one.message == message]
    return [
        (replace(one, message=DIGEST, requester=""), event)
        for one, event in told
        if one.message in LISTED
    ]


def alone(event: DocumentEvent) -> str:
    """The message that tells of the event on its own."""
    return messages_for(event)[0].message


def _events(document: DocumentFacts) -> Iterator[DocumentEvent]:
    to_bob, to_ann, to_cid = (_about(document, user) for user in ("BOB", "ANN", "CID"))
    yield from _asking(to_bob)
    yield RequestApproved(**to_ann, entry=ENTRY, comment="Fine\nby me", pending=1)
    yield RequestApproved(**to_ann, entry=ENTRY, comment="", pending=2)
    yield RequestRejected(**to_ann, entry=ENTRY, comment="Too dear")
    yield RequestCanceled(**to_bob, comment="")
    for how in ("approved", "automatically", "by hand"):
        yield DocumentReleased(**to_ann, status=DocumentStatus.RELEASED, how=how, comment="Go")
    yield DocumentReleased(
        **to_ann, status=DocumentStatus.PENDING_PREPAYMENT, how="approved", comment=""
    )
    yield ApprovalNoLongerNeeded(**to_bob, entry=ENTRY)
    change = FieldChange(field="amount", before="400", after="")
    yield DocumentChanged(**to_bob, changes=(change,), significant=True, voided=True)
    yield DocumentDeleted(**to_bob, was_pending=True)
    yield DocumentPosted(**to_ann, posted=("posted_invoice",))
    yield DocumentEmailed(
        **to_ann,
        to_address="orders@example.com",
        language="",
        attachments=(AttachmentKind.PDF,),
        copy=COPY,
    )
    yield EMailChanged(
        **to_cid | {"tell": ("ann@example.com", "ash@example.com"), "requester": ""},
        subject="ANN",
        before="ann@example.com",
        after="ash@example.com",
        full_name="Ann Ash",
        language="",
    )
    yield PasswordLinkMade(
        **to_cid | {"tell": ("ann@example.com",), "requester": ""},
        subject="ANN",
        full_name="Ann Ash",
        language="",
    )
    yield DocumentNotEmailed(**to_ann)
    yield CommentAdded(**to_bob, text="Which room?")
    for answer in ("reject", "continue", "cancel"):
        yield ExternalAnswerReceived(**to_ann, answer=answer)
    yield from _warnings(to_cid)


def _asking(to_bob: dict[str, Any]) -> Iterator[DocumentEvent]:
    yield ApprovalRequested(**to_bob, entry=ENTRY, next_approvers=("CID",), history=HISTORY)
    yield ApprovalRequested(
        **to_bob, entry=replace(ENTRY, limit=None), next_approvers=(), history=()
    )
    for automatic in (True, False):
        yield RequestDelegated(
            **to_bob | {"tell": ("CID", "ANN")},
            entry=replace(ENTRY, approver="CID"),
            from_approver="BOB",
            automatic=automatic,
            next_approvers=(),
            history=HISTORY,
        )
    yield ApprovalDueSoon(
        **to_bob,
        entry=ENTRY,
        days_left=1,
        escalated_on=date(2026, 11, 30),
        handed_over_on=date(2026, 12, 1),
    )
    yield ApprovalDueSoon(**to_bob, entry=ENTRY, days_left=0)
    yield ApprovalOverdue(**to_bob, entry=ENTRY, days_overdue=3)
    yield RequestNudged(**to_bob, entry=ENTRY, next_approvers=(), history=HISTORY)
    yield MailDecidedNothing(**to_bob, entry=ENTRY, text="Approved!", day=AT.date())


def _warnings(to_cid: dict[str, Any]) -> Iterator[DocumentEvent]:
    nobody = NoSubstitute(ENTRY.approver)
    yield DelegationFailed(
        **to_cid,
        entry=ENTRY,
        why=nobody.message,
        template=nobody.template,
        values=(ENTRY.approver,),
    )
    yield RequestEscalated(**to_cid, entry=ENTRY, working_days=2, superior="CID")
    for uncertain in (False, True):
        yield MailBounced(
            **to_cid,
            recipient="BOB",
            to_address="bob@example.com",
            message="approval_requested",
            status="" if uncertain else "5.1.1",
            diagnostic="the connection was lost" if uncertain else "550 5.1.1 no such user",
            uncertain=uncertain,
        )
    for account, as_requester in (
        ("erp@example.com", False),
        ("erp@example.com", True),
        ("", False),
    ):
        yield MailGrantMissing(
            **to_cid | {"requester": ""},
            subject="ann@example.com",
            address="ann@example.com",
            account=account,
            as_requester=as_requester,
            text="5.2.252 SendAsDenied",
        )
    yield MailHeld(
        **to_cid | {"requester": ""}, subject="outbox", recipient="BOB", emails=60, hours=1
    )
    yield WebhookDisabled(
        **to_cid | {"requester": ""},
        subject="webhook 1",
        host="flows.example.com",
        endpoint=1,
        gone=False,
    )
    yield WordingBroken(
        **to_cid | {"requester": ""},
        subject="approval_requested/nl",
        message="approval_requested",
        language="nl",
        version=4,
        text="body.html line 3: 'colour' is undefined",
        set_aside=False,
    )
    for recipient in ("BOB", ""):
        yield MailHeld(
            **to_cid | {"requester": ""},
            subject="outbox",
            recipient=recipient,
            emails=60,
            hours=1,
        )


def _about(document: DocumentFacts, reader: str) -> dict[str, Any]:
    return {
        "at": AT,
        "actor": "BOB",
        "tell": (reader,),
        "document": document,
        "requester": "ANN",
        "run_no": 1,
    }
