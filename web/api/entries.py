"""Approval entries: what waits for the key's user, or everything he may see."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from web.api import paging
from web.api.calls import ReadsEntries
from web.api.documents import Entries
from web.api.documents_shown import ShownEntry
from workflow.statuses import EntryStatus

router = APIRouter(tags=["Entries"])


@router.get("/entries")
def list_entries(  # noqa: PLR0913 - one for each filter
    call: ReadsEntries,
    request: Request,
    response: Response,
    mine: Annotated[bool, Query(description="Only what the key's user is asked.")] = False,
    status: EntryStatus | None = None,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = "",
) -> Entries:
    """Approval entries in the order in which they were made.

    `mine=true&status=open` are the requests to approve. A person's key shows what that person
    asked for or is asked about.
    """
    user = call.actor.user
    found = call.services.read.entries_after(
        paging.after_number(cursor) or 0,
        limit=limit + 1,
        concerning=None if call.sees_everything else user,
        approver=user if mine else None,
        status=status,
    )
    shown, following = paging.cut(found, limit, lambda one: one.id)
    paging.link_next(request, response, following)
    local = call.services.company.currency
    return Entries(items=[ShownEntry.of(one, local) for one in shown], next=following)
