"""``countersign mail wording``: what the company says in mails in its own words."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli import names, options, output, values
from app.cli.options import AsMe, DryRun, Json, example
from app.cli.values import NotUnderstood
from notifications.override_files import read_override
from notifications.override_trials import try_override
from notifications.overrides import parts_of
from notifications.rendering import message_names
from notifications.translations import LANGUAGES
from notifications.wording import checked_text
from notifications.wording_preview import preview
from workflow.service.wording import OVERRIDE, remove_wording, set_override, set_wording
from workflow.wording import EVERY_MESSAGE, Override, Wording, WordingPart

commands = options.group("What the company says in mails in its own words.")

ALL: Final = "all"
TYPED_IN: Final = "-"  # in place of the text: it is read from standard input


class Part(StrEnum):
    """What can be taken away."""

    INTRO = WordingPart.INTRO
    FOOTER = WordingPart.FOOTER
    OVERRIDE = OVERRIDE


Message = Annotated[
    str,
    typer.Argument(
        metavar="MESSAGE", help="Which mail, such as approval_requested; all: every one to users."
    ),
]
OneMessage = Annotated[
    str, typer.Argument(metavar="MESSAGE", help="Which mail, such as approval_requested.")
]
Text = Annotated[
    str, typer.Argument(metavar="TEXT", help="Plain text; - reads it from standard input.")
]
Language = Annotated[
    str, typer.Option("--language", metavar="LANGUAGE", help=f"One of {', '.join(LANGUAGES)}.")
]


@commands.command("list", **example("countersign mail wording list"))
def list_wordings(as_json: Json = False) -> None:
    """List what is said in the company's own words, and which templates do not work."""
    with options.opened() as app, app.uow(readonly=True) as uow:
        overrides = uow.wordings.overrides()
        texts = uow.wordings.texts()
    rows = [_text_row(text) for text in texts] + [_override_row(one) for one in overrides]
    output.show_rows(rows, as_json=as_json, empty="Every mail has its built-in words.")


@commands.command(
    **example(
        'countersign mail wording intro all "Questions? Call 2911." --language en',
        "countersign mail wording intro all - --language nl < intro.txt",
    )
)
def intro(
    message: Message, text: Text, language: Language, by: AsMe = "", as_json: Json = False
) -> None:
    """Put a text of your own at the top of a mail, below its first line."""
    _set(message, language, WordingPart.INTRO, text, by, as_json=as_json)


@commands.command(
    **example('countersign mail wording footer all "Contoso B.V., Utrecht" --language nl')
)
def footer(
    message: Message, text: Text, language: Language, by: AsMe = "", as_json: Json = False
) -> None:
    """Put a text of your own at the end of a mail."""
    _set(message, language, WordingPart.FOOTER, text, by, as_json=as_json)


@commands.command(
    **example(
        "countersign mail wording override approval_requested folder --language nl",
        "countersign mail wording override mail_bounced folder --language en --dry-run",
    )
)
def override(  # noqa: PLR0913 - one parameter for each option
    message: OneMessage,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            help="With subject.txt, body.txt and body.html, or some of them.",
        ),
    ],
    language: Language,
    dry_run: DryRun = False,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Replace the built-in templates of a mail, after trying yours on every example."""
    name, spoken = one_named(message), spoken_in(language)
    given = read_override(folder, name, spoken)
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        try_override(given, app.wordings.of(name), app.company)
        stored = given if dry_run else set_override(app.uow(), given, actor)
    facts = {"message": name, "language": spoken, "parts": list(parts_of(stored))}
    sentence = "would work; nothing is changed" if dry_run else "is in use from now on"
    output.show_result(
        facts | {"version": stored.version},
        f"The template of {name} in {spoken} {sentence}.",
        as_json=as_json,
    )


@commands.command(
    **example(
        "countersign mail wording remove approval_requested --language nl",
        "countersign mail wording remove all --language nl --part footer",
    )
)
def remove(
    message: Message,
    language: Language,
    part: Annotated[Part | None, typer.Option("--part", help="Only this one; else all.")] = None,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Go back to the built-in words."""
    name, spoken = named(message), spoken_in(language)
    parts = [part] if part else list(Part)
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        removed = remove_wording(app.uow(), name, spoken, parts, actor)
    facts = {"message": name, "language": spoken, "removed": removed}
    sentence = f"Removed from {shown(name)} in {spoken}: {', '.join(removed)}."
    output.show_result(facts, sentence, as_json=as_json)


@commands.command(
    "preview",
    **example(
        "countersign mail wording preview approval_requested --language nl",
        "countersign mail wording preview mail_bounced --language nl --html a.html",
    ),
)
def show_preview(
    message: OneMessage,
    language: Language,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write what a mail program shows."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show an example of a mail as it would be sent now."""
    name, spoken = one_named(message), spoken_in(language)
    with options.opened() as app:
        words, problem = preview(app.wordings.of(name), spoken, app.company)
    if problem:
        output.note(f"Warning: the template does not work, so this is built in. {problem}")
    if html is not None:
        html.write_text(words.html, encoding="utf-8")
        output.note(f"Written: {html}")
    output.show_result(
        {"subject": words.subject, "text": words.text, "html": words.html},
        f"{words.subject}\n\n{words.text.rstrip()}",
        as_json=as_json,
    )


def _text_row(wording: Wording) -> dict[str, object]:
    return {
        "message": shown(wording.message),
        "language": wording.language,
        "part": wording.part,
        "text": wording.text,
        "problem": "",
    }


def _override_row(override: Override) -> dict[str, object]:
    state = "set aside" if override.set_aside else "in use"
    failed = f"failed {override.failures}x: {override.problem}" if override.failures else ""
    return {
        "message": override.message,
        "language": override.language,
        "part": OVERRIDE,
        "text": f"version {override.version}, {state}: {', '.join(parts_of(override))}",
        "problem": failed,
    }


def _set(  # noqa: PLR0913 - what two commands share
    message: str, language: str, part: WordingPart, text: str, by: str, *, as_json: bool
) -> None:
    name, spoken = named(message), spoken_in(language)
    words = checked_text(typer.get_text_stream("stdin").read() if text == TYPED_IN else text)
    values.check_readable([words])
    wording = Wording(message=name, language=spoken, part=part, text=words)
    with options.opened() as app:
        set_wording(app.uow(), wording, app.actor(names.administrator_named(app, by)))
    sentence = f"The {part} of {shown(name)} in {spoken} is set."
    output.show_result(vars(wording), sentence, as_json=as_json)


def named(text: str) -> str:
    """The message, or every one."""
    return EVERY_MESSAGE if text in {ALL, EVERY_MESSAGE} else one_named(text)


def one_named(text: str) -> str:
    if text not in message_names():
        known = ", ".join(sorted(message_names()))
        raise NotUnderstood(f"There is no mail {text!r}. There are: {known}.")
    return text


def shown(message: str) -> str:
    return ALL if message == EVERY_MESSAGE else message


def spoken_in(text: str) -> str:
    if text not in LANGUAGES:
        raise NotUnderstood(f"{text!r} is not one of the languages {', '.join(LANGUAGES)}")
    return text
