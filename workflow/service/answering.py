"""Keeping what somebody outside answered to the mail with a document."""

from workflow import comments
from workflow.actors import Actor
from workflow.documents import Document, DocumentKey
from workflow.events import CommentAdded, DocumentEmailed
from workflow.facts import common
from workflow.ports import UnitOfWork
from workflow.service.outcomes import Outcome, saved


def comment_from_outside(
    uow: UnitOfWork, key: DocumentKey, actor: Actor, text: str, *, address: str
) -> Outcome:
    """A comment that says where it came from; nobody has checked that *address* wrote it.

    Raises:
        DocumentNotFound, TextEmpty, TextTooLong
    """
    with uow:
        document = uow.documents.get(key)
        added = comments.new_comment(document, actor, text, origin=comments.outside(address))
        uow.documents.comment(document, added)
        readers = _readers(uow, document)
        event = CommentAdded(
            **common(document, actor, readers), text=added.text, by_mail=True, from_address=address
        )
        return saved(uow, document, [event], "The answer has been kept.")


def _readers(uow: UnitOfWork, document: Document) -> list[str]:
    """Who asked for approval, else who sent it out; when both are gone, the administrators."""
    requester = [document.run.requester] if document.run else []
    emailed = [event.actor for event in reversed(uow.recorded(document, DocumentEmailed))]
    here = [user for user in (*requester, *emailed) if uow.users.user(user) is not None]
    return here[:1] or [person.user_id for person in uow.users.administrators()]
