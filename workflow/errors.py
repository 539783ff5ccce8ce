"""Everything the workflow refuses to do, in words fit to show to a person.

Each refusal has a stable ``code`` for programs and a message for people; where Business Central
has a text for the same refusal, the message is that text (``domain.md`` §15 names its object).
"""

from typing import ClassVar

from workflow.phrases import Phrase, Translate, in_words


class WorkflowError(Exception):
    """Base of all refusals: nothing was changed, and the message may be shown as it is."""

    code: ClassVar[str] = "REFUSED"
    template: ClassVar[str] = "This is not possible."
    advice: ClassVar[str] = ""  # what to do next, shown below the message

    def __init__(self, *parts: object, advice: str = "") -> None:
        super().__init__(Phrase(self.template, *parts))
        self.parts = parts
        self.next_step: str = advice or Phrase(self.advice, *parts)

    @property
    def message(self) -> str:
        return str(self.args[0])

    @property
    def phrase(self) -> Phrase:
        """The message, for a sentence that says more."""
        return Phrase(self.template, *self.parts)

    def in_words(self, translate: Translate) -> str:
        """The message in another language."""
        return self.phrase.in_words(translate)

    def advised(self, translate: Translate) -> str:
        """What to do next, likewise."""
        return str(in_words(self.next_step, translate))


class Conflict(WorkflowError):
    code = "CONFLICT"
    template = "Somebody else changed {} at the same moment."
    advice = "Look at it again and decide with what you see now."


class UnknownStep(WorkflowError):
    code = "UNKNOWN_STEP"
    template = "There is no step {!r} here."


class StepNotAllowed(WorkflowError):
    code = "STEP_NOT_ALLOWED"
    template = "{} is not possible while the status is {}."


# --- what does not exist -------------------------------------------------------------------


class DocumentNotFound(WorkflowError):
    code = "DOCUMENT_NOT_FOUND"
    template = "There is no document {}."
    advice = "`countersign documents list` shows the documents there are."


class AmbiguousNumber(WorkflowError):
    code = "AMBIGUOUS_NUMBER"
    template = "The number {} belongs to several documents: {}."
    advice = "Name one of them in full, for example {1}."


class DocumentExists(WorkflowError):
    code = "DOCUMENT_EXISTS"
    template = "There already is a document {}."


class UserNotFound(WorkflowError):
    code = "USER_NOT_FOUND"
    template = "There is no user {} in the approval user setup."
    advice = "`countersign users list` shows the users there are."


class GroupNotFound(WorkflowError):
    code = "GROUP_NOT_FOUND"
    template = "There is no workflow user group {}."
    advice = "`countersign groups list` shows the groups there are."


class WorkflowNotFound(WorkflowError):
    code = "WORKFLOW_NOT_FOUND"
    template = "There is no workflow {}."
    advice = "`countersign workflows list` shows the workflows there are."


class WordingNotFound(WorkflowError):
    code = "WORDING_NOT_FOUND"
    template = "There are no words of the company's own for {} in {}."
    advice = "`countersign mail wording list` shows which there are."


# --- sending for approval ------------------------------------------------------------------


class NoWorkflow(WorkflowError):
    code = "NO_WORKFLOW"
    template = "No approval workflow for this record type is enabled."
    advice = "An administrator can enable one: `countersign workflows list`."


class NotOpenToSend(NoWorkflow):
    code = "NOT_OPEN_SEND"
    template = "{} is {}; only an open document can be sent for approval."
    advice = "`countersign documents show` says who decided and who is to come."


class NothingToApprove(WorkflowError):
    code = "NOTHING_TO_APPROVE"
    template = "There is nothing to approve."
    advice = "The document has no lines; add at least one."


class NoRequests(WorkflowError):
    code = "NO_REQUESTS"
    template = "No approval requests exist."


class SalespersonPurchaserCodeMissing(WorkflowError):
    code = "PERSON_CODE_MISSING"
    template = "Salespers./Purch. Code must have a value in {}."
    advice = "Set it with `countersign documents purchaser`."


class SalespersonPurchaserNotInSetup(WorkflowError):
    code = "PERSON_USER_NOT_FOUND"
    template = (
        "The salesperson/purchaser user ID {} does not exist in the Approval User Setup window"
        " for Salespers./Purch. Code {}."
    )
    advice = "Give a user this salesperson/purchaser code in the approval user setup."


