"""``countersign db``: making the tables and looking whether they fit."""

from typing import Final

import typer

from app.bootstrap import ONLY_THE_OWNER
from app.cli import failures, options, output
from app.cli.options import Json, example
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
