"""The answer of an external flow that decides in the place of approvers (BC: webhooks)."""

from enum import StrEnum

from workflow.approval_entries import RunState
from workflow.cases import Case
from workflow.decisions import check_own_request
from workflow.errors import ExternalAlreadyAnswered, ExternalNotExpected, ExternalWrongUser
from workflow.events import DocumentEvent, ExternalAnswerReceived
from workflow.machines import DOCUMENT, fire
from workflow.options import Notices
from workflow.releasing import release_approved
from workflow.requests import cancel_approval_request, end_run


class ExternalAnswer(StrEnum):
    CONTINUE = "continue"  # agreed: release
    REJECT = "reject"
    CANCEL = "cancel"


def answer(case: Case, given: ExternalAnswer) -> list[DocumentEvent]:
    """Continue, reject or cancel a request that an external flow decides.

    Raises:
        ExternalNotExpected, ExternalAlreadyAnswered, ExternalWrongUser, ExternalCannotCancel,
        OwnRequest
    """
    if not case.run.external:
        raise ExternalNotExpected
    if case.run.state is not RunState.PENDING:
        raise ExternalAlreadyAnswered
    if given is ExternalAnswer.CANCEL:
        return cancel_approval_request(case)
    if case.actor.user != case.workflow.response_user:
        raise ExternalWrongUser(case.actor.user, case.workflow.response_user)
    check_own_request(case)
    if given is ExternalAnswer.CONTINUE:
        received = ExternalAnswerReceived(**case.facts(), answer=given)
        return [received, *release_approved(case)]
    return _rejected(case)


def _rejected(case: Case) -> list[DocumentEvent]:
    quiet = case.options.notices is Notices.REJECTION_ONLY
    tell = [] if quiet else case.told(case.run.requester)
    received = ExternalAnswerReceived(**case.facts(tell), answer=ExternalAnswer.REJECT)
    end_run(case.run, RunState.REJECTED, case.actor)
    fire(DOCUMENT, "reject", case.document)
    return [received]
