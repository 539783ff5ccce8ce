"""Where a demo keeps its company: a new folder each time, so that nothing there is ever touched."""

import os
import shlex
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from app.settings import PREFIX, Settings, WrongSettings

PARENT: Final = "demo-data"
NOT_OF_THE_DEMO: Final = ("SECRET_KEY", "SECRET_KEY_FILE", "BASE_URL")


class FolderNotUsable(WrongSettings):
    """The demo cannot write where it was told to."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(f"{folder} cannot be used: {error.strerror or error}.")
        self.next_step = "Name another folder with --data, or none at all."


@dataclass(frozen=True)
class DemoFolder:
    """The folder of one company."""

    path: Path

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.path / 'countersign.db'}"

    @property
    def mails(self) -> Path:
        return self.path / "mails"

    @property
    def environment(self) -> Path:
        """A file that makes every command in that shell speak of this company."""
        return self.path / "company.env"


def new_folder(parent: Path | None) -> DemoFolder:
    """The first free ``company-N`` in *parent*; without one in this folder, else a temporary one.

    Raises:
        FolderNotUsable
    """
    if parent is not None:
        return DemoFolder(_numbered(parent.absolute()))
    with suppress(FolderNotUsable):
        return DemoFolder(_numbered(Path.cwd() / PARENT))
    return DemoFolder(Path(tempfile.mkdtemp(prefix="countersign-demo-")))


def write_environment(folder: DemoFolder, settings: Settings) -> None:
    values = {
        "DATABASE_URL": settings.database_url,
        "COMPANY": settings.company,
        "TIMEZONE": settings.timezone.key,
        "LANGUAGE": settings.language,
        "CURRENCY": settings.currency,
    }
    lines = [f"unset {' '.join(PREFIX + name for name in NOT_OF_THE_DEMO)}\n"]
    lines += [f"export {PREFIX}{name}={shlex.quote(value)}\n" for name, value in values.items()]
    folder.environment.write_text("".join(lines), encoding="utf-8")


def shown(path: Path) -> str:
    """As short as a person would type it from here."""
    relative = os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    return shlex.quote(relative)


def _numbered(parent: Path) -> Path:
    try:
        parent.mkdir(parents=True, exist_ok=True)
        return _first_free(parent)
    except OSError as error:
        raise FolderNotUsable(parent, error) from error


def _first_free(parent: Path) -> Path:
    for number in count(1):
        folder = parent / f"company-{number}"
        with suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise AssertionError("numbers do not end")
