"""Which event is told to whom, with which words, and in whose name."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.events import (
    ApprovalDueSoon,
    ApprovalNoLongerNeeded,
    ApprovalOverdue,
    ApprovalRequested,
    ApprovalRequestSent,
    CommentAdded,
    DelegationFailed,
    DocumentChanged,
    DocumentConverted,
    DocumentDeleted,
    DocumentEmailed,
    DocumentEvent,
    DocumentNotEmailed,
    DocumentPosted,
    DocumentReceived,
    DocumentReleased,
    DocumentReopened,
    DocumentRetired,
    EMailChanged,
    Event,
    ExternalAnswerReceived,
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
    SetupEvent,
    WebhookDisabled,
    WordingBroken,
)
from workflow.notification_setup import NotificationType

ASKING = frozenset({"approval_requested", "request_delegated"})  # mail that asks for a decision
LATE = frozenset({"approval_overdue", "request_escalated"})  # mail about an answer too late
# Reminders: all of one person's are one mail, at most one each working day.
MERGED = frozenset({"approval_due_soon", "approval_overdue"})
REMINDING = LATE | MERGED
# Mail that is of no use once the request was answered.
ABOUT_OPEN_REQUESTS = ASKING | REMINDING | {"answer_is_a_comment", "request_nudged"}
# Mail that no schedule keeps back: somebody has to do something about it now.
URGENT = frozenset(
    {
        "answer_is_a_comment",
        "delegation_failed",
        "email_changed",
        "mail_bounced",
        "mail_grant_missing",
        "mail_held",
        "password_link_made",
        "request_escalated",
        "request_nudged",
        "wording_broken",
    }
)
DIGEST = "digest"  # several notifications of one person that his schedule collected
# Mail to an address, not to a user of the setup.
OUTSIDE = frozenset({"document_to_counterparty", "email_changed", "password_link_made"})


class UnknownEvent(TypeError):
    """Nobody has decided who is told about this kind of event."""

    def __init__(self, event: Event) -> None:
        super().__init__(f"No message is defined for {type(event).__name__}.")


@dataclass(frozen=True, kw_only=True)
class Message:
    message: str  # folder under templates/email
    recipient: str  # user id; outside the company the address
    requester: str  # in whose name it is sent; empty: nobody's


def type_of(message: Message) -> NotificationType:
    """Which row of a person's notification setup counts for the message."""
    late = message.message in REMINDING
    return NotificationType.OVERDUE if late else NotificationType.APPROVAL


def messages_for(event: Event) -> list[Message]:  # noqa: C901, PLR0911, PLR0912
    """One message for each person in ``event.tell``; an event without readers gives none.

    Raises:
        UnknownEvent
    """
    match event:
        case ApprovalRequested():
            return _to_all(event, "approval_requested")
        case RequestDelegated():
            return list(_of_hand_over(event))
        case RequestApproved():
            return _to_all(event, "request_approved")
        case RequestRejected():
            return _to_all(event, "request_rejected")
        case RequestCanceled():
            return _to_all(event, "request_canceled")
        case DocumentReleased():
            return _to_all(event, "document_released")
        case ApprovalNoLongerNeeded():
            return _to_all(event, "approval_not_needed")
        case DocumentChanged():
            return _to_all(event, "document_changed")
        case DocumentPosted():
            return [_warning(user, "document_posted") for user in _readers(event)]
        case DocumentDeleted():
            return _to_all(event, "document_deleted")
        case CommentAdded():
            return [_remark(event, user, "comment_added") for user in _readers(event)]
        case MailDecidedNothing():
            return [_warning(user, "answer_is_a_comment") for user in _readers(event)]
        case ApprovalDueSoon():
            return _to_all(event, "approval_due_soon")
        case ApprovalOverdue():
            return _to_all(event, "approval_overdue")
        case RequestEscalated():
            return [_warning(user, "request_escalated") for user in _readers(event)]
        case RequestNudged():
            return [_remark(event, user, "request_nudged") for user in _readers(event)]
        case DelegationFailed():
            return [_warning(user, "delegation_failed") for user in _readers(event)]
        case ExternalAnswerReceived():
            return _to_all(event, "external_answered")
        case DocumentEmailed():
            return [_outside(event.to_address, "document_to_counterparty")]
        case DocumentNotEmailed():
            return [_warning(user, "document_not_emailed") for user in _readers(event)]
        case MailGrantMissing():
            return [_warning(user, "mail_grant_missing") for user in _readers(event)]
        case WordingBroken():
            return [_warning(user, "wording_broken") for user in _readers(event)]
        case MailHeld():
            return [_warning(user, "mail_held") for user in _readers(event)]
        case WebhookDisabled():
            return [_warning(user, "webhook_disabled") for user in _readers(event)]
        case MailBounced():
            return [_warning(user, "mail_bounced") for user in _readers(event)]
        case EMailChanged():
            return [_outside(address, "email_changed") for address in _readers(event)]
        case PasswordLinkMade():
            return [_outside(address, "password_link_made") for address in _readers(event)]
        case DocumentReceived() | ApprovalRequestSent() | DocumentReopened():
            return []
        case DocumentConverted() | DocumentRetired() | SetupEvent():
            return []
        case _:
            raise UnknownEvent(event)


def _readers(event: Event) -> list[str]:
    """Everybody once, in the order in which the workflow named them."""
    return list(dict.fromkeys(event.tell))


def _to_all(event: DocumentEvent, message: str) -> list[Message]:
    return [_about(event, user, message) for user in _readers(event)]


def _of_hand_over(event: RequestDelegated) -> Iterator[Message]:
    """The new approver is asked; the others only hear of it."""
    for user in _readers(event):
        if user == event.entry.approver:
            yield _about(event, user, "request_delegated")
        else:
            yield _warning(user, "delegation_notice")


def _about(event: DocumentEvent, recipient: str, message: str) -> Message:
    """In the requester's name, unless he is the one who reads it."""
    requester = "" if recipient == event.requester else event.requester
    return Message(message=message, recipient=recipient, requester=requester)


def _remark(event: CommentAdded | RequestNudged, recipient: str, message: str) -> Message:
    """In the requester's name only when the words are his, which a mail does not prove."""
    by_mail = isinstance(event, CommentAdded) and event.by_mail
    his = event.actor == event.requester and not by_mail
    requester = event.requester if his else ""
    return Message(message=message, recipient=recipient, requester=requester)


def _outside(address: str, message: str) -> Message:
    """In the company's name: an outsider does not hear who asked for what."""
    return Message(message=message, recipient=address, requester="")


def _warning(recipient: str, message: str) -> Message:
    return Message(message=message, recipient=recipient, requester="")
