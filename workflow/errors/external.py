"""Why an answer of an external flow does not count."""

from workflow.errors.base import WorkflowError


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
