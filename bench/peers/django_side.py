"""What the sides that are Django applications have in common: settings, tables, people."""

import logging
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

from bench.peers.playing import APPROVERS, REQUESTER


def database(url: str, synchronous: str = "FULL") -> dict[str, object]:
    """The same durability as on our side, and writers that take the lock when they begin."""
    if url.startswith("sqlite"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
            },
        }
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "HOST": asked["host"][0],
        "PORT": asked["port"][0],
        "CONN_MAX_AGE": None,  # the connection is kept
    }


def configure(url: str, synchronous: str, apps: list[str], **more: Any) -> None:
    """Set Django up with the peer's apps; whatever declares tables is imported after that."""
    settings.configure(
        **{
            "SECRET_KEY": "bench",
            "USE_TZ": True,
            "DATABASES": {"default": database(url, synchronous)},
            "INSTALLED_APPS": ["django.contrib.contenttypes", "django.contrib.auth", *apps],
            "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
            **more,
        }
    )
    logging.disable(logging.CRITICAL)  # what it would tell of every step is not waited for
    django.setup()


def make_tables_and_people() -> dict[str, Any]:
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - not before it is set up
    from django.core.management import call_command  # noqa: PLC0415 - not before it is set up

    call_command("migrate", "auth", verbosity=0)  # first: the other tables refer to its users
    call_command("migrate", verbosity=0, run_syncdb=True)
    people = get_user_model().objects
    return {
        name: people.create(username=name, email=f"{name.lower()}@example.com")
        for name in (REQUESTER, *APPROVERS)
    }


def versions_of(peer: str) -> str:
    return f"{peer} {version(peer)}, Django {django.__version__}"
