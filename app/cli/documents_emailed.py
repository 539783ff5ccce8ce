"""``countersign documents email``: a document goes to its vendor or customer."""

from typing import Annotated

import typer

from app.cli import names, options, selections
from app.cli.options import AsMe, Json, Number, example
from app.cli.values import NotUnderstood
from notifications.addresses import normalised, valid_address
from workflow.service import mailing

commands = typer.Typer()


@commands.command(
    **example(
        "countersign documents email PO-1",
        "countersign documents email PO-1 --to orders@desks.example --ubl",
    )
)
def email(
    number: Number,
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Instead of the vendor's or customer's own.")
    ] = "",
    ubl: Annotated[
        bool, typer.Option("--ubl", help="Attach it for bookkeeping programs too.")
    ] = False,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Email a released document to its vendor or customer, as a PDF."""
    if to and not valid_address(to):
        raise NotUnderstood(f"--to: {to!r} is no email address")
    with options.opened() as app:
        key = names.document_named(app, number)
        actor = app.actor(names.user_named(app, by or app.settings.user))
        outcome = mailing.email_document(app.uow(), key, actor, to_address=normalised(to), ubl=ubl)
    selections.show_outcome(outcome, as_json=as_json)
