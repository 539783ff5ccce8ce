"""Making a key, and finding whose it is: the secret is shown once, only its hash is kept."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workflow.api_keys import (
    USED_EVERY,
    ApiKey,
    ApiKeys,
    ExpiredAlready,
    IntegratorIsUser,
    Scope,
    check_scopes,
)
from workflow.approval_users import ApprovalUser
from workflow.errors import BadValue
from workflow.identifiers import check_identifier
from workflow.phrases import phrase as _

PREFIX: Final = "csk"  # so that scanners for leaked secrets recognise one
ID_BYTES: Final = 6
SECRET_BYTES: Final = 32
PARTS: Final = 3
BETWEEN: Final = "_"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A key somebody asks for; *person* is whom it acts as, None: a program of the key's name."""

    name: str
    scopes: frozenset[Scope]
    person: ApprovalUser | None = None
    expires_at: datetime | None = None


def new_key(
    keys: ApiKeys, wanted: Wanted, people: Iterable[ApprovalUser], now: datetime
) -> tuple[ApiKey, str]:
    """The key, and the text the program presents; the text can never be had again.

    Raises:
        BadValue, IntegratorIsUser, ScopeNeedsPerson, ScopeNeedsIntegrator, ExpiredAlready,
        ApiKeyExists
    """
    check_identifier("name", wanted.name)
    if "," in wanted.name:
        raise BadValue("name", wanted.name, _("has a comma"))
    check_scopes(wanted.scopes, for_person=wanted.person is not None)
    if wanted.person is None:
        _check_is_nobody(wanted.name, people)
    if wanted.expires_at is not None and wanted.expires_at <= now:
        raise ExpiredAlready(f"{wanted.expires_at:%Y-%m-%d %H:%M}")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey(
        id=secrets.token_hex(ID_BYTES),
        name=wanted.name,
        secret_hash=_hash(secret),
        acts_as=wanted.person.user_id if wanted.person else wanted.name,
        for_person=wanted.person is not None,
        scopes=wanted.scopes,
        created_at=now,
        expires_at=wanted.expires_at,
    )
    keys.add(key)
    return key, BETWEEN.join((PREFIX, key.id, secret))


def key_behind(keys: ApiKeys, presented: str, now: datetime) -> ApiKey | None:
    """The key that was presented; None when it is wrong, revoked or expired."""
    parts = presented.split(BETWEEN, PARTS - 1)
    if len(parts) != PARTS or parts[0] != PREFIX or not parts[1].isalnum():
        return None
    key = keys.find(parts[1])
    right = hmac.compare_digest(_hash(parts[2]), key.secret_hash if key else "")
    if key is None or not right or not key.works_at(now):
        return None
    if key.last_used_at is None or now - key.last_used_at >= USED_EVERY:
        keys.used(key.id, now)
    return key


def _check_is_nobody(name: str, people: Iterable[ApprovalUser]) -> None:
    """What a program does must never look as if a person had done it."""
    for person in people:
        if person.user_id.casefold() == name.casefold():
            raise IntegratorIsUser(name, person.user_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
