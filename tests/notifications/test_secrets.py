"""Nothing secret leaves: not in the database, not in a log, not on the screen, in no error."""

import logging
import sqlite3
import traceback
from contextlib import closing

import pytest
from typer.testing import CliRunner

from app.cli.program import program
from token_endpoint import CLIENT, PERSON, REFRESH_TOKEN, SECRET, TENANT, token_endpoint

PASSWORD = "canary-password-1147"  # noqa: S105 - no real one
KEY = "canary-key-of-this-installation"
CANARIES = (PASSWORD, SECRET, REFRESH_TOKEN, KEY)


@pytest.fixture
def everything(sqlite_database, monkeypatch, caplog):
    """Types commands and keeps all that could be seen; then takes the database along."""
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", sqlite_database)
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    seen = []

    def run(*words, stdin=None):
        result = CliRunner().invoke(program, [str(word) for word in words], input=stdin)
        seen.append(result.output)
        if result.exc_info:
            seen.append("".join(traceback.format_exception(*result.exc_info)))
        return result.exit_code

    def all_of_it():
        with closing(sqlite3.connect(sqlite_database.removeprefix("sqlite:///"))) as database:
            dump = "\n".join(database.iterdump())
        return "\n".join([*seen, caplog.text, dump])

    run.all_of_it = all_of_it
    return run


def test_no_secret_is_seen_whatever_goes_wrong(everything, mail_server, certificates):
    server = mail_server()
    server.mailboxes = {}
    with token_endpoint(certificates.server) as entra:
        place = (f"port={server.port}", "secure=yes", f"ca_file={certificates.ca_file}")
        account = ("server=localhost", *place, f"user_name={PERSON}")
        app = (f"tenant_id={TENANT}", f"client_id={CLIENT}", f"authority={entra.authority}")
        codes = [
            # a password that is refused
            everything("mail", "setup", *account, "authentication=basic", f"password={PASSWORD}"),
            everything("mail", "show", "--json"),
            everything("mail", "test", "ann@contoso.com", "--json"),
            everything("mail", "setup", "authentication=basic", f"password={PASSWORD}\n"),
            # an app whose token is refused, then one whose secret Entra repeats
            everything("mail", "setup", "authentication=oauth2", *app, f"client_secret={SECRET}"),
            everything("mail", "test", "ann@contoso.com"),
            everything("run", "delivery", "--json"),
            everything("mail", "setup", "client_secret=canary-wrong-secret"),
            everything("mail", "test", "ann@contoso.com", "--json"),
            everything("mail", "setup", f"oauth_secret={SECRET}"),
            # a person whose token is refused
            everything("mail", "setup", "oauth_flow=device_code"),
            everything("mail", "sign-in", "--json"),
            everything("mail", "test", "ann@contoso.com"),
            everything("mail", "rotate-key", "--json"),
            everything("mail", "show"),
        ]

    assert codes == [0, 0, 3, 2, 0, 3, 0, 0, 3, 2, 0, 0, 3, 0, 0]
    assert len(server.sign_ins) == 1 + 2 + 2
    seen = everything.all_of_it()
    assert all(word in seen for word in ("***", "AADSTS7000215", "New-ServicePrincipal", TENANT))
    for canary in (*CANARIES, "canary", *entra.tokens):
        assert canary not in seen
