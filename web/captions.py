"""What statuses are called on the pages, in the reader's language."""

from notifications.readers import Reader
from workflow.approval_users import Limit
from workflow.readings import EntryReading
from workflow.statuses import DocumentStatus, EntryStatus, Reason


def document_status(status: DocumentStatus, reader: Reader) -> str:
    captions = {
        DocumentStatus.OPEN: reader.gettext("Open"),
        DocumentStatus.PENDING_APPROVAL: reader.gettext("Pending Approval"),
        DocumentStatus.RELEASED: reader.gettext("Released"),
        DocumentStatus.PENDING_PREPAYMENT: reader.gettext("Pending Prepayment"),
    }
    return captions[status]


def entry_status(entry: EntryReading, reader: Reader) -> str:
    """The requester's own entry is "submitted": he approved nothing (Q11)."""
    if entry.status is EntryStatus.APPROVED and entry.approver == entry.requester:
        return reader.gettext("Submitted")
    captions = {
        EntryStatus.CREATED: reader.gettext("Waits for its turn"),
        EntryStatus.OPEN: reader.gettext("Asked"),
        EntryStatus.APPROVED: reader.gettext("Approved"),
        EntryStatus.REJECTED: reader.gettext("Rejected"),
        EntryStatus.CANCELED: reader.gettext("Canceled"),
    }
    return captions[entry.status]


def why_asked(entry: EntryReading, reader: Reader) -> str:
    """The rule that led to this person, and up to which amount it lets him approve."""
    return why_named(entry.reason, entry.limit, reader)


def why_named(reason: Reason, limit: Limit, reader: Reader) -> str:
    """The same of anybody a workflow names."""
    reasons = {
        Reason.REQUESTER: reader.gettext("Sent the request"),
        Reason.SALESPERSON_PURCHASER: reader.gettext("Salesperson or purchaser of the document"),
        Reason.CHAIN: reader.gettext("In the approver chain"),
        Reason.SUFFICIENT: reader.gettext("First approver with a sufficient limit"),
        Reason.DIRECT_APPROVER: reader.gettext("Approver of the requester"),
        Reason.SPECIFIC_APPROVER: reader.gettext("Named by the approval workflow"),
        Reason.GROUP_MEMBER: reader.gettext("In the group of approvers"),
        Reason.ADMINISTRATOR: reader.gettext("Administrator: nobody else may approve"),
        Reason.CREDIT_LIMIT: reader.gettext("The customer stays within the credit limit"),
    }
    if reason not in {Reason.CHAIN, Reason.SUFFICIENT}:
        return reasons[reason]
    shown = reader.gettext("no limit")
    if limit is not None:
        shown = reader.gettext("limit {amount}").format(amount=reader.formats.money(limit))
    return f"{reasons[reason]} ({shown})"
