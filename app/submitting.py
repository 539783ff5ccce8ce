"""Submitting everything that is due over a worker's connections; who hears of what was given up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Event
from typing import Final

from app import guarding
from app.bootstrap import Application
from app.kept_connections import KeptConnection, KeptConnections
from app.stopping import STOPPED, StoppableTransport, Stopping, ToldToStop
from notifications.attempts import Prepared
from notifications.delivery import CLAIMED_AT_ONCE, Lost, deliver_due
from notifications.delivery_errors import shown
from notifications.delivery_reports import DeliveryReport, together
from notifications.endings import Ending, asking
from notifications.mail_setup import MailSetup
from notifications.messages import OUTSIDE
from notifications.ports import ClaimedEmail, EmailState, Notification
from workflow.documents import DocumentKey
from workflow.events import DocumentEmailed, DocumentEvent
from workflow.service.bouncing import record_bounce
from workflow.service.mailing import record_not_emailed

LEASE: Final = timedelta(minutes=15)  # longer than one letter can take
DELIVERY: Final = "DELIVERY"  # who acts when mail turns out to be undeliverable


def submit_due(
    application: Application, stopping: Stopping, kept: KeptConnections | None
) -> DeliveryReport:
    """Until nothing is due any more. *kept* is used and left open."""
    try:
        if kept is not None:
            return _submit_over(application, stopping, kept)
        with closing(KeptConnections(application)) as connections:
            return _submit_over(application, stopping, connections)
    finally:
        guarding.note(application)


def _submit_over(
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


# --- who hears of it -----------------------------------------------------------------------


def _not_emailed(application: Application) -> Callable[[ClaimedEmail, str], None]:
    """The requester hears that a document has not gone out, and why."""

    def record(email: ClaimedEmail, letters: str) -> None:
        event = email.notifications[0].recorded.event
        if isinstance(event, DocumentEmailed):
            actor = application.actor(DELIVERY, background=True)
            record_not_emailed(application.uow(), event, actor, letters)

    return record


def _lost(application: Application) -> Lost:
    """The requester and the administrators hear that an approver may not have been asked."""

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
            uncertain=ending.state is EmailState.UNCERTAIN,
        )

    return record


def _about(notification: Notification) -> list[DocumentKey]:
    """None where the event cannot be read."""
    event = notification.recorded.event
    if not isinstance(event, DocumentEvent):
        return []
    about = event.document
    return [DocumentKey(about.area, about.document_type, about.number)]
