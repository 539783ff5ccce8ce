"""What happened to a document, as the command line says it: user ids, and days that sort."""

from datetime import date

from notifications.histories import in_words as told
from workflow.events import Event


class _Plainly:
    def gettext(self, text: str) -> str:
        return text

    def person(self, user_id: str) -> str:
        return user_id

    def day(self, day: date) -> str:
        return day.isoformat()

    def field(self, name: str) -> str:
        return name


def in_words(event: Event) -> str:
    """What was done; who did it and when stand beside it."""
    return told(event, _Plainly())


def via_of(event: Event) -> str:
    """Which program did it for the person, where one did."""
    via = getattr(event, "via", "")
    return f" (with the API key {via})" if via else ""
