"""Accounts, their sessions and failed attempts to sign in, in the database."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from db.engine import for_reading
from db.inserts import insert_new, insert_or_update
from db.tables import api_keys, password_links, sign_in_failures, user_accounts, web_sessions
from workflow.user_accounts import (
    FAILURES_FORGOTTEN_AFTER,
    IDLE_LIMIT,
    SESSION_LIMIT,
    PasswordLink,
    Role,
    SignInFailures,
    UserAccount,
    WebSession,
)

BETWEEN: Final = ","
_FAILURES_LOCKED: Final = (
    sa.select(sign_in_failures.c.failures, sign_in_failures.c.last_at)
    .where(sign_in_failures.c.key == sa.bindparam("key"))
    .with_for_update()
)


class SqlAccountSetup:
    """The workflow's ``AccountSetup`` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, user_id: str) -> UserAccount | None:
        return _one(self._connection, user_accounts.c.user_id == user_id)

    def of_entra(self, tenant: str, object_id: str) -> UserAccount | None:
        return _of_entra(self._connection, tenant, object_id)

    def save(self, account: UserAccount) -> None:
        _save(self._connection, account)

    def remove(self, user_id: str) -> None:
        _remove(self._connection, user_id)

    def revoke_keys_of(self, user_id: str, at: datetime) -> None:
        statement = sa.update(api_keys).where(
            api_keys.c.acts_as == user_id, api_keys.c.for_person, api_keys.c.revoked_at.is_(None)
        )
        self._connection.execute(statement.values(revoked_at=at))

    def save_link(self, link: PasswordLink) -> None:
        _remove_links(self._connection, link.user_id)
        self._connection.execute(sa.insert(password_links), vars(link))

    def link(self, link_id: str) -> PasswordLink | None:
        rows = self._connection.execute(
            sa.select(password_links).where(password_links.c.id == link_id)
        )
        row = rows.mappings().one_or_none()
        return None if row is None else PasswordLink(**row)

    def take_link(self, link_id: str) -> bool:
        taken = self._connection.execute(
            sa.delete(password_links).where(password_links.c.id == link_id)
        )
        return bool(taken.rowcount)


