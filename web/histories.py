"""The history of a document on its page: one line for each event, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from notifications.formatting import one_line, paragraphs
from notifications.histories import in_words
from notifications.readers import Reader
from notifications.sentences import field_caption
from workflow.events import DocumentEvent
from workflow.readings import EventReading


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    at: str
    who: str
    via: str  # the API key of a program that did it for him; empty: he did it himself
    what: str
    kind: str  # the event's name, for the style


@dataclass(frozen=True)
class ReadersHand:
    """Names, days and fields as the reader knows them."""

    reader: Reader

    def gettext(self, text: str) -> str:
        return self.reader.gettext(text)

    def person(self, user_id: str) -> str:
        return self.reader.name_of(user_id)

    def day(self, day: date) -> str:
        return self.reader.formats.short_day(day)

    def field(self, name: str) -> str:
        return one_line(field_caption(name, self.reader))


def history_lines(events: Iterable[EventReading], reader: Reader) -> list[HistoryLine]:
    hand = ReadersHand(reader)
    return [
        HistoryLine(
            at=reader.formats.moment(one.at),
            who=reader.name_of(one.actor),
            via=one_line(one.event.via) if isinstance(one.event, DocumentEvent) else "",
            what=paragraphs(in_words(one.event, hand)),
            kind=one.kind,
        )
        for one in events
    ]
