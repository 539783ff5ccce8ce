"""Keeping what somebody outside answered to the mail with a document."""

from collections.abc import Iterable

from workflow import comments
from workflow.actors import Actor
from workflow.documents import Document, DocumentKey
from workflow.errors import DocumentNotFound
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


def comment_on_closed(
    uow: UnitOfWork, key: DocumentKey, actor: Actor, text: str, *, address: str
) -> None:
    """The same for a document that was posted or deleted since: its history keeps the answer.

    Raises:
        DocumentNotFound, TextEmpty, TextTooLong
    """
    comments.check_text(text)
    with uow:
        last = uow.last_of_closed(key)
        if last is None:
            raise DocumentNotFound(key)
        event = CommentAdded(
            at=actor.at,
            actor=actor.user,
            tell=tuple(_here(uow, [last.requester])),
            document=last.document,
            requester=last.requester,
            run_no=last.run_no,
            text=comments.outside(address) + text,
            by_mail=True,
            from_address=address,
        )
        uow.record_closed(key, [event])
        uow.commit()


def _readers(uow: UnitOfWork, document: Document) -> list[str]:
    """Who asked for approval, else who sent it out; when both are gone, the administrators."""
    requester = [document.run.requester] if document.run else []
    emailed = [event.actor for event in reversed(uow.recorded(document, DocumentEmailed))]
    return _here(uow, [*requester, *emailed])


def _here(uow: UnitOfWork, wishes: Iterable[str]) -> list[str]:
    here = [user for user in wishes if user and uow.users.user(user) is not None]
    return here[:1] or [person.user_id for person in uow.users.administrators()]
