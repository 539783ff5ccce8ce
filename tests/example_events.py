"""One event of every kind about Ann's order, for tests of the words and of the mail."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from notifications.messages import DIGEST, OUTSIDE, URGENT, Message, messages_for
from notifications.readers import Company
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
from workflow.facts import NOTHING
from workflow.statuses import Area, AttachmentKind, DocumentStatus, DocumentType, Reason

AT = datetime(2026, 11, 20, 13, 2, tzinfo=UTC)
COMPANY = Company(
    name="Contoso",
    language="en",
    time_zone="Europe/Amsterdam",
    currency="EUR",
    base_url="https://approvals.contoso.com",
)
ANN = ApprovalUser(user_id="ANN", full_name="Ann Lee", email="ann@contoso.com")
BOB = ApprovalUser(user_id="BOB", full_name="Bob Bos", email="bob@contoso.com")
CID = ApprovalUser(user_id="CID", full_name="Cid Pot", email="cid@contoso.com")
DEE = ApprovalUser(user_id="DEE", full_name="Dee Fox", email="dee@contoso.com")

LINE = LineFacts(
    item_no="B200",
    description="Steel beam HEA 200",
    quantity=Decimal("12.0000"),
    unit_price=Decimal("820.0000"),
    amount=Decimal("9840.0000"),
)
DOCUMENT = DocumentFacts(
    area=Area.PURCHASE,
    document_type=DocumentType.ORDER,
    number="106001",
    description="Hall 4",
    external_document_no="Q-22",
    counterparty_no="V100",
    counterparty_name="Bakker Staal B.V.",
    document_date=date(2026, 11, 20),
    currency="",
    amount=Decimal("12450.5000"),
    amount_including_vat=Decimal("15065.1100"),
    amount_lcy=Decimal("12450.5000"),
    line_count=7,
    lines=(LINE,) * 5,
)
COPY = DocumentCopy(due_date=date(2026, 12, 20), lines=(LINE,) * 7)
ENTRY = EntryFacts(
    sequence_no=1,
    stage=1,
    stages=2,
    approver="BOB",
    authority_of="BOB",
    due_date=date(2026, 11, 26),
    reason=Reason.SUFFICIENT,
    limit=Decimal(20000),
)
HISTORY = (Step(what="sent", user="ANN", at=AT),)


class People:
    """The cast, as the directory of the approval user setup."""

    def __init__(self, *people: ApprovalUser) -> None:
        self.people = {person.user_id: person for person in people or (ANN, BOB, CID, DEE)}

    def user(self, user_id: str) -> ApprovalUser | None:
        return self.people.get(user_id)


def about(actor: str, *tell: str, document: DocumentFacts = DOCUMENT) -> dict[str, object]:
    return {
        "at": AT,
        "actor": actor,
        "tell": tell,
        "document": document,
        "requester": "ANN",
        "run_no": 1,
    }


def requested(*, document: DocumentFacts = DOCUMENT, **changes) -> ApprovalRequested:
    return ApprovalRequested(
        **about("ANN", "BOB", document=document),
        entry=replace(ENTRY, **changes),
        next_approvers=("CID",),
        history=HISTORY,
    )


def overdue(number: str = "106001", requester: str = "ANN") -> ApprovalOverdue:
    facts = about("system", "BOB", document=replace(DOCUMENT, number=number))
    return ApprovalOverdue(**facts | {"requester": requester}, entry=ENTRY, days_overdue=3)


def due_soon(number: str = "106001", **changes) -> ApprovalDueSoon:
    facts = about("system", "BOB", document=replace(DOCUMENT, number=number))
    days = {"escalated_on": date(2026, 11, 30), "handed_over_on": date(2026, 12, 1)}
    return ApprovalDueSoon(**{**facts, "entry": ENTRY, "days_left": 1, **days, **changes})


def delegated(*, automatic: bool = False) -> RequestDelegated:
    return RequestDelegated(
        **about("BOB", "DEE", "ANN", "CID"),
        entry=replace(ENTRY, approver="DEE"),
        from_approver="BOB",
        automatic=automatic,
        next_approvers=(),
        history=(*HISTORY, Step(what="comment", user="BOB", at=AT, text="Back on Monday.\nBob")),
    )


def emailed(**changes) -> DocumentEmailed:
    """Bob released it, and it goes to the vendor."""
    facts = {
        **about("BOB"),
        "to_address": "orders@bakker.example",
        "language": "nl",
        "attachments": (AttachmentKind.PDF,),
        "copy": COPY,
    }
    return DocumentEmailed(**facts | changes)


def grant_missing(**changes) -> MailGrantMissing:
    """The mail server refused Ann's address, and Cid is an administrator."""
    facts = {
        **about("DELIVERY", "CID"),
        "requester": "",
        "subject": "ann@contoso.com",
        "address": "ann@contoso.com",
        "account": "erp@contoso.com",
        "as_requester": False,
        "text": "5.2.252 SendAsDenied; erp@contoso.com not allowed to send as ann@contoso.com",
    }
    return MailGrantMissing(**facts | changes)


def password_link_made(**changes) -> PasswordLinkMade:
    """Eva made a link for Ann."""
    facts = {
        **about("EVA", "ann@contoso.com", document=NOTHING),
        "requester": "",
        "run_no": 0,
        "subject": "ANN",
        "full_name": "Ann Lee",
        "language": "",
    }
    return PasswordLinkMade(**facts | changes)


def email_changed(**changes) -> EMailChanged:
    """Cid changed Ann's address."""
    facts = {
        **about("CID", "ann@contoso.com", "ann.lee@contoso.com", document=NOTHING),
        "requester": "",
        "run_no": 0,
        "subject": "ANN",
        "before": "ann@contoso.com",
        "after": "ann.lee@contoso.com",
        "full_name": "Ann Lee",
        "language": "nl",
    }
    return EMailChanged(**facts | changes)


