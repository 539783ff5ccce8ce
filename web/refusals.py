"""What is refused, said on a page: the reason, and what to do next."""

from dataclasses import dataclass
from typing import Final

from notifications.mail_settings import SetupError
from notifications.operating import EmailNotFound
from notifications.sayings import said, without_commands
from notifications.translations import translations_for
from notifications.webhook_setup import DeliveryNotFound, EndpointNotFound
from web.entra import EntraRefused, EntraUnknown, EntraUnreachable
from web.forms import FormForeign, FormOutdated
from web.proof import NotProved
from web.rates import TooOften
from workflow.errors import (
    Conflict,
    DocumentExists,
    DocumentNotFound,
    ExternalAlreadyAnswered,
    ExternalCannotCancel,
    ExternalWrongUser,
    GroupNotFound,
    NotAdministrator,
    RequestOutdated,
    UserNotFound,
    WorkflowError,
    WorkflowNotFound,
)
from workflow.user_accounts import (
    AccountNotFound,
    LinkOutdated,
    NotYourPassword,
    OwnAccount,
    OwnRoles,
    SignInRefused,
    TooManyAttempts,
)
from workflow.visibility import NotYoursToChange, NotYoursToSee

FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
TOO_MANY: Final = 429
OUTSIDE: Final = 502  # another server, not we
COMMAND: Final = "`countersign"
STATUSES: Final[dict[type[WorkflowError], int]] = {
    DocumentNotFound: NOT_FOUND,
    UserNotFound: NOT_FOUND,
    GroupNotFound: NOT_FOUND,
    WorkflowNotFound: NOT_FOUND,
    EmailNotFound: NOT_FOUND,
    NotAdministrator: FORBIDDEN,
    NotYoursToChange: FORBIDDEN,
    NotYoursToSee: NOT_FOUND,  # as if it were not there
    DocumentExists: CONFLICT,
    Conflict: CONFLICT,
    RequestOutdated: CONFLICT,
    ExternalAlreadyAnswered: CONFLICT,
    ExternalCannotCancel: FORBIDDEN,
    ExternalWrongUser: FORBIDDEN,
    EndpointNotFound: NOT_FOUND,
    DeliveryNotFound: NOT_FOUND,
    FormOutdated: CONFLICT,
    FormForeign: FORBIDDEN,
    SignInRefused: FORBIDDEN,
    NotYourPassword: FORBIDDEN,
    OwnRoles: FORBIDDEN,
    OwnAccount: FORBIDDEN,
    LinkOutdated: NOT_FOUND,
    AccountNotFound: NOT_FOUND,
    NotProved: FORBIDDEN,
    EntraRefused: FORBIDDEN,
    EntraUnknown: FORBIDDEN,
    EntraUnreachable: OUTSIDE,
    TooManyAttempts: TOO_MANY,
    TooOften: TOO_MANY,
}


@dataclass(frozen=True, kw_only=True)
class RefusalView:
    message: str
    next_step: str


def status_of(error: WorkflowError) -> int:
    found = (STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return next(found, UNPROCESSABLE)


def refusal_view(error: WorkflowError, language: str) -> RefusalView:
    """Advice that names commands is for the command line."""
    translate = translations_for(language).gettext
    advice = "" if COMMAND in error.next_step else error.advised(translate)
    return RefusalView(message=error.in_words(translate), next_step=advice)


def setup_refusal(error: SetupError, language: str) -> RefusalView:
    """What the mail setup does not allow."""
    sentence = error.args[0] if error.args else ""
    advice = str(getattr(error, "next_step", ""))
    return RefusalView(
        message=said(without_commands(sentence), language),
        next_step="" if COMMAND.strip("`") in advice else advice,
    )
