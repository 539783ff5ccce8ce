"""The OpenAPI description: made from the code, with what the framework cannot know added to it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from web.api.calls import Needs
from web.api.paths import V1
from web.api.problems import MEDIA_TYPE

SUMMARY: Final = "Documents, approvals and their setup, for other programs."
REFUSAL: Final = 400
Plain = dict[str, Any]


def described(application: FastAPI, routers: Sequence[APIRouter]) -> Callable[[], Plain]:
    """What ``application.openapi`` is, worked out once; *routers* are below /v1."""
    kept: Plain = {}

    def openapi() -> Plain:
        if not kept:
            kept.update(_description(application, routers))
        return kept

    return openapi


def operations(description: Plain) -> Iterator[tuple[str, str, Plain]]:
    """Method, path and description of each operation."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _description(application: FastAPI, routers: Sequence[APIRouter]) -> Plain:
    description = get_openapi(
        title=application.title,
        version=application.version,
        summary=application.summary,
        routes=application.routes,
    )
    description["servers"] = [{"url": "/api"}]
    scopes = _scopes(routers)
    for method, path, operation in operations(description):
        _say_problems(operation)
        operation["summary"] = operation["summary"].capitalize()
        wanted = scopes[method, path]
        operation["x-scopes"] = wanted
        named = " or ".join(f"`{scope}`" for scope in wanted)
        operation["description"] = f"{operation.get('description', '')}\n\nScope: {named}."
    return description


def _say_problems(operation: Plain) -> None:
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if int(status) >= REFUSAL and "application/json" in content:
            response["content"] = {MEDIA_TYPE: content["application/json"]}


def _scopes(routers: Sequence[APIRouter]) -> dict[tuple[str, str], list[str]]:
    return {
        (method, f"{V1}{route.path_format}"): scopes_of(route)
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def scopes_of(route: APIRoute) -> list[str]:
    """Of which a key needs one."""
    return [scope.value for one in _needs(route.dependant) for scope in one.scopes]


def _needs(dependant: Dependant) -> Iterator[Needs]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Needs):
            yield dependency.call
        yield from _needs(dependency)