class UserNotInSetup(WorkflowError):
    code = "USER_NOT_IN_SETUP"
    template = "User ID {} does not exist in the Approval User Setup window."
    advice = "An administrator can add him: `countersign users set`."


class ApproverNotSet(WorkflowError):
    code = "APPROVER_NOT_SET"
    template = "You must set up an approver for user ID {} in the Approval User Setup window."
    advice = "An administrator can name one: `countersign users set`."


class NoQualifiedApprover(WorkflowError):
    code = "NO_QUALIFIED_APPROVER"
    template = "No qualified approver was found."
    advice = "`countersign who` shows where the approver chain ends."


class ApproverChainLoops(WorkflowError):
    code = "CHAIN_LOOP"
    template = "No sufficient approver was found in the approver chain."
    advice = "The approver chain runs in a circle: `countersign users check` names it."


class GroupEmpty(WorkflowError):
    code = "GROUP_EMPTY"
    template = "A workflow user group with at least one member must be set up."
    advice = "An administrator can fill it: `countersign groups set`."


class GroupMemberNotInSetup(WorkflowError):
    code = "GROUP_MEMBER_NOT_IN_SETUP"
    template = (
        "The workflow user group member with user ID {} does not exist"
        " in the Approval User Setup window."
    )
    advice = "An administrator can add him, `countersign users set`, or change the group."


# --- deciding ------------------------------------------------------------------------------


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


# --- using the document --------------------------------------------------------------------


class ReleaseNeedsApproval(WorkflowError):
    code = "RELEASE_NEEDS_APPROVAL"
    template = "This document can only be released when the approval process is complete."
    advice = "Send it for approval with `countersign send`."


class NothingToRelease(WorkflowError):
    code = "NOTHING_TO_RELEASE"
    template = "There is nothing to release for the document of type {} with the number {}."


class ReopenBlocked(WorkflowError):
    code = "REOPEN_BLOCKED"
    template = "The approval process must be cancelled or completed to reopen this document."
    advice = "Withdraw it first: `countersign cancel`."


class Restricted(WorkflowError):
    code = "RESTRICTED"
    template = "You cannot use {} for this action. {}"


class PostNeedsApproval(WorkflowError):
    code = "POST_NEEDS_APPROVAL"
    template = "{} must be approved and released before you can perform this action."
    advice = "Ask for it: `countersign send`."


class PrepaymentUnpaid(WorkflowError):
    code = "PREPAYMENT_UNPAID"
    template = (
        "There are unpaid prepayment invoices that are related to the document of type {}"
        " with the number {}."
    )


class CannotBePosted(WorkflowError):
    code = "CANNOT_BE_POSTED"
    template = "{} cannot be posted; a {} becomes another document first."


class CannotBeConverted(WorkflowError):
    code = "CANNOT_BE_CONVERTED"
    template = "{} cannot become {}; only a quote can, and an invoice only from a sales quote."


class NotReleased(WorkflowError):
    code = "NOT_RELEASED"
    template = "{} is not released, and so may not leave the company."
    advice = "Release it first, or let its workflow say before_release=allow."


class NoEmailAddress(WorkflowError):
    code = "NO_EMAIL_ADDRESS"
    template = "{} cannot be emailed: no email address of {} is known."
    advice = "Name one with --to, or fill in email with `countersign parties set`."


class AlreadyEmailed(WorkflowError):
    code = "ALREADY_EMAILED"
    template = "{} was given to the mail for {} on {:%Y-%m-%d %H:%M %Z}, and is the same since."
    advice = "Add --again to send it once more; `countersign outbox list` says what became of it."


class LettersNotPrintable(WorkflowError):
    code = "LETTERS_NOT_PRINTABLE"
    template = "The PDF cannot show {}: the document would say something else."
    advice = (
        "Name a font file that has them in COUNTERSIGN_PDF_FONTS, or write the text in other "
        "letters; Arabic, Hebrew and Indian scripts cannot be printed."
    )

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


class NoElectronicForm(WorkflowError):
    code = "NO_ELECTRONIC_FORM"
    template = "{} cannot be sent as UBL: there is no such form of a {}."
    advice = "Send it without --ubl."


