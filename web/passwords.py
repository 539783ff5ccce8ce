"""Passwords: what may be one, and how it is kept and compared (argon2id)."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflow.user_accounts import (
    PasswordsDiffer,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
)

FEWEST: Final = 12
MOST: Final = 128
# Long enough for the rule above, and still the first that are tried.
COMMON: Final = frozenset(
    {
        "123456789012",
        "1234567890123",
        "111111111111",
        "000000000000",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "adminadminadmin",
        "administrator",
        "countersign1",
        "countersign123",
        "letmeinletmein",
        "passwordpassword",
        "password1234",
        "password12345",
        "password123456",
        "qwertyqwerty",
        "qwertyuiop12",
        "qwertyuiopasdf",
        "wachtwoord12",
        "wachtwoord123",
        "wachtwoord1234",
        "welkomwelkom",
        "welkom123456",
        "welcomewelcome",
        "welcome12345",
    }
)
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS: Final = _HASHER.hash("compared where there is no account, to take the same time")


def hashed(password: str) -> str:
    """What is kept of a password.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordTooCommon
    """
    if len(password) < FEWEST:
        raise PasswordTooShort(FEWEST)
    if len(password) > MOST:
        raise PasswordTooLong(MOST)
    if password.casefold() in COMMON:
        raise PasswordTooCommon
    return _HASHER.hash(password)


def hashed_twice(password: str, again: str) -> str:
    """The same of one that somebody chose and typed twice.

    Raises:
        PasswordsDiffer, PasswordTooShort, PasswordTooLong, PasswordTooCommon
    """
    if password != again:
        raise PasswordsDiffer
    return hashed(password)


def is_right(password: str, password_hash: str) -> bool:
    """Takes as long for an account without a password, or for none at all."""
    try:
        _HASHER.verify(password_hash or _NOBODYS, password[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_kept_as_today(password_hash: str) -> bool:
    """No for one that was hashed with less effort, which is hashed anew at the next sign-in."""
    return not _HASHER.check_needs_rehash(password_hash)
