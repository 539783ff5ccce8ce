"""Events: everything that happened, for programs that follow it."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import Field

from web.api import paging
from web.api.calls import ReadsEvents
from web.api.documents_shown import ShownKey
from web.api.values import Anything, Shown
from workflow.dataclass_codec import to_plain
from workflow.documents import DocumentKey
from workflow.events import DocumentEvent
from workflow.readings import EventReading

router = APIRouter(tags=["Events"])


class ShownEvent(Shown):
    id: int
    seq: int | None = Field(description="Within its document; null: about the setup.")
    kind: str
    at: datetime
    actor: str
    document: ShownKey | None
    data: Anything = Field(description="Everything that was recorded, by kind.")

    @classmethod
    def of(cls, one: EventReading) -> "ShownEvent":
        return cls(
            id=one.id,
            seq=one.seq,
            kind=one.kind,
            at=one.at,
            actor=one.actor,
            document=_document(one),
            data=to_plain(one.event),
        )


class Events(paging.Page):
    items: list[ShownEvent]
    next: str = Field(description="Where to go on, now or later: it is never null.")


@router.get("/events")
def follow_events(
    call: ReadsEvents,
    request: Request,
    response: Response,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = "",
) -> Events:
    """The oldest first. Keep `next` and ask again with it: no event is missed or shown twice."""
    call.check_sees_everything()
    after = paging.after_number(cursor) or 0
    found = call.services.read.events_after(after, limit=limit + 1)
    shown, more = paging.cut(found, limit, lambda one: one.id)
    paging.link_next(request, response, more)
    following = paging.cursor_at(shown[-1].id if shown else after)
    return Events(items=[ShownEvent.of(one) for one in shown], next=following)


def _document(one: EventReading) -> ShownKey | None:
    if not isinstance(one.event, DocumentEvent):
        return None
    facts = one.event.document
    return ShownKey.of(DocumentKey(facts.area, facts.document_type, facts.number))
