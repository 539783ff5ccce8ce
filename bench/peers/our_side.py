"""Our side: the functions that pages, API and command line call, in our own environment."""

import sqlalchemy as sa

from bench import story
from bench.peers.playing import REQUESTER
from db.engine import open_database
from db.schema import upgrade
from db.tables import approval_entries, documents, event_inbox
from db.unit_of_work import SqlUnitOfWork
from workflow.service import deciding, requesting
from workflow.statuses import DocumentStatus, EntryStatus


class Countersign:
    versions = f"Countersign, SQLAlchemy {sa.__version__}"

    def set_up(self, url: str, synchronous: str) -> None:
        upgrade(url)
        self.engine = open_database(url, synchronous=synchronous)
        story.set_up(self.engine)
        self.uow = SqlUnitOfWork(self.engine)

    def take_in(self, numbers: list[str]) -> None:
        story.take_in(self.engine, numbers)
        with self.engine.begin() as connection:  # who enabled the workflow was told, too
            connection.execute(sa.delete(event_inbox))

    def send(self, number: str) -> None:
        requesting.send_approval_request(self.uow, story.key(number), story.actor(REQUESTER))

    def approve(self, number: str, approver: str) -> None:
        deciding.approve(self.uow, story.key(number), story.actor(approver))

    def counts(self) -> tuple[int, int, int]:
        released = documents.c.status == DocumentStatus.RELEASED
        approved = sa.and_(
            approval_entries.c.status == EntryStatus.APPROVED,
            approval_entries.c.approver != REQUESTER,  # his own entry counts for nothing
        )
        with self.engine.connect() as connection:
            return (
                connection.scalar(
                    sa.select(sa.func.count()).select_from(documents).where(released)
                ),
                connection.scalar(
                    sa.select(sa.func.count()).select_from(approval_entries).where(approved)
                ),
                connection.scalar(sa.select(sa.func.count()).select_from(event_inbox)),
            )


SIDE = Countersign()
