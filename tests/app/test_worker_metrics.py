"""A worker's own metrics: read from a real process, by whoever has the token."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from app.bootstrap import Application
from app.serving import services_of
from app.settings import read_settings
from web.application import web_application

TOKEN = "a token for the tests of metrics"  # noqa: S105 - of no company
BEARER = {"Authorization": f"Bearer {TOKEN}"}
HERE = "127.0.0.1"


@pytest.fixture
def environment(database_url, monkeypatch):
    """That of every process here."""
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", database_url)
    monkeypatch.setenv("COUNTERSIGN_METRICS_TOKEN", TOKEN)


@pytest.fixture
def port():
    with socket.create_server((HERE, 0)) as free:
        return free.getsockname()[1]


@contextmanager
def worker(*options):
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli", "worker", *options],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def asked(port, path="/metrics", headers=BEARER, method="GET"):
    connection = HTTPConnection(HERE, port, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def wait_until_it_listens(port, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HERE, port), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nobody listens")


def named(text):
    return {family.name for family in text_string_to_metric_families(text)}


@pytest.mark.usefixtures("environment")
def test_a_worker_says_what_serve_says_and_only_to_whoever_has_the_token(port):
    with worker("--metrics-port", str(port)) as process:
        wait_until_it_listens(port)
        status, text = asked(port)
        wrong = [asked(port, headers=given)[0] for given in ({}, {"Authorization": f"{TOKEN}"})]
        elsewhere = [asked(port, "/")[0], asked(port, "/health")[0], asked(port, method="POST")[0]]
        process.send_signal(signal.SIGTERM)
        ended, said = process.wait(timeout=60), process.stderr.read()

    with Application(read_settings()) as application:
        pages = TestClient(web_application(services_of(application)))
        of_serve = pages.get("/metrics", headers=BEARER).text
    assert (status, wrong, elsewhere) == (200, [401, 401], [404, 404, 404])
    assert named(text) == named(of_serve)
    assert 'countersign_emails{state="sent"} 0.0' in text
    assert ended == 0
    lines = [json.loads(line)["event"] for line in said.splitlines()]
    assert lines == [
        f"Metrics: http://{HERE}:{port}/metrics",
        "Working. Ctrl-C ends it.",
        "Stopped.",
    ]


@pytest.mark.usefixtures("environment")
def test_who_connects_and_says_nothing_keeps_nobody_waiting(port):
    with worker("--metrics-port", str(port)) as process:
        wait_until_it_listens(port)
        with socket.create_connection((HERE, port)):
            status, _ = asked(port)
            process.send_signal(signal.SIGTERM)
            ended = process.wait(timeout=60)

    assert (status, ended) == (200, 0)


def ends(*options, **changes):
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "worker", *options],
        env=os.environ | changes,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.usefixtures("environment")
class TestNoWorkerStarts:
    def test_without_a_token(self, port):
        refused = ends("--metrics-port", str(port), COUNTERSIGN_METRICS_TOKEN="")

        assert refused.returncode == 2
        assert "COUNTERSIGN_METRICS_TOKEN: is needed for metrics" in refused.stderr

    def test_on_a_port_that_is_taken(self):
        with socket.create_server((HERE, 0)) as taken:
            refused = ends("--metrics-port", str(taken.getsockname()[1]))

        assert refused.returncode == 3
        assert "in use" in refused.stderr
        assert "Traceback" not in refused.stderr

    def test_that_ends_before_anybody_could_ask(self, port):
        assert ends("--once", "--metrics-port", str(port)).returncode == 2
