"""``countersign documents email``: a document goes to its vendor or customer."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Annotated

import typer

from app.cli import names, options, output, selections
from app.cli.bounced_mail import told_of
from app.cli.options import AsMe, Json, Number, example
from app.cli.values import NotUnderstood
from notifications.addresses import normalised, valid_address
from notifications.document_attachments import check_printable
from workflow.events import DocumentEmailed, DocumentNotEmailed, Event, MailBounced
from workflow.mailing import came_back
from workflow.service import mailing
from workflow.service.outcomes import Outcome

commands = typer.Typer()


@commands.command(
    **example(
        "countersign documents email PO-1",
        "countersign documents email PO-1 --to orders@desks.example --ubl",
        "countersign documents email PO-1 --again",
    )
)
def email(  # noqa: PLR0913 - one for each option
    number: Number,
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Instead of the vendor's or customer's own.")
    ] = "",
    ubl: Annotated[
        bool, typer.Option("--ubl", help="Attach it for bookkeeping programs too.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also when it was emailed and has not changed since.")
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
        outcome = mailing.email_document(
            app.uow(),
            key,
            actor,
            to_address=normalised(to),
            ubl=ubl,
            again=again,
            check=lambda event: check_printable(event, app.company, app.directory),
        )
        bounces = app.read.bounces(app.clock())
    warnings = [text for address in _addresses(outcome) for text in told_of(app, address, bounces)]
    output.note(*(f"Warning: {text}" for text in warnings))
    selections.show_outcome(outcome, as_json=as_json)


def _addresses(outcome: Outcome) -> list[str]:
    return [event.to_address for event in outcome.events if isinstance(event, DocumentEmailed)]


def emailed(events: Sequence[Event], zone: tzinfo) -> str:
    """When a document last went out and to whom; or what became of that."""
    sent = [event for event in events if isinstance(event, DocumentEmailed)]
    if not sent:
        return ""
    last = sent[-1]
    bounces = [event for event in events if isinstance(event, MailBounced)]
    said = [f"{one.status} {one.diagnostic}".strip() for one in bounces if came_back(last, one)]
    bounced = f"; bounced: {said[-1]}" if said else ""
    refused = [one for one in events if isinstance(one, DocumentNotEmailed) and one.at >= last.at]
    if letters := [one.letters for one in refused if one.letters]:
        return f"not sent to {last.to_address}: the PDF cannot show {letters[-1]}"
    return f"to {last.to_address} on {output.cell(last.at.astimezone(zone))}{bounced}"
