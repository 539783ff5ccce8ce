"""Why a document cannot be sent for approval."""

from workflow.errors.base import WorkflowError


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
