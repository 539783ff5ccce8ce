"""What happened: frozen facts in the past tense, each with all that its email says.

Events are the audit trail. They are recorded in the transaction that made them true and never
changed. ``tell`` names the people who are to be told, once for each reason; the workflow's
options decide that when the thing happens, so that a later change of them changes no mail.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from workflow.statuses import Area, AttachmentKind, DocumentStatus, DocumentType, Reason


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened."""

    at: datetime
    actor: str  # who did it
    tell: tuple[str, ...] = ()

    @property
    def has_readers(self) -> bool:
        """Whether anybody is to be told of it."""
        return bool(self.tell)


# --- about documents -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """One line as it was at that moment."""

    item_no: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """The document as it was at that moment."""

    area: Area
    document_type: DocumentType
    number: str
    description: str
    external_document_no: str
    counterparty_no: str
    counterparty_name: str
    document_date: date | None
    currency: str  # empty: the local currency
    amount: Decimal  # excluding VAT
    amount_including_vat: Decimal
    amount_lcy: Decimal
    line_count: int
    lines: tuple[LineFacts, ...]  # the first five


@dataclass(frozen=True, kw_only=True)
class DocumentCopy:
    """What a copy of the document needs beside its facts, for an attachment."""

    due_date: date | None
    lines: tuple[LineFacts, ...]  # all of them


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """One approval entry as it was at that moment."""

    sequence_no: int
    stage: int
    stages: int
    approver: str
    authority_of: str
    due_date: date
    reason: Reason  # why he, or the one he stands in for, is asked
    limit: Decimal | None  # what that person may approve; None = unlimited


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was done about the request before: for the history in the emails."""

    what: str  # "sent", "approved", "delegated", "comment"
    user: str
    at: datetime
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentEvent(Event):
    """Something that happened to a document."""

    document: DocumentFacts
    requester: str  # of the latest request; empty before the first
    run_no: int
    via: str = ""  # the API key of a program that did it for the actor; empty: he did it himself


@dataclass(frozen=True, kw_only=True)
class DocumentReceived(DocumentEvent):
    """A document came in: from a file, the ERP, or another document."""


@dataclass(frozen=True, kw_only=True)
class ApprovalRequestSent(DocumentEvent):
    """The requester sent the document for approval."""

    workflow_code: str
    workflow_version: int
    external: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovalRequested(DocumentEvent):
    """An approver's turn has come."""

    entry: EntryFacts
    next_approvers: tuple[str, ...]  # who is asked after this stage; empty: it is released
    history: tuple[Step, ...] = ()
    copy: DocumentCopy | None = None  # None: nothing is attached


@dataclass(frozen=True, kw_only=True)
class RequestApproved(DocumentEvent):
    """An approver agreed; ``actor`` is who decided."""

    entry: EntryFacts
    comment: str
    pending: int  # how many approvals are still missing


@dataclass(frozen=True, kw_only=True)
class RequestRejected(DocumentEvent):
    """An approver disagreed: the request is over and the document open."""

    entry: EntryFacts
    comment: str


@dataclass(frozen=True, kw_only=True)
class RequestDelegated(DocumentEvent):
    """An open request went to somebody else."""

    entry: EntryFacts  # with the new approver
    from_approver: str
    automatic: bool
    next_approvers: tuple[str, ...]
    history: tuple[Step, ...] = ()
    copy: DocumentCopy | None = None  # None: nothing is attached


@dataclass(frozen=True, kw_only=True)
class RequestCanceled(DocumentEvent):
    """The request was withdrawn: the document is open."""

    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class ApprovalNoLongerNeeded(DocumentEvent):
    """An open request was closed because others decided."""

    entry: EntryFacts


