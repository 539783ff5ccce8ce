"""What the pages show of one document: its facts, its chain of approvers, and what was said."""

from dataclasses import dataclass
from itertools import groupby

from notifications.formatting import one_line, paragraphs
from notifications.readers import Reader
from notifications.views import DocumentView, LineView, cleaned, document_view, line_view
from web.captions import entry_status, why_asked
from workflow.approval_entries import ApprovalComment
from workflow.documents import Document
from workflow.events import DocumentFacts
from workflow.facts import document_copy, document_facts
from workflow.readings import EntryReading
from workflow.statuses import EntryStatus

LINES_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """A document with all its lines."""

    document: DocumentView
    lines: tuple[LineView, ...]
    more_lines: int


@dataclass(frozen=True, kw_only=True)
class ChainStepView:
    """One approver in the chain."""

    approver: str
    in_place_of: str  # empty: with his own authority
    status: str  # what it is called
    state: str  # the status itself, for the style
    due: str  # empty: nothing is awaited
    decided: str  # who really decided and when; empty: nobody did
    why: str


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """The chain of one request."""

    run_no: int
    requester: str
    sent_at: str
    steps: tuple[ChainStepView, ...]


@dataclass(frozen=True, kw_only=True)
class RemarkView:
    who: str
    at: str
    text: str


def paper_view(document: Document, reader: Reader) -> PaperView:
    lines = document_copy(document).lines
    return PaperView(
        document=document_view(cleaned(document_facts(document)), reader),
        lines=tuple(
            line_view(cleaned(line), document.currency, reader) for line in lines[:LINES_SHOWN]
        ),
        more_lines=max(len(lines) - LINES_SHOWN, 0),
    )


def paper_of_facts(facts: DocumentFacts, reader: Reader) -> PaperView:
    """As an event tells it, with its first lines."""
    document = document_view(cleaned(facts), reader)
    return PaperView(document=document, lines=document.lines, more_lines=document.more_lines)


def request_views(entries: list[EntryReading], reader: Reader) -> list[RequestView]:
    """The latest request first."""
    by_run = groupby(entries, key=lambda entry: entry.run_no)
    views = [_request_view(run_no, list(of_run), reader) for run_no, of_run in by_run]
    return views[::-1]


def remark_views(comments: list[ApprovalComment], reader: Reader) -> list[RemarkView]:
    return [
        RemarkView(
            who=reader.name_of(comment.user),
            at=reader.formats.moment(comment.at),
            text=paragraphs(comment.text),
        )
        for comment in comments
    ]


def _request_view(run_no: int, entries: list[EntryReading], reader: Reader) -> RequestView:
    first = entries[0]
    return RequestView(
        run_no=run_no,
        requester=reader.name_of(first.requester),
        sent_at=reader.formats.moment(first.sent_at),
        steps=tuple(_step_view(entry, reader) for entry in entries),
    )


def _step_view(entry: EntryReading, reader: Reader) -> ChainStepView:
    other = entry.authority_of if entry.authority_of != entry.approver else ""
    awaited = entry.status in {EntryStatus.CREATED, EntryStatus.OPEN}
    return ChainStepView(
        approver=reader.name_of(entry.approver),
        in_place_of=reader.name_of(other),
        status=entry_status(entry, reader),
        state=entry.status,
        due=reader.formats.short_day(entry.due_date) if awaited else "",
        decided=_decided(entry, reader),
        why=why_asked(entry, reader),
    )


def _decided(entry: EntryReading, reader: Reader) -> str:
    if entry.decided_by is None:
        return ""
    who = one_line(reader.name_of(entry.decided_by))
    return f"{who}, {reader.formats.moment(entry.last_modified_at)}"
