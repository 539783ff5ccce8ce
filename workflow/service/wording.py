"""Changing the company's own words in mails; who did it, and what they were, is recorded."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from workflow.actors import Actor
from workflow.errors import WordingNotFound
from workflow.events import FieldChange, WordingChanged
from workflow.ports import UnitOfWork
from workflow.service.rights import check_may_set_up
from workflow.wording import Override, Wording, WordingPart

OVERRIDE: Final = "override"


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


def set_override(uow: UnitOfWork, override: Override, actor: Actor) -> Override:
    """Give a letter templates of the company's own; whoever calls this has tried them.

    Raises:
        NotAdministrator
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        before = uow.wordings.override(override.message, override.language)
        stored = uow.wordings.save_override(override)
        change = FieldChange(field=OVERRIDE, before=_described(before), after=_described(stored))
        _record(uow, override.message, override.language, [change], actor)
        uow.commit()
        return stored


def remove_wording(
    uow: UnitOfWork, message: str, language: str, parts: Iterable[str], actor: Actor
) -> list[str]:
    """Go back to the built-in words; what was removed.

    *parts* are those of ``WordingPart``, and "override".

    Raises:
        NotAdministrator, WordingNotFound
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        removed = [(part, _removed(uow, message, language, part)) for part in parts]
        changes = [
            FieldChange(field=part, before=before, after="") for part, before in removed if before
        ]
        if not changes:
            raise WordingNotFound(message, language)
        _record(uow, message, language, changes, actor)
        uow.commit()
        return [change.field for change in changes]


def _removed(uow: UnitOfWork, message: str, language: str, part: str) -> str:
    """What was there."""
    if part == OVERRIDE:
        before = _described(uow.wordings.override(message, language))
        uow.wordings.remove_override(message, language)
        return before
    text = uow.wordings.text(message, language, WordingPart(part))
    uow.wordings.remove_text(message, language, WordingPart(part))
    return text


def _described(override: Override | None) -> str:
    """Which templates they were; they can be long."""
    if override is None:
        return ""
    digest = sha256()
    for source in (override.subject, override.text, override.html):
        digest.update(sha256(source.encode()).digest())
    return f"version {override.version}, sha256 {digest.hexdigest()}"


def _record(
    uow: UnitOfWork, message: str, language: str, changes: list[FieldChange], actor: Actor
) -> None:
    changed = WordingChanged(
        at=actor.at, actor=actor.user, subject=f"{message}/{language}", changes=tuple(changes)
    )
    uow.record_setup([changed])
