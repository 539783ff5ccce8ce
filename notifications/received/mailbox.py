"""Fetching mail from a folder of an IMAP server."""

import imaplib
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from notifications.oauth import TokenSource
from notifications.received.folder_names import in_quotes, quoted
from notifications.received.mailbox_connection import (
    MailboxError,
    connected,
    expected,
    explained,
    first_of,
    hang_up,
)
from notifications.received.mailbox_setup import MailboxSetup
from notifications.received.mailbox_sign_in import sign_in
from notifications.received.mails import READ_BYTES

__all__ = ["ImapMailbox", "MailboxError", "Unread"]

MOST_AT_ONCE: Final = 100  # the rest is fetched in the next pass


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A mail that nobody has read yet; of a long one only the beginning."""

    uid: str
    raw: bytes


class ImapMailbox:
    """One folder, open while the ``with`` block runs."""

    def __init__(
        self, setup: MailboxSetup, *, tokens: TokenSource | None = None, timeout: float = 60.0
    ) -> None:
        self._setup = setup
        self._tokens = tokens
        self._timeout = timeout

    def __enter__(self) -> Self:
        with explained(self._setup):
            self._server = connected(self._setup, self._timeout)
            try:
                self._open()
            except BaseException:
                hang_up(self._server)
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, MailboxError):  # no goodbye in the middle of an answer
            hang_up(self._server)
            return
        try:
            self._server.logout()
        except (imaplib.IMAP4.error, OSError):
            hang_up(self._server)

    def unread(self) -> Iterator[Unread]:
        """At most a hundred, the oldest first; looking at them does not mark them as read."""
        with explained(self._setup):
            found = first_of(expected(self._server.uid("SEARCH", "UNSEEN")))
        for uid in found.decode("ascii", errors="replace").split()[:MOST_AT_ONCE]:
            with explained(self._setup):
                raw = self._fetched(uid)
            if raw is not None:
                yield Unread(uid=uid, raw=raw)

    def with_id(self, message_id: str) -> Unread | None:
        """The mail with that Message-ID, if it has arrived."""
        with explained(self._setup):
            expected(self._server.noop())  # some servers tell of new mail only when asked
            criteria = ("HEADER", "Message-ID", in_quotes(message_id))
            found = first_of(expected(self._server.uid("SEARCH", *criteria)))
            uid = next(iter(found.decode("ascii", errors="replace").split()), "")
            raw = self._fetched(uid) if uid else None
        return None if raw is None else Unread(uid=uid, raw=raw)

    def done(self, uid: str) -> None:
        """Mark it as read, and put it into the folder for what was read."""
        with explained(self._setup):
            expected(self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
            if self._setup.move_to:
                self._move(uid, quoted(self._setup.move_to))

    # Opening --------------------------------------------------------------------------------------

    def _open(self) -> None:
        sign_in(self._server, self._setup, self._tokens)
        # What the server can do is often more after signing in.
        self._can = first_of(expected(self._server.capability())).decode(errors="replace").upper()
        expected(self._server.select(quoted(self._setup.folder)))

    # Reading --------------------------------------------------------------------------------------

    def _fetched(self, uid: str) -> bytes | None:
        """None for a mail that somebody removed meanwhile."""
        answer = expected(self._server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{READ_BYTES}>)"))
        texts = [part[1] for part in answer if isinstance(part, tuple)]
        return bytes(texts[0]) if texts else None

    def _move(self, uid: str, folder: str) -> None:
        if "MOVE" in self._can.split():
            expected(self._server.uid("MOVE", uid, folder))
            return
        expected(self._server.uid("COPY", uid, folder))
        expected(self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._can.split():  # without it, expunging would take others' mail along
            expected(self._server.uid("EXPUNGE", uid))
