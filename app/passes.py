"""One pass of each kind of work that nobody waits for: delivering mail, reminding, handing over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Final
from uuid import uuid4

from app import guarding
from app.bootstrap import Application
from app.kept_connections import KeptConnection, KeptConnections
from app.public_holidays import public_holidays
from app.stopping import STOPPED, StoppableTransport, Stopping, ToldToStop, never
from db.alone import MAKING_MAIL, alone
from notifications.addresses import domain_of
from notifications.asked_once import AskedOnce
from notifications.attempts import Prepared
from notifications.delivery import CLAIMED_AT_ONCE, Lost, deliver_due
from notifications.delivery_errors import shown
from notifications.delivery_reports import DeliveryReport, together
from notifications.endings import Ending, asking
from notifications.mail_setup import MailSetup
from notifications.messages import OUTSIDE
from notifications.outbox import bundle_notifications, expand_events
from notifications.ports import ClaimedEmail, Notification
from notifications.timetable import Timetable
from notifications.webhook_delivery import WebhookReport, deliver_webhooks
from notifications.webhook_sending import Sender
from workflow.calendars import calendar_of
from workflow.documents import DocumentKey
from workflow.events import DocumentEmailed, DocumentEvent
from workflow.ports import UnitOfWork
from workflow.service.bouncing import record_bounce
from workflow.service.mailing import record_not_emailed
from workflow.service.running import RunReport, run_delegation, run_overdue, run_reminders

LEASE: Final = timedelta(minutes=15)  # longer than one letter can take
SCHEDULE: Final = "SCHEDULE"  # who acts when a scheduled run does
DELIVERY: Final = "DELIVERY"  # who acts when mail turns out to be undeliverable
NO_DOMAIN: Final = "countersign.invalid"  # ends Message-IDs where the mail setup has no address


@dataclass(frozen=True, kw_only=True)
class MailReport:
    """What one pass over events, notifications and emails did."""

    events: int
    emails: int
    problems: tuple[str, ...]
    delivery: DeliveryReport


def deliver(
    application: Application, stopping: Stopping = never, kept: KeptConnections | None = None
) -> MailReport:
    """Events become notifications, those become emails, and everything due is delivered.

    When *stopping* says yes, the mail in hand is the last. *kept* is used and left open.
    """
    doubt = guarding.doubt(application)  # before anything is made: what is there is in doubt
    events, emails, problems = make_emails(application, stopping)
    delivery = DeliveryReport(stopped=doubt) if doubt else _deliver(application, stopping, kept)
    return MailReport(events=events, emails=emails, problems=problems, delivery=delivery)


def make_emails(
    application: Application, stopping: Stopping = never
) -> tuple[int, int, tuple[str, ...]]:
    """Passes 1 and 2: how many events, how many emails, and what could not be told.

    By one process at a time, so that one email tells all that belongs together.
    """
    with alone(application.engine, MAKING_MAIL, stopping) as may:
        return _make_emails(application) if may else (0, 0, ())


def _make_emails(application: Application) -> tuple[int, int, tuple[str, ...]]:
    setup = application.mail_setups.load() or MailSetup()
    events, problems = _expand(application)
    emails = _bundle(application, setup)
    warned, _ = _expand(application)  # of too many emails
    emails += _bundle(application, setup) if warned else 0
    return events, emails, problems


def post_webhooks(
    application: Application, stopping: Stopping = never, *, owner: str = ""
) -> WebhookReport:
    """Events become deliveries, and everything due is posted; beside the mail, not behind it."""
    doubt = guarding.doubt(application)
    with alone(application.engine, MAKING_MAIL, stopping) as may:
        if may:
            _expand(application)
    if doubt:
        return WebhookReport(stopped=doubt)
    return deliver_webhooks(
        application.webhook_outbox,
        Sender(clock=application.clock, allowed=application.settings.allowed_webhook_targets),
        clock=application.clock,
        owner=owner or f"webhooks {uuid4().hex}",
        stopping=stopping,
    )


def remind(
    application: Application, uow: UnitOfWork | None = None, *, stopping: Stopping = never
) -> RunReport:
    """Remind the approvers who let a due date pass, and escalate what stays late.

    No mail is made meanwhile: everybody hears of all that is late in one.

    Raises:
        NoOverdueWorkflow
    """
    with alone(application.engine, MAKING_MAIL, stopping) as may:
        return _remind(application, uow) if may else RunReport(done=0)


def remind_ahead(application: Application, uow: UnitOfWork | None = None) -> RunReport:
    """Remind the approvers whose answer is due soon; no mail is made meanwhile.

    Raises:
        NoOverdueWorkflow
    """
    with alone(application.engine, MAKING_MAIL, never):
        return _remind_ahead(application, uow)


def remind_of_all(application: Application, *, stopping: Stopping = never) -> RunReport:
    """Of what is due soon and of what is late, so that one mail tells of both.

    Raises:
        NoOverdueWorkflow
    """
    with alone(application.engine, MAKING_MAIL, stopping) as may:
        if not may:
            return RunReport(done=0)
        ahead, late = _remind_ahead(application), _remind(application)
    return RunReport(
        done=ahead.done + late.done,
        escalated=late.escalated,
        events=(*ahead.events, *late.events),
        refused=(*ahead.refused, *late.refused),
    )


def _remind(application: Application, uow: UnitOfWork | None = None) -> RunReport:
    actor = application.actor(SCHEDULE, background=True)
    due = application.read.overdue(actor.today)
    return run_overdue(uow or application.uow(), due, actor, public_holidays)


def _remind_ahead(application: Application, uow: UnitOfWork | None = None) -> RunReport:
    actor = application.actor(SCHEDULE, background=True)
    due = application.read.due_soon(actor.today)
    return run_reminders(uow or application.uow(), due, actor, public_holidays)


def hand_over(application: Application, uow: UnitOfWork | None = None) -> RunReport:
    """Hand over the requests whose time is up."""
    actor = application.actor(SCHEDULE, background=True)
    due = application.read.due_for_delegation(actor.today)
    return run_delegation(uow or application.uow(), due, actor)


def timetable_of(application: Application) -> Timetable:
    """When each person is told, as it is set up now."""
    with application.uow(readonly=True) as uow:
        calendar = calendar_of(uow.company(), public_holidays)
    return Timetable(
        setup=application.directory.notification_setup(),
        directory=AskedOnce(application.directory),
        company_zone=application.settings.timezone,
        calendar=calendar,
    )


def _expand(application: Application) -> tuple[int, tuple[str, ...]]:
    """The whole inbox once, also past events that nobody knows how to tell."""
    events, after = 0, 0
    problems: list[str] = []
    while True:
        timetable = timetable_of(application)
        done = expand_events(
            application.outbox, now=application.clock(), timetable=timetable, after=after
        )
        events += done.events
        problems += done.problems
        if done.last is None:
            return events, tuple(problems)
        after = done.last


def _bundle(application: Application, setup: MailSetup) -> int:
    emails = 0
    domain = domain_of(setup.send_as) or domain_of(setup.user_name) or NO_DOMAIN
    timetable = timetable_of(application)
    while made := bundle_notifications(
        application.outbox, now=application.clock(), domain=domain, timetable=timetable
    ):
        emails += made
    return emails


def _deliver(
    application: Application, stopping: Stopping, kept: KeptConnections | None
) -> DeliveryReport:
    try:
        if kept is not None:
            return _deliver_over(application, stopping, kept)
        with closing(KeptConnections(application)) as connections:
            return _deliver_over(application, stopping, connections)
    finally:
        guarding.note(application)


def _deliver_over(
    application: Application, stopping: Stopping, kept: KeptConnections
) -> DeliveryReport:
    """The second connection only takes part where the first would have to come back for more."""
    if kept.second is None:
        return _submit(application, stopping, kept.first)
    if not application.outbox.are_due(application.clock(), more_than=CLAIMED_AT_ONCE):
        kept.second.after(DeliveryReport())
        return _submit(application, stopping, kept.first)
    return _submit_over_both(application, stopping, kept.first, kept.second)


def _submit_over_both(
    application: Application, stopping: Stopping, first: KeptConnection, second: KeptConnection
) -> DeliveryReport:
    broken_off = Event()

    def ending() -> bool:
        return broken_off.is_set() or stopping()

    with ThreadPoolExecutor(1, thread_name_prefix="mail") as beside:
        others = beside.submit(_submit, application, ending, second)
        try:
            report = _submit(application, stopping, first)
        except BaseException:  # also Ctrl-C, which is not to wait for all the mail there is
            broken_off.set()
            raise
        return together([report, others.result()])


def _submit(
    application: Application, stopping: Stopping, connection: KeptConnection
) -> DeliveryReport:
    report = _submitted(application, stopping, connection)
    connection.after(report)
    return report


def _submitted(
    application: Application, stopping: Stopping, connection: KeptConnection
) -> DeliveryReport:
    setup = application.mail_setups.load() or MailSetup()
    try:
        return deliver_due(
            application.outbox,
            StoppableTransport(connection.transport(setup), stopping),
            clock=application.clock,
            owner=connection.owner,
            lease=LEASE,
            directory=application.directory,
            setup=setup,
            company=application.company,
            wordings=application.wordings,
            answers_to=_answers_to(application),
            not_emailed=_not_emailed(application),
            lost=_lost(application),
            stays_connected=True,
        )
    except ToldToStop:
        return DeliveryReport(stopped=STOPPED)


def _answers_to(application: Application) -> str:
    """Only while somebody fetches what arrives there."""
    mailbox = application.mailboxes.load_without_password()
    return mailbox.answers_to if mailbox and mailbox.server else ""


def _not_emailed(application: Application) -> Callable[[ClaimedEmail, str], None]:
    """The requester hears that a document has not gone out, and why."""

    def record(email: ClaimedEmail, letters: str) -> None:
        event = email.notifications[0].recorded.event
        if isinstance(event, DocumentEmailed):
            actor = application.actor(DELIVERY, background=True)
            record_not_emailed(application.uow(), event, actor, letters)

    return record


def _lost(application: Application) -> Lost:
    """The requester and the administrators hear that an approver was not asked, and why."""

    def record(prepared: Prepared, ending: Ending) -> None:
        email = prepared.email
        told = asking(email) or list(email.notifications)
        written = prepared.fresh or email.written
        unwritten = email.recipient if email.message in OUTSIDE else ""
        record_bounce(
            application.uow(),
            dict.fromkeys(key for one in told for key in _about(one)),
            application.actor(DELIVERY, background=True),
            recipient=email.recipient,
            to_address=written.to_address if written else unwritten,
            message=told[0].message,
            status=ending.enhanced or "",
            diagnostic=shown(ending.text),
        )

    return record


def _about(notification: Notification) -> list[DocumentKey]:
    """None where the event cannot be read."""
    event = notification.recorded.event
    if not isinstance(event, DocumentEvent):
        return []
    about = event.document
    return [DocumentKey(about.area, about.document_type, about.number)]
