"""``countersign workflows``: which documents need approval, and by whom."""

from typing import Annotated

import typer

from app.bootstrap import Application
from app.cli import names, options, output, values
from app.cli.options import AsMe, Json, Words, example
from workflow.definitions import WorkflowDefinition
from workflow.enabling import warnings
from workflow.errors import WorkflowNotFound
from workflow.interchange.workflow_settings import settings_of, with_settings
from workflow.service import setting_up
from workflow.workflow_templates import TEMPLATES, template

commands = options.group("Workflows: which documents need approval, by whom, until when.")

Code = Annotated[str, typer.Argument(metavar="CODE")]
Replace = Annotated[bool, typer.Option("--replace", help="Write a new version of one that exists.")]


@commands.command("list", **example("countersign workflows list"))
def list_workflows(as_json: Json = False) -> None:
    """List the workflows there are, and which are enabled."""
    with options.opened() as app, app.uow(readonly=True) as uow:
        rows = [
            {
                "code": workflow.code,
                "enabled": uow.workflows.is_enabled(workflow.code),
                "version": workflow.version,
                "area": workflow.area,
                "document_type": workflow.document_type,
                "approver_type": workflow.approver_type,
                "limit_type": workflow.limit_type,
                "description": workflow.description,
            }
            for workflow in uow.workflows.all()
        ]
    empty = "There are no workflows yet: `countersign workflows create POAPW` makes one."
    output.show_rows(rows, as_json=as_json, empty=empty)


@commands.command(**example("countersign workflows templates"))
def templates(as_json: Json = False) -> None:
    """List the templates a workflow can be made from."""
    output.show_rows([vars(one) for one in TEMPLATES], as_json=as_json, empty="")


@commands.command(**example("countersign workflows show POAPW"))
def show(code: Code, as_json: Json = False) -> None:
    """Show every setting of a workflow."""
    with options.opened() as app, app.uow(readonly=True) as uow:
        workflow = uow.workflows.latest(code)
        if workflow is None:
            raise WorkflowNotFound(code)
        enabled = uow.workflows.is_enabled(code)
    facts = {"version": workflow.version, "enabled": enabled, **settings_of(workflow)}
    output.show_facts(facts, as_json=as_json)


@commands.command(
    **example(
        "countersign workflows create POAPW --set due=1W",
        "countersign workflows create POAPW --code PO-BIG --set min_amount=5000",
        "countersign workflows create POAPW --set profile=bc",
    )
)
def create(  # noqa: PLR0913 - one parameter for each option
    template_code: Annotated[str, typer.Argument(metavar="TEMPLATE")],
    settings: Words = None,
    code: Annotated[str, typer.Option(help="Its name, where the template's is taken.")] = "",
    replace: Replace = False,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Make a workflow from a template; it catches no documents until it is enabled."""
    given = values.pairs(settings or [])
    workflow = with_settings(template(template_code).workflow(code), given)
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        stored = setting_up.save_workflow(app.uow(), workflow, actor, replacing=replace)
        sentence = f"Workflow {stored.code} is there; `countersign workflows enable {stored.code}`."
        output.show_result(_named(stored), sentence, as_json=as_json)
        _warn(app, stored)


@commands.command(**example("countersign workflows enable POAPW"))
def enable(code: Code, by: AsMe = "", as_json: Json = False) -> None:
    """Let a workflow catch documents."""
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        enabled = setting_up.enable_workflow(app.uow(), code, actor)
        output.show_result(_named(enabled), f"Workflow {code} is enabled.", as_json=as_json)
        _warn(app, enabled)


@commands.command(**example("countersign workflows disable POAPW"))
def disable(code: Code, by: AsMe = "", as_json: Json = False) -> None:
    """Stop a workflow from catching documents; running requests go on."""
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        disabled = setting_up.disable_workflow(app.uow(), code, actor)
    output.show_result(_named(disabled), f"Workflow {code} is disabled.", as_json=as_json)


@commands.command(**example("countersign workflows delete PO-BIG"))
def delete(code: Code, by: AsMe = "", as_json: Json = False) -> None:
    """Delete a workflow that is disabled and used by no running request."""
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        setting_up.delete_workflow(app.uow(), code, actor)
    output.show_result({"deleted": code}, f"Workflow {code} is deleted.", as_json=as_json)


def _named(workflow: WorkflowDefinition) -> dict[str, object]:
    return {"code": workflow.code, "version": workflow.version}


def _warn(app: Application, workflow: WorkflowDefinition) -> None:
    with app.uow(readonly=True) as uow:
        output.note(*(f"Warning: {text}" for text in warnings(workflow, uow.users)))
