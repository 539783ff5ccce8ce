"""Before mail is sent: is this the database that sent the last of it? After that: note how much."""

import time
from typing import Final

from app import sent_marks
from app.bootstrap import Application
from notifications.restored import ADVICE, Guarded, Mark, suspicion

MOMENT: Final = 1.0  # seconds


def doubt(application: Application) -> str:
    """Why nothing may be sent, and what to do; empty: all is well."""
    guard = application.guard
    guarded, why = _looked(application)
    if why and not guarded.suspicion:  # somebody may just be writing the file
        time.sleep(MOMENT)
        guarded, why = _looked(application)
    if not why:
        if guarded.home != guarded.here and _noted(application):
            guard.settle(guarded.here)
        return ""
    if not guarded.suspicion:
        guard.suspect(why)
    return f"{why} {ADVICE}"


def _looked(application: Application) -> tuple[Guarded, str]:
    """The file before the database: what others send meanwhile is in both."""
    guard = application.guard
    mark = sent_marks.read(sent_marks.file_of(application.settings, guard.state().epoch))
    guarded = guard.state()
    return guarded, guarded.suspicion or suspicion(guarded, mark)


def note(application: Application) -> None:
    """How much was sent until now; other processes of this machine may have noted more."""
    _noted(application)


def accept(application: Application, *, hold: bool) -> int:
    """The database is the right one; how many emails are held."""
    held = application.guard.accept(hold=hold)
    _noted(application)
    return held


def _noted(application: Application) -> bool:
    guarded = application.guard.state()
    file = sent_marks.file_of(application.settings, guarded.epoch)
    mark = Mark(epoch=guarded.epoch, attempts=guarded.attempts)
    before = sent_marks.read(file)
    if before is not None and before.epoch == mark.epoch and before.attempts >= mark.attempts:
        return True
    return sent_marks.write(file, mark) or application.settings.database_file is None
