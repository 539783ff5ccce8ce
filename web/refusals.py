"""What is refused, said on a page: the reason, and what to do next."""

from dataclasses import dataclass
from typing import Final

from web.forms import FormForeign, FormOutdated
from workflow.errors import (
    Conflict,
    DocumentExists,
    DocumentNotFound,
    NotAdministrator,
    RequestOutdated,
    UserNotFound,
    WorkflowError,
    WorkflowNotFound,
)
from workflow.user_accounts import SignInRefused, TooManyAttempts
from workflow.visibility import NotYoursToSee

FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
TOO_MANY: Final = 429
STATUSES: Final[dict[type[WorkflowError], int]] = {
    DocumentNotFound: NOT_FOUND,
    NotYoursToSee: NOT_FOUND,  # as if it were not there
    UserNotFound: NOT_FOUND,
    WorkflowNotFound: NOT_FOUND,
    NotAdministrator: FORBIDDEN,
    DocumentExists: CONFLICT,
    Conflict: CONFLICT,
    RequestOutdated: CONFLICT,
    FormOutdated: CONFLICT,
    FormForeign: FORBIDDEN,
    SignInRefused: FORBIDDEN,
    TooManyAttempts: TOO_MANY,
}


@dataclass(frozen=True, kw_only=True)
class RefusalView:
    message: str
    next_step: str


def status_of(error: WorkflowError) -> int:
    found = (STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return next(found, UNPROCESSABLE)


def refusal_view(error: WorkflowError) -> RefusalView:
    """Advice that names commands is for the command line."""
    advice = "" if "`countersign" in error.next_step else error.next_step
    return RefusalView(message=error.message, next_step=advice)
