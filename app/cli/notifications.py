"""``countersign notifications``: who is told by email, who by a note, and when."""

from typing import Annotated, Final

import typer

from app.bootstrap import Application
from app.cli import names, options, output, schedules
from app.cli.options import AsMe, Json, example
from notifications.readers import zone_of
from workflow.notification_setup import (
    NotificationMethod,
    NotificationSetup,
    NotificationType,
    setup_for,
)
from workflow.schedules import Recurrence, next_run
from workflow.service import setting_up

commands = options.group("How and when people are told: by email, or by a note with the document.")

EVERYBODY: Final = "everybody"
SCHEDULE_HELP: Final = (
    "When emails go out: recurrence=instantly|daily|weekly|monthly time=08:30 weekdays=mon-fri"
    " monthly=first_workday|last_workday|custom day_of_month=15, in the person's time zone."
)

Schedule = Annotated[
    list[str] | None,
    typer.Argument(metavar="KEY=VALUE", help=SCHEDULE_HELP, show_default=False),
]


@commands.command("list", **example("countersign notifications list"))
def list_setup(as_json: Json = False) -> None:
    """List what was set; whoever is not named is told by email, at once."""
    with options.opened() as app:
        found = app.directory.notification_setup()
    rows = [
        {
            "user": row.user or EVERYBODY,
            "type": row.type,
            "method": row.method,
            **schedules.columns(row.schedule),
        }
        for row in sorted(found, key=lambda row: (row.user or "", row.type))
    ]
    output.show_rows(rows, as_json=as_json, empty="Everybody is told by email, at once.")


@commands.command(
    "set",
    **example(
        "countersign notifications set bob overdue note",
        "countersign notifications set bob approval email recurrence=daily time=08:30",
        "countersign notifications set bob overdue email recurrence=weekly weekdays=mon",
    ),
)
def set_method(  # noqa: PLR0913 - one for each word of the command
    user: Annotated[str, typer.Argument(metavar="USER", help=f"Or {EVERYBODY}: the default.")],
    kind: Annotated[NotificationType, typer.Argument(metavar="TYPE")],
    method: Annotated[NotificationMethod, typer.Argument(metavar="METHOD")],
    schedule: Schedule = None,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Say how and when one person, or everybody without a row of his own, is told about a type."""
    with options.opened() as app:
        named = None if user == EVERYBODY else names.user_named(app, user)
        actor = app.actor(names.administrator_named(app, by))
        present = setup_for(named or "", kind, app.directory.notification_setup()).schedule
        row = NotificationSetup(
            user=named,
            type=kind,
            method=method,
            schedule=schedules.changed(present, schedule or []),
        )
        setting_up.set_notification_setup(app.uow(), row, actor)
        following = _next(app, row)
    shown = {
        "user": named or EVERYBODY,
        "type": kind,
        "method": method,
        **schedules.columns(row.schedule),
        "next": following,
    }
    output.show_result(shown, _sentence(row, following), as_json=as_json)


def _next(app: Application, row: NotificationSetup) -> str:
    """When the first email goes out by the schedule, on the person's clock; empty: at once."""
    if row.method is NotificationMethod.NOTE or row.schedule.recurrence is Recurrence.INSTANTLY:
        return ""
    person = app.directory.user(row.user) if row.user else None
    zone = zone_of(person.time_zone if person else "", app.settings.timezone.key)
    moment = next_run(row.schedule, app.clock(), zone).astimezone(zone)
    return f"{moment:%Y-%m-%d %H:%M} {zone.key}"


def _sentence(row: NotificationSetup, following: str) -> str:
    told = f"{row.user or EVERYBODY} is told about {row.type} by {row.method}"
    if row.method is NotificationMethod.NOTE:
        return f"{told}."
    ahead = f"; next on {following}" if following else ""
    return f"{told}, {row.schedule}{ahead}."
