"""What a run would do at a moment: everything is worked out, and nothing of it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from app.bootstrap import Application
from app.passes import hand_over, remind, remind_ahead, timetable_of
from db.unit_of_work import SqlUnitOfWork
from notifications.messages import Message, UnknownEvent, messages_for
from notifications.outbox import emails_of, message_of
from notifications.ports import EmailState, Notification, RecordedEvent
from notifications.preparing import still_of_use
from notifications.timetable import Timetable
from workflow.events import DocumentEvent, Event
from workflow.service.running import RunReport

ALL: Final = 100_000  # more than anybody reads
WAITING: Final = (EmailState.QUEUED, EmailState.UNCERTAIN)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One email that somebody would get."""

    who: str
    message: str
    documents: tuple[str, ...]
    when: datetime
    events: tuple[Event, ...]  # why
    email: int | None = None  # the number of one that waits already


def overdue_plan(application: Application) -> tuple[list[Planned], RunReport]:
    """
    Raises:
        NoOverdueWorkflow
    """
    report = remind(application, _rehearsing(application))
    return _told(report.events, timetable_of(application)), report


def reminder_plan(application: Application) -> tuple[list[Planned], RunReport]:
    """
    Raises:
        NoOverdueWorkflow
    """
    report = remind_ahead(application, _rehearsing(application))
    return _told(report.events, timetable_of(application)), report


def delegation_plan(application: Application) -> tuple[list[Planned], RunReport]:
    report = hand_over(application, _rehearsing(application))
    return _told(report.events, timetable_of(application)), report


def delivery_plan(application: Application) -> list[Planned]:
    """What waits for that moment, as the emails it would be; what was answered is left out."""
    now = application.clock()
    due = [*application.outbox.due_notifications(now, ALL), *_unexpanded(application, now)]
    groups = [still_of_use(application.outbox, tuple(group)) for group in emails_of(due)]
    waiting = [
        Planned(
            who=email.recipient,
            message=email.message,
            documents=(),
            when=email.next_attempt_at,
            events=(),
            email=email.id,
        )
        for state in WAITING
        for email in application.read.outbox_list(state=state)
        if email.next_attempt_at is not None and email.next_attempt_at <= now
    ]
    return [*waiting, *(_together(group, now) for group in groups if group)]


def _rehearsing(application: Application) -> SqlUnitOfWork:
    return SqlUnitOfWork(application.engine, rehearsing=True)


def _told(events: Iterable[DocumentEvent], timetable: Timetable) -> list[Planned]:
    return [
        Planned(
            who=message.recipient,
            message=message.message,
            documents=(_document(event),),
            when=timetable.due(message, event.at).at,
            events=(event,),
        )
        for event in events
        for message in messages_for(event)
        if timetable.wants_email(message)
    ]


def _unexpanded(application: Application, now: datetime) -> list[Notification]:
    """What the events in the inbox would become, without the numbers they would get."""
    timetable, numbers = timetable_of(application), count(-1, -1)
    return [
        Notification(
            id=next(numbers),
            recipient=message.recipient,
            message=message.message,
            requester=message.requester,
            recorded=recorded,
            collected=due.collected,
        )
        for recorded in application.outbox.unexpanded(ALL)
        for message in _messages(recorded)
        if timetable.wants_email(message)
        and (due := timetable.due(message, min(recorded.event.at, now))).at <= now
    ]


def _messages(recorded: RecordedEvent) -> list[Message]:
    try:
        return messages_for(recorded.event)
    except UnknownEvent:
        return []


def _together(group: tuple[Notification, ...], now: datetime) -> Planned:
    events = tuple(one.recorded.event for one in group)
    documents = [_document(event) for event in events if isinstance(event, DocumentEvent)]
    return Planned(
        who=group[0].recipient,
        message=message_of(list(group)),
        documents=tuple(dict.fromkeys(documents)),
        when=now,
        events=events,
    )


def _document(event: DocumentEvent) -> str:
    document = event.document
    return f"{document.area}/{document.document_type}/{document.number}"
