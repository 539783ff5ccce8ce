"""Who would have to approve a document, and why, before it is sent."""

from dataclasses import dataclass

from notifications.formatting import one_line
from notifications.readers import Reader
from web.captions import why_planned
from web.refusals import RefusalView, refusal_view
from web.visits import Visit
from workflow.definitions import WorkflowKind
from workflow.documents import DocumentKey
from workflow.errors import WorkflowError
from workflow.service.requesting import WhoWouldApprove, who_would_approve
from workflow.statuses import Reason


@dataclass(frozen=True, kw_only=True)
class PlannedView:
    """One approver who would be asked."""

    turn: int  # equal numbers are asked together
    person: str
    why: str


@dataclass(frozen=True, kw_only=True)
class SkippedView:
    person: str
    why: str


@dataclass(frozen=True, kw_only=True)
class PreviewView:
    workflow: str
    external: bool = False  # an external flow would decide
    approvers: tuple[PlannedView, ...] = ()  # none: it is released at once
    skipped: tuple[SkippedView, ...] = ()
    refusal: RefusalView | None = None  # sending would be refused


def preview(visit: Visit, key: DocumentKey) -> PreviewView:
    try:
        answer = who_would_approve(visit.services.reading(), key, visit.actor)
    except WorkflowError as error:
        refusal = refusal_view(error, visit.reader.language)
        return PreviewView(workflow="", refusal=refusal)
    return _view(answer, visit.reader)


def _view(answer: WhoWouldApprove, reader: Reader) -> PreviewView:
    others = [
        one
        for one in answer.plan.approvers
        if one.user != answer.requester and one.reason is not Reason.CREDIT_LIMIT
    ]
    turns = sorted({one.sequence_no for one in others})
    return PreviewView(
        workflow=one_line(answer.workflow.code),
        external=answer.workflow.kind is WorkflowKind.EXTERNAL,
        approvers=tuple(
            PlannedView(
                turn=turns.index(one.sequence_no) + 1,
                person=reader.name_of(one.user),
                why=why_planned(one.reason, one.limit, reader),
            )
            for one in others
        ),
        skipped=tuple(
            SkippedView(person=reader.name_of(one.user), why=_why_skipped(one.why, reader))
            for one in answer.plan.skipped
        ),
    )


def _why_skipped(why: str, reader: Reader) -> str:
    reasons = {
        "requester": reader.gettext("sends the request"),
        "editor": reader.gettext("edited the document"),
        "asked already": reader.gettext("is asked already"),
    }
    return reasons.get(why, why)
