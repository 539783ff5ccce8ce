"""A letter there and back, through a real mail server into a real mailbox."""

import re
import time
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from example_events import COMPANY
from mailbox_server import PASSWORD, mailbox_server
from notifications.doctor_round_trip import RoundTrip, round_trip
from notifications.doctor_rungs import Check, Grade, Rung, in_language
from notifications.doctor_words import Discretion
from notifications.mail_setup import Authentication, MailSetup
from notifications.received.mails import read_mail
from notifications.received.verdicts import verdicts_of
from notifications.senders import Requester
from notifications.setup_testing import send_test
from notifications.transports import SmtpTransport
from scripted_server import ScriptedServer

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ANN = Requester(user_id="ANN", name="Ann Lee", email="ann@contoso.com")
MX = "mx.contoso.com"
PROVED = "spf=pass smtp.mailfrom=contoso.com; dkim=pass header.d=contoso.com; dmarc=pass"
CANARY = "canary-4711"


@pytest.fixture(scope="module")
def mailboxes():
    with mailbox_server() as running:
        yield running


@pytest.fixture
def mailbox(mailboxes):
    return replace(mailboxes.new_folder(), answers_to="approvals@contoso.com")


@pytest.fixture
def server():
    with ScriptedServer(offers_sign_in=True) as running:
        yield running


@pytest.fixture
def trip(server, mailbox, mailboxes):
    """Send a letter and look how it arrives: `trip(headers="…", rewritten="…")`."""

    def made(
        *,
        headers="",
        rewritten=None,
        lost=False,
        below=(),
        requester=ANN,
        arrives_in=mailbox,
        **changes,
    ):
        setup = MailSetup(
            server="127.0.0.1", port=server.port, authentication=Authentication.BASIC,
            user_name="erp@contoso.com", password=CANARY, allow_sender_substitution=True,
        )  # fmt: skip

        def deliver():
            raw = headers.encode() + server.accepted[-1]
            if rewritten is not None:
                raw = re.sub(rb"(?m)^From: .*\r\n", b"From: " + rewritten + b"\r\n", raw, count=1)
            if not lost:
                mailboxes.put(arrives_in, raw)

        def send(address):
            with SmtpTransport(setup, timeout=5) as transport:
                return send_test(
                    transport, setup, address, company=COMPANY, now=NOW, requester=requester
                )

        server.at["accepted"] = deliver
        parts = {
            "send": send, "mailbox": mailbox, "seconds": 5.0, "trusted": MX,
            "discretion": Discretion(setup),
        }  # fmt: skip
        return round_trip(RoundTrip(**(parts | changes)), list(below))

    return made


def told(rungs):
    return " ".join(f"{rung.sentence} {rung.fix}" for rung in rungs)


def test_a_letter_that_arrives_as_it_left(trip, mailboxes, mailbox):
    results = f"Return-Path: <erp@contoso.com>\r\nAuthentication-Results: {MX}; {PROVED}\r\n"

    rungs, tested = trip(headers=results)

    assert [rung.grade for rung in rungs] == ["ok", "ok", "ok"]
    assert re.search(r"approvals@contoso.com arrived after \d+ seconds", told(rungs))
    assert "arrived with From ann@contoso.com as it left" in told(rungs)
    assert "failed delivery go to erp@contoso.com" in told(rungs)
    assert f"{MX} found spf=pass, dkim=pass, dmarc=pass." in told(rungs)
    assert (tested.verdict.accepted, tested.verdict.from_address) == (True, "ann@contoso.com")
    assert mailboxes.count(mailbox.folder, "UNSEEN") == 0


def test_a_letter_that_whoever_fetches_mail_moved_away_is_found_there(trip, mailboxes, mailbox):
    moving = mailboxes.with_move(mailbox, f"{mailbox.folder}-read")
    taken_away = replace(moving, folder=moving.move_to)

    rungs, _ = trip(mailbox=moving, lost=True, seconds=2.0)
    assert rungs[0].grade == "failed"
    rungs, _ = trip(mailbox=moving, arrives_in=taken_away)
    assert rungs[0].grade == "ok"
    assert "arrived after" in rungs[0].sentence


def test_without_a_user_the_letter_comes_from_the_account(trip):
    _, tested = trip(requester=None)

    assert tested.verdict.from_address == "erp@contoso.com"


def test_a_rewritten_from_is_a_failure(trip):
    rungs, _ = trip(rewritten=b"erp@contoso.com")

    [rung] = [rung for rung in rungs if rung.grade == "failed"]
    assert "left as ann@contoso.com and arrived as erp@contoso.com" in rung.sentence
    assert "alias" in rung.fix


