"""The sentences text and HTML share: what a document is, why you are asked, what comes next."""

from typing import assert_never

from notifications.readers import Reader
from workflow.documents import DocumentKey
from workflow.events import ApprovalDueSoon, DocumentFacts, EntryFacts, Step
from workflow.statuses import Area, DocumentStatus, DocumentType, Reason


def title(document: DocumentFacts, reader: Reader) -> str:
    """Such as "purchase order 106001"."""
    key = DocumentKey(document.area, document.document_type, document.number)
    return f"{kind_of(key, reader)} {document.number}"


def kind_of(key: DocumentKey, reader: Reader) -> str:
    """Such as "purchase order"."""
    purchase = key.area is Area.PURCHASE
    kinds = _purchase_kinds(reader) if purchase else _sales_kinds(reader)
    return kinds[key.document_type]


def _purchase_kinds(reader: Reader) -> dict[DocumentType, str]:
    return {
        DocumentType.QUOTE: reader.gettext("purchase quote"),
        DocumentType.ORDER: reader.gettext("purchase order"),
        DocumentType.INVOICE: reader.gettext("purchase invoice"),
        DocumentType.CREDIT_MEMO: reader.gettext("purchase credit memo"),
        DocumentType.BLANKET_ORDER: reader.gettext("blanket purchase order"),
        DocumentType.RETURN_ORDER: reader.gettext("purchase return order"),
    }


def _sales_kinds(reader: Reader) -> dict[DocumentType, str]:
    return {
        DocumentType.QUOTE: reader.gettext("sales quote"),
        DocumentType.ORDER: reader.gettext("sales order"),
        DocumentType.INVOICE: reader.gettext("sales invoice"),
        DocumentType.CREDIT_MEMO: reader.gettext("sales credit memo"),
        DocumentType.BLANKET_ORDER: reader.gettext("blanket sales order"),
        DocumentType.RETURN_ORDER: reader.gettext("sales return order"),
    }


def why_you(document: DocumentFacts, entry: EntryFacts, requester: str, reader: Reader) -> str:
    """The rule that led to this person."""
    if entry.authority_of and entry.authority_of != entry.approver:
        return _why_in_place_of(entry, reader)
    sentence = _why(document, entry, reader)
    return sentence.format(limit=_limit(entry, reader), requester=reader.name_of(requester))


def _why(document: DocumentFacts, entry: EntryFacts, reader: Reader) -> str:  # noqa: C901, PLR0911
    match entry.reason:
        case Reason.SUFFICIENT if entry.limit is None:
            return reader.gettext("You are the first approver without a limit.")
        case Reason.SUFFICIENT:
            return reader.gettext("You are the first approver with a sufficient limit: {limit}.")
        case Reason.CHAIN:
            return reader.gettext(
                "You are next in the approver chain; your own limit is {limit}, "
                "so somebody else decides as well."
            )
        case Reason.SALESPERSON_PURCHASER if document.area is Area.PURCHASE:
            return reader.gettext("You are the purchaser of this document.")
        case Reason.SALESPERSON_PURCHASER:
            return reader.gettext("You are the salesperson of this document.")
        case Reason.DIRECT_APPROVER:
            return reader.gettext("You are the approver of {requester}.")
        case Reason.SPECIFIC_APPROVER:
            return reader.gettext("The approval workflow names you as the approver.")
        case Reason.GROUP_MEMBER:
            return reader.gettext("You are in the group of approvers for such documents.")
        case Reason.ADMINISTRATOR:
            return reader.gettext("You are an approval administrator and nobody else may approve.")
        case Reason.CREDIT_LIMIT:
            return reader.gettext("The customer stays within the credit limit.")
        case Reason.REQUESTER:
            return reader.gettext("You sent the request yourself.")
        case _:
            assert_never(entry.reason)


def _why_in_place_of(entry: EntryFacts, reader: Reader) -> str:
    person = reader.name_of(entry.authority_of)
    if entry.limit is None:
        sentence = reader.gettext("You stand in for {person}, who may approve any amount.")
    else:
        sentence = reader.gettext("You stand in for {person}, whose limit is {limit}.")
    return sentence.format(person=person, limit=_limit(entry, reader))


