"""From facts to a page, in the language of whoever reads it."""

from functools import cache
from gettext import NullTranslations
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from notifications.translations import translations_for
from web.visits import Visit

TEMPLATES: Final = "web"


def page(visit: Visit, template: str, status: int = 200, /, **facts: Any) -> HTMLResponse:  # noqa: ANN401 - what templates show
    """A page for somebody who is signed in."""
    names = {
        "visit": visit,
        "language": visit.reader.language,
        "company": visit.services.company.name,
        "path": visit.path,
    }
    return _answer(visit.reader.language, template, status, names | facts)


def open_page(
    language: str,
    company: str,
    template: str,
    status: int = 200,
    /,
    **facts: Any,  # noqa: ANN401 - what templates show
) -> HTMLResponse:
    """A page for anybody."""
    names = {"visit": None, "language": language, "company": company, "path": ""}
    return _answer(language, template, status, names | facts)


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
