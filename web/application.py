"""The web application: its pages, its guards, and what is shown when something is refused."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from notifications.mail_settings import SetupError
from web.api.application import api_application
from web.api.guards import ApiGuards
from web.api.paths import API
from web.forms import LARGEST_BODY
from web.guards import SameSiteOnly, SecurityHeaders
from web.logged import name_document
from web.metrics import MeasuresAnswers, Metrics
from web.pages import (
    accounts,
    documents,
    documents_import,
    entra,
    finding,
    groups,
    health,
    home,
    logs,
    mail_doctor,
    mail_grants,
    mail_guide,
    mail_setup,
    mail_sign_in,
    mail_testing,
    mailbox,
    metrics,
    notification_setup,
    one_document,
    one_request,
    one_user,
    one_workflow,
    outbox,
    password_links,
    proving,
    requests,
    selection,
    settings,
    setup,
    signing,
    users,
    users_import,
    webhook_answers,
    webhooks,
    who,
    wording,
    workflows,
)
from web.proof import NotProved
from web.refusals import NOT_FOUND, UNPROCESSABLE, refusal_view, setup_refusal, status_of
from web.rendering import open_page, page
from web.services import Services
from web.visits import SignInNeeded, services_of, signed_in
from workflow.errors import WorkflowError

TYPED: Final = "text"  # the field of a comment or a reason
SEE_OTHER: Final = 303
PAGES: Final = (
    signing,
    password_links,
    proving,
    entra,
    settings,
    accounts,
    home,
    finding,
    requests,
    selection,
    one_request,
    documents,
    one_document,
    documents_import,
    setup,
    users,
    users_import,
    one_user,
    groups,
    workflows,
    one_workflow,
    who,
    logs,
    notification_setup,
    webhooks,
    webhook_answers,
    mail_doctor,
    mail_grants,
    mail_guide,
    mail_setup,
    mail_sign_in,
    mail_testing,
    mailbox,
    outbox,
    health,
    metrics,
    wording,
)


def web_application(services: Services, *more: APIRouter) -> FastAPI:
    """Everything over http, for one company; *more* are pages that only some installations have."""
    measured = Metrics(services.metrics)
    application = FastAPI(
        title="Countersign",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(name_document)],
        middleware=[
            Middleware(MeasuresAnswers, metrics=measured),
            Middleware(SecurityHeaders, over_https=services.over_https),
            Middleware(ApiGuards),
            Middleware(SameSiteOnly),
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY),
        ],
    )
    application.state.services = services
    application.state.metrics = measured
    for router in (*(module.router for module in PAGES), *more):
        application.include_router(router)
    application.mount(API, api_application(services), name="api")
    static = str(files("web") / "static")
    application.mount("/static", StaticFiles(directory=static), name="static")
    application.exception_handler(SignInNeeded)(_to_sign_in)
    application.exception_handler(NotProved)(proving.not_proved)
    application.exception_handler(WorkflowError)(_refused)
    application.exception_handler(RequestValidationError)(_misspelt)
    application.exception_handler(SetupError)(_not_so_set_up)
    application.exception_handler(HTTPException)(_not_possible)
    return application


async def _to_sign_in(request: Request, error: SignInNeeded) -> Response:
    if request.method == "POST":
        text = (await request.form()).get(TYPED, "")
        if isinstance(text, str) and text.strip():
            return signing.signed_out_page(request, error.path, text)
    return RedirectResponse(error.sign_in_path, status_code=SEE_OTHER)


def _refused(request: Request, error: WorkflowError) -> Response:
    try:
        visit = signed_in(request)
    except SignInNeeded as ended:  # meanwhile
        return RedirectResponse(ended.sign_in_path, status_code=SEE_OTHER)
    return page(
        visit, "refused.html", status_of(error), refusal=refusal_view(error, visit.reader.language)
    )


async def _misspelt(request: Request, error: RequestValidationError) -> Response:
    """A page's address that names no document; programs are told what is wrong with theirs."""
    if request.url.path.startswith(f"{API}/"):
        return await request_validation_exception_handler(request, error)
    return _not_possible(request, HTTPException(NOT_FOUND))


def _not_so_set_up(request: Request, error: SetupError) -> Response:
    visit = signed_in(request)
    refusal = setup_refusal(error, visit.reader.language)
    return page(visit, "refused.html", UNPROCESSABLE, refusal=refusal)


def _not_possible(request: Request, error: HTTPException) -> Response:
    template = "not_found.html" if error.status_code == NOT_FOUND else "not_possible.html"
    return open_page(request, services_of(request), template, error.status_code)
