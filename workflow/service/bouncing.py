"""Recording on a document that a mail about it could not be delivered."""

from collections.abc import Iterable
from typing import Final

from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.events import MailBounced
from workflow.facts import common, told
from workflow.ports import UnitOfWork

ABOUT_BOUNCES: Final = "mail_bounced"  # the message that tells of one


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
    uncertain: bool = False,
) -> None:
    """On each of the documents the mail was about; those that are gone are passed over.

    The requester and the administrators are told, but not of a mail that told of a bounce.
    """
    with uow:
        administrators = [person.user_id for person in uow.users.administrators()]
        for key in sorted(keys):  # as in `decide_many`, or the two wait for each other
            document = uow.documents.find(key)
            if document is not None:
                requester = document.run.requester if document.run else ""
                readers = {requester: None, **dict.fromkeys(administrators)}
                readers.pop(recipient, None)
                tell = [] if message == ABOUT_BOUNCES else told(actor, *readers)
                bounced = MailBounced(
                    **common(document, actor, tell),
                    recipient=recipient,
                    to_address=to_address,
                    message=message,
                    status=status,
                    diagnostic=diagnostic,
                    uncertain=uncertain,
                )
                uow.record(document, [bounced])
                uow.documents.save(document)
        uow.commit()