@dataclass(frozen=True, kw_only=True)
class DocumentReleased(DocumentEvent):
    """The document may be processed, or waits for nothing but its prepayment."""

    status: DocumentStatus
    how: str  # "approved", "automatically" or "by hand"
    comment: str = ""
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DocumentEmailed(DocumentEvent):
    """The document was given to the mail for its vendor or customer."""

    to_address: str
    language: str  # of the vendor or customer; empty: the company's
    attachments: tuple[AttachmentKind, ...]
    copy: DocumentCopy

    @property
    def has_readers(self) -> bool:
        return True  # outside


@dataclass(frozen=True, kw_only=True)
class DocumentNotEmailed(DocumentEvent):
    """The document was to go out, but no address is known or its PDF would lack letters."""

    letters: str = ""  # that cannot be printed


@dataclass(frozen=True, kw_only=True)
class DocumentReopened(DocumentEvent):
    """The document may be edited again and needs a new approval."""


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class DocumentChanged(DocumentEvent):
    """Somebody edited the document."""

    changes: tuple[FieldChange, ...]
    significant: bool
    voided: bool = False  # a pending request ended with it


@dataclass(frozen=True, kw_only=True)
class CommentAdded(DocumentEvent):
    """Somebody remarked on the request."""

    text: str
    by_mail: bool = False  # then the author is only whoever the mail names
    from_address: str = ""  # of somebody outside, who is no user


@dataclass(frozen=True, kw_only=True)
class MailDecidedNothing(DocumentEvent):
    """Somebody who is asked answered by mail as if that were a decision; it is a comment."""

    entry: EntryFacts  # that waits for him
    text: str  # what was written
    day: date  # the company's; nobody is told twice on one


@dataclass(frozen=True, kw_only=True)
class DocumentPosted(DocumentEvent):
    """The document was posted; its approvals are in the posted archive."""

    posted: tuple[str, ...]  # kinds of posted documents


@dataclass(frozen=True, kw_only=True)
class DocumentConverted(DocumentEvent):
    """A quote became an order or an invoice, which needs its own approval."""

    new_document_type: DocumentType
    new_number: str


@dataclass(frozen=True, kw_only=True)
class DocumentDeleted(DocumentEvent):
    """The document is gone; its approvals are in the archive."""

    was_pending: bool


@dataclass(frozen=True, kw_only=True)
class DocumentRetired(DocumentEvent):
    """A released document went to the archive because of its age, and its approvals stay."""


@dataclass(frozen=True, kw_only=True)
class ExternalAnswerReceived(DocumentEvent):
    """The external flow answered."""

    answer: str  # "continue", "reject" or "cancel"


@dataclass(frozen=True, kw_only=True)
class ApprovalDueSoon(DocumentEvent):
    """An approver was reminded that his answer is due within days."""

    entry: EntryFacts
    days_left: int  # 0: it is due that day
    escalated_on: date | None = None  # when others hear that he does not answer; None: never
    handed_over_on: date | None = None  # when somebody else is asked instead; None: never


@dataclass(frozen=True, kw_only=True)
class ApprovalOverdue(DocumentEvent):
    """An approver let the due date pass."""

    entry: EntryFacts
    days_overdue: int


@dataclass(frozen=True, kw_only=True)
class RequestEscalated(DocumentEvent):
    """An approver did not answer his reminders, and those above him are told.

    Telling gives nobody authority: the request stays with its approver until it is delegated.
    """

    entry: EntryFacts
    working_days: int  # since the due date
    superior: str  # the approver's approver; empty: he may not hear of it, or there is none
    handed_over: bool = False


@dataclass(frozen=True, kw_only=True)
class RequestNudged(DocumentEvent):
    """Who waits for an answer reminded the approver."""

    entry: EntryFacts
    next_approvers: tuple[str, ...]
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DelegationFailed(DocumentEvent):
    """A request should have been handed over by now, but there is nobody to take it."""

    entry: EntryFacts
    why: str


@dataclass(frozen=True, kw_only=True)
class MailBounced(DocumentEvent):
    """A mail about the document could not be delivered."""

    recipient: str  # user id; outside the company the address
    to_address: str
    message: str  # which mail it was
    status: str  # the mail server's code, such as 5.1.1
    diagnostic: str  # its words


