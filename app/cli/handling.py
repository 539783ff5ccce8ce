"""What is done with documents besides approving them: release, reopen, post."""

import typer

from app.cli import names, options, selections
from app.cli.options import As, Json, Numbers, example
from app.cli.selections import Step
from workflow.service import handling

commands = typer.Typer()


@commands.command(rich_help_panel=options.DOCUMENTS, **example("countersign release PO-1 --as ann"))
def release(numbers: Numbers, by: As, as_json: Json = False) -> None:
    """Release documents that need no approval."""
    _do(numbers, by, handling.release, as_json=as_json)


@commands.command(rich_help_panel=options.DOCUMENTS, **example("countersign reopen PO-1 --as ann"))
def reopen(numbers: Numbers, by: As, as_json: Json = False) -> None:
    """Make released documents editable again; they need a new approval."""
    _do(numbers, by, handling.reopen, as_json=as_json)


@commands.command(rich_help_panel=options.DOCUMENTS, **example("countersign post PO-1 --as ann"))
def post(numbers: Numbers, by: As, as_json: Json = False) -> None:
    """Post documents; their approvals go to the archive."""
    _do(numbers, by, handling.post, as_json=as_json)


def _do(numbers: list[str], by: str, step: Step, *, as_json: bool) -> None:
    with options.opened() as app:
        user = names.user_named(app, by)
        selections.do_to_each(app, numbers, user, step, as_json=as_json)
