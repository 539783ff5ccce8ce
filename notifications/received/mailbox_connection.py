"""A connection to an IMAP server, and what its trouble means. Only here is one opened."""

import binascii
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from notifications.delivery_errors import shown
from notifications.received.mailbox_setup import MailboxSetup
from notifications.received.mails import READ_BYTES

IMPLICIT_TLS_PORT: Final = 993
LARGEST_ANSWER: Final = READ_BYTES + 10_000


class MailboxError(Exception):
    """The mailbox cannot be read; the message says what the server said and what to check."""

    next_step = "Check the settings: countersign mail inbox"


class _BoundedAnswers(imaplib.IMAP4):
    """A conversation in which a server cannot fill our memory with one endless answer."""

    def read(self, size: int) -> bytes:
        if size > LARGEST_ANSWER:
            raise self.abort(f"the server sends {size} bytes where fewer were asked for")
        return super().read(size)


class _TlsServer(_BoundedAnswers, imaplib.IMAP4_SSL):
    """Encrypted from the first byte."""


def connected(setup: MailboxSetup, timeout: float) -> imaplib.IMAP4:
    """A connection on which nobody has signed in yet."""
    if not setup.secure:
        return _BoundedAnswers(setup.server, setup.port, timeout=timeout)
    context = _tls_context(setup.ca_file)
    if setup.port == IMPLICIT_TLS_PORT:
        return _TlsServer(setup.server, setup.port, ssl_context=context, timeout=timeout)
    server = _BoundedAnswers(setup.server, setup.port, timeout=timeout)
    try:
        server.starttls(context)
    except BaseException:
        hang_up(server)
        raise
    return server


def hang_up(server: imaplib.IMAP4) -> None:
    with suppress(OSError):  # the other side was faster
        server.shutdown()


@contextmanager
def explained(setup: MailboxSetup) -> Iterator[None]:
    where = f"{setup.server}:{setup.port}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        text = f"The certificate of {where} is not right: {error.verify_message}."
        raise MailboxError(text) from error
    except (imaplib.IMAP4.error, binascii.Error) as error:
        raise MailboxError(f"The mailbox at {where} cannot be read: {shown(str(error))}") from error
    except OSError as error:
        raise MailboxError(f"{where} cannot be reached or hung up: {shown(str(error))}") from error


def expected(answer: tuple[str, Any]) -> list[Any]:
    verdict, data = answer
    if verdict != "OK":
        words = first_of(data).decode(errors="replace")
        raise imaplib.IMAP4.error(f"the server said {verdict}: {words}")
    return list(data)


def first_of(data: list[Any]) -> bytes:
    return data[0] if data and isinstance(data[0], bytes) else b""


def _tls_context(ca_file: str) -> ssl.SSLContext:
    """Certificate and host name are verified; a company's own authority may be added."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise MailboxError(f"ca_file {ca_file} cannot be read: {error}.") from error
    return context
