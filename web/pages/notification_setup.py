"""Notification Setup: how everybody is told, and how each person wants to be told."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.links import NOTIFICATIONS
from notifications.readers import Reader
from web.fields import FieldView
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.visits import Posted, SeesSetup, SetsUp, SignedIn, Visit
from workflow.errors import BadValue, WorkflowError
from workflow.identifiers import same_identifier
from workflow.notification_setup import (
    NotificationMethod,
    NotificationSetup,
    NotificationType,
    setup_for,
)
from workflow.phrases import phrase as _
from workflow.service import setting_up

router = APIRouter()
OWN: Final = NOTIFICATIONS
EVERYBODYS: Final = "/setup/notifications"
SEE_OTHER: Final = 303


@router.get(OWN)
def own(visit: SignedIn) -> Response:
    return _own(visit)


@router.post(OWN)
def save_own(visit: SignedIn, fields: Posted) -> Response:
    """Only what he changes gets a row of his own; the rest follows the default."""
    try:
        _save(visit, visit.user, fields)
    except WorkflowError as error:
        return _own(visit, error)
    return RedirectResponse(OWN, status_code=SEE_OTHER)


@router.get(EVERYBODYS)
def everybodys(visit: SeesSetup) -> Response:
    return _everybodys(visit)


@router.post(EVERYBODYS)
def save_everybodys(visit: SetsUp, fields: Posted) -> Response:
    """The default, or the row of the person who is named."""
    known = [one.user_id for one in visit.services.people.all()]
    named = fields.get("user", "").strip()
    try:
        _save(visit, (same_identifier(known, named) or named) if named else None, fields)
    except WorkflowError as error:
        return _everybodys(visit, error, named)
    return RedirectResponse(EVERYBODYS, status_code=SEE_OTHER)


def _save(visit: Visit, user: str | None, fields: dict[str, str]) -> None:
    with visit.services.uow() as uow:
        uow.lock_setup()
        rows = uow.users.notification_setup()
        for kind in NotificationType:
            if kind not in fields:
                continue
            method = _method(fields[kind])
            chosen = setup_for(user or "", kind, rows)
            if chosen.method is not method:
                row = replace(chosen, user=user, method=method)
                setting_up.set_notification_setup(uow, row, visit.actor)
        uow.commit()


def _method(text: str) -> NotificationMethod:
    if text not in set(NotificationMethod):
        raise BadValue("method", text, _("is not one of the values"))
    return NotificationMethod(text)


# --- the pages -----------------------------------------------------------------------------


def _own(visit: Visit, refused: WorkflowError | None = None) -> Response:
    rows = visit.services.people.notification_setup()
    return page(
        visit,
        "own_settings.html",
        status_of(refused) if refused else 200,
        fields=_fields(visit.user, rows, visit.reader),
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


def _everybodys(visit: Visit, refused: WorkflowError | None = None, named: str = "") -> Response:
    rows = visit.services.people.notification_setup()
    words = _types(visit.reader)
    methods = _methods(visit.reader)
    shown = sorted((one for one in rows if one.user), key=lambda one: (one.user or "", one.type))
    return page(
        visit,
        "notification_setup.html",
        status_of(refused) if refused else 200,
        fields=_fields("", rows, visit.reader),
        rows=[(one.user, words[one.type], methods[one.method]) for one in shown],
        people=[one.user_id for one in visit.services.people.all()],
        named=named,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


def _fields(user: str, rows: Iterable[NotificationSetup], reader: Reader) -> list[FieldView]:
    rows = list(rows)
    methods = [(method.value, words) for method, words in _methods(reader).items()]
    about = {
        NotificationType.NEW_RECORD: reader.gettext("When something new is there for you."),
        NotificationType.APPROVAL: reader.gettext("Requests to you, and what becomes of yours."),
        NotificationType.OVERDUE: reader.gettext("When your answer is overdue."),
    }
    return [
        FieldView(
            name=kind.value,
            caption=words,
            description=about[kind],
            value=setup_for(user, kind, rows).method.value,
            kind="select",
            choices=methods,
        )
        for kind, words in _types(reader).items()
    ]


def _types(reader: Reader) -> dict[NotificationType, str]:
    return {
        NotificationType.NEW_RECORD: reader.gettext("New Record"),
        NotificationType.APPROVAL: reader.gettext("Approvals"),
        NotificationType.OVERDUE: reader.gettext("Overdue"),
    }


def _methods(reader: Reader) -> dict[NotificationMethod, str]:
    return {
        NotificationMethod.EMAIL: reader.gettext("E-Mail"),
        NotificationMethod.NOTE: reader.gettext("A note with the document; no mail"),
    }
