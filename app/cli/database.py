"""``countersign db``: making the tables and looking whether they fit."""

from typing import Annotated, Final

import typer

from app import guarding, passes
from app.bootstrap import ONLY_THE_OWNER, now
from app.cli import failures, options, output
from app.cli.options import DryRun, Json, example
from app.settings import read_settings
from db import copying, schema

NO_DATABASE: Final = "There is no database yet."
RETIRED: Final = "This database was copied to another place, which sends its mail from then on."
AFTER_COPYING: Final = (
    "Never let anything work on the old database again: it could send what waits in the copy too."
    " --retire sees to that."
)
AFTER_RETIRING: Final = "The old database sends nothing any more."
AFTER_BOTH: Final = (
    "  → The copy sends nothing either until you say so: set COUNTERSIGN_DATABASE_URL to it, then",
    "    countersign db accept-restore --send-waiting",
)
KEY_IS_BESIDE: Final = (
    "  → What is encrypted stays so: set COUNTERSIGN_SECRET_KEY_FILE to the file with the key,",
    "    which was kept beside the old database, on every machine.",
)

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
    **example(
        "countersign db copy postgresql://db.example.com/erp --dry-run",
        "countersign db copy postgresql://db.example.com/erp --retire",
    )
)
def copy(
    to: Annotated[str, typer.Argument(metavar="URL", help="An empty database, or a new one.")],
    retire: Annotated[
        bool, typer.Option("--retire", help="Have the old database send nothing any more.")
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Copy everything to another database, SQLite or PostgreSQL: all of it, or nothing.

    The copy sends nothing until `countersign db accept-restore` says there that it may.
    """
    settings, target = read_settings(), read_settings(database_url=to)
    if settings.database_file is not None and not settings.database_file.exists():
        raise copying.CopyRefused(NO_DATABASE, "Set COUNTERSIGN_DATABASE_URL to the one to copy.")
    counted = copying.count_rows(settings.database_url, now())
    if dry_run:
        if target.database_file is None or target.database_file.exists():
            copying.refuse_as_target(settings.database_url, target.database_url)
        _show_copied(counted, "would be copied; nothing was", as_json=as_json)
        return
    if target.database_file is not None:
        target.database_file.parent.mkdir(mode=ONLY_THE_OWNER, parents=True, exist_ok=True)
    with output.progress("Copying", counted.total) as row_done:
        copied = copying.copy(settings.database_url, target.database_url, now(), row_done)
    if retire:
        with options.opened() as app:
            app.guard.suspect(RETIRED)
    _show_copied(copied, "copied, and counted on both sides", as_json=as_json)
    output.note(AFTER_RETIRING if retire else AFTER_COPYING, *AFTER_BOTH)
    if settings.database_file is not None and target.database_file is None:
        output.note(*KEY_IS_BESIDE)


def _show_copied(copied: copying.Copied, what: str, *, as_json: bool) -> None:
    sentence = f"{copied.total} rows in {len(copied.rows)} tables {what}."
    output.show_result({"rows": copied.rows, "total": copied.total}, sentence, as_json=as_json)


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
