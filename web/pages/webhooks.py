"""Webhooks: the endpoints, what was sent to them and what came of it, and sending it again."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications import webhook_setup
from web.refusals import refusal_view, status_of
from web.rendering import page
from web.visits import Posted, SeesSetup, SetsUp, Visit
from web.webhook_views import delivery_view, endpoint_view
from workflow.errors import BadValue, UnknownStep, WorkflowError
from workflow.phrases import phrase as _

router = APIRouter()
ENDPOINTS: Final = "/setup/webhooks"
ONE: Final = ENDPOINTS + "/{number}"
SEE_OTHER: Final = 303
SHOWN: Final = 100


@router.get(ENDPOINTS)
def endpoints(visit: SeesSetup) -> Response:
    rows = [endpoint_view(one, visit.reader) for one in visit.services.webhooks.all()]
    return page(visit, "webhooks.html", rows=rows)


@router.get(ONE)
def endpoint(visit: SeesSetup, number: int) -> Response:
    return _page(visit, number)


@router.post(ONE)
def act(visit: SetsUp, fields: Posted, number: int) -> Response:
    try:
        _do(visit, fields.get("step", ""), number, fields.get("delivery", ""))
    except WorkflowError as error:
        return _page(
            visit, number, status_of(error), refusal=refusal_view(error, visit.reader.language)
        )
    return RedirectResponse(f"{ENDPOINTS}/{number}", status_code=SEE_OTHER)


def _do(visit: Visit, step: str, number: int, delivery: str) -> None:
    """Rights are looked at in there."""
    webhooks, uow, actor = visit.services.webhooks, visit.services.uow(), visit.actor
    if step == "replay":
        webhook_setup.replay(webhooks, uow, actor, _number(delivery))
    elif step == "enable":
        webhook_setup.enable(webhooks, uow, actor, number)
    elif step == "disable":
        webhook_setup.disable(webhooks, uow, actor, number)
    else:
        raise UnknownStep(step)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadValue("delivery", text, _("is not a number"))
    return int(text)


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
