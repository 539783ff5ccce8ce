"""The demo's mail server keeps what it is sent."""

import smtplib
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from app.catcher import Catcher, caught_in

MAIL = b"From: Ann <ann@contoso.com>\r\nTo: bob@contoso.com\r\nSubject: %s\r\n\r\n.Hello\r\n"


def send(catcher: Catcher, raw: bytes, *, to: str = "bob@contoso.com", options=()) -> None:
    with smtplib.SMTP(catcher.host, catcher.port, "localhost", timeout=5) as client:
        client.sendmail("erp@contoso.com", [to], raw, mail_options=options)


def test_a_caught_mail_can_be_looked_at(tmp_path):
    with Catcher(tmp_path / "mail") as catcher:
        send(catcher, MAIL % b"Approve order 1001?")

        [mail] = catcher.mails()

    assert mail.envelope_from == "erp@contoso.com"
    assert mail.recipients == ("bob@contoso.com",)
    assert mail.message["Subject"] == "Approve order 1001?"
    assert mail.message["From"] == "Ann <ann@contoso.com>"
    assert mail.path.name == "0001-bob@contoso.com-Approve-order-1001.eml"
    assert mail.path.read_bytes() == MAIL % b"Approve order 1001?"
    assert timedelta() <= datetime.now(UTC) - mail.received_at < timedelta(minutes=1)


def test_numbering_goes_on_after_a_restart(tmp_path):
    for subject in (b"first", b"second"):
        with Catcher(tmp_path) as catcher:
            send(catcher, MAIL % subject)

    assert [mail.message["Subject"] for mail in caught_in(tmp_path)] == ["first", "second"]


def test_a_hostile_subject_does_not_choose_the_file(tmp_path):
    with Catcher(tmp_path / "mail") as catcher:
        send(catcher, MAIL % b"../../../etc/passwd")

        [mail] = catcher.mails()

    assert mail.path.parent == tmp_path / "mail"


def test_addresses_outside_ascii_are_caught(tmp_path):
    with Catcher(tmp_path) as catcher:
        raw = (MAIL % b"order").replace(b"bob@", "jörg@".encode())
        send(catcher, raw, to="jörg@contoso.com", options=["SMTPUTF8"])

        [mail] = catcher.mails()

    assert mail.recipients == ("jörg@contoso.com",)


def test_it_stops_while_somebody_is_connected(tmp_path):
    with Catcher(tmp_path) as catcher:
        client = smtplib.SMTP(catcher.host, catcher.port, "localhost", timeout=5)
        client.noop()
    client.close()

    assert catcher.mails() == []


def test_it_can_be_stopped_before_it_started_and_twice(tmp_path):
    catcher = Catcher(tmp_path)

    catcher.stop()
    catcher.stop()

    assert catcher.mails() == []


def test_only_a_known_account_with_its_password_can_send(tmp_path):
    with Catcher(tmp_path, accounts={"erp@contoso.com": "pässword"}) as catcher:
        for password, subject in (("wrong", b"1"), (None, b"2"), ("pässword", b"3")):
            with (
                smtplib.SMTP(catcher.host, catcher.port, "localhost", timeout=5) as client,
                suppress(smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused),
            ):
                client.ehlo()
                if password is not None:
                    sign_in(client, "erp@contoso.com", password)
                client.sendmail("erp@contoso.com", ["bob@contoso.com"], MAIL % subject)

        [mail] = catcher.mails()

    assert mail.message["Subject"] == "3"


def sign_in(client: smtplib.SMTP, user_name: str, password: str) -> None:
    credentials = b64encode(f"\0{user_name}\0{password}".encode()).decode()
    code, text = client.docmd("AUTH", f"PLAIN {credentials}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, text)
