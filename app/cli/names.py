"""Which document and which person is meant by what somebody typed."""

from app.bootstrap import Application
from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.errors import AmbiguousNumber, BadValue, DocumentNotFound, UserNotFound
from workflow.identifiers import same_identifier
from workflow.service.rights import check_may_set_up


def document_named(app: Application, text: str) -> DocumentKey:
    """The document of that number, or of ``area/type/number``.

    Raises:
        DocumentNotFound, AmbiguousNumber
    """
    try:
        return DocumentKey.parse(text)
    except BadValue:
        found = app.read.find_by_number(text)
    if not found:
        raise DocumentNotFound(text)
    if len(found) > 1:
        raise AmbiguousNumber(text, ", ".join(map(str, found)), advice=_in_full(found[0]))
    return found[0]


def _in_full(key: DocumentKey) -> str:
    return f"Name one of them in full, for example {key}."


def user_named(app: Application, text: str) -> str:
    """The user id as it is stored, in whatever case it was typed.

    Raises:
        UserNotFound
    """
    known = [user.user_id for user in app.directory.all()]
    found = same_identifier(known, text)
    if found is None:
        raise UserNotFound(text)
    return found


def anybody_named(app: Application, text: str) -> str:
    """As ``user_named``, for people who need not be in the setup: who fills it, external flows."""
    known = [user.user_id for user in app.directory.all()]
    return same_identifier(known, text) or text


def administrator_named(app: Application, text: str) -> str:
    """Who changes the setup: the user named, else the one of the settings or who runs the system.

    Before there are users, somebody has to add the first: then anybody may be named.

    Raises:
        UserNotFound
    """
    if text and app.directory.all():
        return user_named(app, text)
    return anybody_named(app, text or app.settings.user)


def operator(app: Application, text: str) -> Actor:
    """Who decides about mail at the command line: for the record, and with the right to.

    Raises:
        UserNotFound, NotAdministrator
    """
    actor = app.actor(administrator_named(app, text))
    with app.uow(readonly=True) as uow:
        check_may_set_up(uow, actor)
    return actor
