"""Putting it together: which database, which clock, whose mail server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Engine

from app.people import People
from app.secret_keys import secret_keys
from app.settings import Settings, read_settings
from db import schema
from db.api_keys import SqlApiKeys
from db.background_runs import SqlBackgroundRuns
from db.engine import open_database
from db.guards import SqlGuard
from db.mail_setups import SqlMailSetups
from db.mail_tests import SqlMailTests
from db.mailboxes import SqlMailboxes
from db.outbox import SqlOutbox
from db.queries import SqlQueries
from db.received_mails import SqlReceivedMails
from db.token_caches import SqlTokenCache
from db.unit_of_work import SqlUnitOfWork
from db.user_accounts import SqlUserAccounts
from db.webhook_endpoints import SqlWebhookEndpoints
from db.webhook_outbox import SqlWebhookOutbox
from db.wordings import SqlWordings
from db.workers import SqlWorkers
from notifications.mail_setup import Authentication, MailNotSetUp, MailSetup
from notifications.oauth import Tokens, TokenSource
from notifications.oauth_app import Right
from notifications.readers import Company
from notifications.received.mailbox_setup import MailboxAuthentication, MailboxSetup
from notifications.transports import SmtpTransport
from workflow.actors import Actor
from workflow.due_dates import today_in

Say = Callable[[str], None]
ONLY_THE_OWNER: Final = 0o700


class SchemaOutdated(Exception):
    """The database has no tables, or those of another version."""

    def __init__(self, differences: list[str]) -> None:
        super().__init__(differences[0])
        self.next_step = "Run `countersign db upgrade`."


def now() -> datetime:
    return datetime.now(UTC)


def _quietly(_text: str) -> None:
    pass


@dataclass(frozen=True)
class Application:
    """Everything a command, the worker or the demo needs, made when first asked for."""

    settings: Settings
    clock: Callable[[], datetime] = now
    say: Say = _quietly  # hears what is done without being asked for

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back; the application may be used again."""
        if "engine" in vars(self):
            self.engine.dispose()

    @cached_property
    def engine(self) -> Engine:
        """The database, after a look at its tables.

        Raises:
            SchemaOutdated
        """
        self._make_default_database()
        differences = schema.outdated(self.settings.database_url)
        if differences:
            raise SchemaOutdated(differences)
        return open_database(self.settings.database_url)

    @cached_property
    def read(self) -> SqlQueries:
        return SqlQueries(self.engine)

    @cached_property
    def directory(self) -> People:
        return People(self.engine)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.engine, base_url=self.settings.base_url)

    @cached_property
    def webhook_outbox(self) -> SqlWebhookOutbox:
        return SqlWebhookOutbox(self.engine, self.secret_keys)

    @cached_property
    def webhook_endpoints(self) -> SqlWebhookEndpoints:
        """Their secrets are encrypted as those of the mail are."""
        return SqlWebhookEndpoints(self.engine, self.secret_keys, base_url=self.settings.base_url)

    @cached_property
    def wordings(self) -> SqlWordings:
        return SqlWordings(self.engine)

    @cached_property
    def guard(self) -> SqlGuard:
        return SqlGuard(self.engine)

    @cached_property
    def workers(self) -> SqlWorkers:
        return SqlWorkers(self.engine)

    @cached_property
    def background_runs(self) -> SqlBackgroundRuns:
        return SqlBackgroundRuns(self.engine)

    @cached_property
    def mail_setups(self) -> SqlMailSetups:
        """Its secrets are encrypted with the keys of this installation."""
        return SqlMailSetups(self.engine, self.secret_keys)

    @cached_property
    def mail_tests(self) -> SqlMailTests:
        return SqlMailTests(self.engine)

    @cached_property
    def mailboxes(self) -> SqlMailboxes:
        return SqlMailboxes(self.engine, self.secret_keys)

    @cached_property
    def received_mails(self) -> SqlReceivedMails:
        return SqlReceivedMails(self.engine)

    @cached_property
    def user_accounts(self) -> SqlUserAccounts:
        """Who may sign in at the pages."""
        return SqlUserAccounts(self.engine)

    @cached_property
    def api_keys(self) -> SqlApiKeys:
        """With which other programs use the API."""
        return SqlApiKeys(self.engine)

    @cached_property
    def tokens(self) -> Tokens:
        """Made once: what signs in with OAuth 2.0 remembers its tokens."""
        return Tokens(SqlTokenCache(self.engine, self.secret_keys))

    def mailbox_tokens(self, setup: MailboxSetup) -> TokenSource | None:
        """For a mailbox that signs in with a token: those of the mail setup's app, if it has one.

        Raises:
            SecretKeyChanged
        """
        if setup.authentication is not MailboxAuthentication.OAUTH2:
            return None
        mail = self.mail_setups.load()
        if mail is None or mail.authentication is not Authentication.OAUTH2:
            return None
        return self.tokens.of(mail, Right.READ)

    def secret_keys(self) -> tuple[str, ...]:
        """
        Raises:
            WrongSettings
        """
        return secret_keys(self.settings)

    @property
    def company(self) -> Company:
        """As the emails name it."""
        return Company(
            name=self.settings.company,
            language=self.settings.language,
            time_zone=self.settings.timezone.key,
            currency=self.settings.currency,
            pdf_fonts=self.settings.pdf_font_files,
            base_url=self.settings.base_url,
        )

    def uow(self, *, readonly: bool = False) -> SqlUnitOfWork:
        """One unit of work; it may be used for several transactions, one after the other.

        What only reads waits for no writer.
        """
        return SqlUnitOfWork(self.engine, readonly=readonly)

    def actor(self, user: str, *, background: bool = False) -> Actor:
        """That person acting now."""
        at = self.clock()
        today = today_in(self.settings.timezone, at)
        return Actor(user=user, at=at, today=today, background=background)

    def transport(self) -> SmtpTransport:
        """A connection to the mail server, opened when it is used.

        Raises:
            MailNotSetUp
        """
        setup = self.mail_setups.load()
        if setup is None or not setup.server:
            raise MailNotSetUp
        return self.transport_of(setup)

    def transport_of(self, setup: MailSetup) -> SmtpTransport:
        """The same for a setup that was loaded already; without a server it refuses when used."""
        return SmtpTransport(setup, tokens=self.tokens.of(setup))

    def _make_default_database(self) -> None:
        file = self.settings.database_file
        if file is None or file.exists() or not self.settings.default_database:
            return
        file.parent.mkdir(mode=ONLY_THE_OWNER, parents=True, exist_ok=True)
        schema.upgrade(self.settings.database_url)
        self.say(f"Made a new database: {file}")


def application(*, say: Say = _quietly) -> Application:
    """The application with the settings of the environment.

    Raises:
        WrongSettings
    """
    return Application(read_settings(), say=say)
