"""The three passes from a recorded event to a delivered email.

1. ``expand_events``: an event becomes one notification for each person who is to be told.
2. ``bundle_notifications``: due notifications become emails, one each; reminders to one person
   become one email together, and so does what his schedule collected.
3. ``deliver_due``: a due email is claimed, written once, handed to the mail server and marked.

Each pass does one batch or what is due, and may be run again at any time by anybody: nothing is
told twice, because notifications, emails and claims are unique in the database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from notifications.delivery import deliver_due
from notifications.delivery_reports import DeliveryReport
from notifications.message_ids import message_id
from notifications.messages import DIGEST, MERGED, Message, UnknownEvent, messages_for
from notifications.ports import NewEmail, NewNotification, Notification, Outbox, RecordedEvent
from notifications.timetable import Due, Timetable
from workflow.event_codec import UnreadableEvent
from workflow.events import DocumentEvent

__all__ = ["DeliveryReport", "bundle_notifications", "deliver_due", "expand_events", "message_id"]

BATCH: Final = 500  # due notifications that are looked at together
AT_ONCE: Final = 100  # in one transaction, for which other writers wait
DUE: Final = "approval_due_soon"
INSTANTLY: Final = Timetable()


@dataclass(frozen=True, kw_only=True)
class Expanded:
    """What pass 1 did."""

    events: int
    notifications: int
    problems: tuple[str, ...] = ()  # events that stay in the inbox: nobody knows who is told
    last: int | None = None  # the number of the last one looked at; None: there was none


def expand_events(
    outbox: Outbox,
    *,
    now: datetime,
    timetable: Timetable = INSTANTLY,
    limit: int = AT_ONCE,
    after: int = 0,
) -> Expanded:
    """Pass 1. What an event tells is due as if it had been looked at when it happened.

    *timetable* says who wants notes instead of emails, and when each email is due. Events up to
    *after* are passed over: those that nobody can tell stay in the inbox, and must not keep the
    others from being looked at.
    """
    told: dict[int, list[NewNotification]] = {}
    problems, last = [], None
    for recorded in outbox.unexpanded(limit, after):
        last = recorded.id
        try:
            told[recorded.id] = _notifications(recorded, timetable, now)
        except UnknownEvent as error:
            problems.append(f"event {recorded.id}: {_problem(recorded, error)}")
    if told:
        outbox.expand(told)
    made = sum(map(len, told.values()))
    return Expanded(events=len(told), notifications=made, problems=tuple(problems), last=last)


def _problem(recorded: RecordedEvent, error: UnknownEvent) -> str:
    event = recorded.event
    return event.problem if isinstance(event, UnreadableEvent) else str(error)


def _notifications(
    recorded: RecordedEvent, timetable: Timetable, now: datetime
) -> list[NewNotification]:
    at = min(recorded.event.at, now)  # an event from a clock that runs ahead is due too
    return [
        _new(message, timetable.due(message, at))
        for message in messages_for(recorded.event)
        if timetable.wants_email(message)
    ]


def _new(message: Message, due: Due) -> NewNotification:
    return NewNotification(
        recipient=message.recipient,
        message=message.message,
        requester=message.requester,
        due_at=due.at,
        collected=due.collected,
    )


def bundle_notifications(
    outbox: Outbox,
    *,
    now: datetime,
    domain: str,
    limit: int = BATCH,
    timetable: Timetable = INSTANTLY,
) -> int:
    """Pass 2. Returns how many emails were made. *domain* ends every Message-ID.

    Whoever was reminded today hears of further reminders on his next working day.
    """
    emails = []
    for of_one_person in _by_person(outbox, now, limit):
        for group in _groups(of_one_person):
            if _was_reminded_today(outbox, group, now, timetable):
                until = timetable.next_day(group[0].recipient, now)
                outbox.postpone([one.id for one in group], until)
            else:
                emails.append(_email(group, domain))
    return sum(
        outbox.bundle(emails[start : start + AT_ONCE], now)
        for start in range(0, len(emails), AT_ONCE)
    )


def _was_reminded_today(
    outbox: Outbox, group: list[Notification], now: datetime, timetable: Timetable
) -> bool:
    if message_of(group) not in MERGED:
        return False
    today = timetable.day_began(now)
    recipient = group[0].recipient
    return any(recipient in outbox.mailed_between(message, today, now) for message in MERGED)


def _by_person(outbox: Outbox, now: datetime, limit: int) -> list[list[Notification]]:
    """What is due to each person, all of it: the last one may have more than found room."""
    while True:
        due = outbox.due_notifications(now, limit)
        people = [list(group) for _, group in groupby(due, key=lambda one: one.recipient)]
        if len(due) < limit:
            return people
        if len(people) > 1:
            return people[:-1]
        limit *= 2


def emails_of(due: Iterable[Notification]) -> list[list[Notification]]:
    """What is due, as it would be told: each group in one email."""
    ordered = sorted(due, key=lambda one: one.recipient)
    people = groupby(ordered, key=lambda one: one.recipient)
    return [group for _, of_one in people for group in _groups(list(of_one))]


def _groups(due: list[Notification]) -> Iterator[list[Notification]]:
    """What one person's schedule collected together, his reminders together, the rest alone."""
    collected = [one for one in due if _can_be_listed(one)]
    alone = due
    if len(collected) > 1:
        yield collected
        alone = [one for one in due if one not in collected]
    if reminders := [one for one in alone if one.message in MERGED]:
        yield reminders
    yield from ([one] for one in alone if one.message not in MERGED)


def _can_be_listed(notification: Notification) -> bool:
    """What nobody can read must not keep the rest of a list from being written."""
    event = notification.recorded.event
    return notification.collected and isinstance(event, DocumentEvent)


def _email(notifications: list[Notification], domain: str) -> NewEmail:
    first = notifications[0]
    requesters = {notification.requester for notification in notifications}
    # Nobody may be quoted for what somebody else asked.
    in_name_of_one = len(requesters) == 1 and message_of(notifications) != DIGEST
    return NewEmail(
        message_id=message_id(notifications, domain),
        recipient=first.recipient,
        message=message_of(notifications),
        requester=first.requester if in_name_of_one else "",
        notifications=tuple(notification.id for notification in notifications),
    )


def message_of(notifications: list[Notification]) -> str:
    """Which letter tells of them together; that of what is due soon also of what is late."""
    first = notifications[0]
    if first.collected and len(notifications) > 1:
        return DIGEST
    messages = {notification.message for notification in notifications}
    return first.message if len(messages) == 1 else DUE
