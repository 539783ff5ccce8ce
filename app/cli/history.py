"""What happened to a document, in words: one line for each event of its history."""

from workflow.event_codec import UnreadableEvent
from workflow.events import (
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
    DocumentNotEmailed,
    DocumentPosted,
    DocumentReceived,
    DocumentReleased,
    DocumentReopened,
    EntryFacts,
    Event,
    ExternalAnswerReceived,
    MailBounced,
    RequestApproved,
    RequestCanceled,
    RequestDelegated,
    RequestRejected,
)


def in_words(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - one line per event
    """What was done; who did it and when stand beside it."""
    match event:
        case DocumentReceived():
            return "took it in"
        case ApprovalRequestSent(external=True):
            return f"sent it for approval ({event.workflow_code}); an external flow decides"
        case ApprovalRequestSent():
            return f"sent it for approval ({event.workflow_code})"
        case ApprovalRequested():
            entry = event.entry
            return f"{entry.approver} is asked, due {entry.due_date.isoformat()}"
        case RequestApproved():
            return f"approved it{_in_place_of(event.entry)}{_remark(event.comment)}"
        case RequestRejected():
            return f"rejected it{_in_place_of(event.entry)}{_remark(event.comment)}"
        case RequestDelegated():
            how = "it went by itself" if event.automatic else "handed it"
            return f"{how} from {event.from_approver} to {event.entry.approver}"
        case RequestCanceled():
            return f"canceled the request{_remark(event.comment)}"
        case ApprovalNoLongerNeeded():
            return f"{event.entry.approver} need not decide any more"
        case DocumentReleased():
            return f"{event.status.replace('_', ' ')} ({event.how}){_remark(event.comment)}"
        case DocumentEmailed():
            return f"emails it to {event.to_address} ({', '.join(event.attachments)})"
        case DocumentNotEmailed():
            party = event.document.counterparty_no or event.document.counterparty_name
            return f"could not email it: no address of {party} is known"
        case DocumentReopened():
            return "reopened it"
        case DocumentChanged():
            changes = [f"{one.field} {one.before!r} → {one.after!r}" for one in event.changes]
            voided = "; the pending request is void" if event.voided else ""
            return f"changed {', '.join(changes)}{voided}"
        case CommentAdded():
            return f"remarked: {event.text}"
        case DocumentPosted():
            return f"posted it: {', '.join(event.posted).replace('_', ' ')}"
        case DocumentConverted():
            return f"made {event.new_document_type.replace('_', ' ')} {event.new_number} of it"
        case DocumentDeleted():
            return "deleted it"
        case ExternalAnswerReceived():
            return f"the external flow answered: {event.answer}"
        case ApprovalOverdue():
            return f"{event.entry.approver} is reminded, {event.days_overdue} days late"
        case MailBounced():
            return (
                f"mail to {event.to_address} came back: {event.status} {event.diagnostic}".strip()
            )
        case DelegationFailed():
            return f"nobody could take over from {event.entry.approver}: {event.why}"
        case UnreadableEvent():
            return f"did something that this version cannot read ({event.kind})"
        case _:
            return type(event).__name__


def via_of(event: Event) -> str:
    """Which program did it for the person, where one did."""
    via = getattr(event, "via", "")
    return f" (with the API key {via})" if via else ""


def _in_place_of(entry: EntryFacts) -> str:
    """Whose authority counted, where it was not the approver's own."""
    return "" if entry.authority_of == entry.approver else f" with {entry.authority_of}'s authority"


def _remark(comment: str) -> str:
    return f": {comment}" if comment else ""
