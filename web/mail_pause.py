"""That the mail account is left alone: said where administrators set up, with the reason."""

from typing import Final

from notifications.accounts import Pause, account_of
from notifications.formatting import one_line
from notifications.mail_setup import MailSetup
from notifications.readers import Reader
from web.paths import OUTBOX, SETUP
from web.visits import Visit

SHORT: Final = 200  # of the server's words; the outbox has all of them


def pause_now(visit: Visit) -> Pause | None:
    mail = visit.services.mail
    setup = mail.setups.load_without_secrets() or MailSetup()
    return mail.outbox.pause_of(account_of(setup), visit.services.clock())


def in_words(pause: Pause, reader: Reader) -> str:
    left_alone = reader.gettext("The mail account is left alone until {moment}: {text}")
    return left_alone.format(moment=reader.formats.moment(pause.until), text=pause.text)


def told_on_top(visit: Visit) -> str:
    """On the setup's pages, to whoever sets up; empty: nothing. Nobody else waits for a query."""
    if not visit.sets_up or not _is_of_setup(visit.path) or visit.path == OUTBOX:
        return ""
    pause = pause_now(visit)
    return one_line(in_words(pause, visit.reader), SHORT) if pause else ""


def _is_of_setup(path: str) -> bool:
    return path == SETUP or path.startswith(f"{SETUP}/")
