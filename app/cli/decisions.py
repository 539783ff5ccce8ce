"""What approvers do: approve, reject, delegate, comment, and answer for an external flow."""

from typing import Annotated

import typer

from app.bootstrap import Application
from app.cli import names, options, selections
from app.cli.options import As, Comment, Json, Number, Numbers, example
from workflow.external import ExternalAnswer
from workflow.service import deciding

commands = typer.Typer()

For = Annotated[
    str,
    typer.Option("--for", metavar="APPROVER", help="As an administrator: whose request it is."),
]


Request = Annotated[
    int | None,
    typer.Option(
        "--request", metavar="NO", help="The request you were asked in; a later one is not meant."
    ),
]


@commands.command(
    rich_help_panel=options.DOCUMENTS,
    **example(
        "countersign approve PO-1 PO-2 --as bob",
        "countersign approve PO-1 --as cid --for bob --comment 'Bob is ill'",
    ),
)
def approve(  # noqa: PLR0913 - the options of the command
    numbers: Numbers,
    by: As,
    comment: Comment = "",
    place: For = "",
    request: Request = None,
    as_json: Json = False,
) -> None:
    """Agree to documents that wait for your approval."""
    with options.opened() as app:
        approver = _approver(app, place)
        selections.do_to_each(
            app,
            numbers,
            names.user_named(app, by),
            lambda uow, key, actor: deciding.approve(
                uow, key, actor, approver=approver, comment=comment, request=request
            ),
            as_json=as_json,
        )


@commands.command(
    rich_help_panel=options.DOCUMENTS,
    **example("countersign reject PO-1 --as bob --comment 'Too expensive'"),
)
def reject(  # noqa: PLR0913 - the options of the command
    numbers: Numbers,
    by: As,
    comment: Comment = "",
    place: For = "",
    request: Request = None,
    as_json: Json = False,
) -> None:
    """Disagree: the request is over, and the requester hears the reason."""
    with options.opened() as app:
        approver = _approver(app, place)
        selections.do_to_each(
            app,
            numbers,
            names.user_named(app, by),
            lambda uow, key, actor: deciding.reject(
                uow, key, actor, approver=approver, comment=comment, request=request
            ),
            as_json=as_json,
        )


@commands.command(
    rich_help_panel=options.DOCUMENTS, **example("countersign delegate PO-1 --as bob")
)
def delegate(
    numbers: Numbers,
    by: As,
    place: For = "",
    request: Request = None,
    as_json: Json = False,
) -> None:
    """Hand requests over to the substitute, else to the approver's approver."""
    with options.opened() as app:
        approver = _approver(app, place)
        selections.do_to_each(
            app,
            numbers,
            names.user_named(app, by),
            lambda uow, key, actor: deciding.delegate(
                uow, key, actor, approver=approver, request=request
            ),
            as_json=as_json,
        )


@commands.command(
    rich_help_panel=options.DOCUMENTS,
    **example("countersign comment PO-1 --as ann --comment 'The quote is attached'"),
)
def comment(
    numbers: Numbers,
    by: As,
    text: Annotated[str, typer.Option("--comment", metavar="TEXT", help="What to remark.")],
    as_json: Json = False,
) -> None:
    """Remark on documents; whoever decides on them reads it."""
    with options.opened() as app:
        selections.do_to_each(
            app,
            numbers,
            names.user_named(app, by),
            lambda uow, key, actor: deciding.comment(uow, key, actor, text),
            as_json=as_json,
        )


@commands.command(
    rich_help_panel=options.DOCUMENTS,
    **example("countersign answer PO-1 continue --as flow-service --request 1"),
)
def answer(
    number: Number,
    given: ExternalAnswer,
    by: As,
    request: Request = None,
    as_json: Json = False,
) -> None:
    """Give the answer of an external flow: continue, reject or cancel."""
    with options.opened() as app:
        selections.do_to_each(
            app,
            [number],
            names.anybody_named(app, by),
            lambda uow, key, actor: deciding.answer_external(
                uow, key, actor, given, request=request
            ),
            as_json=as_json,
        )


def _approver(app: Application, place: str) -> str | None:
    """Whose request is meant, also of who left the setup; one's own when nobody is named."""
    return names.anybody_named(app, place) if place else None
