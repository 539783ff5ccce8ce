"""A digest: what one person was to hear by his schedule, as a list in one email.

Requests that wait for his answer come first, each once; then what happened. There is nothing to
decide with in it: many requests are decided one by one, each from its own page or command.
"""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from notifications.formatting import one_line
from notifications.links import DOCUMENTS, REQUESTS
from notifications.messages import ABOUT_OPEN_REQUESTS, LATE
from notifications.readers import Reader
from notifications.views import EventView, event_view
from workflow.events import DocumentEvent, EntryFacts

ROWS_SHOWN: Final = 40  # a longer mail would be cut off by the reader's mail program


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event with the message that would tell it on its own."""

    message: str
    event: DocumentEvent


@dataclass(frozen=True, kw_only=True)
class DigestRow:
    what: str  # what happened; empty for a request
    title: str
    amount: str
    counterparty: str
    requester: str
    words: str  # of the person who did it
    due: str  # empty where nothing is asked
    overdue: bool
    at: str


@dataclass(frozen=True, kw_only=True)
class DigestView:
    requests: tuple[DigestRow, ...]
    happened: tuple[DigestRow, ...]
    request_count: int  # with those that found no room
    happened_count: int
    more: int  # how many found no room
    totals: str  # of the requests, one amount for each currency
    first_due: str
    list_link: str  # the page that lists them; empty: there are no pages
    list_command: str


Headline = Callable[[str, EventView], str]  # what a message says of an event, in one sentence


def digest_view(told: Sequence[Told], reader: Reader, headline: Headline) -> DigestView:
    """The longest due first, then the larger amount; what happened in the order it did."""
    requests = sorted(_each_once(told), key=_by_urgency)
    happened = sorted(
        (one for one in told if one.message not in ABOUT_OPEN_REQUESTS),
        key=lambda one: one.event.at,
    )
    room = ROWS_SHOWN - len(requests[:ROWS_SHOWN])
    return DigestView(
        requests=tuple(_request_row(one, reader) for one in requests[:ROWS_SHOWN]),
        happened=tuple(_happened_row(one, reader, headline) for one in happened[:room]),
        request_count=len(requests),
        happened_count=len(happened),
        more=max(len(requests) + len(happened) - ROWS_SHOWN, 0),
        totals=_totals(requests, reader),
        first_due=reader.formats.short_day(_entry(requests[0]).due_date) if requests else "",
        list_link=_list_link(reader, asked=bool(requests)),
        list_command=f"countersign requests --as {shlex.quote(one_line(reader.user.user_id))}",
    )


def _list_link(reader: Reader, *, asked: bool) -> str:
    return reader.base_url and reader.base_url + (REQUESTS if asked else DOCUMENTS)


def _each_once(told: Sequence[Told]) -> list[Told]:
    """Of several notifications about one approval entry only the latest."""
    entries: dict[tuple[object, ...], Told] = {}
    for one in told:
        if one.message in ABOUT_OPEN_REQUESTS:
            document = one.event.document
            key = (document.area, document.document_type, document.number, one.event.run_no)
            entries[*key, _entry(one).sequence_no] = one
    return list(entries.values())


def _by_urgency(one: Told) -> tuple[object, ...]:
    return _entry(one).due_date, -one.event.document.amount_lcy, one.event.document.number


def _entry(one: Told) -> EntryFacts:
    entry: EntryFacts = one.event.entry  # type: ignore[attr-defined] # every request has one
    return entry


def _totals(requests: Sequence[Told], reader: Reader) -> str:
    amounts: dict[str, Decimal] = {}
    for one in requests:
        document = one.event.document
        currency = document.currency or reader.formats.local_currency
        amounts[currency] = amounts.get(currency, Decimal(0)) + document.amount
    return reader.formats.names(
        [reader.formats.money(amount, currency) for currency, amount in sorted(amounts.items())]
    )


def _request_row(one: Told, reader: Reader) -> DigestRow:
    view = event_view(one.event, reader)
    due = view.entry.short_due if view.entry else ""
    return _row(view, due=due, overdue=one.message in LATE)


def _happened_row(one: Told, reader: Reader, headline: Headline) -> DigestRow:
    view = event_view(one.event, reader)
    said = getattr(one.event, "comment", "") or getattr(one.event, "text", "")
    return _row(view, what=headline(one.message, view), words=one_line(said))


def _row(
    view: EventView, *, what: str = "", words: str = "", due: str = "", overdue: bool = False
) -> DigestRow:
    return DigestRow(
        what=what,
        words=words,
        title=view.document.title,
        amount=view.document.amount,
        counterparty=view.document.counterparty_in_subject,
        requester=view.requester,
        due=due,
        overdue=overdue,
        at=view.at,
    )
