"""What is done to get a document to its vendor or customer by email."""

from workflow import mailing
from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.events import DocumentEmailed, MailBounced
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
) -> Outcome:
    """Email a document to its vendor or customer, or to *to_address*.

    *again* also one that was emailed before and has not changed since.

    Raises:
        NotReleased, AlreadyEmailed, NoEmailAddress, NoElectronicForm
    """
    with uow:
        check_may_leave(uow, key)
        document = uow.documents.get(key)
        if not again:
            emailed = uow.recorded(document, DocumentEmailed)
            mailing.check_not_emailed(document, emailed, uow.recorded(document, MailBounced))
        counterparty = uow.parties.counterparty(key.area, document.counterparty_no)
        events = mailing.email_document(
            document, counterparty, actor, to_address=to_address, ubl=ubl
        )
        (address,) = (event.to_address for event in events if isinstance(event, DocumentEmailed))
        return saved(uow, document, events, f"{key.title} goes to {address}.")
