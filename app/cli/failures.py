"""How a refusal or a problem ends a command: its words on standard error, and the exit code."""

from dataclasses import dataclass
from typing import Any, Final

import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from typer.core import TyperGroup

from app.bootstrap import SchemaOutdated
from app.cli import output
from app.cli.mail_help import in_words, language
from app.cli.values import NotUnderstood, check_readable
from app.settings import WrongSettings
from db.copying import CopyRefused
from notifications.delivery_errors import DeliveryError
from notifications.mail_settings import WrongSetting
from notifications.mail_setup import SetupError
from notifications.oauth_errors import OAuthError
from notifications.received.mailbox import MailboxError
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.translations import translations_for
from workflow.errors import WorkflowError
from workflow.interchange.errors import ImportRefused
from workflow.phrases import Translate
from workflow.phrases import phrase as _

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
OUTSIDE: Final = 3  # a problem of the database or the mail server
AS_JSON: Final = "countersign.json"  # where the context remembers that --json was given


@dataclass(frozen=True)
class Ending:
    """How one kind of error ends a command."""

    kind: type[Exception]
    exit_code: int
    code: str  # for programs, where the error has none of its own
    next_step: str = ""  # for people, likewise


ENDINGS: Final = (
    Ending(
        ImportRefused,
        REFUSED,
        "IMPORT_REFUSED",
        N_("Nothing was imported. Correct the file and import it again."),
    ),
    Ending(WorkflowError, REFUSED, "REFUSED"),
    Ending(NotUnderstood, USAGE, "NOT_UNDERSTOOD", N_("See --help for an example.")),
    Ending(
        WrongSetting, USAGE, "WRONG_SETTING", N_("`countersign mail setup --help` names them all.")
    ),
    Ending(SetupError, REFUSED, "MAIL_SETUP"),
    Ending(SchemaOutdated, OUTSIDE, "SCHEMA_OUTDATED"),
    Ending(CopyRefused, REFUSED, "COPY_REFUSED"),
    Ending(WrongSettings, USAGE, "WRONG_ENVIRONMENT"),
    Ending(DeliveryError, OUTSIDE, "MAIL_SERVER"),
    Ending(OAuthError, OUTSIDE, "OAUTH"),
    Ending(MailboxError, OUTSIDE, "MAILBOX"),
    Ending(
        SQLAlchemyError,
        OUTSIDE,
        "DATABASE",
        N_("Check COUNTERSIGN_DATABASE_URL, and that the database runs."),
    ),
    Ending(OSError, OUTSIDE, "SYSTEM"),
)
EXPECTED: Final = tuple(ending.kind for ending in ENDINGS)


class Program(TyperGroup):
    """The root of all commands: what any of them refuses is told here, never as a traceback."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as the library declares it
        """The words of the command line are looked at before anything is done with them."""
        try:
            check_readable(args)
        except NotUnderstood as error:
            raise typer.BadParameter(str(error), ctx=ctx) from None
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as the library declares it
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read our output has read enough
        except EXPECTED as error:
            _tell(error, as_json=bool(ctx.meta.get(AS_JSON)))
            raise typer.Exit(exit_code(error)) from error


def exit_code(error: Exception) -> int:
    return _ending(error).exit_code


def facts(error: Exception) -> dict[str, str]:
    """A refusal as ``--json`` shows it."""
    return {
        "code": error.code if isinstance(error, WorkflowError) else _ending(error).code,
        "message": message(error),
        "next_step": next_step(error),
    }


def message(error: Exception) -> str:
    """One sentence in our language, without the query that met the trouble."""
    if isinstance(error, WorkflowError):
        return error.in_words(_translate())
    if isinstance(error, DBAPIError):
        trouble = _("The database does not answer as it should: {trouble}", trouble=error.orig)
        return trouble.in_words(_translate())
    return in_words(error.args[0]) if isinstance(error, SetupError) and error.args else str(error)


def next_step(error: Exception) -> str:
    if isinstance(error, WorkflowError) and error.next_step:
        return error.advised(_translate())
    own = getattr(error, "next_step", "")
    return in_words(own) if own else _translate()(_ending(error).next_step)


def tell_refusal(error: Exception, about: str = "") -> None:
    """The reason, and below it what to do next."""
    output.note(f"{about}: {message(error)}" if about else message(error))
    if step := next_step(error):
        output.note(f"  → {step}")


def _translate() -> Translate:
    return translations_for(language()).gettext


def _tell(error: Exception, *, as_json: bool) -> None:
    if as_json:
        output.show_json({"refused": facts(error)})
    tell_refusal(error)


def _ending(error: Exception) -> Ending:
    found = (ending for ending in ENDINGS if isinstance(error, ending.kind))
    return next(found, Ending(Exception, OUTSIDE, "PROBLEM"))
