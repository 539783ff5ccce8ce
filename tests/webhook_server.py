"""Somebody else's server on this machine that takes webhooks, and can be told to misbehave."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Headers = dict[str, str]


@dataclass(frozen=True)
class Taken:
    path: str
    headers: Headers  # names in small letters
    body: bytes


@dataclass
class Receiver:
    """What it answers to the next messages, after that 204; and what it was sent."""

    port: int = 0
    scheme: str = "http"
    answers: list[tuple[int, Headers, bytes]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    when_connected: Callable[[], None] = lambda: None
    when_taken: Callable[[Taken], None] = lambda _taken: None
    before_status: float = 0.0  # seconds
    dribbles: bool = False  # a header line without end

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/in"

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def _handler(state: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def setup(self):
            super().setup()
            state.when_connected()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            taken = Taken(self.path, headers, body)
            state.taken.append(taken)
            state.when_taken(taken)
            time.sleep(state.before_status)
            if state.dribbles:
                self._dribble()
                return
            status, more, words = state.answers.pop(0) if state.answers else (204, {}, b"")
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(words)

        def _dribble(self):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in range(100):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)

        def log_message(self, *_):
            pass

    return Handler


@contextmanager
def receiver(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    state = Receiver(scheme="https" if context else "http")
    server = _Server(("127.0.0.1", 0), _handler(state))
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
