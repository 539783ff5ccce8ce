"""What requesters do: send, cancel, ask who would have to approve; and what waits for a person."""

from typing import Annotated

import typer

from app.bootstrap import Application
from app.cli import names, options, output, selections, sending_all
from app.cli.options import As, Comment, Json, Number, Numbers, example
from app.cli.values import NotUnderstood
from workflow.approvers import PlannedApprover
from workflow.service import requesting
from workflow.statuses import Area, Reason

commands = typer.Typer()

SomeNumbers = Annotated[
    list[str] | None,
    typer.Argument(metavar="NUMBER", help="Numbers, or area/type/number where others share it."),
]


@commands.command(
    rich_help_panel=options.DOCUMENTS,
    **example(
        "countersign send PO-1 --as ann",
        "countersign send --all --as-requester --area purchase",
    ),
)
def send(  # noqa: PLR0913 - one parameter for each option
    numbers: SomeNumbers = None,
    by: Annotated[str, typer.Option("--as", metavar="USER", help="The person who asks.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every open document.")] = False,
    as_requester: Annotated[
        bool, typer.Option("--as-requester", help="Each as the requester it names.")
    ] = False,
    area: Annotated[Area | None, typer.Option(help="With --all: only these.")] = None,
    as_json: Json = False,
) -> None:
    """Send documents for approval."""
    if bool(numbers) == everything or bool(by) == as_requester or (area and not everything):
        raise NotUnderstood(
            "Say which documents (NUMBER… or --all) and as whom (--as USER or --as-requester)"
        )
    with options.opened() as app:
        user = names.user_named(app, by) if by else None
        if everything:
            sending_all.send_all(app, user, area, as_json=as_json)
        elif user is not None:
            selections.do_to_each(
                app, numbers or [], user, requesting.send_approval_request, as_json=as_json
            )
        else:
            keys = [names.document_named(app, number) for number in numbers or []]
            selections.show(sending_all.sent_as_requester(app, keys), as_json=as_json)


@commands.command(rich_help_panel=options.DOCUMENTS, **example("countersign cancel PO-1 --as ann"))
def cancel(numbers: Numbers, by: As, comment: Comment = "", as_json: Json = False) -> None:
    """Withdraw the approval requests of documents."""
    with options.opened() as app:
        user = names.user_named(app, by)
        selections.do_to_each(
            app,
            numbers,
            user,
            lambda uow, key, actor: requesting.cancel_approval_request(uow, key, actor, comment),
            as_json=as_json,
        )


@commands.command(rich_help_panel=options.DOCUMENTS, **example("countersign nudge PO-1 --as ann"))
def nudge(numbers: Numbers, by: As, as_json: Json = False) -> None:
    """Remind whoever has the request; each approver at most once a day."""
    with options.opened() as app:
        user = names.user_named(app, by)
        selections.do_to_each(app, numbers, user, requesting.nudge, as_json=as_json)


@commands.command(rich_help_panel=options.DOCUMENTS, **example("countersign who PO-1 --as ann"))
def who(number: Number, by: As, as_json: Json = False) -> None:
    """Show who would have to approve a document, and why; nothing is sent."""
    with options.opened() as app:
        key = names.document_named(app, number)
        actor = app.actor(names.user_named(app, by))
        answer = requesting.who_would_approve(app.uow(readonly=True), key, actor)
        approvers = [_planned(app, one) for one in answer.plan.approvers]
    if as_json:
        facts = {"document": key, "requester": answer.requester, "workflow": answer.workflow.code}
        output.show_json({**facts, "approvers": approvers, "skipped": answer.plan.skipped})
        return
    output.say(f"{key.title}, sent by {answer.requester}, workflow {answer.workflow.code}:")
    output.show_rows(approvers, as_json=False, empty="An external flow would decide.")
    output.note(*(f"{one.user} is not asked: {one.why}." for one in answer.plan.skipped))


@commands.command(rich_help_panel=options.DOCUMENTS, **example("countersign requests --as bob"))
def requests(by: As, as_json: Json = False) -> None:
    """List the requests that wait for a person's answer; the longest overdue first."""
    with options.opened() as app:
        user = names.user_named(app, by)
        waiting = app.read.requests_to_approve(user)
        today, local = app.actor(user).today, app.settings.currency
    rows = [
        {
            "document": one.document,
            "amount": one.amount,
            "currency": one.currency or local,
            "requester": one.requester,
            "due_date": one.due_date,
            "overdue": one.due_date < today,
            "why": one.reason,
            "in_place_of": "" if one.authority_of == one.approver else one.authority_of,
            "counterparty": one.counterparty_name,
            "description": one.description,
        }
        for one in waiting
    ]
    output.show_rows(rows, as_json=as_json, empty=f"Nothing waits for {user}.")


def _planned(app: Application, planned: PlannedApprover) -> dict[str, object]:
    user = app.directory.user(planned.user)
    own = planned.reason in {Reason.REQUESTER, Reason.CREDIT_LIMIT}
    return {
        "sequence": planned.sequence_no,
        "approver": planned.user,
        "name": user.name if user else "",
        "why": planned.reason,
        "limit": "unlimited" if planned.limit is None else planned.limit,
        "has_to_decide": not own,
    }
