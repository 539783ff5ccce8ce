"""What an approver does: approve, reject, delegate, comment, one document or many."""

from collections.abc import Callable, Iterable

from workflow import comments, decisions, delegation, external
from workflow.actors import Actor
from workflow.documents import Document, DocumentKey
from workflow.errors import (
    ExternalNotExpected,
    NoRequestToApprove,
    NoRequestToDelegate,
    NoRequestToReject,
    RequestOutdated,
    WorkflowError,
)
from workflow.events import DocumentEvent, MailDecidedNothing
from workflow.external import ExternalAnswer
from workflow.options import Selection
from workflow.ports import UnitOfWork
from workflow.service.outcomes import Outcome, Refusal, case_of, each, running_workflow, saved
from workflow.statuses import DocumentStatus

DELEGATED = "The selected approval requests have been delegated."


def approve(  # noqa: PLR0913 - what one decision consists of
    uow: UnitOfWork,
    key: DocumentKey,
    actor: Actor,
    *,
    approver: str | None = None,
    comment: str = "",
    request: int | None = None,
) -> Outcome:
    """Agree: as the approver, or as an administrator in the place of *approver*.

    *request* is the number of the request the person was asked in; a later one is not meant.

    Raises:
        RequestOutdated, and what ``decisions.approve`` raises.
    """
    with uow:
        document = _with_run(uow, key, NoRequestToApprove, request)
        case = case_of(uow, document, actor)
        events = decisions.approve(case, approver=approver, comment=comment)
        _keep_comment(uow, document, actor, comment)
        return saved(uow, document, events, _approved_message(document))


def reject(  # noqa: PLR0913 - what one decision consists of
    uow: UnitOfWork,
    key: DocumentKey,
    actor: Actor,
    *,
    approver: str | None = None,
    comment: str = "",
    request: int | None = None,
) -> Outcome:
    """Disagree: as the approver, or as an administrator in the place of *approver*.

    *request* is the number of the request the person was asked in; a later one is not meant.

    Raises:
        RequestOutdated, and what ``decisions.reject`` raises.
    """
    with uow:
        document = _with_run(uow, key, NoRequestToReject, request)
        case = case_of(uow, document, actor)
        events = decisions.reject(case, approver=approver, comment=comment)
        _keep_comment(uow, document, actor, comment)
        return saved(uow, document, events, f"{document.key.title} has been rejected.")


def delegate(
    uow: UnitOfWork,
    key: DocumentKey,
    actor: Actor,
    *,
    approver: str | None = None,
    request: int | None = None,
) -> Outcome:
    """Hand over one's own request, or that of *approver*.

    *request* is the number of the request the person was asked in; a later one is not meant.

    Raises:
        RequestOutdated, and what ``delegation.delegate`` raises.
    """
    with uow:
        document = _with_run(uow, key, NoRequestToDelegate, request)
        events = delegation.delegate(case_of(uow, document, actor), approver=approver)
        return saved(uow, document, events, DELEGATED)


def comment(
    uow: UnitOfWork, key: DocumentKey, actor: Actor, text: str, *, by_mail: bool = False
) -> Outcome:
    """Remark on the document's latest request; *by_mail*, nobody has checked who wrote it.

    Raises:
        TextEmpty, TextTooLong
    """
    with uow:
        document = uow.documents.get(key)
        added = comments.new_comment(
            document, actor, text, origin=comments.BY_MAIL if by_mail else ""
        )
        uow.documents.comment(document, added)
        options = running_workflow(uow, document).options if document.pending_run else None
        event = comments.comment_added(document, options, actor, added, by_mail=by_mail)
        events = [event, *(_receipt(uow, document, actor, text) if by_mail else [])]
        return saved(uow, document, events, "The comment has been added.")


def answer_external(
    uow: UnitOfWork,
    key: DocumentKey,
    actor: Actor,
    answer: ExternalAnswer,
    *,
    request: int | None = None,
) -> Outcome:
    """Take the answer of an external flow.

    *request* is the number of the request the flow was asked in; a later one is not meant.

    Raises:
        RequestOutdated, and what ``external.answer`` raises.
    """
    with uow:
        document = _with_run(uow, key, ExternalNotExpected, request)
        events = external.answer(case_of(uow, document, actor), answer)
        return saved(uow, document, events, "The answer has been taken.")


# --- many at once --------------------------------------------------------------------------


def decide_many(
    uow: UnitOfWork,
    keys: Iterable[DocumentKey],
    step: Callable[[DocumentKey], Outcome],
) -> list[Outcome | Refusal]:
    """One result for each document, or all or nothing where the company wants it that way.

    *step* decides on one document with the same unit of work.

    Raises:
        WorkflowError: the first refusal, where the company's selection is all or nothing.
    """
    with uow:
        selection = uow.company().selection
    if selection is Selection.PER_ITEM:
        return each(keys, step)
    keys = list(keys)
    with uow:  # an outer block: the steps inside commit with it
        # In one order for everybody: two selections would wait for each other's documents.
        done = {key: step(key) for key in sorted(keys)}
        uow.commit()
        return [done[key] for key in keys]


def approver_meant(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> str:
    """Whose entry a person means who selects a document in a list: his own, else the open one."""
    with uow:
        document = uow.documents.get(key)
        entries = document.run.entries if document.run else []
        still_open = [entry.approver for entry in entries if entry.is_open]
        asked = still_open or [entry.approver for entry in entries]
        return actor.user if actor.user in asked else next(iter(asked), actor.user)


# --- parts ---------------------------------------------------------------------------------


def _with_run(
    uow: UnitOfWork,
    key: DocumentKey,
    nothing: Callable[[], WorkflowError],
    request: int | None = None,
) -> Document:
    document = uow.documents.get(key)
    if document.run is None:
        raise nothing()
    if request not in {None, document.run_no}:
        raise RequestOutdated(request, key.title, document.run_no)
    return document


def _keep_comment(uow: UnitOfWork, document: Document, actor: Actor, text: str) -> None:
    if text.strip():
        uow.documents.comment(document, comments.new_comment(document, actor, text))


def _receipt(uow: UnitOfWork, document: Document, actor: Actor, text: str) -> list[DocumentEvent]:
    """Read after the document is locked: two answers at once get one receipt."""
    earlier = uow.recorded(document, MailDecidedNothing)
    return comments.told_to_decide_elsewhere(document, actor, text, earlier)


def _approved_message(document: Document) -> str:
    if document.status is DocumentStatus.PENDING_APPROVAL:
        return f"{document.key.title} has been approved; others are asked next."
    status = document.status.replace("_", " ")
    return f"{document.key.title} has been approved and is now {status}."
