"""Reports of failed delivery as mail servers of several makes send them."""

from pathlib import Path

import pytest

from notifications.received.bounces import Action, bounce_in
from notifications.received.mails import read_mail

SAMPLES = Path(__file__).parent / "bounces"
OURS = "<event.12.0123456789abcdef0123@contoso.com>"

REPORTS = [
    ("postfix_failed", Action.FAILED, "5.1.1", "bob@contoso.com", "Recipient address rejected"),
    ("postfix_delayed", Action.DELAYED, "4.4.1", "bob@contoso.com", "Connection timed out"),
    ("exchange_failed", Action.FAILED, "5.1.10", "bob@contoso.com", "RESOLVER.ADR"),
    ("gmail_failed", Action.FAILED, "5.2.2", "bob@contoso.com", "out of storage space"),
    ("smtputf8_failed", Action.FAILED, "5.6.7", "bób@contoso.com", "Address not carried"),
    ("exchange_words_only", Action.FAILED, "5.7.129", "", "RestrictedToRecipients"),
    ("exim_words_only", Action.FAILED, "5.1.1", "bob@contoso.com", "No such user here"),
    ("qmail_expired", Action.FAILED, "4.4.1", "", "given up"),
    ("delivered", Action.DELIVERED, "2.0.0", "bob@contoso.com", ""),
    ("several_recipients", Action.FAILED, "5.7.1", "bob@contoso.com", "Message refused"),
]


def bounce(name):
    return bounce_in(read_mail((SAMPLES / f"{name}.eml").read_bytes()))


@pytest.mark.parametrize(("name", "action", "status", "recipient", "words"), REPORTS)
def test_a_report_says_what_became_of_which_mail(name, action, status, recipient, words):
    found = bounce(name)

    assert found.originals[0] == OURS
    assert (found.action, found.status) == (action, status)
    assert found.recipient == recipient
    assert words in found.diagnostic


def test_every_sample_is_tried():
    assert {path.stem for path in SAMPLES.iterdir()} == {"hostile", *(name for name, *_ in REPORTS)}


def test_a_folded_diagnosis_becomes_one_line():
    assert "\n" not in bounce("postfix_failed").diagnostic
    assert bounce("postfix_failed").diagnostic.startswith("550 5.1.1 <bob@contoso.com>:")


def test_a_hostile_report_steers_no_terminal_and_says_no_more_than_it_knows():
    found = bounce("hostile")

    assert (found.action, found.status) == (Action.FAILED, "5.0.0")
    assert found.originals[-1] == OURS
    assert found.diagnostic.isprintable()
    assert "\\x1b[31mred" in found.diagnostic


def test_a_long_diagnosis_is_cut():
    raw = (SAMPLES / "postfix_failed.eml").read_bytes()

    found = bounce_in(read_mail(raw.replace(b"User unknown", b"User unknown" * 5_000)))

    assert len(found.diagnostic) == 500


@pytest.mark.parametrize(
    "raw",
    [
        b"From: bob@contoso.com\nSubject: Undeliverable? I think so\n\nSee 5.1.1\n",
        b"From: bob@contoso.com\nSubject: Re: Approve\n\nakkoord\n",
        b"From: mailer-daemon@x.nl\nSubject: Weekly report\n\n5.1.1\n",
        (Path(__file__).parent / "read_receipt.eml").read_bytes(),
    ],
    ids=["a person's subject", "an answer", "another report", "a read receipt"],
)
def test_other_mail_is_no_report(raw):
    assert bounce_in(read_mail(raw)) is None


def test_a_report_that_a_person_forwards_marks_nothing():
    inner = (SAMPLES / "postfix_failed.eml").read_bytes()
    raw = b"From: bob@contoso.com\nSubject: Fwd\nContent-Type: message/rfc822\n\n" + inner

    assert bounce_in(read_mail(raw)) is None
