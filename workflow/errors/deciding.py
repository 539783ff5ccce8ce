"""Why somebody cannot approve, reject, delegate, cancel, remind or remark."""

from workflow.errors.base import WorkflowError


class NothingToDecide(WorkflowError):
    """The acting person has no open request on the document."""

    advice = "`countersign requests` lists the requests that wait for a person."


class NoRequestToApprove(NothingToDecide):
    code = "NO_REQUEST_APPROVE"
    template = "There is no approval request to approve."


class NoRequestToReject(NothingToDecide):
    code = "NO_REQUEST_REJECT"
    template = "There is no approval request to reject."


class NoRequestToDelegate(NothingToDecide):
    code = "NO_REQUEST_DELEGATE"
    template = "There is no approval request to delegate."


class NoRequestToCancel(WorkflowError):
    code = "NO_REQUEST_CANCEL"
    template = "There is no approval request to cancel."
    advice = "`countersign documents show` says what has been asked so far."


class RequestOutdated(WorkflowError):
    code = "REQUEST_OUTDATED"
    template = "You were asked in request {} of {}; that is over, and request {} is the latest."
    advice = "Look at the document again before you decide: `countersign documents show`."


class ApproveOnlyOpen(WorkflowError):
    code = "NOT_OPEN_APPROVE"
    template = "You can only approve open approval requests."
    advice = "`countersign requests` shows what is open for you."


class RejectOnlyOpen(WorkflowError):
    code = "NOT_OPEN_REJECT"
    template = "You can only reject open approval entries."
    advice = "`countersign requests` shows what is open for you."


class DelegateOnlyOpen(WorkflowError):
    code = "NOT_OPEN_DELEGATE"
    template = "You can only delegate open approval requests."
    advice = "`countersign requests` shows what is open for you."


class NotAdministrator(WorkflowError):
    code = "NOT_ADMIN"
    template = "Approval Administrator must have a value in User Setup: User ID={}."
    advice = "Only the approver or an approval administrator may do this."


class UserSetupMissing(WorkflowError):
    code = "USER_SETUP_MISSING"
    template = "The User Setup does not exist. User ID={}."
    advice = "An administrator can add him: `countersign users set`."


class NoDelegateRight(WorkflowError):
    code = "NO_DELEGATE_RIGHT"
    template = (
        "You do not have permission to delegate one or more of the selected approval requests."
    )
    advice = "Its approver, its requester and an administrator have it."


class NoCancelRight(WorkflowError):
    code = "NO_CANCEL_RIGHT"
    template = "{} may not cancel the approval request of {}."
    advice = "Only the requester {1} or an approval administrator may cancel it."


class NoRequestToNudge(WorkflowError):
    code = "NO_REQUEST_NUDGE"
    template = "There is nobody to remind: no answer is awaited."


class NoNudgeRight(WorkflowError):
    code = "NO_NUDGE_RIGHT"
    template = "{} may not remind the approvers of the request of {}."
    advice = "Only the requester {1} or an approval administrator may remind them."


class AlreadyReminded(WorkflowError):
    code = "ALREADY_REMINDED"
    template = "{} has been reminded today."
    advice = "Remind again tomorrow, or cancel the request."


class NoSubstitute(WorkflowError):
    code = "NO_SUBSTITUTE"
    template = (
        "There is no substitute, direct approver, or approval administrator for user ID {}"
        " in the Approval User Setup window."
    )
    advice = "An administrator can name one: `countersign users set`."


class OwnRequest(WorkflowError):
    code = "OWN_REQUEST"
    template = "{} asked for this approval or edited the document, and so cannot decide on it."
    advice = "Hand it to somebody else: `countersign delegate`."


class AlreadyDecided(WorkflowError):
    code = "ALREADY_DECIDED"
    template = "{} already approved this document in another step; a second person has to agree."
    advice = "Hand it to somebody else: `countersign delegate`."


class ReasonRequired(WorkflowError):
    code = "REASON_REQUIRED"
    template = "Please give a reason: {}"
    advice = "Add --comment with the reason."


class AuthorityLost(WorkflowError):
    code = "AUTHORITY_LOST"
    template = "The approvals given do not cover {} any more: the limit of {} has been changed."
    advice = "Cancel the request and send it again, so that the right people are asked."


class ContentChanged(WorkflowError):
    code = "CONTENT_CHANGED"
    template = "{} is not what was approved."
    advice = "Cancel the request and send it again."


class TextTooLong(WorkflowError):
    code = "TEXT_TOO_LONG"
    template = "A comment has at most {} characters; this one has {}."


class TextEmpty(WorkflowError):
    code = "TEXT_EMPTY"
    template = "A comment needs some text."
