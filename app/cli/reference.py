"""The table of all commands; ``python -m app.cli.reference README.md`` refreshes it."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from app.cli.program import program

BLOCK = re.compile(r"<!-- commands -->.*?<!-- end -->", flags=re.DOTALL)


def commands() -> Iterator[tuple[str, Any]]:
    """Each command by what is typed, in the order of ``countersign --help``."""
    yield from _below("countersign", get_command(program))


def table() -> str:
    rows = [f"| `{typed}` | {_first_sentence(command)} |" for typed, command in commands()]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def refreshed(text: str) -> str:
    """The same text with the table between its markers written anew."""
    return BLOCK.sub(lambda _: f"<!-- commands -->\n{table()}\n<!-- end -->", text)


def _below(typed: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if not isinstance(command, TyperGroup):
        yield typed, command
        return
    for name, one in command.commands.items():
        yield from _below(f"{typed} {name}", one)


def _first_sentence(command: Any) -> str:  # noqa: ANN401
    return str(command.help).partition("\n")[0].strip().replace("|", "\\|")


if __name__ == "__main__":
    readme = Path(sys.argv[1])
    readme.write_text(refreshed(readme.read_text(encoding="utf-8")), encoding="utf-8")
