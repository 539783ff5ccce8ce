"""From facts to a page, in the language of whoever reads it."""

from functools import cache
from gettext import NullTranslations
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse

from notifications.translations import locale_for, translations_for
from web.mail_pause import told_on_top
from web.services import Services
from web.visits import Visit

TEMPLATES: Final = "web"


def page(visit: Visit, template: str, status: int = 200, /, **facts: Any) -> HTMLResponse:  # noqa: ANN401 - what templates show
    """A page for somebody who is signed in."""
    return _answer(visit.reader.language, template, status, _names(visit) | facts)


def _names(visit: Visit) -> dict[str, Any]:
    return {
        "visit": visit,
        "language": visit.reader.language,
        "company": visit.services.company.name,
        "start_page": visit.services.start_page,
        "path": visit.path,
        "mail_paused": told_on_top(visit),
    }


def language_wished(request: Request, otherwise: str) -> str:
    """The first language that the browser asks for and that we have words for."""
    wishes = request.headers.get("accept-language", "").split(",")
    return locale_for(*(wish.partition(";")[0] for wish in wishes), otherwise).language


def open_page(
    request: Request,
    services: Services,
    template: str,
    status: int = 200,
    /,
    **facts: Any,  # noqa: ANN401 - what templates show
) -> HTMLResponse:
    """A page for anybody, in the language his browser asks for."""
    language = language_wished(request, services.company.language)
    names = {
        "visit": None,
        "language": language,
        "company": services.company.name,
        "start_page": services.start_page,
        "path": "",
        "mail_paused": "",
    }
    return _answer(language, template, status, names | facts)


def streamed_page(visit: Visit, template: str, /, **facts: Any) -> StreamingResponse:  # noqa: ANN401 - what templates show
    """As ``page``, each part of it sent as soon as it is there."""
    language = visit.reader.language
    parts = environment(language).get_template(template).generate(_names(visit) | facts)
    return StreamingResponse(parts, media_type="text/html", headers={"Content-Language": language})


def _answer(language: str, template: str, status: int, names: dict[str, Any]) -> HTMLResponse:
    html = environment(language).get_template(template).render(names)
    return HTMLResponse(html, status_code=status, headers={"Content-Language": language})


@cache
def environment(language: str) -> Environment:
    """The templates with one language's words; compiled once."""
    environment = Environment(
        loader=PackageLoader("templates", TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    translations: NullTranslations = translations_for(language)
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined] # by the extension
    return environment
