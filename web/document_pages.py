"""One document for one visitor: loaded, checked that he may see it, and made into views.

A document that is gone still tells, from its events, what it was and who decided what and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from notifications.formatting import one_line
from notifications.links import request_path
from notifications.readers import Reader
from notifications.sentences import field_caption, what_next, why_you
from notifications.views import DocumentView
from web.captions import document_status
from web.document_views import (
    PaperView,
    RemarkView,
    RequestView,
    paper_of_facts,
    paper_view,
    remark_views,
    request_views,
)
from web.histories import HistoryLine, history_lines
from web.standings import Gone, Standing
from web.visits import Visit
from web.whereabouts import Whereabouts, whereabouts
from workflow.approval_entries import ApprovalEntry, ApprovalRun
from workflow.documents import Document, DocumentKey
from workflow.errors import DocumentNotFound
from workflow.events import DocumentChanged, DocumentEvent
from workflow.facts import document_facts, entry_facts, next_approvers
from workflow.options import CompanyOptions
from workflow.readings import EntryReading, EventReading
from workflow.service.offering import Offers, offers_of
from workflow.statuses import Reason
from workflow.visibility import NotYoursToChange, NotYoursToSee, people_concerned

GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class AskView:
    """What this visitor is asked."""

    due: str
    overdue: bool
    why_you: str
    what_next: str
    too_low: str  # that his approval does not release it; empty: it does, or no limit counts
    delegates: bool


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    field: str
    before: str
    after: str
    who: str
    at: str


@dataclass(frozen=True, kw_only=True)
class InPlaceView:
    """An approver in whose place an administrator may decide."""

    user: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    key: DocumentKey
    run_no: int  # the request the page is about; 0: none
    status: str
    state: str
    requester: str
    paper: PaperView
    requests: list[RequestView]
    remarks: list[RemarkView]
    history: list[HistoryLine]
    standing: tuple[str, ...]  # how the request stands, in sentences
    decided: bool  # the visitor answered this request
    newer: str = ""  # the page of a later request
    changes: list[ChangeView] = field(default_factory=list)  # since the request was sent
    ask: AskView | None = None  # None: nothing is asked of the visitor
    cannot: str = ""  # he is asked, but may not answer any more: why
    in_place_of: list[InPlaceView] = field(default_factory=list)
    where: list[Whereabouts] = field(default_factory=list)  # who has it now
    steps: frozenset[str] = frozenset()  # what may be done
    acts: bool = False  # the visitor may do more than look

    @property
    def document(self) -> DocumentView:
        return self.paper.document

    @property
    def gone(self) -> bool:
        return self.state == GONE


@dataclass(frozen=True, kw_only=True)
class _Loaded:
    """What was read of one document."""

    entries: list[EntryReading]
    events: list[EventReading]
    document: Document | None  # None: gone
    offers: Offers
    company: CompanyOptions

    def about(self, run_no: int) -> list[DocumentEvent]:
        """The events of one request, and what became of the document."""
        events = self.of_this_document
        return [one for one in events if one.run_no == run_no or isinstance(one, Gone)]

    @property
    def of_this_document(self) -> list[DocumentEvent]:
        """Without those of an earlier document of that number, which is gone."""
        events = [one.event for one in self.events if isinstance(one.event, DocumentEvent)]
        last = events if self.document else events[:-1]
        ends = [place for place, event in enumerate(last) if isinstance(event, Gone)]
        return events[ends[-1] + 1 :] if ends else events


def check_may_act(visit: Visit, key: DocumentKey) -> None:
    """
    Raises:
        DocumentNotFound, NotYoursToSee, NotYoursToChange
    """
    if not _acts_on(visit, key, _loaded(visit, key)):
        raise NotYoursToChange(key.title)


def may_see(visit: Visit, key: DocumentKey) -> bool:
    """Whether the document is there for the visitor."""
    try:
        _acts_on(visit, key, _loaded(visit, key))
    except (DocumentNotFound, NotYoursToSee):
        return False
    return True


def document_page(visit: Visit, key: DocumentKey, run_no: int | None = None) -> DocumentPage:
    """With *run_no*, what that request asked; a later one is not meant.

    Raises:
        DocumentNotFound, NotYoursToSee
    """
    loaded = _loaded(visit, key)
    acts = _acts_on(visit, key, loaded)
    if loaded.document is None:
        return _gone_page(visit, key, loaded, run_no)
    return _live_page(visit, loaded, loaded.document, run_no or loaded.document.run_no, acts)


def _loaded(visit: Visit, key: DocumentKey) -> _Loaded:
    read = visit.services.read
    with visit.services.reading() as uow:
        document = uow.documents.find(key)
        offers = offers_of(uow, document, visit.actor) if document else Offers()
        company = uow.company()
    events = read.events_of(key)
    if document is None and not any(isinstance(one.event, DocumentEvent) for one in events):
        raise DocumentNotFound(key)
    entries = read.entries_of(key)
    return _Loaded(
        entries=entries, events=events, document=document, offers=offers, company=company
    )


def _acts_on(visit: Visit, key: DocumentKey, loaded: _Loaded) -> bool:
    """No for who may only look.

    Raises:
        NotYoursToSee
    """
    concerned = people_concerned(loaded.of_this_document, loaded.entries)
    requester = loaded.document.requester if loaded.document else ""
    acts = visit.user in concerned or visit.user == requester or visit.person.administrator
    if not acts and not visit.sees_everything:
        raise NotYoursToSee(key.title)
    return acts


def _live_page(
    visit: Visit, loaded: _Loaded, document: Document, run_no: int, acts: bool
) -> DocumentPage:
    reader, offers = visit.reader, loaded.offers
    standing = Standing(loaded.about(run_no), visit.user, reader)
    run = document.pending_run
    asked = run if run and run.run_no == run_no else None  # the request of this page is pending
    refusal = offers.refusal if asked else None
    return DocumentPage(
        key=document.key,
        run_no=run_no,
        status=document_status(document.status, reader),
        state=document.status,
        requester=reader.name_of(document.run.requester if document.run else document.requester),
        paper=paper_view(document, reader),
        requests=request_views(loaded.entries, reader),
        remarks=remark_views(visit.services.read.comments_of(document.key), reader),
        history=history_lines(loaded.events, reader),
        standing=standing.sentences(document, run_no) if run_no else (),
        decided=standing.decided,
        newer=request_path(document.key, document.run_no) if run_no < document.run_no else "",
        changes=_change_views(loaded.about(run_no), reader) if asked else [],
        ask=_ask_view(visit, document, asked, offers) if asked and offers.own else None,
        cannot=refusal.message if refusal else "",
        in_place_of=_in_place_views(visit, offers.in_place_of if asked else ()),
        where=whereabouts(run, loaded.events, loaded.company, visit) if run else [],
        steps=frozenset(map(str, offers.steps)) if acts else frozenset(),
        acts=acts,
    )


def _gone_page(visit: Visit, key: DocumentKey, loaded: _Loaded, run_no: int | None) -> DocumentPage:
    reader = visit.reader
    events = loaded.of_this_document
    last = events[-1]
    run_no = run_no or last.run_no
    standing = Standing(loaded.about(run_no), visit.user, reader)
    return DocumentPage(
        key=key,
        run_no=run_no,
        status=reader.gettext("Gone"),
        state=GONE,
        requester=reader.name_of(_requester_of(events)),
        paper=paper_of_facts(last.document, reader),
        requests=[],
        remarks=[],
        history=history_lines(loaded.events, reader),
        standing=standing.sentences(None, run_no),
        decided=standing.decided,
    )


def _requester_of(events: Sequence[DocumentEvent]) -> str:
    return next((event.requester for event in reversed(events) if event.requester), "")


def _change_views(events: Sequence[DocumentEvent], reader: Reader) -> list[ChangeView]:
    """What differs from what the emails said."""
    changed = (event for event in events if isinstance(event, DocumentChanged))
    return [
        ChangeView(
            field=one_line(field_caption(change.field, reader)),
            before=one_line(change.before),
            after=one_line(change.after),
            who=reader.name_of(event.actor),
            at=reader.formats.moment(event.at),
        )
        for event in changed
        for change in event.changes
    ]


def _in_place_views(visit: Visit, approvers: Sequence[str]) -> list[InPlaceView]:
    return [InPlaceView(user=user, name=visit.reader.name_of(user)) for user in approvers]


def _ask_view(visit: Visit, document: Document, run: ApprovalRun, offers: Offers) -> AskView | None:
    entry: ApprovalEntry | None = offers.own
    if entry is None:
        return None
    reader = visit.reader
    facts = entry_facts(run, entry)
    following = next_approvers(run, entry)
    return AskView(
        due=reader.formats.day(entry.due_date),
        overdue=entry.due_date < visit.actor.today,
        why_you=why_you(document_facts(document), facts, run.requester, reader),
        what_next=what_next(following, reader),
        too_low=_too_low(entry, following, reader),
        delegates=offers.delegates,
    )


def _too_low(entry: ApprovalEntry, following: Sequence[str], reader: Reader) -> str:
    """Said before he decides; the answer of the others counts too."""
    if entry.reason is not Reason.CHAIN or entry.limit is None or not following:
        return ""
    sentence = reader.gettext(
        "Your approval alone does not release it: it counts up to {limit}, and {names} decides"
        " after you."
    )
    names = reader.formats.names([reader.name_of(user) for user in following])
    return sentence.format(limit=reader.formats.money(entry.limit), names=names)
