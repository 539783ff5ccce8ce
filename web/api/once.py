"""A step that is done once, however often it is asked for: its answer is kept with it.

The answer is stored in the transaction of the step. A process that is killed leaves either both,
and the repetition gets the answer, or neither, and the repetition does the step. A step that is
refused changes nothing and keeps no answer.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from starlette.responses import Response

from web.api.calls import Call
from web.api.refusals import KeyReused, StillInProgress
from web.ports import WebUnitOfWork
from workflow.kept_answers import KeptAnswer, KeptPlace

REPLAYED: Final = "Idempotent-Replayed"
JSON: Final = "application/json"
Step = Callable[[WebUnitOfWork], KeptAnswer]

_in_progress: set[KeptPlace] = set()
_lock = Lock()


def done_once(call: Call, idempotency_key: str | None, step: Step) -> Response:
    """Do the step, or give the answer it had the first time.

    Raises:
        KeyReused, StillInProgress, and what *step* raises.
    """
    if idempotency_key is None:
        with call.uow as uow:
            answer = step(uow)
            uow.commit()
        return _response(answer)
    place = KeptPlace(call.key.id, call.request.method, call.request.url.path, idempotency_key)
    with _alone(place):
        return _kept(call, place, step)


def _kept(call: Call, place: KeptPlace, step: Step) -> Response:
    fingerprint = _fingerprint(call)
    with call.uow as uow:
        kept = uow.answers.claim(place, fingerprint, call.services.clock())
        if kept is not None and kept.fingerprint != fingerprint:
            raise KeyReused
        if kept is not None:
            return _response(kept.answer, {REPLAYED: "true"})
        answer = step(uow)
        uow.answers.keep(place, answer)
        uow.commit()
    return _response(answer)


def _fingerprint(call: Call) -> str:
    seen = call.request.headers.get("if-match", "")
    asked = b"\0".join((call.request.url.query.encode(), seen.encode(), call.body))
    return hashlib.sha256(asked).hexdigest()


@contextmanager
def _alone(place: KeptPlace) -> Iterator[None]:
    """In this process; in others the database has the second wait for the first."""
    with _lock:
        if place in _in_progress:
            raise StillInProgress
        _in_progress.add(place)
    try:
        yield
    finally:
        with _lock:
            _in_progress.discard(place)


def _response(answer: KeptAnswer, more: dict[str, str] | None = None) -> Response:
    headers = {**answer.headers, **(more or {})}
    return Response(answer.body, status_code=answer.status, headers=headers, media_type=JSON)
