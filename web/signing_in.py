"""Signing in with a password, and out again; who it is that holds a session."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from web import passwords
from web.throttling import FREE_FOR_ACCOUNT, FREE_FROM_ADDRESS, seconds_to_wait
from workflow.user_accounts import (
    SEEN_EVERY,
    NotYourPassword,
    SignInFailures,
    SignInRefused,
    TooManyAttempts,
    UserAccount,
    UserAccounts,
    WebSession,
)

RANDOM_BYTES: Final = 32
BROWSER_LIMIT: Final = 120
NAME_LIMIT: Final = 50


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Somebody who wants to sign in."""

    user_id: str
    password: str
    address: str  # from where
    browser: str = ""


def sign_in(accounts: UserAccounts, attempt: Attempt, now: datetime) -> str:
    """The secret that the browser keeps; the database has only its hash.

    Raises:
        SignInRefused: one answer for an unknown user, a wrong password and a disabled account.
        TooManyAttempts
    """
    account = _named(accounts, attempt.user_id.strip())
    user_id = account.user_id if account else attempt.user_id.strip().casefold()[:NAME_LIMIT]
    by_account, by_address = f"user:{user_id}", f"from:{attempt.address}"
    _count_attempt(accounts, by_account, by_address, now)
    right = passwords.is_right(attempt.password, account.password_hash if account else "")
    if account is None or account.disabled or not right:
        accounts.failed([by_address], now)
        raise SignInRefused
    accounts.succeeded(by_account)
    _keep_as_today(accounts, account, attempt.password)
    return open_session(accounts, account.user_id, now, browser=attempt.browser, proved=True)


def check_own_password(
    accounts: UserAccounts, account: UserAccount, password: str, address: str, now: datetime
) -> None:
    """Whoever is signed in shows once more that it is he; guessing takes as long as elsewhere.

    Raises:
        NotYourPassword, TooManyAttempts
    """
    by_account, by_address = f"user:{account.user_id}", f"from:{address}"
    _count_attempt(accounts, by_account, by_address, now)
    if not passwords.is_right(password, account.password_hash):
        accounts.failed([by_address], now)
        raise NotYourPassword
    accounts.succeeded(by_account)


def _named(accounts: UserAccounts, text: str) -> UserAccount | None:
    """Whose user id it is, in whatever case it was typed."""
    alike = [one for one in accounts.all() if one.user_id.casefold() == text.casefold()]
    return accounts.find(text) or (alike[0] if len(alike) == 1 else None)


def open_session(
    accounts: UserAccounts,
    user_id: str,
    now: datetime,
    *,
    browser: str = "",
    proved: bool = False,
) -> str:
    """A new session, whatever the browser had before; *proved*: with a password just now."""
    secret = new_secret()
    accounts.open_session(
        WebSession(
            id=secret_id(secret),
            user_id=user_id,
            signed_in_at=now,
            last_seen_at=now,
            browser=browser[:BROWSER_LIMIT],
            proved_at=now if proved else None,
        )
    )
    return secret


def account_of(accounts: UserAccounts, secret: str, now: datetime) -> UserAccount | None:
    """Whose session it is; None when it has ended or never was."""
    session = accounts.session(secret_id(secret)) if secret else None
    if session is None or session.has_ended(now):
        return None
    account = accounts.find(session.user_id)
    if account is None or account.disabled:
        return None
    if now - session.last_seen_at >= SEEN_EVERY:
        accounts.seen(session.id, now)
    return account


def sign_out(accounts: UserAccounts, secret: str) -> None:
    accounts.end_session(secret_id(secret))


def new_secret() -> str:
    """What a browser or a link holds."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def secret_id(secret: str) -> str:
    """What the database has of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _count_attempt(accounts: UserAccounts, by_account: str, by_address: str, now: datetime) -> None:
    """It counts as a failure until the password turns out right: many at once all count.

    Raises:
        TooManyAttempts
    """
    _refuse_too_many(accounts, by_account, by_address, now)
    before = accounts.failed([by_account], now)[by_account]
    if wait := seconds_to_wait(before, FREE_FOR_ACCOUNT, now):
        raise TooManyAttempts(wait)


def _refuse_too_many(
    accounts: UserAccounts, by_account: str, by_address: str, now: datetime
) -> None:
    failures = accounts.failures([by_account, by_address])
    none = SignInFailures()
    wait = max(
        seconds_to_wait(failures.get(by_account, none), FREE_FOR_ACCOUNT, now),
        seconds_to_wait(failures.get(by_address, none), FREE_FROM_ADDRESS, now),
    )
    if wait:
        raise TooManyAttempts(wait)


def _keep_as_today(accounts: UserAccounts, account: UserAccount, password: str) -> None:
    if not passwords.is_kept_as_today(account.password_hash):
        accounts.save(replace(account, password_hash=passwords.hashed(password)))
