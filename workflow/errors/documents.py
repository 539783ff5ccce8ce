"""Why a document cannot be changed, released, reopened, posted or converted."""

from workflow.errors.base import WorkflowError


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


class FieldLocked(WorkflowError):
    code = "FIELD_LOCKED"
    template = "Status must be equal to 'Open' in {}. Current value is '{}'; {} cannot be changed."
    advice = "Cancel the request or reopen the document first."


class SalespersonPurchaserLocked(WorkflowError):
    code = "PERSON_LOCKED"
    template = "You must cancel the approval process if you wish to change the {}."
    advice = "Withdraw it: `countersign cancel`."
