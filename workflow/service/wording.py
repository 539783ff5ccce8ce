"""Changing the company's own words in mails; who did it, and what they were, is recorded."""

from collections.abc import Iterable

from workflow.actors import Actor
from workflow.errors import WordingNotFound
from workflow.events import FieldChange, WordingChanged
from workflow.ports import UnitOfWork
from workflow.service.rights import check_may_set_up
from workflow.wording import Wording, WordingPart


def set_wording(uow: UnitOfWork, wording: Wording, actor: Actor) -> None:
    """Give a letter a text of the company's own.

    Raises:
        NotAdministrator
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        before = uow.wordings.text(wording.message, wording.language, wording.part)
        if before != wording.text:
            uow.wordings.save_text(wording)
            change = FieldChange(field=wording.part, before=before, after=wording.text)
            _record(uow, wording.message, wording.language, [change], actor)
            uow.commit()


def remove_wording(
    uow: UnitOfWork, message: str, language: str, parts: Iterable[WordingPart], actor: Actor
) -> list[str]:
    """Go back to the built-in words; what was removed.

    Raises:
        NotAdministrator, WordingNotFound
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        changes = []
        for part in parts:
            before = uow.wordings.text(message, language, part)
            if before:
                uow.wordings.remove_text(message, language, part)
                changes.append(FieldChange(field=part, before=before, after=""))
        if not changes:
            raise WordingNotFound(message, language)
        _record(uow, message, language, changes, actor)
        uow.commit()
        return [change.field for change in changes]


def _record(
    uow: UnitOfWork, message: str, language: str, changes: list[FieldChange], actor: Actor
) -> None:
    changed = WordingChanged(
        at=actor.at, actor=actor.user, subject=f"{message}/{language}", changes=tuple(changes)
    )
    uow.record_setup([changed])
