"""Health: for people as a page, for programs that watch over this one as /health and /ready."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from notifications.readers import Reader
from web.health import CAPTIONS, is_ready, looked_at
from web.paths import HEALTH
from web.rendering import page
from web.services import Services
from web.visits import SeesSetup, SignInNeeded, services_of, signed_in
from workflow.approval_users import ApprovalUser

router = APIRouter()
NOT_READY: Final = 503


@router.get(HEALTH)
def health(visit: SeesSetup) -> Response:
    findings = looked_at(visit.services, visit.reader)
    return page(visit, "health.html", findings=findings, captions=CAPTIONS)


@router.get("/health/live")
@router.get("/health")
def is_alive() -> Response:
    """The process answers; nothing else is asked."""
    return PlainTextResponse("ok\n")


@router.get("/health/ready")
@router.get("/ready")
def readiness(request: Request) -> Response:
    """Whether people can work here; the details are for administrators."""
    services = services_of(request)
    try:
        findings = looked_at(services, _nobody(services))
        details = _may_see_details(request)
    except Exception:  # noqa: BLE001 - whatever it is, nobody can work
        return JSONResponse({"ready": False}, NOT_READY)
    ready = is_ready(findings)
    told: dict[str, object] = {"ready": ready}
    if details:
        told["checks"] = {
            one.name: {"state": one.state, "sentence": one.sentence} for one in findings
        }
    return JSONResponse(told, 200 if ready else NOT_READY)


def _nobody(services: Services) -> Reader:
    return Reader.of(ApprovalUser(user_id=""), services.company, services.people)


def _may_see_details(request: Request) -> bool:
    try:
        return signed_in(request).sees_setup
    except SignInNeeded:
        return False
