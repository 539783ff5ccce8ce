"""The outbox: which emails went out, in whose name, and what the mail server said."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from notifications.ports import EmailState
from notifications.readings import EmailReading
from web.api import paging
from web.api.calls import ReadsOutbox
from web.api.refusals import EmailNotFound
from web.api.values import Shown

router = APIRouter(tags=["Outbox"])


class ShownEmail(Shown):
    id: int
    message_id: str
    message: str
    recipient: str
    requester: str
    state: EmailState
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: int
    to_address: str
    from_address: str
    rule: str
    subject: str
    last_text: str
    bounced_at: datetime | None

    @classmethod
    def of(cls, email: EmailReading) -> "ShownEmail":
        return cls(**{name: getattr(email, name) for name in cls.model_fields})


class Emails(paging.Page):
    items: list[ShownEmail]


@router.get("/outbox")
def list_emails(  # noqa: PLR0913 - one for each filter
    call: ReadsOutbox,
    request: Request,
    response: Response,
    state: EmailState | None = None,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = "",
) -> Emails:
    """Emails, the newest first."""
    call.check_sees_everything()
    found = call.services.read.outbox_list(
        state=state, before=paging.after_number(cursor), limit=limit + 1
    )
    shown, following = paging.cut(found, limit, lambda one: one.id)
    paging.link_next(request, response, following)
    return Emails(items=[ShownEmail.of(email) for email in shown], next=following)


@router.get("/outbox/{email_id}")
def get_email(call: ReadsOutbox, email_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> ShownEmail:
    """One email."""
    call.check_sees_everything()
    details = call.services.read.outbox_show(email_id)
    if details is None:
        raise EmailNotFound(email_id)
    return ShownEmail.of(details.email)
