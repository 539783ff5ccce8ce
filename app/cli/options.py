"""What all commands share: their options, the application they use, and how help shows examples."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from app.bootstrap import Application, Say, application
from app.cli import failures, output

SETUP: Final = "Setup"
DOCUMENTS: Final = "Documents and approvals"
MAIL: Final = "Mail"
RUNNING: Final = "Running it"


def _remember(context: typer.Context, value: bool) -> bool:
    """A refusal is told as JSON too."""
    context.meta[failures.AS_JSON] = value
    return value


Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.", callback=_remember)]
As = Annotated[str, typer.Option("--as", metavar="USER", help="The person who acts.")]
AsMe = Annotated[
    str,
    typer.Option("--as", metavar="USER", help="The person who acts; else COUNTERSIGN_USER."),
]
Number = Annotated[
    str,
    typer.Argument(metavar="NUMBER", help="Its number, or area/type/number where others share it."),
]
Numbers = Annotated[
    list[str],
    typer.Argument(metavar="NUMBER", help="Numbers, or area/type/number where others share it."),
]
Pairs = Annotated[list[str], typer.Argument(metavar="KEY=VALUE", show_default=False)]
Comment = Annotated[str, typer.Option("--comment", metavar="TEXT", help="What to add to it.")]
Words = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting; repeat.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")]
InFile = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)]


def group(about: str) -> typer.Typer:
    """A command that has commands: ``countersign users list``."""
    return typer.Typer(no_args_is_help=True, help=about)


def example(*lines: str) -> dict[str, Any]:
    """For the end of a command's help."""
    title = "Example:" if len(lines) == 1 else "Examples:"
    return {"epilog": "\n\n".join([title, *lines])}


@contextmanager
def opened(say: Say = output.note) -> Iterator[Application]:
    """The application of this command; its connections are closed afterwards."""
    with application(say=say) as app:
        yield app
