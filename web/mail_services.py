"""What the pages about mail need from outside; ``app`` puts it together."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from notifications.mail_setup import MailSetup
from notifications.oauth_app import App
from notifications.ports import MailSetups, MailTests, Wordings
from notifications.received.ports import Mailboxes
from notifications.transports import Transport
from web.ports import MailReadings, OutboxSteps
from web.rates import PerMinute

A_MINUTE = 10  # conversations with the mail server that somebody may start


@dataclass(frozen=True, kw_only=True)
class MailServices:
    setups: MailSetups
    tests: MailTests
    mailboxes: Mailboxes
    outbox: OutboxSteps
    read: MailReadings
    wordings: Wordings
    transport_of: Callable[[MailSetup], AbstractContextManager[Transport]]
    tokens_of: Callable[[MailSetup], App]
    conversations: PerMinute = field(default_factory=lambda: PerMinute(A_MINUTE))
