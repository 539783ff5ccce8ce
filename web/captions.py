"""What statuses are called on the pages, in the reader's language."""

from decimal import Decimal

from notifications.readers import Reader
from workflow.readings import DocumentOrder, EntryReading, RequestOrder
from workflow.statuses import Area, DocumentStatus, DocumentType, EntryStatus, Reason


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
    return why_planned(entry.reason, entry.limit, reader)


def why_planned(reason: Reason, most: Decimal | None, reader: Reader) -> str:
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
    limit = reader.gettext("no limit")
    if most is not None:
        limit = reader.gettext("limit {amount}").format(amount=reader.formats.money(most))
    return f"{reasons[reason]} ({limit})"


def area_caption(area: Area, reader: Reader) -> str:
    captions = {Area.PURCHASE: reader.gettext("Purchase"), Area.SALES: reader.gettext("Sales")}
    return captions[area]


def type_caption(document_type: DocumentType, reader: Reader) -> str:
    captions = {
        DocumentType.QUOTE: reader.gettext("Quotes"),
        DocumentType.ORDER: reader.gettext("Orders"),
        DocumentType.INVOICE: reader.gettext("Invoices"),
        DocumentType.CREDIT_MEMO: reader.gettext("Credit memos"),
        DocumentType.BLANKET_ORDER: reader.gettext("Blanket orders"),
        DocumentType.RETURN_ORDER: reader.gettext("Return orders"),
    }
    return captions[document_type]


def request_order(order: RequestOrder, reader: Reader) -> str:
    captions = {
        RequestOrder.DUE: reader.gettext("Due date"),
        RequestOrder.AMOUNT: reader.gettext("Amount"),
        RequestOrder.AGE: reader.gettext("Sent longest ago"),
    }
    return captions[order]


def document_order(order: DocumentOrder, reader: Reader) -> str:
    captions = {
        DocumentOrder.NUMBER: reader.gettext("Number"),
        DocumentOrder.AMOUNT: reader.gettext("Amount"),
        DocumentOrder.DATE: reader.gettext("Document date"),
    }
    return captions[order]
