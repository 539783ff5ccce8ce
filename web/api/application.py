"""The API as one application below /api: its resources, its refusals, its description."""

import logging
from typing import Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.api import (
    documents,
    entries,
    events,
    groups,
    outbox,
    reference,
    steps,
    users,
    workflows,
)
from web.api.description import SUMMARY, described
from web.api.guards import LARGEST_BODY
from web.api.paths import OPENAPI, V1
from web.api.problems import Problem, not_valid, problem_answer, trace_of
from web.api.rates import Rate
from web.api.refusals import Broken, MethodNotAllowed, NoSuchPath, NotWellFormed, TooLarge
from web.logged import name_document
from web.services import Services
from workflow.errors import WorkflowError

RESOURCES: Final = (steps, documents, entries, users, groups, workflows, outbox, events)
REFUSED: Final = (400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429)
VERSION: Final = "1.0.0"
_log = logging.getLogger(__name__)


def api_application(services: Services) -> FastAPI:
    """Mounted at /api, behind ``ApiGuards``."""
    application = FastAPI(
        title="Countersign API",
        version=VERSION,
        summary=SUMMARY,
        docs_url=None,
        redoc_url=None,
        openapi_url=OPENAPI,
        dependencies=[Depends(name_document)],
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    application.state.services = services
    application.state.writes = Rate(services.writes_per_minute, services.clock)
    application.state.reads = Rate(services.reads_per_minute, services.clock)
    v1 = APIRouter(prefix=V1, responses={status: {"model": Problem} for status in REFUSED})
    for module in RESOURCES:
        v1.include_router(module.router)
    application.include_router(v1)
    application.include_router(reference.router)
    application.exception_handler(WorkflowError)(_refused)
    application.exception_handler(RequestValidationError)(_not_valid)
    application.exception_handler(HTTPException)(_not_possible)
    application.exception_handler(Exception)(_broken)
    routers = [module.router for module in RESOURCES]
    application.openapi = described(application, routers)  # type: ignore[method-assign] # as FastAPI has it
    return application


def _refused(request: Request, error: WorkflowError) -> Response:
    return problem_answer(request.scope, error)


def _not_valid(request: Request, error: RequestValidationError) -> Response:
    refusal, errors = not_valid(error.errors())
    return problem_answer(request.scope, refusal, errors=errors)


def _not_possible(request: Request, error: HTTPException) -> Response:
    """What the framework refuses."""
    refusals: dict[int, WorkflowError] = {
        NoSuchPath.status: NoSuchPath(),
        MethodNotAllowed.status: MethodNotAllowed(),
        TooLarge.status: TooLarge(LARGEST_BODY),
    }
    refusal = refusals.get(error.status_code, NotWellFormed())
    return problem_answer(request.scope, refusal, headers=error.headers)


def _broken(request: Request, error: Exception) -> Response:
    _log.error("API call %s failed", trace_of(request.scope), exc_info=error)
    return problem_answer(request.scope, Broken())
