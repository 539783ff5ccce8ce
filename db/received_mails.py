"""Mail that came in: each is remembered, so that fetching it again does nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from db.engine import for_reading
from db.inserts import insert_new
from db.tables import emails, events, notifications, received_mails
from db.variants import FIRST_ID
from notifications.received.bounces import Bounce
from notifications.received.ports import OurEmail, Received
from workflow.documents import DocumentKey
from workflow.errors import BadValue

_KNOWN = sa.select(received_mails.c.id).where(
    received_mails.c.message_id == sa.bindparam("message_id")
)
_EMAILS = sa.select(
    emails.c.id,
    emails.c.message_id,
    FIRST_ID.label("first_id"),
    emails.c.recipient,
    emails.c.message,
    sa.func.coalesce(emails.c.to_address, "").label("to_address"),
).where(emails.c.message_id.in_(sa.bindparam("these", expanding=True)))
_SUBJECTS = (
    sa.select(events.c.subject)
    .select_from(notifications.join(events))
    .where(notifications.c.email_id == sa.bindparam("of_email"))
    .order_by(events.c.id)
)
_MARK = (
    sa.update(emails)
    .where(emails.c.id == sa.bindparam("this_email"), emails.c.bounced_at.is_(None))
    .values(
        bounced_at=sa.bindparam("moment"),
        bounce_status=sa.bindparam("status"),
        bounce_diagnostic=sa.bindparam("diagnostic"),
    )
)


class TakenInBefore(Exception):
    """The mail counts once; what was begun because of it is undone."""

    def __init__(self) -> None:
        super().__init__("it was taken in before")


@dataclass(frozen=True)
class SqlReceivedMails:
    """The mail's ``ReceivedMails``."""

    engine: sa.Engine

    def is_known(self, message_id: str) -> bool:
        with for_reading(self.engine).connect() as connection:
            return connection.scalar(_KNOWN, {"message_id": message_id}) is not None

    def ours(self, message_ids: Sequence[str]) -> OurEmail | None:
        wanted = list(message_ids)
        if not wanted:
            return None
        with for_reading(self.engine).connect() as connection:
            found = {row.message_id: row for row in connection.execute(_EMAILS, {"these": wanted})}
            first = next((found[one] for one in wanted if one in found), None)
            if first is None:
                return None
            subjects = connection.scalars(_SUBJECTS, {"of_email": first.first_id}).all()
        return OurEmail(
            id=first.id,
            recipient=first.recipient,
            to_address=first.to_address,
            message=first.message,
            documents=tuple(_documents(dict.fromkeys(subjects))),
        )

    def remember(self, received: Received) -> bool:
        with self.engine.begin() as connection:
            return _insert(connection, received)


def remembering(received: Received, bounce: Bounce | None = None) -> Callable[[Connection], None]:
    """For a unit of work: what the mail caused and that it came in are stored together.

    Raises:
        TakenInBefore: when it is called
    """

    def remember(connection: Connection) -> None:
        if not _insert(connection, received):
            raise TakenInBefore
        if bounce is not None:
            connection.execute(
                _MARK,
                {
                    "this_email": received.email_id,
                    "moment": received.at,
                    "status": bounce.status,
                    "diagnostic": bounce.diagnostic,
                },
            )

    return remember


def _documents(subjects: Iterable[str]) -> Iterator[DocumentKey]:
    """Some mail is about the setup, which is no document."""
    for subject in subjects:
        try:
            yield DocumentKey.parse(subject)
        except BadValue:
            continue


def _insert(connection: Connection, received: Received) -> bool:
    statement = insert_new(connection, received_mails).returning(received_mails.c.id)
    return connection.execute(statement, vars(received)).scalar() is not None
