"""Recording on a document that a mail about it could not be delivered."""

from collections.abc import Iterable

from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.events import MailBounced
from workflow.facts import common
from workflow.ports import UnitOfWork


def record_bounce(  # noqa: PLR0913 - what there is to say about it
    uow: UnitOfWork,
    keys: Iterable[DocumentKey],
    actor: Actor,
    *,
    recipient: str,
    to_address: str,
    message: str,
    status: str,
    diagnostic: str,
) -> None:
    """On each of the documents the mail was about; those that are gone are passed over."""
    with uow:
        for key in keys:
            document = uow.documents.find(key)
            if document is not None:
                bounced = MailBounced(
                    **common(document, actor),
                    recipient=recipient,
                    to_address=to_address,
                    message=message,
                    status=status,
                    diagnostic=diagnostic,
                )
                uow.record(document, [bounced])
                uow.documents.save(document)
        uow.commit()
