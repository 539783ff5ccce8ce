"""What the API itself refuses, before or beside what the workflow refuses."""

from typing import ClassVar

from web.refusals import status_of as status_on_pages
from workflow.errors import WorkflowError


class ApiRefusal(WorkflowError):
    """A refusal with an http status of its own."""

    status: ClassVar[int] = 400


class KeyNeeded(ApiRefusal):
    status = 401
    code = "KEY_NEEDED"
    template = "This needs an API key that works, in the header Authorization: Bearer."
    advice = "`countersign api-keys create` makes one."


class KeyUserChanged(ApiRefusal):
    status = 403
    code = "KEY_USER_CHANGED"
    template = "{}, as whom this key acts, is not who it was when the key was made."
    advice = "Make a new key: `countersign api-keys create`."


class ScopeMissing(ApiRefusal):
    status = 403
    code = "SCOPE_MISSING"
    template = "This key does not have the scope {}."
    advice = "Make a key that has it: `countersign api-keys create`."


class MachineMayNotDecide(ApiRefusal):
    status = 403
    code = "MACHINE_MAY_NOT_DECIDE"
    template = "The company lets no program decide with the key {}."
    advice = "An administrator can name it: `countersign company set deciding_keys=…`."


class SeesTooLittle(ApiRefusal):
    status = 403
    code = "SEES_TOO_LITTLE"
    template = "{} does not see everything, which this would show."
    advice = "Use the key of a program, or of an administrator."


class NotInThatName(ApiRefusal):
    status = 403
    code = "NOT_IN_THAT_NAME"
    template = "With this key nobody asks in the name of {}."
    advice = "The key of a program with the scope requests:send_as may."


class CrossSite(ApiRefusal):
    status = 403
    code = "CROSS_SITE"
    template = "That came from a page of another site."
    advice = "The API is for programs; browsers of other sites do not reach it."


class NoSuchPath(ApiRefusal):
    status = 404
    code = "NOT_FOUND"
    template = "There is nothing at this address."


class GroupNotFound(ApiRefusal):
    status = 404
    code = "GROUP_NOT_FOUND"
    template = "There is no group {}."


class EmailNotFound(ApiRefusal):
    status = 404
    code = "EMAIL_NOT_FOUND"
    template = "There is no email {} in the outbox."


class MethodNotAllowed(ApiRefusal):
    status = 405
    code = "METHOD_NOT_ALLOWED"
    template = "This address does not take that method."


class NotWellFormed(ApiRefusal):
    status = 400
    code = "NOT_WELL_FORMED"
    template = "The body is not JSON that can be read."


class IdempotencyKeyNeeded(ApiRefusal):
    status = 400
    code = "IDEMPOTENCY_KEY_NEEDED"
    template = "This step needs the header Idempotency-Key."
    advice = "Choose a new random one for each step, and the same one when you repeat it."


class DocumentClosed(ApiRefusal):
    status = 409
    code = "DOCUMENT_CLOSED"
    template = "{} was posted or became another document; it is not taken in again."


class StillInProgress(ApiRefusal):
    status = 409
    code = "STILL_IN_PROGRESS"
    template = "The first request with this Idempotency-Key is still being answered."
    advice = "Repeat it in a second: you get the answer to the first one."


class Outdated(ApiRefusal):
    status = 412
    code = "OUTDATED"
    template = "{} is not any more what If-Match says you saw."
    advice = "Get it again, and decide with what you see now."


class TooLarge(ApiRefusal):
    status = 413
    code = "TOO_LARGE"
    template = "The body is larger than {} bytes."


class NotJson(ApiRefusal):
    status = 415
    code = "NOT_JSON"
    template = "The body has to be application/json."


class NotValid(ApiRefusal):
    status = 422
    code = "NOT_VALID"
    template = "The request does not have the form that is asked for."


class CursorUnknown(ApiRefusal):
    status = 422
    code = "CURSOR_UNKNOWN"
    template = "That cursor is not one of this list."
    advice = "Use the cursor of the answer before, or none to begin anew."


class KeyReused(ApiRefusal):
    status = 422
    code = "IDEMPOTENCY_KEY_REUSED"
    template = "This Idempotency-Key was used for another request."
    advice = "Choose a new one for each step."


class IfMatchNeeded(ApiRefusal):
    status = 428
    code = "IF_MATCH_NEEDED"
    template = "{} exists. Say which version of it you saw, in the header If-Match."
    advice = "The header ETag of every answer about it is that version."


class TooManyRequests(ApiRefusal):
    status = 429
    code = "TOO_MANY_REQUESTS"
    template = "This key asks too often. Wait {} seconds."


class Broken(ApiRefusal):
    status = 500
    code = "BROKEN"
    template = "Something went wrong here. It is not certain whether the step was done."
    advice = "Repeat it with the same Idempotency-Key; if that does not help, tell the operator."


def status_of(error: WorkflowError) -> int:
    return error.status if isinstance(error, ApiRefusal) else status_on_pages(error)
