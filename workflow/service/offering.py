"""What a person may do with a document now, so that nobody is offered what would be refused."""

from dataclasses import dataclass
from enum import StrEnum

from workflow import decisions, delegation, nudging, requests
from workflow.actors import Actor
from workflow.approval_entries import ApprovalEntry
from workflow.cases import Case
from workflow.documents import Document
from workflow.errors import WorkflowError
from workflow.ports import UnitOfWork
from workflow.service.outcomes import case_of, matching_workflow
from workflow.statuses import DocumentStatus


class Offer(StrEnum):
    SEND = "send"
    CANCEL = "cancel"
    NUDGE = "nudge"
    REOPEN = "reopen"


@dataclass(frozen=True, kw_only=True)
class Offers:
    """The steps on the document, and the entries on which the person may decide."""

    steps: frozenset[Offer] = frozenset()
    own: ApprovalEntry | None = None  # he is asked, and may answer
    refusal: WorkflowError | None = None  # he is asked, but may not answer any more
    delegates: bool = False  # his own entry
    in_place_of: tuple[str, ...] = ()  # approvers, as an administrator


def offers_of(uow: UnitOfWork, document: Document, actor: Actor) -> Offers:
    """Within the transaction of *uow*; writes nothing."""
    if document.status is DocumentStatus.OPEN:
        sends = bool(document.lines) and matching_workflow(uow, document) is not None
        return Offers(steps=frozenset({Offer.SEND} if sends else ()))
    if document.pending_run is None:
        return Offers(steps=frozenset({Offer.REOPEN}))
    return _about_request(case_of(uow, document, actor))


def _about_request(case: Case) -> Offers:
    still_open = [entry for entry in case.run.entries if entry.is_open]
    own = next((entry for entry in still_open if entry.approver == case.actor.user), None)
    others = [entry for entry in still_open if entry.approver != case.actor.user]
    refusal = decisions.refusal_to_decide(case, own) if own else None
    decides = [entry for entry in others if decisions.refusal_to_decide(case, entry) is None]
    return Offers(
        steps=frozenset(_steps(case)),
        own=own if refusal is None else None,
        refusal=refusal,
        delegates=own is not None and _may_delegate(case, own),
        in_place_of=tuple(dict.fromkeys(entry.approver for entry in decides)),
    )


def _steps(case: Case) -> list[Offer]:
    steps = [Offer.CANCEL] if requests.may_cancel(case) else []
    return [*steps, Offer.NUDGE] if _may_nudge(case) else steps


def _may_nudge(case: Case) -> bool:
    try:
        nudging.check_may_nudge(case)
    except WorkflowError:
        return False
    return True


def _may_delegate(case: Case, entry: ApprovalEntry) -> bool:
    try:
        delegation.check_may_delegate(case, entry)
    except WorkflowError:
        return False
    return True
