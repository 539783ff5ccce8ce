"""How a person says how files are to be read, and what an import answers."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Final

import typer

from app.cli import output, values
from app.cli.values import NotUnderstood
from app.import_files import known_mappings
from workflow.interchange.errors import NotReadable
from workflow.interchange.files import ImportOptions
from workflow.interchange.local_amounts import currency_code
from workflow.interchange.numbers import RATE_DECIMALS, NumberFormat, number
from workflow.service.importing import ImportPlan

NAMES_SHOWN: Final = 5

Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="OURS=THEIRS", help="A column that has another name; repeat."),
]
Decimals = Annotated[
    NumberFormat, typer.Option("--decimal", help="How numbers are written in the file.")
]
Rates = Annotated[
    list[str] | None,
    typer.Option("--rate", metavar="CUR=RATE", help="1 CUR in local currency; repeat."),
]


def reading(mapping: Iterable[str] | None, decimal: NumberFormat) -> ImportOptions:
    """The options every kind of file has."""
    columns = values.pairs(mapping or [])
    return ImportOptions(mappings=known_mappings(), pairs=columns, number_format=decimal)


def rates_in(words: Iterable[str] | None) -> dict[str, Decimal]:
    """``["USD=0.92"]`` by currency.

    Raises:
        NotUnderstood
    """
    return {
        name.upper(): _rate(name.upper(), text) for name, text in values.pairs(words or []).items()
    }


def _rate(name: str, text: str) -> Decimal:
    try:
        currency_code(name)
        rate = number(text.strip(), NumberFormat.POINT, RATE_DECIMALS)
    except NotReadable as error:
        raise NotUnderstood(f"--rate {name}={text}: {error}") from None
    if rate <= 0:
        raise NotUnderstood(f"--rate {name}={text}: a rate is above 0")
    return rate


def show_plan(what: str, plan: ImportPlan, *, dry_run: bool, as_json: bool) -> None:
    """How many were added, changed and left, with the first names of each."""
    if as_json:
        output.show_json(
            {
                "dry_run": dry_run,
                "added": plan.added,
                "changed": plan.changed,
                "unchanged": len(plan.unchanged),
                "closed": plan.closed,
            }
        )
        return
    output.say(f"Would import {what}:" if dry_run else f"Imported {what}:")
    for word, found in (
        ("added", plan.added),
        ("changed", plan.changed),
        ("unchanged", plan.unchanged),
    ):
        output.say(f"  {len(found):,} {word}{_first(found)}")
    if plan.closed:
        output.say(f"  {len(plan.closed):,} left out, posted before{_first(plan.closed)}")
    if dry_run:
        output.say("Nothing was changed: this was a dry run.")


def _first(found: tuple[str, ...]) -> str:
    if not found:
        return ""
    more = ", …" if len(found) > NAMES_SHOWN else ""
    return f": {', '.join(found[:NAMES_SHOWN])}{more}"
