"""Archiving and deleting what is older than the company keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.archives import ArchiveFolder
from app.bootstrap import Application
from app.stopping import Stopping, never
from workflow.actors import Actor
from workflow.retention import Batch, NoRetention, Records
from workflow.service.retaining import Planned, due, let_go, plan

RETENTION: Final = "RETENTION"  # who acts when it is done every day
Tell = Callable[[Batch], None]


@dataclass(frozen=True, kw_only=True)
class Purged:
    """What a run archived and deleted."""

    batches: tuple[Batch, ...] = ()

    @property
    def rows(self) -> dict[Records, int]:
        counts: dict[Records, int] = {}
        for batch in self.batches:
            counts[batch.records] = counts.get(batch.records, 0) + batch.rows
        return counts


def planned(application: Application) -> list[Planned]:
    """What a run would let go now.

    Raises:
        NoRetention
    """
    found = plan(application.uow(readonly=True), application.actor(RETENTION))
    if not found:
        raise NoRetention
    return found


def purge(
    application: Application,
    *,
    actor: Actor | None = None,
    folder: Path | None = None,
    stopping: Stopping = never,
    tell: Tell = lambda _batch: None,
) -> Purged:
    """Everything that is too old; killed at any moment, the next run goes on where it was.

    Raises:
        ArchiveNotWritable
    """
    actor = actor or application.actor(RETENTION, background=True)
    archive = ArchiveFolder(folder or application.settings.archive)
    with application.uow(readonly=True) as uow:
        cutoffs = uow.records.policy().cutoffs(actor.today)
    batches: list[Batch] = []
    for records, before in cutoffs.items():
        after = None
        while not stopping() and (
            keys := due(application.uow(readonly=True), records, before, after)
        ):
            after = keys[-1]
            batch = let_go(application.uow(), records, before, keys, archive, actor)
            if batch is not None:
                batches.append(batch)
                tell(batch)
    _list_files(application, archive)
    return Purged(batches=tuple(batches))


def trouble(application: Application, folder: Path | None = None) -> tuple[int, list[str]]:
    """How many files the archive should have, and which of them are not as they were written."""
    archive = ArchiveFolder(folder or application.settings.archive)
    with application.uow(readonly=True) as uow:
        batches = [batch for batch in uow.records.batches() if batch.file]
    return len(batches), archive.trouble(batches)


def _list_files(application: Application, archive: ArchiveFolder) -> None:
    """From the database, which also knows those of a run that was killed before it came to this."""
    with application.uow(readonly=True) as uow:
        archived = [batch for batch in uow.records.batches() if batch.file]
    if archived:
        archive.write_manifest(archived)
