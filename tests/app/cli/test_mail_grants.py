"""Whose address may be used, as the mail server answered it."""

import pytest

from app.bootstrap import Application
from app.settings import read_settings
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


@pytest.mark.usefixtures("substituting")
def test_once_the_right_is_granted_the_address_is_used_at_once(done, typed, grants, server):
    refusals = iter([DENIED])
    server.at["answer"] = lambda: next(refusals, None)
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")
    done("mail", "grants", "--granted", "Ann@Example.com")
    again = typed("mail", "grants", "--granted", "ann@example.com")

    assert (grants()["ANN"]["from"], grants()["ANN"]["rule"]) == ("ann@example.com", "requester")
    assert again.exit_code == 1
    assert "ann@example.com does not rest" in again.err


@pytest.mark.usefixtures("substituting")
def test_the_record_says_who_said_that_the_right_was_granted_and_for_which_address(
    done, typed, grants, server
):
    refusals = iter([DENIED])
    server.at["answer"] = lambda: next(refusals, None)
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")
    typed("mail", "grants", "--granted", "ann@example.com", "--as", "bob")
    still = grants()["ANN"]["from"]
    done("mail", "grants", "--granted", "Ann@Example.com", "--as", "cid")
    typed("mail", "grants", "--granted", "ann@example.com", "--as", "cid")

    with Application(read_settings()) as app:
        found = app.read.setup_log(limit=20)
    said = [one for one in found if one.kind == "MailGrantConfirmed"]
    assert still == "erp@example.com"
    assert [(one.actor, one.event.subject) for one in said] == [("CID", "Ann@example.com")]


@pytest.mark.usefixtures("substituting")
def test_on_a_narrow_screen_no_address_is_cut_and_the_missing_grant_is_told(
    done, typed, server, monkeypatch
):
    refusals = iter([f"{DENIED} secret secret secret"])
    server.at["answer"] = lambda: next(refusals, None)
    done("users", "set", "cid", "email=cid.with.a.very.long.name.indeed@subsidiary.example.com")
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")

    out = done("mail", "grants").out
    monkeypatch.setenv("COUNTERSIGN_LANGUAGE", "nl")

    assert "BOB  bob@example.com (the requester's own E-Mail). Not tried yet." in out
    assert "ANN  erp@example.com (User Name). The mail server refused ann@example.com on" in out
    assert "-Identity 'ann@example.com' -Trustee 'erp@example.com' -AccessRights SendAs" in out
    assert "cid.with.a.very.long.name.indeed@subsidiary.example.com is not in an allowed" in out
    assert "BOB  bob@example.com (het eigen e-mailadres van de aanvrager)" in (
        done("mail", "grants").out
    )


@pytest.mark.usefixtures("substituting")
def test_for_one_person_the_server_s_verdict_and_the_grant_are_shown(done, typed, server):
    before = done("mail", "show", "ann").out
    refusals = iter([DENIED])
    server.at["answer"] = lambda: next(refusals, None)
    done("send", "PO-1", "--as", "ann")
    typed("run", "delivery")
    after = done("mail", "show", "ann").out

    assert "From Ann Ash <ann@example.com>" in before
    assert "Not tried yet: no letter has gone out from ann@example.com" in before
    assert "From erp@example.com" in after
    assert "The mail server refused erp@example.com as sender for ann@example.com" in after
    assert "-AccessRights SendAs" in after


@pytest.mark.usefixtures("substituting")
def test_the_setup_shows_oauth_only_to_whoever_signs_in_with_it(done):
    assert "Tenant id" not in done("mail", "show").out
    done("mail", "setup", "authentication=oauth2")
    assert "Tenant id" in done("mail", "show").out
    assert "tenant_id" in done("mail", "show", "--json").json
