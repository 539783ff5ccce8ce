"""Events as the text that is stored of them, and back: what was recorded stays readable."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from workflow import events
from workflow.dataclass_codec import from_plain, to_plain
from workflow.errors import WorkflowError
from workflow.events import Event

REMEMBERED: Final = 1024  # events: a mail's is read when it is told, when it is queued, when sent


class UnknownEventKind(WorkflowError):
    code = "UNKNOWN_EVENT_KIND"
    template = "The database holds an event {!r}, which this version does not know."
    advice = "A newer version wrote it; install that version again."


@dataclass(frozen=True, kw_only=True)
class UnreadableEvent(Event):
    """Something happened, but this version of the program cannot read what was recorded of it."""

    kind: str
    problem: str


EVENT_CLASSES: dict[str, type[Event]] = {
    name: value
    for name, value in vars(events).items()
    if isinstance(value, type) and issubclass(value, Event)
}


def kind_of(event: Event) -> str:
    return type(event).__name__


def to_payload(event: Event) -> str:
    return json.dumps(to_plain(event), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=REMEMBERED)
def from_payload(kind: str, payload: str) -> Event:
    """The event that was recorded.

    Raises:
        UnknownEventKind
    """
    event_class = EVENT_CLASSES.get(kind)
    if event_class is None:
        raise UnknownEventKind(kind)
    return from_plain(event_class, json.loads(payload))


def read_event(kind: str, payload: str, *, at: datetime, actor: str) -> Event:
    """The event that was recorded, or what is known of it: one that cannot be read hides no others.

    A version that was rolled back leaves such events behind.
    """
    try:
        return from_payload(kind, payload)
    except UnknownEventKind as error:
        problem = f"{error.message} {error.next_step}"
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        problem = f"The event {kind!r} has another form than this version knows: {error}"
    return UnreadableEvent(at=at, actor=actor, kind=kind, problem=problem)