# --- about the setup -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SetupEvent(Event):
    """Somebody changed the setup."""

    subject: str  # a user id, a group, a workflow code or a kind of mail


@dataclass(frozen=True, kw_only=True)
class ApprovalUserChanged(SetupEvent):
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class EMailChanged(SetupEvent, DocumentEvent):
    """Mail for a person goes to another address; ``tell`` has addresses, the old one first.

    It says all that its letter does, for the person may be gone by then. ``document`` is about
    nothing and ``requester`` empty: it is nobody's request.
    """

    before: str
    after: str
    full_name: str
    language: str  # his; empty: the company's


@dataclass(frozen=True, kw_only=True)
class ApprovalUserRemoved(SetupEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class AccountChanged(SetupEvent):
    """Who may sign in, how, and with which roles; ``subject`` is the user. It holds no secret."""

    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class PasswordLinkMade(SetupEvent, DocumentEvent):
    """Somebody may set a password with a link; ``tell`` has the person's address.

    As above it says all that its letter does, and is about no document.
    """

    full_name: str
    language: str  # of the person; empty: the company's


@dataclass(frozen=True, kw_only=True)
class AccountRemoved(SetupEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class UserGroupChanged(SetupEvent):
    members: tuple[str, ...]  # "BOB:1"


@dataclass(frozen=True, kw_only=True)
class NotificationSetupChanged(SetupEvent):
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class WorkflowSaved(SetupEvent):
    version: int


@dataclass(frozen=True, kw_only=True)
class WorkflowEnabled(SetupEvent):
    version: int


@dataclass(frozen=True, kw_only=True)
class WorkflowDisabled(SetupEvent):
    version: int


@dataclass(frozen=True, kw_only=True)
class WorkflowDeleted(SetupEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class CompanyChanged(SetupEvent):
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class MailSetupChanged(SetupEvent):
    """Of a secret only that it was changed; ``subject`` is the mail account or the mailbox."""

    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class CounterpartyChanged(SetupEvent):
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class WordingChanged(SetupEvent):
    """The company says something in its own words; ``subject`` is the message and the language."""

    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class WordingBroken(SetupEvent, DocumentEvent):
    """A company's template made no letter: the built-in words were used.

    ``document`` is the one whose mail showed it, ``requester`` empty: it is nobody's request.
    """

    message: str
    language: str
    version: int
    text: str  # what went wrong
    set_aside: bool  # too often: the template is not tried any more


@dataclass(frozen=True, kw_only=True)
class MailGrantMissing(SetupEvent, DocumentEvent):
    """The mail server does not let the mail account write from an address.

    ``document`` is the one whose mail showed it, ``requester`` empty: it is nobody's request.
    """

    address: str
    account: str  # who needs the grant; empty: the server knows no sign-in
    as_requester: bool  # the app signs in to the mailbox itself
    text: str  # the server's words


@dataclass(frozen=True, kw_only=True)
class MailHeld(SetupEvent, DocumentEvent):
    """More emails were to be sent than ever should be: the rest waits for an administrator.

    ``document`` is the one whose mail was held first, ``requester`` empty as above.
    """

    recipient: str  # who would have got too many; empty: all together
    emails: int  # so many were allowed
    hours: int  # within that time


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(SetupEvent):
    """An endpoint for webhooks was added, changed or removed; ``subject`` is its server."""

    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class EmailOperated(SetupEvent):
    """Somebody decided about an email, or about all that were held: ``subject`` says which."""

    step: str  # retried, held, released or canceled


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(SetupEvent, DocumentEvent):
    """An endpoint took nothing for days, or wants no more: nothing is sent to it any more.

    ``document`` is the one whose message showed it, ``requester`` empty as above.
    """

    host: str  # the rest of its address may hold a secret
    endpoint: int  # its number
    gone: bool  # it said so itself
