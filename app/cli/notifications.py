"""``countersign notifications``: who is told by email, and who by a note."""

from typing import Annotated, Final

import typer

from app.cli import names, options, output
from app.cli.options import AsMe, Json, example
from workflow.notification_setup import NotificationMethod, NotificationSetup, NotificationType
from workflow.service import setting_up

commands = options.group("How people are told: by email, or by a note with the document.")

EVERYBODY: Final = "everybody"


@commands.command("list", **example("countersign notifications list"))
def list_setup(as_json: Json = False) -> None:
    """List what was set; whoever is not named is told by email."""
    with options.opened() as app:
        found = app.directory.notification_setup()
    rows = [
        {"user": row.user or EVERYBODY, "type": row.type, "method": row.method}
        for row in sorted(found, key=lambda row: (row.user or "", row.type))
    ]
    output.show_rows(rows, as_json=as_json, empty="Everybody is told by email.")


@commands.command("set", **example("countersign notifications set bob overdue note"))
def set_method(
    user: Annotated[str, typer.Argument(metavar="USER", help=f"Or {EVERYBODY}: the default.")],
    kind: Annotated[NotificationType, typer.Argument(metavar="TYPE")],
    method: Annotated[NotificationMethod, typer.Argument(metavar="METHOD")],
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Say how one person, or everybody without a row of his own, is told about a type."""
    with options.opened() as app:
        named = None if user == EVERYBODY else names.user_named(app, user)
        actor = app.actor(names.administrator_named(app, by))
        row = NotificationSetup(user=named, type=kind, method=method)
        setting_up.set_notification_setup(app.uow(), row, actor)
    shown = {"user": named or EVERYBODY, "type": kind, "method": method}
    sentence = f"{shown['user']} is told about {kind} by {method}."
    output.show_result(shown, sentence, as_json=as_json)
