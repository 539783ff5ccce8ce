"""``countersign documents``: taking documents in, listing and changing them."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from app.cli import import_options, names, options, output, selections, values
from app.cli.document_fields import changes_of
from app.cli.import_options import Decimals, Map, Rates
from app.cli.options import As, AsMe, DryRun, Json, Number, Pairs, example
from app.import_files import given_file
from workflow.interchange.files import documents_in
from workflow.interchange.numbers import NumberFormat
from workflow.service import handling, importing
from workflow.statuses import Area, DocumentStatus, DocumentType

commands = options.group("Purchase and sales documents.")


@commands.command(
    "import",
    **example(
        "countersign documents import orders.csv lines.csv --dry-run",
        "countersign documents import invoice.xml --requester ann --rate USD=0.92",
    ),
)
def import_files(  # noqa: PLR0913 - one parameter for each option
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)
    ],
    area: Annotated[Area | None, typer.Option(help="For files that do not say it.")] = None,
    requester: Annotated[str, typer.Option(metavar="USER", help="Whose documents.")] = "",
    mapping: Map = None,
    decimal: Decimals = NumberFormat.POINT,
    rate: Rates = None,
    dry_run: DryRun = False,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Take in CSV, UBL, CII and cXML files: all of it, or nothing."""
    with options.opened() as app:
        read = replace(
            import_options.reading(mapping, decimal),
            area=area,
            requester=names.anybody_named(app, requester),
            local_currency=app.settings.currency,
            rates=import_options.rates_in(rate),
        )
        documents = documents_in([given_file(file) for file in files], read)
        actor = app.actor(names.administrator_named(app, by))
        with output.progress("Documents", len(documents)) as row_done:
            plan = importing.import_documents(
                app.uow(), documents, actor, dry_run=dry_run, progress=row_done
            )
    import_options.show_plan("documents", plan, dry_run=dry_run, as_json=as_json)


@commands.command("list", **example("countersign documents list --status pending_approval"))
def list_documents(  # noqa: PLR0913 - one parameter for each option
    status: Annotated[DocumentStatus | None, typer.Option()] = None,
    area: Annotated[Area | None, typer.Option()] = None,
    document_type: Annotated[DocumentType | None, typer.Option("--type")] = None,
    requester: Annotated[str, typer.Option(metavar="USER", help="Whose documents.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    as_json: Json = False,
) -> None:
    """List documents by number."""
    with options.opened() as app:
        found = app.read.documents_list(
            status=status,
            area=area,
            document_type=document_type,
            requester=names.user_named(app, requester) if requester else None,
            limit=limit,
        )
        local = app.settings.currency
    rows = [
        {
            "document": one.key,
            "status": one.status,
            "amount": one.amount,
            "currency": one.currency or local,
            "requester": one.requester,
            "document_date": one.document_date,
            "counterparty": one.counterparty_name or one.counterparty_no,
        }
        for one in found
    ]
    output.show_rows(rows, as_json=as_json, empty="There are no such documents.")


@commands.command(**example("countersign documents change PO-1 amount=950 --as ann"))
def change(number: Number, fields: Pairs, by: As, as_json: Json = False) -> None:
    """Change header fields of a document that is open."""
    with options.opened() as app:
        key = names.document_named(app, number)
        actor = app.actor(names.user_named(app, by))
        changes = changes_of(values.pairs(fields))
        outcome = handling.change_document(app.uow(), key, actor, changes)
    selections.show_outcome(outcome, as_json=as_json)


@commands.command(**example("countersign documents delete PO-1 --as ann"))
def delete(number: Number, by: As, as_json: Json = False) -> None:
    """Delete a document; its approvals stay in the archive."""
    with options.opened() as app:
        key = names.document_named(app, number)
        outcome = handling.delete(app.uow(), key, app.actor(names.user_named(app, by)))
    selections.show_outcome(outcome, as_json=as_json)


@commands.command(**example("countersign documents purchaser PO-1 CID --as ann"))
def purchaser(
    number: Number,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Salesperson or purchaser code.")],
    by: As,
    as_json: Json = False,
) -> None:
    """Give a document to another salesperson or purchaser."""
    with options.opened() as app:
        key = names.document_named(app, number)
        actor = app.actor(names.user_named(app, by))
        outcome = handling.change_salesperson_purchaser(app.uow(), key, actor, code)
    selections.show_outcome(outcome, as_json=as_json)
