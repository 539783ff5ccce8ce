"""What happened to a request for approval, from sending it to its end."""

from dataclasses import dataclass
from datetime import date

from workflow.events.base import DocumentEvent
from workflow.events.facts import DocumentCopy, EntryFacts, Step


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
class ExternalAnswerReceived(DocumentEvent):
    """The external flow answered."""

    answer: str  # "continue", "reject" or "cancel"
