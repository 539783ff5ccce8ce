"""``countersign documents make-order`` and ``make-invoice``: what a quote can become."""

from typing import Annotated

import typer

from app.cli import names, options, selections
from app.cli.options import As, Json, Number, example
from workflow.service import handling
from workflow.statuses import DocumentType

commands = typer.Typer()

NewNumber = Annotated[str, typer.Option("--number", help="Of the new one; else the quote's.")]


@commands.command(**example("countersign documents make-order SQ-1 --as ann"))
def make_order(number: Number, by: As, new: NewNumber = "", as_json: Json = False) -> None:
    """Turn a quote into an order, which needs its own approval."""
    _convert(number, by, DocumentType.ORDER, new, as_json=as_json)


@commands.command(**example("countersign documents make-invoice SQ-1 --number SI-1 --as ann"))
def make_invoice(number: Number, by: As, new: NewNumber = "", as_json: Json = False) -> None:
    """Turn a sales quote into an invoice, which needs its own approval."""
    _convert(number, by, DocumentType.INVOICE, new, as_json=as_json)


def _convert(number: str, by: str, kind: DocumentType, new: str, *, as_json: bool) -> None:
    with options.opened() as app:
        key = names.document_named(app, number)
        actor = app.actor(names.user_named(app, by))
        outcome = handling.convert_quote(app.uow(), key, actor, kind, new)
    selections.show_outcome(outcome, as_json=as_json)
