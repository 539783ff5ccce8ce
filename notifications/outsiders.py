"""Mail to an address, such as a vendor's: who reads it, and which person is behind it."""

from notifications.addresses import valid_address
from notifications.ports import Directory
from notifications.senders import Requester
from workflow.approval_users import ApprovalUser
from workflow.events import DocumentEmailed, DocumentEvent, EMailChanged, PasswordLinkMade


class NotForOutside(TypeError):
    """Only a document that was given to the mail goes to somebody outside."""


class BadOutsideAddress(Exception):
    """What is filled in is no address; the message says what to do."""


def outsider(event: DocumentEvent, address: str) -> ApprovalUser:
    """The one who reads it at *address*, in the form of a person of the approval user setup.

    Raises:
        NotForOutside, BadOutsideAddress
    """
    match event:
        case DocumentEmailed():
            return _counterparty(event, address)
        case EMailChanged() | PasswordLinkMade():
            return _person(event, address)
        case _:
            raise NotForOutside(f"A {type(event).__name__} is told to nobody outside.")


def _counterparty(event: DocumentEmailed, address: str) -> ApprovalUser:
    document = event.document
    if not valid_address(address):
        party = document.counterparty_name or document.counterparty_no
        raise BadOutsideAddress(
            f"{address!r} is no email address: correct email of {party} with "
            "`countersign parties set`, then email the document with --again."
        )
    return ApprovalUser(
        user_id=address,
        full_name=document.counterparty_name,
        email=address,
        language=event.language,
    )


def _person(event: EMailChanged | PasswordLinkMade, address: str) -> ApprovalUser:
    """As he was: he may have left the setup since."""
    if not valid_address(address):
        raise BadOutsideAddress(f"{address!r} is no email address: nobody can be told there.")
    return ApprovalUser(
        user_id=address, full_name=event.full_name, email=address, language=event.language
    )


def current_user(event: DocumentEvent, directory: Directory) -> Requester | None:
    """Who sends the document, for a mail server without sign-in; never the requester."""
    user = directory.user(event.actor)
    if user is None or user.user_id == event.requester:
        return None
    return Requester.of(user)