class FieldLocked(WorkflowError):
    code = "FIELD_LOCKED"
    template = "Status must be equal to 'Open' in {}. Current value is '{}'; {} cannot be changed."
    advice = "Cancel the request or reopen the document first."


class SalespersonPurchaserLocked(WorkflowError):
    code = "PERSON_LOCKED"
    template = "You must cancel the approval process if you wish to change the {}."
    advice = "Withdraw it: `countersign cancel`."


class UnknownField(WorkflowError):
    code = "UNKNOWN_FIELD"
    template = "There is no field {}."


class BadValue(WorkflowError):
    code = "BAD_VALUE"
    template = "{}: {!r} {}."


# --- approval user setup -------------------------------------------------------------------


class SelfApprover(WorkflowError):
    code = "SELF_APPROVER"
    template = "Approver ID must not be {}."


class SelfSubstitute(WorkflowError):
    code = "SELF_SUBSTITUTE"
    template = "Substitute must not be {}."


class LimitAndUnlimited(WorkflowError):
    code = "LIMIT_AND_UNLIMITED"
    template = "You cannot have both a {} and {}."


class LimitNegative(WorkflowError):
    code = "LIMIT_NEGATIVE"
    template = "You cannot have approval limits less than zero."


class PhoneWithLetters(WorkflowError):
    code = "PHONE_LETTERS"
    template = "Phone No. must not contain letters: {}."


class SalespersonPurchaserCodeTaken(WorkflowError):
    code = "PERSON_CODE_TAKEN"
    template = "The {} Salesperson/Purchaser code is already assigned to another User ID {}."


class UserExists(WorkflowError):
    code = "USER_EXISTS"
    template = "There already is a user {}."


class UserIsAsked(WorkflowError):
    code = "USER_IS_ASKED"
    template = "{} is asked to approve {}."
    advice = "Delegate or cancel that first; or `countersign users remove {} --anyway`."


class OwnAuthority(WorkflowError):
    code = "OWN_AUTHORITY"
    template = "{} cannot raise the authority of {}: a second person has to do it."


# --- workflows -----------------------------------------------------------------------------


class WorkflowDuplicate(WorkflowError):
    code = "WORKFLOW_DUPLICATE"
    template = (
        "One or more entry-point steps exist that use the same event on table {}:"
        " workflow {} has the same conditions."
    )
    advice = "Disable {1} first, or give the two different conditions."


class WorkflowEnabledIsLocked(WorkflowError):
    code = "WORKFLOW_LOCKED"
    template = "Workflow {} is enabled and cannot be changed or deleted."
    advice = "Disable it first; running requests keep the version they started with."


class WorkflowIncomplete(WorkflowError):
    code = "WORKFLOW_INCOMPLETE"
    template = "Workflow {} cannot be enabled: {}."
    advice = "Make a new version: `countersign workflows create --replace`."


class WorkflowExists(WorkflowError):
    code = "WORKFLOW_EXISTS"
    template = "There already is a workflow {}, and it is different."
    advice = "Import with --replace to write a new version of it."


class WorkflowInUse(WorkflowError):
    code = "WORKFLOW_IN_USE"
    template = "Workflow {} has been used and cannot be deleted: its requests refer to it."
    advice = "Leave it disabled."


class NoOverdueWorkflow(WorkflowError):
    code = "NO_OVERDUE_WORKFLOW"
    template = "There is no workflow enabled for sending overdue approval notifications."
    advice = "`countersign workflows templates` lists the one to make it from."


# --- external flows ------------------------------------------------------------------------


class ExternalWrongUser(WorkflowError):
    code = "WEBHOOK_WRONG_USER"
    template = (
        "User {} cannot act on this step. Make sure the user who created the webhook ({})"
        " is the same who is trying to act."
    )


class ExternalCannotCancel(WorkflowError):
    code = "WEBHOOK_CANNOT_CANCEL"
    template = "User {} does not have the permission necessary to cancel the item."


class ExternalAlreadyAnswered(WorkflowError):
    code = "WEBHOOK_ALREADY_ANSWERED"
    template = "A response has already been received."


class ExternalNotExpected(WorkflowError):
    code = "WEBHOOK_NOT_EXPECTED"
    template = "A response is not expected."
