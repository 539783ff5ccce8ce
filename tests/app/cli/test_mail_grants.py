"""Whose address may be used, as the mail server answered it."""

import pytest

from scripted_server import ScriptedServer

DENIED = "554 5.2.252 SendAsDenied; erp@example.com not allowed to send as ann@example.com"


@pytest.fixture
def server():
    with ScriptedServer(offers_sign_in=True) as running:
        yield running


@pytest.fixture
def substituting(company, done, server):
    """Mail carries the requester's address, by a server on this machine."""
    done(
        "mail", "setup", "server=127.0.0.1", f"port={server.port}", "authentication=basic",
        "user_name=erp@example.com", "password=secret", "allow_sender_substitution=yes",
    )  # fmt: skip


@pytest.fixture
def grants(done):
    return lambda: {row["user"]: row for row in done("mail", "grants", "--json").json}


@pytest.mark.usefixtures("substituting")
def test_before_the_first_mail_nobody_knows(grants):
    ann = grants()["ANN"]

    assert (ann["from"], ann["rule"]) == ("ann@example.com", "requester")
    assert (ann["verdict"], ann["at"]) == ("not tried yet", None)


@pytest.mark.usefixtures("substituting")
def test_an_accepted_mail_shows_that_the_grant_is_there(done, grants):
    done("send", "PO-1", "--as", "ann")
    done("run", "delivery")

    assert grants()["ANN"]["verdict"] == "accepted"
    assert grants()["BOB"]["verdict"] == "not tried yet"


@pytest.mark.usefixtures("substituting")
def test_a_refused_address_rests_and_the_list_says_what_to_do(done, typed, grants, server):
    refusals = iter([DENIED])
    server.at["answer"] = lambda: next(refusals, None)
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")

    ann = grants()["ANN"]
    assert (ann["judged"], ann["verdict"]) == ("ann@example.com", "refused")
    assert "SendAsDenied" in ann["said"]
    assert (ann["from"], ann["rule"]) == ("erp@example.com", "user_name")
    assert "grants Send As" in done("mail", "grants").err
