"""The keys that encrypt the mail's secrets: given, in a file, or made beside the database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.settings import Settings, WrongSettings
from notifications.mail_settings import SetupError

KEY_FILE: Final = "countersign.key"
ONLY_THE_OWNER: Final = 0o600
FEWEST_CHARACTERS: Final = 16


class NoSecretKey(WrongSettings, SetupError):
    """There is no key, and no folder of ours to make one in."""

    def __init__(self) -> None:
        super().__init__("A password can only be kept with a secret key.")
        self.next_step = (
            "Set COUNTERSIGN_SECRET_KEY_FILE to a file with at least 16 random characters,"
            " the same on every machine."
        )


def secret_keys(settings: Settings) -> tuple[str, ...]:
    """The keys; one is made on first use where the database is a file of our own.

    The first encrypts; the others still read what they encrypted before.

    Raises:
        NoSecretKey: none is given, and the database is not a file to make one beside.
        WrongSettings: it cannot be read, or one of them is too short.
    """
    if settings.secret_key is not None:
        return _separated("COUNTERSIGN_SECRET_KEY", settings.secret_key.get_secret_value())
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


def _read(file: Path) -> tuple[str, ...]:
    try:
        return _separated(str(file), file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"The secret key cannot be read from {file}: {error}") from None


def _separated(where: str, text: str) -> tuple[str, ...]:
    """Keys stand behind commas or on lines of their own."""
    keys = tuple(
        key for part in text.splitlines() for word in part.split(",") if (key := word.strip())
    )
    if not keys or any(len(key) < FEWEST_CHARACTERS for key in keys):
        raise WrongSettings(f"{where}: a secret key has at least {FEWEST_CHARACTERS} characters.")
    return keys
