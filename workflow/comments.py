"""Comments on a document's request: from anybody involved, never changed afterwards."""

from collections.abc import Iterable

from workflow.actors import Actor
from workflow.approval_entries import ApprovalComment
from workflow.decision_words import reads_like_a_decision
from workflow.documents import Document
from workflow.errors import TextEmpty, TextTooLong
from workflow.events import CommentAdded, DocumentEvent, MailDecidedNothing
from workflow.facts import common, entry_facts, told
from workflow.options import Notices, WorkflowOptions

MAX_LENGTH = 2000  # characters


BY_MAIL = "(By email; the sender is not verified.) "
OUTSIDE = "(By email from {}, outside the company; the sender is not verified.) "


def outside(address: str) -> str:
    """What is said before the words of somebody who is no user."""
    return OUTSIDE.format(address)


def new_comment(
    document: Document, actor: Actor, text: str, *, origin: str = ""
) -> ApprovalComment:
    """A comment on the latest run; the words of one that came by mail follow its *origin*.

    Raises:
        TextEmpty, TextTooLong
    """
    check_text(text)
    words = origin + text
    return ApprovalComment(run_no=document.run_no, user=actor.user, at=actor.at, text=words)


def check_text(text: str) -> None:
    """
    Raises:
        TextEmpty, TextTooLong
    """
    if not text.strip():
        raise TextEmpty
    if len(text) > MAX_LENGTH:
        raise TextTooLong(MAX_LENGTH, len(text))


def told_to_decide_elsewhere(
    document: Document, actor: Actor, text: str, earlier: Iterable[MailDecidedNothing]
) -> list[DocumentEvent]:
    """An approver whose answer by mail reads like a decision hears, once a day, that it is none.

    *earlier* is what people heard about this document before.
    """
    run = document.pending_run
    if run is None:
        return []
    asked = [one for one in run.entries if one.is_open and one.approver == actor.user]
    heard = any((one.actor, one.day) == (actor.user, actor.today) for one in earlier)
    if not asked or heard or not reads_like_a_decision(text):
        return []
    told_himself = common(document, actor, [actor.user])
    entry = entry_facts(run, asked[0])
    return [MailDecidedNothing(**told_himself, entry=entry, text=text, day=actor.today)]


def comment_added(
    document: Document,
    options: WorkflowOptions | None,
    actor: Actor,
    comment: ApprovalComment,
    *,
    by_mail: bool = False,
) -> DocumentEvent:
    """While a request is pending, its requester and the people asked now are told.

    *options* are those of the pending request's workflow.
    """
    run = document.pending_run
    quiet = options is None or options.notices is Notices.REJECTION_ONLY
    if run is None or quiet:
        return CommentAdded(**common(document, actor), text=comment.text, by_mail=by_mail)
    involved = [run.requester, *(entry.approver for entry in run.entries if entry.is_open)]
    everybody = common(document, actor, told(actor, *involved))
    return CommentAdded(**everybody, text=comment.text, by_mail=by_mail)
