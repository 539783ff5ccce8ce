"""What the templates see of an event: finished texts for one reader, cleaned of everything unseen.

Text and HTML are made from the same view, so that they cannot say different things.
"""

import shlex
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, Final, TypeVar

from notifications.formatting import one_line, paragraphs
from notifications.links import link_about
from notifications.readers import Reader
from notifications.sentences import (
    field_caption,
    posted_as,
    state_after_release,
    title,
    what_happened,
    what_next,
    what_then,
    why_you,
)
from workflow.events import (
    ApprovalDueSoon,
    DelegationFailed,
    DocumentChanged,
    DocumentEvent,
    DocumentFacts,
    DocumentPosted,
    DocumentReleased,
    EntryFacts,
    FieldChange,
    LineFacts,
    Step,
)
from workflow.phrases import in_words

SUBJECT_NAME_LIMIT: Final = 60
OWN_WORDS: Final = frozenset({"comment", "text", "why"})  # fields in which line breaks stay

Facts = TypeVar("Facts")


@dataclass(frozen=True, kw_only=True)
class LineView:
    item_no: str
    description: str
    quantity: str
    unit_price: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    title: str  # "purchase order 106001"
    amount: str
    amount_including_vat: str
    amount_lcy: str  # empty: the document is in local currency
    counterparty: str
    counterparty_in_subject: str
    description: str
    external_document_no: str
    document_date: str
    lines: tuple[LineView, ...]
    line_count: int
    more_lines: int  # that are not shown


@dataclass(frozen=True, kw_only=True)
class EntryView:
    approver: str
    due: str
    short_due: str
    why_you: str
    stage: int
    stages: int


@dataclass(frozen=True, kw_only=True)
class StepView:
    at: str
    what: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class EventView:
    """One event. ``facts`` is the event itself for what only one kind of event has."""

    facts: DocumentEvent
    at: str
    actor: str
    requester: str
    document: DocumentView
    entry: EntryView | None
    from_approver: str
    what_next: str
    what_then: str  # if he does not answer
    after_release: str
    posted_as: str
    history: tuple[StepView, ...]
    changes: tuple[ChangeView, ...]
    approve_command: str
    reject_command: str
    delegate_command: str  # empty: the reader has no right to
    link: str  # the page about it; empty: there is none


def event_view(event: DocumentEvent, reader: Reader) -> EventView:
    clean = cleaned(_in_language(event, reader))
    approve, reject = _commands(clean.document, event.run_no, reader)
    entry: EntryFacts | None = getattr(event, "entry", None)  # people are looked up uncleaned
    asks = getattr(event, "next_approvers", None)
    changes = clean.changes if isinstance(clean, DocumentChanged) else ()
    status = clean.status if isinstance(clean, DocumentReleased) else None
    posted = clean.posted if isinstance(clean, DocumentPosted) else ()
    return EventView(
        facts=clean,
        at=reader.formats.moment(event.at),
        actor=reader.name_of(event.actor),
        requester=reader.name_of(event.requester),
        document=document_view(clean.document, reader),
        entry=_entry_view(event, entry, reader) if entry else None,
        from_approver=reader.name_of(getattr(event, "from_approver", "")),
        what_next="" if asks is None else what_next(asks, reader),
        what_then=what_then(event, reader) if isinstance(event, ApprovalDueSoon) else "",
        after_release=state_after_release(status, reader) if status else "",
        posted_as=posted_as(posted, reader) if posted else "",
        history=tuple(_step_view(step, reader) for step in getattr(event, "history", ())),
        changes=tuple(_change_view(change, reader) for change in changes),
        approve_command=approve,
        reject_command=reject,
        delegate_command=_delegate_command(clean.document, entry, reader) if entry else "",
        link=link_about(event, reader.base_url),
    )


def _in_language(event: DocumentEvent, reader: Reader) -> DocumentEvent:
    """The same event; what we said in it is said to the reader."""
    if not isinstance(event, DelegationFailed):
        return event
    return replace(event, why=str(in_words(event.reason, reader.gettext)))