def _limit(entry: EntryFacts, reader: Reader) -> str:
    if entry.limit is None:
        return reader.gettext("unlimited")
    return reader.formats.money(entry.limit)  # limits are in the local currency


def what_next(next_approvers: tuple[str, ...], reader: Reader) -> str:
    if not next_approvers:
        return reader.gettext("After this step the document is released.")
    names = reader.formats.names([reader.name_of(user) for user in next_approvers])
    sentence = reader.gettext("After this step the request goes to {names}.")
    return sentence.format(names=names)


def what_then(event: ApprovalDueSoon, reader: Reader) -> str:
    """What follows when nobody answers in time; empty: nothing but further reminders."""
    _, day = reader.gettext, reader.formats.short_day
    sentences = []
    if event.escalated_on:
        told = _("Your approver and the administrators are told on {day}.")
        sentences.append(told.format(day=day(event.escalated_on)))
    if event.handed_over_on:
        handed_over = _("Somebody else is asked on {day}.")
        sentences.append(handed_over.format(day=day(event.handed_over_on)))
    return " ".join(sentences)


def sent_by(company: str, in_name_of: str, reader: Reader) -> str:
    """At the end of every letter: nobody is to take it for one that the person typed."""
    if not in_name_of:
        sentence = reader.gettext("Sent by the approval system of %(company)s.")
        return sentence % {"company": company.rstrip(".")}  # B.V. has its own full stop
    sentence = reader.gettext(
        "Sent by the approval system of %(company)s in the name of %(in_name_of)s."
    )
    return sentence % {"company": company, "in_name_of": in_name_of}


def what_happened(step: Step, reader: Reader) -> str:
    """One line of the history."""
    sentences = {
        "sent": reader.gettext("{person} sent it for approval"),
        "approved": reader.gettext("{person} approved it"),
        "delegated": reader.gettext("{person} delegated it"),
        "comment": reader.gettext("{person} commented"),
    }
    return sentences[step.what].format(person=reader.name_of(step.user))


def state_after_release(status: DocumentStatus, reader: Reader) -> str:
    if status is DocumentStatus.PENDING_PREPAYMENT:
        return reader.gettext("It only waits for its prepayment now.")
    return reader.gettext("It is released and can be processed.")


def posted_as(kinds: tuple[str, ...], reader: Reader) -> str:
    """What the document became; a kind without a name of its own stays as it is."""
    names = {
        "posted_receipt": reader.gettext("a posted receipt"),
        "posted_shipment": reader.gettext("a posted shipment"),
        "posted_invoice": reader.gettext("a posted invoice"),
        "posted_credit_memo": reader.gettext("a posted credit memo"),
        "posted_return_receipt": reader.gettext("a posted return receipt"),
        "posted_return_shipment": reader.gettext("a posted return shipment"),
    }
    sentence = reader.gettext("It became {kinds}.")
    return sentence.format(kinds=reader.formats.names([names.get(kind, kind) for kind in kinds]))


def field_caption(field: str, reader: Reader) -> str:
    """What a field of a document is called; a field without a name of its own stays as it is."""
    captions = {
        "amount": reader.gettext("Amount"),
        "amount_including_vat": reader.gettext("Amount including VAT"),
        "amount_including_vat_lcy": reader.gettext("Amount including VAT in local currency"),
        "amount_lcy": reader.gettext("Amount in local currency"),
        "counterparty_name": reader.gettext("Vendor or customer"),
        "counterparty_no": reader.gettext("Vendor or customer no."),
        "currency": reader.gettext("Currency"),
        "description": reader.gettext("Description"),
        "document_date": reader.gettext("Document date"),
        "due_date": reader.gettext("Due date"),
        "external_document_no": reader.gettext("External document no."),
        "lines": reader.gettext("Lines"),
        "requester": reader.gettext("Requester"),
        "salesperson_purchaser_code": reader.gettext("Salesperson or purchaser"),
    }
    return captions.get(field, field)
