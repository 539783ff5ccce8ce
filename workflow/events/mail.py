"""The mail: its setup and words, what was refused, held, bounced or decided about."""

from dataclasses import dataclass

from workflow.events.base import DocumentEvent, SetupEvent
from workflow.events.facts import FieldChange


@dataclass(frozen=True, kw_only=True)
class MailSetupChanged(SetupEvent):
    """Of a secret only that it was changed; ``subject`` is the mail account or the mailbox."""

    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class WordingChanged(SetupEvent):
    """The company says something in its own words; ``subject`` is the message and the language."""

    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class WordingBroken(SetupEvent, DocumentEvent):
    """A company's template made no letter: the built-in words were used.

    ``document`` is the one whose mail showed it, ``requester`` empty: it is nobody's request.
    """

    message: str
    language: str
    version: int
    text: str  # what went wrong
    set_aside: bool  # too often: the template is not tried any more


@dataclass(frozen=True, kw_only=True)
class MailGrantMissing(SetupEvent, DocumentEvent):
    """The mail server does not let the mail account write from an address.

    ``document`` is the one whose mail showed it, ``requester`` empty: it is nobody's request.
    """

    address: str
    account: str  # who needs the grant; empty: the server knows no sign-in
    as_requester: bool  # the app signs in to the mailbox itself
    text: str  # the server's words


@dataclass(frozen=True, kw_only=True)
class MailGrantConfirmed(SetupEvent):
    """Somebody said that the right is there: mail may carry the address, ``subject``, again."""


@dataclass(frozen=True, kw_only=True)
class MailHeld(SetupEvent, DocumentEvent):
    """More emails were to be sent than ever should be: the rest waits for an administrator.

    ``document`` is the one whose mail was held first, ``requester`` empty as above.
    """

    recipient: str  # who would have got too many; empty: all together
    emails: int  # so many were allowed
    hours: int  # within that time


@dataclass(frozen=True, kw_only=True)
class EmailOperated(SetupEvent):
    """Somebody decided about an email, or about all that were held: ``subject`` says which."""

    step: str  # retried, held, released or canceled


@dataclass(frozen=True, kw_only=True)
class MailBounced(DocumentEvent):
    """A mail about the document could not be delivered, or nobody knows whether it was."""

    recipient: str  # user id; outside the company the address
    to_address: str
    message: str  # which mail it was
    status: str  # the mail server's code, such as 5.1.1
    diagnostic: str  # its words
    uncertain: bool = False  # it may have arrived
