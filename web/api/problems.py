"""Refusals as problem details (RFC 9457): for programs the code, for people the sentence."""

import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope as AsgiScope

from notifications.translations import locale_for, translations_for
from web.api.paths import REFERENCE
from web.api.refusals import (
    IdempotencyKeyNeeded,
    NotValid,
    NotWellFormed,
    StillInProgress,
    TooManyRequests,
    status_of,
)
from workflow.errors import BadValue, UnknownField, WorkflowError
from workflow.phrases import Translate

MEDIA_TYPE: Final = "application/problem+json"
TRACE: Final = "trace_id"
IDEMPOTENCY_KEY: Final = "idempotency-key"


class ProblemError(BaseModel):
    """One value that is not right."""

    model_config = ConfigDict(extra="forbid")
    pointer: str = Field(description="Where in the body (RFC 6901), or empty.")
    parameter: str = Field(description="Which part of the address or which header, or empty.")
    message: str


class Problem(BaseModel):
    """Why something was refused (RFC 9457); nothing was changed."""

    model_config = ConfigDict(extra="forbid")
    type: str = Field(description="Where the reference explains it.")
    title: str
    status: int
    detail: str = Field(description="A sentence for people.")
    next_step: str = Field(description="What to do about it, or empty.")
    code: str = Field(description="For programs; it stays the same.")
    errors: list[ProblemError]
    trace_id: str = Field(description="As in the header X-Request-Id.")


def title_of(code: str) -> str:
    return code.replace("_", " ").capitalize()


def type_of(code: str) -> str:
    return f"{REFERENCE}#problem-{code.lower().replace('_', '-')}"


def problem_answer(
    scope: AsgiScope,
    error: WorkflowError,
    *,
    errors: Sequence[ProblemError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that says *error*."""
    status = status_of(error)
    language = language_of(scope)
    translate = translations_for(language).gettext
    problem = Problem(
        type=type_of(error.code),
        title=translate(title_of(error.code)),
        status=status,
        detail=error.in_words(translate),
        next_step=error.advised(translate),
        code=error.code,
        errors=[*errors, *_named(error, translate)],
        trace_id=trace_of(scope),
    )
    # As ASCII: what was sent and is named again may be no text that could be encoded.
    content = json.dumps(problem.model_dump())
    more = {"Content-Language": language, **_headers(error, status), **(headers or {})}
    return Response(content, status_code=status, headers=more, media_type=MEDIA_TYPE)


def language_of(scope: AsgiScope) -> str:
    """The first of the languages asked for that we have words for, else English."""
    wishes = Headers(scope=scope).get("accept-language", "").split(",")
    return locale_for(*(wish.partition(";")[0] for wish in wishes)).language


def trace_of(scope: AsgiScope) -> str:
    return str(scope.get("state", {}).get(TRACE, ""))


def not_valid(errors: Iterable[Mapping[str, Any]]) -> tuple[WorkflowError, list[ProblemError]]:
    """What the framework found wrong with a request."""
    found = list(errors)
    if any(error["type"] == "json_invalid" for error in found):
        return NotWellFormed(), []
    if any(error["type"] == "missing" and IDEMPOTENCY_KEY in _loc(error) for error in found):
        return IdempotencyKeyNeeded(), []
    return NotValid(), [_problem_error(error) for error in found]


def _loc(error: Mapping[str, Any]) -> list[str]:
    return [str(part).lower() for part in error["loc"]]


def _problem_error(error: Mapping[str, Any]) -> ProblemError:
    source, *rest = error["loc"]
    in_body = source == "body"
    return ProblemError(
        pointer=_pointer(rest) if in_body else "",
        parameter="" if in_body else ".".join(map(str, rest)),
        message=error["msg"],
    )


def _pointer(parts: Iterable[object]) -> str:
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)


def _named(error: WorkflowError, translate: Translate) -> list[ProblemError]:
    """The field of the body that a refusal of the workflow is about."""
    if not isinstance(error, BadValue | UnknownField) or not error.parts:
        return []
    field = str(error.parts[0]).split(" ")[0]
    return [
        ProblemError(pointer=_pointer([field]), parameter="", message=error.in_words(translate))
    ]


def _headers(error: WorkflowError, status: int) -> dict[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.parts[0])}
    return {"Retry-After": "1"} if isinstance(error, StillInProgress) else {}
