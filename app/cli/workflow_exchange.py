"""``countersign workflows export`` and ``import``: workflows as a file."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import names, options, output
from app.cli.options import AsMe, DryRun, InFile, Json, example
from app.cli.workflows import Replace
from app.import_files import given_file
from app.workflow_files import from_yaml, to_yaml
from workflow.definitions import WorkflowDefinition
from workflow.errors import WorkflowError, WorkflowNotFound
from workflow.ports import UnitOfWork
from workflow.service.workflow_imports import import_workflows

commands = typer.Typer()


class FileIsThere(WorkflowError):
    code = "FILE_EXISTS"
    template = "There already is a file {}."
    advice = "Name another one, or overwrite it with --replace."


@commands.command(
    "export",
    **example(
        "countersign workflows export > workflows.yaml",
        "countersign workflows export POAPW --to poapw.yaml",
    ),
)
def export(
    codes: Annotated[list[str] | None, typer.Argument(metavar="CODE", help="Only these.")] = None,
    to: Annotated[
        Path | None, typer.Option(dir_okay=False, help="A new file; else the screen.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the file.")] = False,
    as_json: Json = False,
) -> None:
    """Write workflows as YAML; a file that exists is not overwritten."""
    with options.opened() as app, app.uow(readonly=True) as uow:
        workflows = [_latest(uow, code) for code in codes] if codes else uow.workflows.all()
    text = to_yaml(workflows)
    if to is None:
        output.show_json({"yaml": text}) if as_json else output.say_as_is(text)
        return
    try:
        with to.open("w" if replace else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise FileIsThere(to) from None
    facts = {"file": str(to), "workflows": [workflow.code for workflow in workflows]}
    output.show_result(facts, f"Wrote {len(workflows)} workflows to {to}.", as_json=as_json)


@commands.command("import", **example("countersign workflows import workflows.yaml --dry-run"))
def import_file(
    file: InFile,
    replace: Replace = False,
    dry_run: DryRun = False,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Take workflows from a YAML file: all of it, or nothing. None is enabled by it."""
    workflows = from_yaml(given_file(file))
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        taken = import_workflows(app.uow(), workflows, actor, replacing=replace, dry_run=dry_run)
    rows = [
        {"code": one.stored.code, "version": one.stored.version, "what": one.what} for one in taken
    ]
    if dry_run:
        output.note("Nothing was changed: this was a dry run.")
    output.show_rows(rows, as_json=as_json, empty="The file has no workflows.")


def _latest(uow: UnitOfWork, code: str) -> WorkflowDefinition:
    workflow = uow.workflows.latest(code)
    if workflow is None:
        raise WorkflowNotFound(code)
    return workflow
