"""The key that encrypts the mail password: given, read from a file, or made beside the database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.settings import Settings, WrongSettings

KEY_FILE: Final = "countersign.key"
ONLY_THE_OWNER: Final = 0o600
FEWEST_CHARACTERS: Final = 16


class NoSecretKey(WrongSettings):
    """There is no key, and no folder of ours to make one in."""

    def __init__(self) -> None:
        super().__init__("A password can only be kept with a secret key.")
        self.next_step = (
            "Set COUNTERSIGN_SECRET_KEY_FILE to a file with at least 16 random characters,"
            " the same on every machine."
        )


def secret_key(settings: Settings) -> str:
    """The key; made on first use where the database is a file of our own.

    Raises:
        NoSecretKey: none is given, and the database is not a file to make one beside.
        WrongSettings: it cannot be read, or is too short.
    """
    if settings.secret_key is not None:
        return _long_enough("COUNTERSIGN_SECRET_KEY", settings.secret_key.get_secret_value())
    if settings.secret_key_file is not None:
        return _read(settings.secret_key_file)
    if settings.database_file is None:
        raise NoSecretKey
    file = settings.database_file.with_name(KEY_FILE)
    if not file.exists():
        _make(file)
    return _read(file)


def _make(file: Path) -> None:
    """Nobody else can read it at any moment; two programs that start at once share one key."""
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_THE_OWNER)
    with os.fdopen(descriptor, "w", encoding="ascii") as made:
        made.write(secrets.token_urlsafe(32) + "\n")
    try:
        with suppress(FileExistsError):
            file.hardlink_to(unfinished)
    finally:
        unfinished.unlink()


def _read(file: Path) -> str:
    try:
        return _long_enough(str(file), file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"The secret key cannot be read from {file}: {error}") from None


def _long_enough(where: str, key: str) -> str:
    if len(key) < FEWEST_CHARACTERS:
        raise WrongSettings(f"{where}: a secret key has at least {FEWEST_CHARACTERS} characters.")
    return key
