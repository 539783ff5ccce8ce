"""Notification Setup: how and when everybody is told, and how each person wants to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.links import NOTIFICATIONS
from notifications.readers import Reader
from web.fields import FieldView
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.schedule_fields import ScheduleView, schedule_from, schedule_view, schedule_words
from web.visits import Posted, SeesSetup, SetsUp, SignedIn, Visit
from workflow.errors import BadValue, UserNotFound, WorkflowError
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
DEFAULT: Final = "default"  # the button's name; its value is a type
SEE_OTHER: Final = 303


@dataclass(frozen=True, kw_only=True)
class KindView:
    """One type of notification: how it reaches the person, and when."""

    name: str
    caption: str
    about: str
    method: FieldView
    schedule: ScheduleView
    default: str  # what holds instead of the own choice; empty: it holds already


@router.get(OWN)
def own(visit: SignedIn, done: str = "") -> Response:
    return _own(visit, done=bool(done))


@router.post(OWN)
def save_own(visit: SignedIn, fields: Posted) -> Response:
    """Only what he changes gets a row of his own; the rest follows the default."""
    try:
        _save_or_follow(visit, visit.user, fields)
    except WorkflowError as error:
        return _own(visit, error, fields)
    return RedirectResponse(f"{OWN}?done=saved", status_code=SEE_OTHER)


@router.get(EVERYBODYS)
def everybodys(visit: SeesSetup, user: str = "", done: str = "") -> Response:
    """The default, or how the person is told who is named."""
    try:
        return _everybodys(visit, _named(visit, user), done=bool(done))
    except UserNotFound as error:
        return _everybodys(visit, refused=error)


@router.post(EVERYBODYS)
def save_everybodys(visit: SetsUp, fields: Posted) -> Response:
    named = ""
    try:
        named = _named(visit, fields.get("user", ""))
        _save_or_follow(visit, named or None, fields)
    except WorkflowError as error:
        return _everybodys(visit, named, error, fields)
    return RedirectResponse(
        f"{EVERYBODYS}?user={quote(named, safe='')}&done=saved", status_code=SEE_OTHER
    )


def _named(visit: Visit, typed: str) -> str:
    """
    Raises:
        UserNotFound
    """
    typed = typed.strip()
    if not typed:
        return ""
    found = same_identifier([one.user_id for one in visit.services.people.all()], typed)
    if found is None:
        raise UserNotFound(typed)
    return found


def _save_or_follow(visit: Visit, user: str | None, fields: dict[str, str]) -> None:
    """What stands in the fields; or, with the button beside a type, the default for that one."""
    if user is None or DEFAULT not in fields:
        _save(visit, user, fields)
        return
    if fields[DEFAULT] not in set(NotificationType):
        raise BadValue("type", fields[DEFAULT], _("is not one of the values"))
    kind = NotificationType(fields[DEFAULT])
    setting_up.follow_default(visit.services.uow(), user, kind, visit.actor)


def _save(visit: Visit, user: str | None, fields: dict[str, str]) -> None:
    with visit.services.uow() as uow:
        uow.lock_setup()
        rows = uow.users.notification_setup()
        for kind in NotificationType:
            if kind not in fields:
                continue
            chosen = setup_for(user or "", kind, rows)
            wanted = replace(
                chosen,
                method=_method(fields[kind]),
                schedule=schedule_from(kind, fields, chosen.schedule),
            )
            if wanted != chosen:
                row = replace(wanted, user=user)
                setting_up.set_notification_setup(uow, row, visit.actor)
        uow.commit()


def _method(text: str) -> NotificationMethod:
    if text not in set(NotificationMethod):
        raise BadValue("method", text, _("is not one of the values"))
    return NotificationMethod(text)


# --- the pages -----------------------------------------------------------------------------


def _own(
    visit: Visit,
    refused: WorkflowError | None = None,
    typed: Mapping[str, str] | None = None,
    *,
    done: bool = False,
) -> Response:
    return page(
        visit,
        "own_settings.html",
        status_of(refused) if refused else 200,
        kinds=_kinds(visit, visit.user, visit.reader, typed or {}),
        done=done,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


def _everybodys(
    visit: Visit,
    named: str = "",
    refused: WorkflowError | None = None,
    typed: Mapping[str, str] | None = None,
    *,
    done: bool = False,
) -> Response:
    rows = visit.services.people.notification_setup()
    return page(
        visit,
        "notification_setup.html",
        status_of(refused) if refused else 200,
        kinds=_kinds(visit, named, _clock_of(visit, named), typed or {}),
        rows=_chosen(rows, visit.reader),
        people=[one.user_id for one in visit.services.people.all()],
        named=named,
        name=visit.reader.name_of(named),
        done=done,
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


def _clock_of(visit: Visit, named: str) -> Reader:
    """Whoever reads the page, with the clock of the person it is about."""
    person = visit.services.people.user(named) if named else None
    if person is None:
        return visit.reader
    theirs = Reader.of(person, visit.services.company, visit.services.people)
    formats = replace(visit.reader.formats, time_zone=theirs.formats.time_zone)
    return replace(visit.reader, formats=formats)


def _chosen(rows: Iterable[NotificationSetup], reader: Reader) -> list[tuple[str, str, str, str]]:
    """User, type, method and schedule of everybody who chose for himself."""
    types, methods = _types(reader), _methods(reader)
    return [
        (one.user or "", types[one.type][0], methods[one.method], schedule_words(one, reader))
        for one in sorted(rows, key=lambda one: (one.user or "", one.type))
        if one.user
    ]


def _kinds(visit: Visit, user: str, reader: Reader, typed: Mapping[str, str]) -> list[KindView]:
    rows = visit.services.people.notification_setup()
    methods = [(method.value, words) for method, words in _methods(reader).items()]
    now = visit.services.clock()
    views = []
    for kind, (caption, about) in _types(reader).items():
        row = setup_for(user, kind, rows)
        method = FieldView(
            name=kind.value,
            caption=reader.gettext("Notification Method"),
            value=typed.get(kind.value, row.method.value),
            kind="select",
            choices=methods,
            description=reader.gettext("A note stands with the document; nothing is mailed."),
        )
        schedule = schedule_view(row, reader, now, typed)
        view = KindView(
            name=kind.value,
            caption=caption,
            about=about,
            method=method,
            schedule=schedule,
            default=_told(setup_for("", kind, rows), reader) if row.user else "",
        )
        views.append(view)
    return views


def _told(row: NotificationSetup, reader: Reader) -> str:
    """How and when, in one line."""
    return ", ".join(filter(None, [_methods(reader)[row.method], schedule_words(row, reader)]))


def _types(reader: Reader) -> dict[NotificationType, tuple[str, str]]:
    return {
        NotificationType.NEW_RECORD: (
            reader.gettext("New Record"),
            reader.gettext("When something new is there for you."),
        ),
        NotificationType.APPROVAL: (
            reader.gettext("Approvals"),
            reader.gettext("Requests to you, and what becomes of yours."),
        ),
        NotificationType.OVERDUE: (
            reader.gettext("Overdue"),
            reader.gettext("When your answer is overdue."),
        ),
    }


def _methods(reader: Reader) -> dict[NotificationMethod, str]:
    return {
        NotificationMethod.EMAIL: reader.gettext("E-Mail"),
        NotificationMethod.NOTE: reader.gettext("Note, no mail"),
    }
