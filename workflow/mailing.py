"""Emailing a document to its vendor or customer: where it goes, and in which forms."""

from collections.abc import Sequence
from typing import Final

from workflow.actors import Actor
from workflow.counterparties import Counterparty
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document
from workflow.errors import AlreadyEmailed, NoElectronicForm, NoEmailAddress
from workflow.events import DocumentEmailed, DocumentEvent, DocumentNotEmailed, MailBounced
from workflow.facts import common, document_copy, document_facts
from workflow.phrases import phrase as _
from workflow.phrases import word
from workflow.statuses import Area, AttachmentKind, DocumentStatus, DocumentType

TO_COUNTERPARTY: Final = "document_to_counterparty"  # the message that takes it out
WITHOUT_UBL = frozenset({DocumentType.RETURN_ORDER})  # UBL knows no such document


def email_document(
    document: Document,
    counterparty: Counterparty | None,
    actor: Actor,
    *,
    to_address: str = "",
    ubl: bool = False,
) -> list[DocumentEvent]:
    """Give the document to the mail; the gate in ``releasing`` has been passed.

    *to_address* goes before the address of the vendor or customer.

    Raises:
        NoEmailAddress, NoElectronicForm
    """
    address = to_address or (counterparty.email if counterparty else "")
    if not address:
        raise NoEmailAddress(document.key.title, _party(document))
    if ubl and document.key.document_type in WITHOUT_UBL:
        raise NoElectronicForm(document.key.title, word(document.key.document_type))
    forms = (AttachmentKind.PDF, AttachmentKind.UBL) if ubl else (AttachmentKind.PDF,)
    emailed = DocumentEmailed(
        **common(document, actor),
        to_address=address,
        language=counterparty.language if counterparty else "",
        attachments=forms,
        copy=document_copy(document),
    )
    return [emailed]


def check_not_emailed(
    document: Document, emailed: Sequence[DocumentEmailed], bounced: Sequence[MailBounced]
) -> None:
    """Nobody delivers or pays twice: the same content is not sent out a second time by accident.

    *emailed* and *bounced* are what was recorded of the document; what came back has not arrived.

    Raises:
        AlreadyEmailed
    """
    facts, copy = document_facts(document), document_copy(document)
    same = [event for event in emailed if (event.document, event.copy) == (facts, copy)]
    for event in reversed(same):
        if not any(came_back(event, bounce) for bounce in bounced):
            raise AlreadyEmailed(document.key.title, event.to_address, event.at)


def came_back(emailed: DocumentEmailed, bounce: MailBounced) -> bool:
    """Whether that mail server's report is about that mail."""
    outside = bounce.message == TO_COUNTERPARTY
    is_certain = outside and not bounce.uncertain
    return is_certain and bounce.to_address == emailed.to_address and bounce.at >= emailed.at


def email_released(
    document: Document,
    workflow: WorkflowDefinition | None,
    counterparty: Counterparty | None,
    actor: Actor,
) -> list[DocumentEvent]:
    """Where the workflow wants it; a missing address stops no release, but somebody hears of it."""
    wanted = workflow is not None and workflow.options.email_on_release
    if not wanted or document.status is not DocumentStatus.RELEASED:
        return []
    try:
        return email_document(document, counterparty, actor)
    except NoEmailAddress:
        asked = document.run.requester if document.run else actor.user
        return [DocumentNotEmailed(**common(document, actor, [asked]))]


def _party(document: Document) -> str:
    party = document.counterparty_no or document.counterparty_name
    if document.key.area is Area.PURCHASE:
        return _("vendor {party}", party=party).strip()
    return _("customer {party}", party=party).strip()