class SqlUserAccounts:
    """The workflow's ``UserAccounts``; every method is its own transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reading = for_reading(engine)

    # --- accounts --------------------------------------------------------------------------

    def all(self) -> list[UserAccount]:
        with self._reading.connect() as connection:
            rows = connection.execute(sa.select(user_accounts).order_by(user_accounts.c.user_id))
            return [_account(row) for row in rows]

    def find(self, user_id: str) -> UserAccount | None:
        with self._reading.connect() as connection:
            return _one(connection, user_accounts.c.user_id == user_id)

    def of_entra(self, tenant: str, object_id: str) -> UserAccount | None:
        with self._reading.connect() as connection:
            return _of_entra(connection, tenant, object_id)

    def save(self, account: UserAccount) -> None:
        with self._engine.begin() as connection:
            _save(connection, account)

    def remove(self, user_id: str) -> None:
        with self._engine.begin() as connection:
            _remove(connection, user_id)

    # --- sessions --------------------------------------------------------------------------

    def session(self, session_id: str) -> WebSession | None:
        with self._reading.connect() as connection:
            rows = connection.execute(
                sa.select(web_sessions).where(web_sessions.c.id == session_id)
            )
            row = rows.mappings().one_or_none()
        return None if row is None else WebSession(**row)

    def sessions_of(self, user_id: str) -> list[WebSession]:
        statement = (
            sa.select(web_sessions)
            .where(web_sessions.c.user_id == user_id)
            .order_by(web_sessions.c.last_seen_at.desc(), web_sessions.c.id)
        )
        with self._reading.connect() as connection:
            return [WebSession(**row) for row in connection.execute(statement).mappings()]

    def open_session(self, session: WebSession) -> None:
        now = session.signed_in_at
        ended = sa.or_(
            web_sessions.c.last_seen_at <= now - IDLE_LIMIT,
            web_sessions.c.signed_in_at <= now - SESSION_LIMIT,
        )
        with self._engine.begin() as connection:
            _end_sessions(connection, ended)
            connection.execute(sa.insert(web_sessions), vars(session))

    def seen(self, session_id: str, at: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(web_sessions)
                .where(web_sessions.c.id == session_id)
                .values(last_seen_at=at)
            )

    def proved(self, session_id: str, at: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(web_sessions).where(web_sessions.c.id == session_id).values(proved_at=at)
            )

    def end_session(self, session_id: str) -> None:
        with self._engine.begin() as connection:
            _end_sessions(connection, web_sessions.c.id == session_id)

    def end_sessions_of(self, user_id: str, *, but: str = "") -> None:
        with self._engine.begin() as connection:
            _end_sessions(connection, web_sessions.c.user_id == user_id, web_sessions.c.id != but)

    # --- wrong passwords -------------------------------------------------------------------

    def failures(self, keys: Collection[str]) -> dict[str, SignInFailures]:
        statement = sa.select(sign_in_failures).where(sign_in_failures.c.key.in_(keys))
        with self._reading.connect() as connection:
            return {
                row.key: SignInFailures(count=row.failures, last_at=row.last_at)
                for row in connection.execute(statement)
            }

    def failed(self, keys: Collection[str], at: datetime) -> dict[str, SignInFailures]:
        before = {}
        with self._engine.begin() as connection:
            for key in sorted(keys):
                none = {"key": key, "failures": 0, "last_at": at}
                connection.execute(insert_new(connection, sign_in_failures), none)
                row = connection.execute(_FAILURES_LOCKED, {"key": key}).one()
                forgotten = at - row.last_at >= FAILURES_FORGOTTEN_AFTER
                count = 0 if forgotten else row.failures
                before[key] = SignInFailures(count=count, last_at=row.last_at)
                more = {"key": key, "failures": count + 1, "last_at": at}
                connection.execute(insert_or_update(connection, sign_in_failures), more)
        return before

    def succeeded(self, key: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.key == key))


def _one(connection: Connection, *conditions: sa.ColumnElement[bool]) -> UserAccount | None:
    row = connection.execute(sa.select(user_accounts).where(*conditions)).one_or_none()
    return None if row is None else _account(row)


def _of_entra(connection: Connection, tenant: str, object_id: str) -> UserAccount | None:
    if not tenant or not object_id:
        return None
    return _one(
        connection,
        user_accounts.c.entra_tenant == tenant,
        user_accounts.c.entra_object == object_id,
    )


def _save(connection: Connection, account: UserAccount) -> None:
    row = {
        "user_id": account.user_id,
        "password_hash": account.password_hash,
        "entra_tenant": account.entra_tenant,
        "entra_object": account.entra_object,
        "roles": BETWEEN.join(sorted(account.roles)),
        "disabled": account.disabled,
    }
    if account.disabled:
        _remove_links(connection, account.user_id)
    if account.disabled or _password_of(connection, account.user_id) != account.password_hash:
        _end_sessions(connection, web_sessions.c.user_id == account.user_id)
    connection.execute(insert_or_update(connection, user_accounts), row)


def _remove(connection: Connection, user_id: str) -> None:
    _end_sessions(connection, web_sessions.c.user_id == user_id)
    _remove_links(connection, user_id)
    connection.execute(sa.delete(user_accounts).where(user_accounts.c.user_id == user_id))


def _remove_links(connection: Connection, user_id: str) -> None:
    connection.execute(sa.delete(password_links).where(password_links.c.user_id == user_id))


def _end_sessions(connection: Connection, *conditions: sa.ColumnElement[bool]) -> None:
    connection.execute(sa.delete(web_sessions).where(*conditions))


def _password_of(connection: Connection, user_id: str) -> str | None:
    return connection.scalar(
        sa.select(user_accounts.c.password_hash).where(user_accounts.c.user_id == user_id)
    )


def _account(row: Row[*tuple[Any, ...]]) -> UserAccount:
    return UserAccount(
        user_id=row.user_id,
        password_hash=row.password_hash,
        entra_tenant=row.entra_tenant,
        entra_object=row.entra_object,
        roles=frozenset(Role(name) for name in row.roles.split(BETWEEN) if name),
        disabled=row.disabled,
    )
