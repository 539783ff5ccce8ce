"""Webhooks: the endpoints, what was sent to them and what came of it, and sending it again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from notifications import webhook_setup
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.visits import Posted, PostedMany, SeesSetup, SetsUp, Visit
from web.webhook_views import delivery_view, endpoint_view, event_choices
from workflow.errors import BadValue, UnknownStep, WorkflowError
from workflow.identifiers import same_identifier
from workflow.phrases import phrase as _

router = APIRouter()
ENDPOINTS: Final = "/setup/webhooks"
ADD: Final = ENDPOINTS + "/add"
ONE: Final = ENDPOINTS + "/{number}"
CHANGE: Final = ONE + "/change"
REMOVE: Final = ONE + "/remove"
SEE_OTHER: Final = 303
SHOWN: Final = 100


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody filled in about an endpoint."""

    url: str = ""
    types: tuple[str, ...] = ()
    acts_as: str = ""


@router.get(ENDPOINTS)
def endpoints(visit: SeesSetup) -> Response:
    rows = [endpoint_view(one, visit.reader) for one in visit.services.webhooks.all()]
    return page(visit, "webhooks.html", rows=rows)


@router.get(ADD)
def new_endpoint(visit: SetsUp) -> Response:
    return _form(visit, Typed())


@router.post(ADD)
def add(visit: SetsUp, fields: PostedMany) -> Response:
    typed = _typed(visit, fields)
    services = visit.services
    try:
        made, secret = webhook_setup.add(
            services.webhooks,
            services.uow(),
            visit.actor,
            url=typed.url,
            types=typed.types,
            acts_as=typed.acts_as,
            allowed=services.webhook_targets,
        )
    except WorkflowError as error:
        return _form(visit, typed, error)
    return _secret(visit, made.id, secret)


@router.get(ONE)
def endpoint(visit: SeesSetup, number: int) -> Response:
    return _page(visit, number)


@router.post(ONE)
def act(visit: SetsUp, fields: Posted, number: int) -> Response:
    try:
        secret = _step(fields.get("step", ""))(visit, number, fields)
    except WorkflowError as error:
        return _page(
            visit, number, status_of(error), refusal=refusal_view(error, visit.reader.language)
        )
    if secret:
        return _secret(visit, number, secret)
    return RedirectResponse(f"{ENDPOINTS}/{number}", status_code=SEE_OTHER)


@router.get(CHANGE)
def change_form(visit: SetsUp, number: int) -> Response:
    one = webhook_setup.found(visit.services.webhooks, number)
    return _form(visit, Typed(types=one.types, acts_as=one.acts_as), number=number)


@router.post(CHANGE)
def change(visit: SetsUp, fields: PostedMany, number: int) -> Response:
    """Without a new address it keeps the one it has, which may hold a secret."""
    typed, services = _typed(visit, fields), visit.services
    try:
        before = webhook_setup.found(services.webhooks, number)
        webhook_setup.change(
            services.webhooks,
            services.uow(),
            visit.actor,
            number,
            url=typed.url or before.url,
            types=typed.types,
            acts_as=typed.acts_as,
            allowed=services.webhook_targets,
        )
    except WorkflowError as error:
        return _form(visit, typed, error, number)
    return RedirectResponse(f"{ENDPOINTS}/{number}", status_code=SEE_OTHER)


@router.get(REMOVE)
def removal(visit: SetsUp, number: int) -> Response:
    one = webhook_setup.found(visit.services.webhooks, number)
    return page(visit, "webhook_removal.html", shown=endpoint_view(one, visit.reader))


@router.post(REMOVE)
def remove(visit: SetsUp, _fields: Posted, number: int) -> Response:
    services = visit.services
    webhook_setup.remove(services.webhooks, services.uow(), visit.actor, number)
    return RedirectResponse(ENDPOINTS, status_code=SEE_OTHER)


def _typed(visit: Visit, fields: FormData) -> Typed:
    acts_as = str(fields.get("acts_as", "")).strip()
    known = [one.user_id for one in visit.services.people.all()]
    return Typed(
        url=str(fields.get("url", "")).strip(),
        types=tuple(str(name) for name in fields.getlist("type")),
        acts_as=same_identifier(known, acts_as) or acts_as,
    )


# --- what can be done about one; rights are looked at in there -----------------------------

Step = Callable[[Visit, int, dict[str, str]], str]  # a secret to be shown, or nothing


def _replay(visit: Visit, _number: int, fields: dict[str, str]) -> str:
    delivery = fields.get("delivery", "")
    if not (delivery.isascii() and delivery.isdigit()):
        raise BadValue("delivery", delivery, _("is not a number"))
    services = visit.services
    webhook_setup.replay(services.webhooks, services.uow(), visit.actor, int(delivery))
    return ""


def _enable(visit: Visit, number: int, _fields: dict[str, str]) -> str:
    webhook_setup.enable(visit.services.webhooks, visit.services.uow(), visit.actor, number)
    return ""


def _disable(visit: Visit, number: int, _fields: dict[str, str]) -> str:
    webhook_setup.disable(visit.services.webhooks, visit.services.uow(), visit.actor, number)
    return ""


def _rotate(visit: Visit, number: int, _fields: dict[str, str]) -> str:
    services = visit.services
    return webhook_setup.rotate(services.webhooks, services.uow(), visit.actor, number)


STEPS: Final[dict[str, Step]] = {
    "replay": _replay,
    "enable": _enable,
    "disable": _disable,
    "rotate": _rotate,
}


def _step(name: str) -> Step:
    if name not in STEPS:
        raise UnknownStep(name)
    return STEPS[name]


# --- the pages -----------------------------------------------------------------------------


def _form(
    visit: Visit, typed: Typed, refused: WorkflowError | None = None, number: int | None = None
) -> Response:
    return page(
        visit,
        "webhook_form.html",
        status_of(refused) if refused else 200,
        number=number,
        typed=typed,
        types=event_choices(typed.types),
        people=[one.user_id for one in visit.services.people.all()],
        refusal=refusal_view(refused, visit.reader.language) if refused else None,
    )


def _secret(visit: Visit, number: int, secret: str) -> Response:
    """Shown this once: only its encrypted form is stored."""
    one = webhook_setup.found(visit.services.webhooks, number)
    shown = endpoint_view(one, visit.reader)
    return page(visit, "webhook_secret.html", shown=shown, secret=secret)


def _page(visit: Visit, number: int, status: int = 200, /, **facts: object) -> Response:
    webhooks = visit.services.webhooks
    one = webhook_setup.found(webhooks, number)
    deliveries = [
        delivery_view(delivery, webhooks.body(delivery.id), visit.reader)
        for delivery in webhooks.deliveries(number, SHOWN)
    ]
    facts = {"refusal": None, **facts}
    shown = endpoint_view(one, visit.reader)
    return page(visit, "webhook.html", status, shown=shown, deliveries=deliveries, **facts)