def test_a_letter_sent_on_behalf_shows_that(trip):
    rungs, _ = trip(headers="Sender: ERP <erp@contoso.com>\r\n")

    assert "sent on behalf by erp@contoso.com" in told(rungs)
    assert "warning" in [rung.grade for rung in rungs]


def test_a_letter_that_does_not_come_is_waited_for_no_longer_than_asked(trip):
    began = time.monotonic()

    [rung], tested = trip(lost=True, seconds=2.0)

    assert rung.grade == "failed"
    assert "did not arrive at approvals@contoso.com in 2 seconds" in rung.sentence
    assert "junk folder" in rung.fix
    assert tested.verdict.accepted
    assert time.monotonic() - began < 10


class TestAuthenticationResults:
    def test_only_those_of_the_trusted_server_are_believed(self, trip):
        rungs, _ = trip(headers=f"Authentication-Results: evil.example; {PROVED}\r\n")

        assert rungs[-1].grade == "skipped"
        assert "dmarc=pass" not in told(rungs)

    def test_only_the_topmost_is_looked_at(self, trip):
        forged = f"Authentication-Results: {MX}; {PROVED}\r\n"
        rungs, _ = trip(headers=f"Authentication-Results: {MX}; spf=fail; dmarc=fail\r\n{forged}")

        assert rungs[-1].grade == "warning"
        assert "spf=fail, dmarc=fail" in rungs[-1].sentence

    def test_whoever_trusts_nobody_yet_is_told_whom_he_could(self, trip):
        rungs, _ = trip(headers=f"Authentication-Results: {MX}; {PROVED}\r\n", trusted="")

        assert rungs[-1].fix.endswith(f"--authserv {MX}")

    @pytest.mark.parametrize(
        ("header", "results"),
        [
            ("mx.contoso.com; spf=pass (a; dkim=pass (b)) smtp.mailfrom=x", {"spf": "pass"}),
            ("mx.contoso.com; dkim=fail; dkim=pass; dkim=neutral", {"dkim": "pass"}),
            ("mx.contoso.com 1; DMARC = Pass policy.x=1", {"dmarc": "pass"}),
            ("mx.contoso.com; dmarc=evil; spf=; arc=pass; =;;", {}),
            ("mx.contoso.com; none", {}),
            ("((((; dmarc=pass", {}),
            ("", {}),
        ],
    )
    def test_they_are_read_word_by_word(self, header, results):
        raw = f"Subject: x\r\nAuthentication-Results: {header}\r\n\r\n".encode()

        assert verdicts_of(read_mail(raw)).results == results


def test_nothing_is_repeated_that_stood_in_a_header(trip):
    words = "\x1b[2J\u202eevil words"
    rungs, _ = trip(
        headers=f"Authentication-Results: {words}; {words}; spf=pass ({words})\r\n"
        f"Return-Path: <{words}>\r\nSender: {words} <{words}@contoso.com>\r\n",
        rewritten=f"{words} <ann@contoso.com>".encode(),
    )

    assert "evil" not in told(rungs)
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in told(rungs))


def test_a_refused_letter_tells_the_grant_and_no_secret(trip, server):
    server.always("answer", f"554 5.2.252 SendAsDenied; {CANARY} erp not allowed to send as ann")

    [rung], tested = trip()

    assert rung.grade == "failed"
    assert "grant Send As on the mailbox ann@contoso.com" in rung.fix
    assert CANARY not in told([rung])
    assert not tested.verdict.accepted


def test_a_mailbox_that_lets_nobody_in(trip, mailbox):
    [rung], _ = trip(mailbox=replace(mailbox, password="wrong"))  # noqa: S106

    assert rung.grade == "failed"
    assert "countersign mail inbox" in rung.fix
    assert PASSWORD not in told([rung])


def test_without_a_mailbox_or_above_a_broken_rung_nothing_is_sent(trip, server, mailbox):
    broken = Rung(check=Check.AUTH, grade=Grade.FAILED, sentence="Refused.")

    [without], _ = trip(mailbox=None)
    [above], _ = trip(below=[broken])
    [nowhere], _ = trip(mailbox=replace(mailbox, server=""))

    assert {without.grade, above.grade, nowhere.grade} == {"skipped"}
    assert "because auth failed" in above.sentence
    assert server.accepted == []


def test_in_dutch(trip):
    rungs, _ = trip(headers="Sender: erp@contoso.com\r\n", rewritten=b"erp@contoso.com")

    words = told(in_language(rungs, "nl"))

    assert "vertrok als ann@contoso.com en kwam aan als erp@contoso.com" in words
    assert "namens deze verzonden door erp@contoso.com" in words
