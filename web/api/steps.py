"""What is done with documents: sent, canceled, decided, commented, released, reopened, posted."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from web.api.calls import Call, Decides, ReadsDocuments, SendsRequests, WritesDocuments
from web.api.documents_shown import ShownKey, ShownOutcome
from web.api.headers import DOCUMENT, IfMatch, MaybeOnce, OncePerKey, document_key
from web.api.once import done_once
from web.api.refusals import MachineMayNotDecide
from web.api.values import SEEN, Given, Name, Shown, Text, Whole, limit_text
from web.api.versions import check_seen, etag
from web.ports import WebUnitOfWork
from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.kept_answers import KeptAnswer
from workflow.ports import UnitOfWork
from workflow.service import deciding, handling, requesting
from workflow.service.outcomes import Outcome
from workflow.statuses import Reason

router = APIRouter(tags=["Steps"])
Key = Annotated[DocumentKey, Depends(document_key)]
Step = Callable[[UnitOfWork], Outcome]


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    DELEGATE = "delegate"


class GivenRequest(Given):
    requester: Name = Field("", description="With requests:send_as: in whose name. Else yours.")


class GivenCancellation(GivenRequest):
    comment: Text = ""


class GivenDecision(Given):
    decision: Decision
    request: Whole = Field(description="The number of the request; a later one is not meant.")
    comment: Text = Field("", description="A rejection needs one.")
    approver: Name = Field("", description="As an administrator: in whose place.")


class GivenComment(Given):
    text: Text = Field(min_length=1)


class ShownApprover(Shown):
    sequence: int
    user: str
    name: str
    why: Reason
    limit: str = Field(description="In the company's currency, or `unlimited`.")
    has_to_decide: bool


class NotAsked(Shown):
    user: str
    why: str


class WhoWouldApprove(Shown):
    document: ShownKey
    requester: str
    workflow: str
    approvers: list[ShownApprover]
    skipped: list[NotAsked]


@router.get(f"{DOCUMENT}/approvers")
def who_would_approve(
    call: ReadsDocuments,
    key: Key,
    requester: Annotated[str, Query(max_length=50, pattern=SEEN)] = "",
) -> WhoWouldApprove:
    """Who would have to approve it, and why; nothing is sent."""
    call.check_may_see(key)
    program = call.person is None and requester
    actor = call.services.actor(requester) if program else call.in_the_name_of(requester)
    answer = requesting.who_would_approve(call.services.reading(), key, actor)
    people = {person.user_id: person.name for person in call.services.people.all()}
    own = {Reason.REQUESTER, Reason.CREDIT_LIMIT}
    approvers = [
        ShownApprover(
            sequence=one.sequence_no,
            user=one.user,
            name=people.get(one.user, one.user),
            why=one.reason,
            limit=limit_text(one.limit),
            has_to_decide=one.reason not in own,
        )
        for one in answer.plan.approvers
    ]
    return WhoWouldApprove(
        document=ShownKey.of(key),
        requester=answer.requester,
        workflow=answer.workflow.code,
        approvers=approvers,
        skipped=[NotAsked(user=one.user, why=one.why) for one in answer.plan.skipped],
    )


@router.post(f"{DOCUMENT}/approval-requests", response_model=ShownOutcome)
def send_approval_request(
    call: SendsRequests,
    key: Key,
    given: GivenRequest,
    idempotency_key: OncePerKey,
    if_match: IfMatch = None,
) -> Response:
    """Send it for approval."""
    actor = call.in_the_name_of(given.requester)
    return _done(
        call,
        key,
        if_match,
        idempotency_key,
        lambda uow: requesting.send_approval_request(uow, key, actor),
    )


@router.post(f"{DOCUMENT}/cancellations", response_model=ShownOutcome)
def cancel_approval_request(
    call: SendsRequests,
    key: Key,
    given: GivenCancellation,
    idempotency_key: OncePerKey,
    if_match: IfMatch = None,
) -> Response:
    """Withdraw the pending request."""
    actor = call.in_the_name_of(given.requester)
    return _done(
        call,
        key,
        if_match,
        idempotency_key,
        lambda uow: requesting.cancel_approval_request(uow, key, actor, given.comment),
    )


@router.post(f"{DOCUMENT}/decisions", response_model=ShownOutcome)
def decide(
    call: Decides,
    key: Key,
    given: GivenDecision,
    idempotency_key: OncePerKey,
    if_match: IfMatch = None,
) -> Response:
    """Approve, reject or hand over, as the person for whom the key acts.

    Only where the company names the key in its option `deciding_keys`.
    """

    def step(uow: UnitOfWork) -> Outcome:
        if not uow.company().lets_decide(call.key.name):
            raise MachineMayNotDecide(call.key.name)
        return _decided(uow, key, call.actor, given)

    return _done(call, key, if_match, idempotency_key, step)


@router.post(f"{DOCUMENT}/comments", response_model=ShownOutcome)
def comment(
    call: WritesDocuments,
    key: Key,
    given: GivenComment,
    if_match: IfMatch = None,
    idempotency_key: MaybeOnce = None,
) -> Response:
    """Remark on it; whoever decides on it reads that."""
    return _done(
        call,
        key,
        if_match,
        idempotency_key,
        lambda uow: deciding.comment(uow, key, call.actor, given.text),
    )


@dataclass(frozen=True, kw_only=True)
class Handling:
    """A step that needs nothing but the document."""

    call: Call
    key: DocumentKey
    if_match: str | None
    idempotency_key: str | None

    def done(self, do: Callable[[UnitOfWork, DocumentKey, Actor], Outcome]) -> Response:
        def step(uow: UnitOfWork) -> Outcome:
            return do(uow, self.key, self.call.actor)

        return _done(self.call, self.key, self.if_match, self.idempotency_key, step)


def _handling(
    call: WritesDocuments, key: Key, if_match: IfMatch = None, idempotency_key: MaybeOnce = None
) -> Handling:
    return Handling(call=call, key=key, if_match=if_match, idempotency_key=idempotency_key)


Handles = Annotated[Handling, Depends(_handling)]


@router.post(f"{DOCUMENT}/releases", response_model=ShownOutcome)
def release(handles: Handles) -> Response:
    """Release a document that needs no approval."""
    return handles.done(handling.release)


@router.post(f"{DOCUMENT}/reopenings", response_model=ShownOutcome)
def reopen(handles: Handles) -> Response:
    """Make it editable again; it needs a new approval."""
    return handles.done(handling.reopen)


@router.post(f"{DOCUMENT}/postings", response_model=ShownOutcome)
def post(handles: Handles) -> Response:
    """Post it; its approvals go to the archive."""
    return handles.done(handling.post)


# --- parts ---------------------------------------------------------------------------------


def _decided(uow: UnitOfWork, key: DocumentKey, actor: Actor, given: GivenDecision) -> Outcome:
    approver = given.approver or None
    if given.decision is Decision.DELEGATE:
        outcome = deciding.delegate(uow, key, actor, approver=approver, request=given.request)
        if given.comment.strip():
            deciding.comment(uow, key, actor, given.comment)
        return outcome
    answer = deciding.approve if given.decision is Decision.APPROVE else deciding.reject
    return answer(uow, key, actor, approver=approver, comment=given.comment, request=given.request)


def _done(
    call: Call, key: DocumentKey, if_match: str | None, idempotency_key: str | None, do: Step
) -> Response:
    call.check_may_see(key)

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        check_seen(uow.documents.get(key), if_match)
        shown = ShownOutcome.of(do(uow))
        after = uow.documents.find(key)  # a posted one is gone
        headers = {"ETag": etag(after)} if after else {}
        return KeptAnswer(status=200, body=shown.model_dump_json(), headers=headers)

    return done_once(call, idempotency_key, step)
