"""One pass of each kind of work that nobody waits for: delivering mail, reminding, handing over."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from app import guarding
from app.bootstrap import Application
from app.kept_connections import KeptConnections
from app.public_holidays import public_holidays
from app.stopping import Stopping, never
from app.submitting import submit_due
from db.alone import MAKING_MAIL, alone
from notifications.addresses import domain_of
from notifications.asked_once import AskedOnce
from notifications.delivery_reports import DeliveryReport
from notifications.mail_setup import MailSetup
from notifications.outbox import bundle_notifications, expand_events
from notifications.timetable import Timetable
from notifications.webhook_delivery import WebhookReport, deliver_webhooks
from notifications.webhook_sending import Sender
from workflow.calendars import calendar_of
from workflow.ports import UnitOfWork
from workflow.service.running import RunReport, run_delegation, run_overdue, run_reminders

SCHEDULE: Final = "SCHEDULE"  # who acts when a scheduled run does
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
    delivery = DeliveryReport(stopped=doubt) if doubt else submit_due(application, stopping, kept)
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
