"""How results are shown: as tables and sentences for people, as JSON for programs."""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from app.plain import plain
from notifications.formatting import one_line
from workflow.documents import DocumentKey

WIDTH_OF_A_FILE: Final = 240  # what is not a screen is not wrapped like one
CELL_LIMIT: Final = 200
STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

Row = Mapping[str, object]


def say(*lines: str) -> None:
    """Sentences for a person, on standard output."""
    for line in lines:
        print(safe(line))  # noqa: T201 - this is where a command speaks


def say_as_is(text: str) -> None:
    """A file of ours, on standard output."""
    print(text, end="")  # noqa: T201


def note(*lines: str) -> None:
    """What is not the result: warnings, refusals and progress, on standard error."""
    for line in lines:
        print(safe(line), file=sys.stderr)  # noqa: T201


def show_json(value: object) -> None:
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))  # noqa: T201


def show_rows(rows: Sequence[Row], *, as_json: bool, empty: str) -> None:
    """A list: one JSON object or one line of a table for each row."""
    if as_json:
        show_json(rows)
    elif not rows:
        note(empty)
    else:
        _print_table(rows)


def show_facts(facts: Row, *, as_json: bool) -> None:
    """One thing: its fields below each other."""
    if as_json:
        show_json(facts)
        return
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        table.add_row(Text(caption(name), style="bold"), Text(cell(value)))
    _print(table)


def show_result(facts: Row, sentence: str, *, as_json: bool) -> None:
    """What a command did: a sentence for a person, the facts for a program."""
    if as_json:
        show_json(facts)
    else:
        say(sentence)


def caption(name: str) -> str:
    return name.replace("_", " ").capitalize()


def cell(value: object) -> str:  # noqa: PLR0911 - one line for each kind of value
    """A value as a person reads it, without anything that could steer the terminal."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:,f}"
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case Enum():
            return str(value.value).replace("_", " ")
        case tuple() | list() | frozenset() if not isinstance(value, DocumentKey):
            return ", ".join(cell(item) for item in value)
        case _:
            return one_line(str(value), CELL_LIMIT)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on the screen that moves with every call; nothing where there is no screen."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def safe(text: str) -> str:
    """Without the characters that steer a terminal or turn the direction of writing."""
    return "".join(
        " " if character == "\t" else character for character in text if _shows(character)
    )


def _shows(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in STEERING


def _print_table(rows: Sequence[Row]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, value in rows[0].items():
        number = isinstance(value, Decimal | int) and not isinstance(value, bool)
        table.add_column(Text(caption(name)), justify="right" if number else "left")
    for row in rows:
        table.add_row(*(Text(cell(value)) for value in row.values()))
    _print(table)


def _print(table: Table) -> None:
    screen = sys.stdout.isatty()
    console = Console(width=None if screen else WIDTH_OF_A_FILE, highlight=False)
    with console.capture() as drawn:
        console.print(table)
    for line in drawn.get().splitlines():
        print(line.rstrip())  # noqa: T201
