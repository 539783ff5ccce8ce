"""The answer of an external flow, by a signed message: continue, reject or cancel."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from notifications.webhook_signing import NotSigned, check
from notifications.webhooks import AskedFlows
from workflow.actors import Actor
from workflow.errors import WorkflowError
from workflow.external import ExternalAnswer
from workflow.phrases import phrase as _
from workflow.ports import UnitOfWork
from workflow.service.deciding import answer_external
from workflow.service.outcomes import Outcome


class AnswerNotUnderstood(WorkflowError):
    code = "WEBHOOK_ANSWER"
    template = "The answer cannot be read: {}."
    advice = "It is JSON with in_reply_to, the id of the message, and answer."


@dataclass(frozen=True, kw_only=True)
class SignedAnswer:
    """What arrived under the address of a message that asked."""

    webhook_id: str  # of the message that is answered
    headers: Mapping[str, str]
    body: bytes
    at: datetime


def take_answer(
    flows: AskedFlows, uow: UnitOfWork, given: SignedAnswer, acting: Callable[[str], Actor]
) -> Outcome:
    """Answer as the flow's user; the workflow decides whether he may.

    It counts once: the message names one request of one document, and a request takes one answer.

    Raises:
        NotSigned, AnswerNotUnderstood, RequestOutdated, and what ``external.answer`` raises.
    """
    flow = flows.asked(given.webhook_id, given.at)
    if flow is None or not flow.enabled:
        raise NotSigned
    check(flow.secrets, headers=given.headers, body=given.body, now=given.at)
    answer = _read(given)
    actor = acting(flow.acts_as)
    return answer_external(uow, flow.document, actor, answer, request=flow.request)


def _read(given: SignedAnswer) -> ExternalAnswer:
    """The signature does not cover the address it was sent to, so the body names the message."""
    try:
        said = json.loads(given.body)
    except (ValueError, RecursionError):
        raise AnswerNotUnderstood(_("it is not JSON")) from None
    if not isinstance(said, dict) or said.get("in_reply_to") != given.webhook_id:
        raise AnswerNotUnderstood(_("in_reply_to is not the id of this message"))
    try:
        return ExternalAnswer(str(said.get("answer")))
    except ValueError:
        raise AnswerNotUnderstood(_("answer is not continue, reject or cancel")) from None
