"""Saying how long things are kept, and letting go of what is older, batch by batch.

A batch is archived, deleted and noted in one transaction: killed at any moment, it has happened or
it has not, and the next run writes the same file again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from workflow import posting
from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.events import CompanyChanged
from workflow.ports import UnitOfWork
from workflow.retention import (
    NOT_ARCHIVED,
    ArchiveFile,
    Batch,
    Key,
    Records,
    RetentionPolicy,
    Row,
)
from workflow.service.rights import check_may_set_up
from workflow.service.setting_up import changes_between

AT_ONCE = 100  # rows in one transaction, for which other writers wait
NOTHING_ARCHIVED = ArchiveFile(name="", sha256="")


class Archive(Protocol):
    """Where rows are written before they are deleted."""

    def write(self, number: int, records: Records, rows: Sequence[Row]) -> ArchiveFile:
        """On the disk when it returns; a file of the same number is written over.

        Raises:
            ArchiveNotWritable
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a run would let go."""

    records: Records
    before: datetime
    rows: int


def set_policy(uow: UnitOfWork, periods: Mapping[str, str], actor: Actor) -> RetentionPolicy:
    """Say how long some of them are kept.

    Raises:
        NotAdministrator, BadPeriod, PeriodTooShort
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        before = uow.records.policy()
        after = replace(before, **periods)
        if changes := changes_between(before, after):
            uow.records.set_policy(after)
            changed = CompanyChanged(
                at=actor.at, actor=actor.user, subject="retention", changes=changes
            )
            uow.record_setup([changed])
            uow.commit()
        return after


def plan(uow: UnitOfWork, actor: Actor) -> list[Planned]:
    """What would go today."""
    with uow:
        return [
            Planned(records=records, before=before, rows=uow.records.count(records, before))
            for records, before in uow.records.policy().cutoffs(actor.today).items()
        ]


def due(
    reading: UnitOfWork, records: Records, before: datetime, after: Key | None
) -> Sequence[Key]:
    """The next keys of what may go; for which no writer waits."""
    with reading:
        return reading.records.due(records, before, after=after, limit=AT_ONCE)


def let_go(  # noqa: PLR0913 - what one batch consists of
    uow: UnitOfWork,
    records: Records,
    before: datetime,
    keys: Sequence[Key],
    archive: Archive,
    actor: Actor,
) -> Batch | None:
    """Archive and delete those that may still go; None: nothing of them may.

    Raises:
        NotAdministrator, ArchiveNotWritable
    """
    with uow:
        check_may_set_up(uow, actor)
        number = uow.records.next_batch()
        going = uow.records.due(records, before, among=keys, limit=AT_ONCE)
        if not going:
            return None
        file = NOTHING_ARCHIVED
        if records not in NOT_ARCHIVED:
            file = archive.write(number, records, uow.records.rows(records, going))
        if records is Records.DOCUMENTS:
            _retire(uow, uow.records.documents(going), actor)
        else:
            uow.records.remove(records, going, before)
        batch = Batch(
            number=number,
            records=records,
            before=before,
            rows=len(going),
            file=file.name,
            sha256=file.sha256,
            at=actor.at,
            actor=actor.user,
        )
        uow.records.note(batch)
        uow.commit()
        return batch


def _retire(uow: UnitOfWork, keys: Sequence[DocumentKey], actor: Actor) -> None:
    """Their approval entries and comments stay in the archive, and what happened in the log."""
    for key in keys:
        document = uow.documents.get(key)
        uow.record(document, posting.retire(document, actor))
        uow.documents.archive(document, [posting.RETIRED])
