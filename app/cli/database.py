"""``countersign db``: making the tables and looking whether they fit."""

from typing import Annotated, Final

import typer

from app import guarding, passes
from app.bootstrap import ONLY_THE_OWNER
from app.cli import failures, options, output
from app.cli.options import DryRun, Json, example
from app.settings import read_settings
from db import schema

NO_DATABASE: Final = "There is no database yet."

commands = options.group("Make the database, and check it.")


@commands.command(**example("countersign db upgrade"))
def upgrade(as_json: Json = False) -> None:
    """Bring the database to the form this version needs; a new one is made."""
    settings = read_settings()
    if settings.database_file is not None:
        settings.database_file.parent.mkdir(mode=ONLY_THE_OWNER, parents=True, exist_ok=True)
    schema.upgrade(settings.database_url)
    output.show_result({"upgraded": True}, "The database is up to date.", as_json=as_json)


@commands.command(**example("countersign db check"))
def check(as_json: Json = False) -> None:
    """Compare the database with what this version needs."""
    settings = read_settings()
    file = settings.database_file
    missing = file is not None and not file.exists()
    differences = [NO_DATABASE] if missing else schema.check(settings.database_url)
    sentence = "The database differs." if differences else "The database is as it should be."
    output.show_result({"differences": differences}, sentence, as_json=as_json)
    if differences:
        output.note(*differences, "  → Run `countersign db upgrade`.")
        raise typer.Exit(failures.REFUSED)


@commands.command(
    "accept-restore",
    **example("countersign db accept-restore --dry-run", "countersign db accept-restore"),
)
def accept_restore(
    send_waiting: Annotated[
        bool,
        typer.Option("--send-waiting", help="It was only moved: what waits is sent, not held."),
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Say that a restored, copied or moved database is the right one, and mail may go out again.

    What waits in it may have been sent already, and so is held. Also after a restore that nobody
    noticed.
    """
    with options.opened() as app:
        why = app.guard.state().suspicion
        passes.make_emails(app)
        waiting = 0 if send_waiting else app.guard.waiting()
        if not dry_run:
            waiting = guarding.accept(app, hold=not send_waiting)
    facts = {"suspicion": why, "held": waiting, "dry_run": dry_run}
    done = "would be held" if dry_run else "held, and mail goes out again"
    emails = "1 email" if waiting == 1 else f"{waiting} emails"
    output.show_result(facts, f"{emails} {done}.", as_json=as_json)
    if why and dry_run:
        output.note(why)
    if waiting and not dry_run:
        output.note(
            "  → They may have been sent already: countersign outbox list --state held,",
            "    then countersign outbox release --held, or countersign outbox cancel --held.",
        )
