"""The metrics of a worker: those that `serve` has, at a port of their own, for the same token."""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from app.bootstrap import Application
from app.metrics import metric_facts
from app.settings import PREFIX, WrongSettings
from web.metrics import METRICS, TOKEN_NEEDED, Metrics, may_read

HERE: Final = "127.0.0.1"
PLAIN: Final = "text/plain; charset=utf-8"
ASK_WITHIN: Final = 10  # seconds; who connects and says nothing holds no thread for long
log: Final = logging.getLogger(__name__)


@contextmanager
def metrics_served(application: Application, host: str, port: int) -> Iterator[None]:
    """In the background, while the `with` block runs.

    Raises:
        WrongSettings: there is no token, so that nobody could read them.
        OSError: the port is taken.
    """
    token = application.settings.metrics_token_text
    if not token:
        raise WrongSettings(f"{PREFIX}METRICS_TOKEN: is needed for metrics, and is not set")
    answering = _Answering(Metrics(lambda: metric_facts(application)), token)
    with make_server(host, port, answering, _Server, _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="metrics")
        thread.start()
        try:
            application.say(f"Metrics: http://{host}:{port}{METRICS}")
            yield
        finally:
            server.shutdown()
            thread.join()


class _Answering:
    def __init__(self, metrics: Metrics, token: str) -> None:
        self._metrics = metrics
        self._token = token

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("GET", METRICS):
            return _answer(start, HTTPStatus.NOT_FOUND, b"")
        if not may_read(environ.get("HTTP_AUTHORIZATION", ""), self._token):
            asks = ("WWW-Authenticate", "Bearer")
            return _answer(start, HTTPStatus.UNAUTHORIZED, TOKEN_NEEDED.encode(), more=asks)
        try:
            text = self._metrics.text()
        except SQLAlchemyError as error:
            log.warning("The database does not answer: %s", error)
            return _answer(start, HTTPStatus.SERVICE_UNAVAILABLE, b"")
        return _answer(start, HTTPStatus.OK, text, CONTENT_TYPE_LATEST)


def _answer(
    start: StartResponse,
    status: HTTPStatus,
    body: bytes,
    content_type: str = PLAIN,
    *,
    more: tuple[str, str] | None = None,
) -> list[bytes]:
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    start(f"{status.value} {status.phrase}", [*headers, *([more] if more else [])])
    return [body]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library declares it
        """Who asked went away, or asked for nothing: that is no trouble of ours."""


class _Handler(WSGIRequestHandler):
    timeout = ASK_WITHIN

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
        """Whoever watches asks every few seconds."""
