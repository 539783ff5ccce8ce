"""The mail server is asked to report failure, where it offers that."""

# ruff: noqa: ARG002, N802 - the names and arguments are those of aiosmtpd

import re

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from notifications.mail_setup import MailSetup
from notifications.report_requests import as_xtext, for_letter
from notifications.transports import SmtpTransport

REPORTS = re.compile(r" (RET|ENVID|NOTIFY)=\S+")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("event.12.abc@contoso.com", "event.12.abc@contoso.com"),
        ("a=b+c d", "a+3Db+2Bc+20d"),
        ("é\r\n", "+C3+A9+0D+0A"),
    ],
)
def test_values_are_written_so_that_they_cannot_become_commands(text, written):
    assert as_xtext(text) == written


def test_the_headers_come_back_and_our_name_for_the_letter():
    assert for_letter("<event.12.abc@contoso.com>") == [
        "RET=HDRS",
        "ENVID=event.12.abc@contoso.com",
    ]


def test_a_name_that_is_too_long_is_left_out():
    assert for_letter(f"<{'x' * 101}@contoso.com>") == ["RET=HDRS"]


class OffersReports(SMTP):
    """Notes the commands, and takes the parameters that aiosmtpd itself does not know."""

    async def smtp_MAIL(self, arg):
        self.event_handler.commands.append(f"MAIL {arg}")
        await super().smtp_MAIL(REPORTS.sub("", arg))

    async def smtp_RCPT(self, arg):
        self.event_handler.commands.append(f"RCPT {arg}")
        await super().smtp_RCPT(REPORTS.sub("", arg))


class Handler:
    def __init__(self, *, offers: bool) -> None:
        self.offers = offers
        self.commands: list[str] = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], *(["250-DSN"] if self.offers else []), responses[-1]]

    async def handle_DATA(self, server, session, envelope):
        return "250 2.0.0 queued"


class Server(Controller):
    def factory(self):
        return OffersReports(self.handler)


def told(*, offers, unused_port, letter) -> list[str]:
    """The commands of one conversation."""
    handler = Handler(offers=offers)
    server = Server(handler, hostname="127.0.0.1", port=unused_port)
    server.start()
    try:
        with SmtpTransport(MailSetup(server="127.0.0.1", port=unused_port), timeout=5) as mail:
            mail.submit(letter)
    finally:
        server.stop()
    return handler.commands


def test_a_server_that_offers_reports_is_asked_for_them(unused_port, write):
    mail, rcpt = told(offers=True, unused_port=unused_port, letter=write())

    assert mail.endswith(" RET=HDRS ENVID=1001.bob@contoso.com")
    assert rcpt == "RCPT TO:<bob@contoso.com> NOTIFY=FAILURE,DELAY"


def test_a_server_that_does_not_is_not_asked(unused_port, write):
    mail, rcpt = told(offers=False, unused_port=unused_port, letter=write())

    assert "RET=" not in mail
    assert rcpt == "RCPT TO:<bob@contoso.com>"
