"""The reference as a page: every operation and every problem, without scripts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.api.description import operations
from web.api.paths import DOCS
from web.api.problems import title_of, type_of
from web.api.refusals import status_of
from web.rendering import open_page
from web.visits import services_of
from workflow.errors import WorkflowError

router = APIRouter()
_PLACE: Final = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, kw_only=True)
class FieldView:
    name: str
    kind: str
    needed: bool
    about: str


@dataclass(frozen=True, kw_only=True)
class OperationView:
    method: str
    path: str
    title: str
    about: str
    parameters: list[FieldView]
    body: list[FieldView]
    answers: str


@dataclass(frozen=True, kw_only=True)
class ProblemView:
    anchor: str
    code: str
    status: int
    title: str
    sentence: str


@router.get(DOCS, include_in_schema=False)
def show_reference(request: Request) -> Response:
    """For anybody: it tells nothing of the company."""
    description = request.app.openapi()
    views = [_operation(description, *one) for one in operations(description)]
    tags = [one["tags"][0] for _, _, one in operations(description)]
    pairs = sorted(zip(tags, views, strict=True), key=lambda pair: pair[0])
    groups = [
        (tag, [view for _, view in of_tag])
        for tag, of_tag in groupby(pairs, key=lambda pair: pair[0])
    ]
    return open_page(
        request, services_of(request), "api_reference.html", groups=groups, problems=problems()
    )


def problems() -> list[ProblemView]:
    """Every refusal there is, by its code."""
    kinds = {kind.code: kind for kind in _kinds(WorkflowError)}
    kinds.pop(WorkflowError.code)  # of those that have none of their own
    return [
        ProblemView(
            anchor=type_of(code).rpartition("#")[2],
            code=code,
            status=status_of(kind.__new__(kind)),
            title=title_of(code),
            sentence=_PLACE.sub("…", kind.template),
        )
        for code, kind in sorted(kinds.items())
    ]


def _kinds(kind: type[WorkflowError]) -> Iterator[type[WorkflowError]]:
    yield kind
    for more in kind.__subclasses__():
        yield from _kinds(more)


def _operation(
    description: dict[str, Any], method: str, path: str, one: dict[str, Any]
) -> OperationView:
    prefix = description["servers"][0]["url"]
    return OperationView(
        method=method,
        path=f"{prefix}{path}",
        title=one["summary"],
        about=_plain(one["description"]),
        parameters=[_parameter(parameter) for parameter in one.get("parameters", [])],
        body=list(_body(description, one)),
        answers=", ".join(one["responses"]),
    )


def _parameter(parameter: dict[str, Any]) -> FieldView:
    return FieldView(
        name=parameter["name"],
        kind=f"{parameter['in']}, {_kind(parameter['schema'])}",
        needed=parameter.get("required", False),
        about=_plain(parameter.get("description", "")),
    )


def _body(description: dict[str, Any], one: dict[str, Any]) -> Iterator[FieldView]:
    content = one.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return
    name = content["schema"]["$ref"].rpartition("/")[2]
    schema = description["components"]["schemas"][name]
    for field, its in schema["properties"].items():
        yield FieldView(
            name=field,
            kind=_kind(its),
            needed=field in schema.get("required", []),
            about=_plain(its.get("description", "")),
        )


def _plain(text: str) -> str:
    """Without the marks of Markdown."""
    return text.replace("`", "")


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "anything"))
