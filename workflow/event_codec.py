"""Events as the text that is stored of them, and back: what was recorded stays readable."""

import json

from workflow import events
from workflow.dataclass_codec import from_plain, to_plain
from workflow.errors import WorkflowError
from workflow.events import Event


class UnknownEventKind(WorkflowError):
    code = "UNKNOWN_EVENT_KIND"
    template = "The database holds an event {!r}, which this version does not know."
    advice = "A newer version wrote it; install that version again."


EVENT_CLASSES: dict[str, type[Event]] = {
    name: value
    for name, value in vars(events).items()
    if isinstance(value, type) and issubclass(value, Event)
}


def kind_of(event: Event) -> str:
    return type(event).__name__


def to_payload(event: Event) -> str:
    return json.dumps(to_plain(event), ensure_ascii=False, separators=(",", ":"))


def from_payload(kind: str, payload: str) -> Event:
    """The event that was recorded.

    Raises:
        UnknownEventKind
    """
    event_class = EVENT_CLASSES.get(kind)
    if event_class is None:
        raise UnknownEventKind(kind)
    return from_plain(event_class, json.loads(payload))
