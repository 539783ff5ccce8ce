"""One document for one visitor: loaded, checked that he may see it, and made into views."""

from dataclasses import dataclass

from notifications.sentences import what_next, why_you
from notifications.views import DocumentView
from web.captions import document_status
from web.document_views import (
    PaperView,
    RemarkView,
    RequestView,
    paper_view,
    remark_views,
    request_views,
)
from web.visits import Visit
from workflow.approval_entries import ApprovalEntry, ApprovalRun
from workflow.documents import Document, DocumentKey
from workflow.facts import document_facts, entry_facts, next_approvers
from workflow.visibility import NotYoursToSee, people_concerned


@dataclass(frozen=True, kw_only=True)
class AskView:
    """What this visitor is asked."""

    due: str
    overdue: bool
    why_you: str
    what_next: str


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    key: DocumentKey
    run_no: int  # the request the page is about; 0: none
    status: str
    state: str
    requester: str
    paper: PaperView
    ask: AskView | None  # None: nothing is asked of the visitor
    requests: list[RequestView]
    remarks: list[RemarkView]

    @property
    def document(self) -> DocumentView:
        return self.paper.document


def document_page(visit: Visit, key: DocumentKey, run_no: int | None = None) -> DocumentPage:
    """With *run_no*, what that request asked; a later one is not meant.

    Raises:
        DocumentNotFound, NotYoursToSee
    """
    read, reader = visit.services.read, visit.reader
    entries = read.entries_of(key)
    concerned = people_concerned([one.event for one in read.events_of(key)], entries)
    with visit.services.reading() as uow:
        document = uow.documents.get(key)
    mine = visit.user in concerned or visit.user == document.requester
    if not mine and not visit.sees_everything:
        raise NotYoursToSee(key.title)
    return DocumentPage(
        key=key,
        run_no=run_no or document.run_no,
        status=document_status(document.status, reader),
        state=document.status,
        requester=reader.name_of(document.run.requester if document.run else document.requester),
        paper=paper_view(document, reader),
        ask=_ask(visit, document, run_no or document.run_no),
        requests=request_views(entries, reader),
        remarks=remark_views(read.comments_of(key), reader),
    )


def _ask(visit: Visit, document: Document, run_no: int) -> AskView | None:
    run = document.pending_run
    if run is None or run.run_no != run_no:
        return None
    mine = [entry for entry in run.entries if entry.is_open and entry.approver == visit.user]
    return _ask_view(visit, document, run, mine[0]) if mine else None


def _ask_view(visit: Visit, document: Document, run: ApprovalRun, entry: ApprovalEntry) -> AskView:
    reader = visit.reader
    facts = entry_facts(run, entry)
    return AskView(
        due=reader.formats.day(entry.due_date),
        overdue=entry.due_date < visit.actor.today,
        why_you=why_you(document_facts(document), facts, run.requester, reader),
        what_next=what_next(next_approvers(run, entry), reader),
    )