def delegation_failed(**changes) -> DelegationFailed:
    nobody = NoSubstitute("BOB")
    facts = {"why": nobody.message, "template": nobody.template, "values": ("BOB",)}
    return DelegationFailed(**about("system", "CID"), entry=ENTRY, **facts | changes)


def held(**changes) -> MailHeld:
    """Bob was to get too many emails, and Cid is an administrator."""
    facts = {
        **about("DELIVERY", "CID"),
        "requester": "",
        "subject": "outbox",
        "recipient": "BOB",
        "emails": 60,
        "hours": 1,
    }
    return MailHeld(**facts | changes)


def webhook_disabled(**changes) -> WebhookDisabled:
    """A program did not take anything for days."""
    facts = {
        **about("DELIVERY", "CID"),
        "requester": "",
        "subject": "flows.contoso.com",
        "host": "flows.contoso.com",
        "endpoint": 3,
        "gone": False,
    }
    return WebhookDisabled(**facts | changes)


def every_event() -> list[DocumentEvent]:
    """Every message is made by at least one of them, in each of its variants."""
    return [
        requested(),
        delegated(),
        delegated(automatic=True),
        RequestApproved(**about("BOB", "ANN"), entry=ENTRY, comment="Fine\nby me", pending=1),
        RequestApproved(**about("BOB", "ANN"), entry=ENTRY, comment="", pending=2),
        RequestRejected(**about("BOB", "ANN"), entry=ENTRY, comment="Too dear"),
        RequestCanceled(**about("CID", "BOB", "ANN"), comment="Mistake"),
        *(
            DocumentReleased(
                **about("BOB", "ANN"), status=DocumentStatus.RELEASED, how=how, comment="Go"
            )
            for how in ("approved", "automatically", "by hand")
        ),
        DocumentReleased(
            **about("BOB", "ANN"), status=DocumentStatus.PENDING_PREPAYMENT, how="approved"
        ),
        ApprovalNoLongerNeeded(**about("CID", "BOB"), entry=ENTRY),
        DocumentChanged(
            **about("CID", "BOB", "ANN"),
            changes=(FieldChange(field="amount", before="12,450.50", after=""),),
            significant=True,
            voided=True,
        ),
        DocumentDeleted(**about("CID", "BOB", "ANN"), was_pending=True),
        DocumentPosted(**about("CID", "ANN"), posted=("posted_receipt", "posted_invoice")),
        emailed(),
        email_changed(),
        email_changed(tell=("ann@contoso.com",), after=""),
        password_link_made(),
        DocumentNotEmailed(**about("BOB", "ANN")),
        DocumentNotEmailed(**about("DELIVERY", "ANN"), letters="株, 式"),
        CommentAdded(**about("CID", "ANN", "BOB"), text="Which hall?"),
        CommentAdded(
            **about("MAIL", "ANN"),
            text="(By email from zoe@bakker.example.) Next week?",
            by_mail=True,
            from_address="zoe@bakker.example",
        ),
        MailDecidedNothing(**about("BOB", "BOB"), entry=ENTRY, text="Akkoord!\nBob", day=AT.date()),
        due_soon(),
        due_soon(days_left=0, escalated_on=None, handed_over_on=None),
        overdue(),
        RequestEscalated(
            **about("system", "CID", "DEE"), entry=ENTRY, working_days=2, superior="CID"
        ),
        RequestNudged(**about("ANN", "BOB"), entry=ENTRY, next_approvers=("CID",), history=HISTORY),
        delegation_failed(),
        MailBounced(
            **about("MAIL", "ANN", "CID"),
            recipient="BOB",
            to_address="bob@contoso.com",
            message="approval_requested",
            status="5.1.1",
            diagnostic="550 5.1.1 no such user",
        ),
        grant_missing(),
        grant_missing(as_requester=True),
        grant_missing(account=""),
        webhook_disabled(),
        webhook_disabled(gone=True),
        WordingBroken(
            **about("DELIVERY", "CID") | {"requester": ""},
            subject="approval_requested/nl",
            message="approval_requested",
            language="nl",
            version=4,
            text="body.html line 3: 'colour' is undefined",
            set_aside=False,
        ),
        held(),
        held(recipient="", emails=1000),
        held(recipient="", emails=10_000, hours=24),
        *(
            ExternalAnswerReceived(**about("FLOW", "ANN"), answer=answer)
            for answer in ("reject", "continue")
        ),
    ]


def reader_of(message: Message) -> ApprovalUser:
    """Who reads the message: one of the cast, or somebody outside."""
    if message.message in OUTSIDE:
        return ApprovalUser(user_id=message.recipient, email=message.recipient)
    return People().people[message.recipient]


EVERY_MESSAGE = [(message, event) for event in every_event() for message in messages_for(event)]
EVERY_MESSAGE += [  # with everything else that its reader is told
    (Message(message=DIGEST, recipient=user, requester=""), event)
    for user, event in (("BOB", requested()), ("ANN", delegated()))
]


def told_with(message: Message, event: DocumentEvent) -> list[tuple[str, DocumentEvent]]:
    """What an email is about: each event with the message that would tell it on its own."""
    if message.message != DIGEST:
        return [(message.message, event)]
    own = [one for one in messages_for(event) if one.recipient == message.recipient]
    return [(own[0].message, event)] + [
        (one.message, told)
        for one, told in EVERY_MESSAGE
        if one.recipient == message.recipient
        and one.message not in {own[0].message, DIGEST, *URGENT}
    ]
