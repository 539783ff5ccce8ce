"""What is done to get a document to its vendor or customer by email."""

from collections.abc import Callable

from workflow import mailing
from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.events import DocumentEmailed, DocumentNotEmailed, MailBounced
from workflow.facts import common
from workflow.ports import UnitOfWork
from workflow.service.handling import check_may_leave
from workflow.service.outcomes import Outcome, saved


def email_document(  # noqa: PLR0913 - what there is to say about it
    uow: UnitOfWork,
    key: DocumentKey,
    actor: Actor,
    *,
    to_address: str = "",
    ubl: bool = False,
    again: bool = False,
    check: Callable[[DocumentEmailed], None] = lambda _: None,
) -> Outcome:
    """Email a document to its vendor or customer, or to *to_address*.

    *again* also one that was emailed before and has not changed since. *check* may refuse what is
    about to go out.

    Raises:
        NotReleased, AlreadyEmailed, NoEmailAddress, NoElectronicForm
    """
    with uow:
        check_may_leave(uow, key)
        document = uow.documents.get(key)
        if not again:
            earlier = uow.recorded(document, DocumentEmailed)
            mailing.check_not_emailed(document, earlier, uow.recorded(document, MailBounced))
        counterparty = uow.parties.counterparty(key.area, document.counterparty_no)
        events = mailing.email_document(
            document, counterparty, actor, to_address=to_address, ubl=ubl
        )
        (emailed,) = (event for event in events if isinstance(event, DocumentEmailed))
        check(emailed)
        return saved(uow, document, events, f"{key.title} goes to {emailed.to_address}.")


def record_not_emailed(
    uow: UnitOfWork, emailed: DocumentEmailed, actor: Actor, letters: str
) -> None:
    """What was given to the mail cannot go out; who asked for approval, or emailed it, is told."""
    facts = emailed.document
    with uow:
        document = uow.documents.find(DocumentKey(facts.area, facts.document_type, facts.number))
        if document is None:
            return
        known = uow.recorded(document, DocumentNotEmailed)
        if any(event.at >= emailed.at and event.letters == letters for event in known):
            return  # told by a worker that ended just then
        readers = [emailed.requester or emailed.actor]
        event = DocumentNotEmailed(**common(document, actor, readers), letters=letters)
        saved(uow, document, [event], f"{document.key.title} has not been emailed.")
