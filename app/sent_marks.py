"""The file that remembers how much was sent: no copy of the database takes it along."""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.settings import Settings, data_folder
from notifications.restored import Mark

ENDING: Final = ".sent"


def file_of(settings: Settings, epoch: str) -> Path:
    """Beside a database that is a file; else, for each machine, beside its key."""
    if settings.database_file is not None:
        file = settings.database_file
        return file.with_name(file.name + ENDING)
    key = settings.secret_key_file
    folder = key.parent if key is not None else data_folder()
    return folder / f"countersign-{epoch}{ENDING}"


def read(file: Path) -> Mark | None:
    """A file that cannot be understood says as little as none."""
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        return Mark(epoch=str(facts["epoch"]), attempts=int(facts["attempts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(file: Path, mark: Mark) -> bool:
    """Whole or not at all; no where this machine lets nobody keep a file."""
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.write_text(
            json.dumps({"epoch": mark.epoch, "attempts": mark.attempts}), encoding="utf-8"
        )
        os.replace(unfinished, file)  # noqa: PTH105 - replaces what is there, on every system
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        return False
    return True
