"""The mail of the demo as it comes in, each with the rule that chose its sender."""

from collections.abc import Iterator

from app.bootstrap import Application
from app.catcher import Catcher, CaughtMail
from notifications.senders import SenderRule


class Post:
    """Remembers what was looked at already."""

    def __init__(self, application: Application, catcher: Catcher) -> None:
        self._application = application
        self._catcher = catcher
        self._seen = 0

    def new(self) -> Iterator[tuple[CaughtMail, SenderRule | None]]:
        """Mails that arrived since the last time; the rule is the one stored with the email."""
        mails = self._catcher.mails()
        for mail in mails[self._seen :]:
            self._seen += 1
            yield mail, self._rule_of(mail)

    def _rule_of(self, mail: CaughtMail) -> SenderRule | None:
        """None for a mail that is not from the outbox: the test of the mail setup."""
        message_id = str(mail.message["Message-ID"])
        emails = self._application.read.outbox_list()
        rules = (SenderRule(email.rule) for email in emails if email.message_id == message_id)
        return next(rules, None)