def cleaned(facts: Facts) -> Facts:
    """The same facts; every text in them is fit to be shown and of a bearable length."""
    changes = {}
    for name in _field_names(type(facts)):  # type: ignore[arg-type]
        value = getattr(facts, name)
        clean = _cleaned_value(name, value)
        if clean is not value:
            changes[name] = clean
    return replace(facts, **changes) if changes else facts  # type: ignore[type-var]


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _cleaned_value(name: str, value: Any) -> Any:  # noqa: ANN401 - the fields of any fact
    if type(value) is str:  # not the enumerations: their values are ours
        return paragraphs(value) if name in OWN_WORDS else one_line(value)
    if isinstance(value, tuple):
        parts = tuple(_cleaned_value(name, part) for part in value)
        return value if all(map(is_, parts, value)) else parts
    if is_dataclass(value):
        return cleaned(value)
    return value


def document_view(document: DocumentFacts, reader: Reader) -> DocumentView:
    money = reader.formats.money
    currency = document.currency
    counterparty = document.counterparty_name or document.counterparty_no
    day = document.document_date
    foreign = currency and currency != reader.formats.local_currency
    return DocumentView(
        title=title(document, reader),
        amount=money(document.amount, currency),
        amount_including_vat=money(document.amount_including_vat, currency),
        amount_lcy=money(document.amount_lcy) if foreign else "",
        counterparty=counterparty,
        counterparty_in_subject=one_line(counterparty, SUBJECT_NAME_LIMIT),
        description=document.description,
        external_document_no=document.external_document_no,
        document_date=reader.formats.short_day(day) if day else "",
        lines=tuple(line_view(line, currency, reader) for line in document.lines),
        line_count=document.line_count,
        more_lines=document.line_count - len(document.lines),
    )


def line_view(line: LineFacts, currency: str, reader: Reader) -> LineView:
    return LineView(
        item_no=line.item_no,
        description=line.description or line.item_no,
        quantity=reader.formats.quantity(line.quantity),
        unit_price=reader.formats.money(line.unit_price, currency),
        amount=reader.formats.money(line.amount, currency),
    )


def _entry_view(event: DocumentEvent, entry: EntryFacts, reader: Reader) -> EntryView:
    return EntryView(
        approver=reader.name_of(entry.approver),
        due=reader.formats.day(entry.due_date),
        short_due=reader.formats.short_day(entry.due_date),
        why_you=why_you(event.document, entry, event.requester, reader),
        stage=entry.stage,
        stages=entry.stages,
    )


def _step_view(step: Step, reader: Reader) -> StepView:
    return StepView(
        at=reader.formats.moment(step.at),
        what=what_happened(step, reader),
        text=paragraphs(step.text),
    )


def _change_view(change: FieldChange, reader: Reader) -> ChangeView:
    return ChangeView(
        field=field_caption(change.field, reader), before=change.before, after=change.after
    )


def _delegate_command(document: DocumentFacts, entry: EntryFacts, reader: Reader) -> str:
    """What an administrator can type to have the request go to somebody else."""
    if not reader.user.administrator:
        return ""
    key = shlex.quote(f"{document.area}/{document.document_type}/{document.number}")
    user, approver = (shlex.quote(one_line(name)) for name in (reader.user.user_id, entry.approver))
    return f"countersign delegate {key} --as {user} --for {approver}"


def _commands(document: DocumentFacts, request: int, reader: Reader) -> tuple[str, str]:
    """What can be typed to decide on this request and no later one.

    Quoted, because a number comes from somebody's file.
    """
    key = shlex.quote(f"{document.area}/{document.document_type}/{document.number}")
    user = shlex.quote(one_line(reader.user.user_id))
    decide = f"{key} --as {user} --request {request}"
    why_not = shlex.quote(reader.gettext("why not"))
    return f"countersign approve {decide}", f"countersign reject {decide} --comment {why_not}"
