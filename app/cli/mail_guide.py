"""``countersign mail guide`` and ``office365``: mail set up without server details."""

import sys
from enum import StrEnum
from typing import Annotated, Final

import typer

from app.cli import mail, names, options, output
from app.cli.mail_help import in_words, language
from app.cli.options import AsMe, Json, example
from notifications.mail_setup import Authentication, MailSetup, SetupError
from notifications.setup_guide import Guide, Question
from notifications.setup_presets import PRESETS, Provider, office365
from notifications.setup_warnings import warnings
from notifications.translations import translations_for

commands = typer.Typer()

BACK: Final = "<"
NOT_CHANGED: Final = "Nothing is changed."
OVERRIDE: Final = "{server} is filled in already. Override the current data?"


class SignIn(StrEnum):
    """What Office 365 takes."""

    OAUTH2 = "oauth2"
    BASIC = "basic"


@commands.command(
    name="office365",
    **example("countersign mail office365", "countersign mail office365 --yes --sign-in basic"),
)
def apply_office365(
    sign_in: Annotated[
        SignIn, typer.Option(help="How the account signs in there; oauth2 is what stays.")
    ] = SignIn.OAUTH2,
    yes: Annotated[
        bool, typer.Option("--yes", help="Override what is filled in, unasked.")
    ] = False,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Apply Office 365 Server Settings; user name, sender and substitution stay as they are."""
    with options.opened() as app:
        actor = names.operator(app, by)
        before = app.mail_setups.load() or MailSetup()
        if before.server and not yes:
            _ask_to_override(before.server)
        after = office365(before, Authentication(sign_in))
        mail.save(app, before, after, actor)
    output.show_result(
        mail.shown(after), f"The mail setup is that of Office 365, with {sign_in}.", as_json=as_json
    )
    output.note(translations_for(language()).gettext(PRESETS[Provider.OFFICE_365].hint))
    output.note(*(f"Warning: {in_words(warning)}" for warning in warnings(before, after)))


@commands.command(**example("countersign mail guide"))
def guide(by: AsMe = "", as_json: Json = False) -> None:
    """Set up mail question by question; nothing is changed before the last answer."""
    words = language()
    with options.opened() as app:
        actor = names.operator(app, by)
        asked = _asked(Guide.begin(app.mail_setups.load()), words)
        mail.save(app, asked.before, asked.draft, actor)
    output.show_result(mail.shown(asked.draft), "The mail setup is changed.", as_json=as_json)
    output.note(*(f"Warning: {in_words(warning)}" for warning in asked.warnings))
    output.note("Now test it: countersign mail test ADDRESS")


def _ask_to_override(server: str) -> None:
    if not typer.confirm(OVERRIDE.format(server=server), default=True, err=True):
        output.note(NOT_CHANGED)
        raise typer.Exit(1)


def _asked(asked: Guide, words: str) -> Guide:
    """Every question, until there is none; whoever stops halfway has changed nothing."""
    output.note(f"Enter takes what is proposed, - nothing at all, {BACK} goes back a question.")
    while (question := asked.question(words)) is not None:
        asked = _answered(asked, question)
    return asked


def _answered(asked: Guide, question: Question) -> Guide:
    if question.hint:
        output.note(question.hint)
    output.note(question.description)
    try:
        answer = _piped(question) if _is_piped(question) else _prompted(question)
    except typer.Abort:
        output.note("", NOT_CHANGED)
        raise
    if answer == BACK:
        return asked.back()
    try:
        return asked.answer(answer)
    except SetupError as error:
        output.note(str(error))
        return asked


def _is_piped(question: Question) -> bool:
    return question.secret and not sys.stdin.isatty()


def _piped(question: Question) -> str:
    """A secret that nobody types needs no terminal that hides it."""
    output.note(f"{question.key}:")
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.rstrip("\r\n") or question.proposed


def _prompted(question: Question) -> str:
    answer: str = typer.prompt(
        question.key,
        default=question.proposed,
        hide_input=question.secret,
        show_default=not question.secret,
        err=True,
    )
    return answer
