"""What is logged during a request names the document that its path names."""

import io
import json
import logging
import socket
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from app import logs
from app.serving import serving
from tests.people import CAST
from tests.web.conftest import PASSWORD, START
from web.api.keys import Wanted, new_key
from workflow.api_keys import Scope

PAGES, CALLS = "uvicorn.error", "web.api.application"  # who tells of what broke
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def logged():
    """What the process logs from now on, line by line; afterwards the logging is as before."""
    loggers = [logging.getLogger(name) for name in ("", *logs.OURS)]
    before = [(one, one.level, list(one.handlers)) for one in loggers]
    out = io.StringIO()
    logs.set_up_logging(out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    for one, level, handlers in before:
        one.setLevel(level)
        one.handlers[:] = handlers


@pytest.fixture
def asked(pages):
    """Asks a real web server; it ends the connection after an answer that broke."""
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(pages, listener):
        port = listener.getsockname()[1]

        def ask(method, path, body=None, **headers):
            with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                answer.read()
                return answer

        yield ask


@pytest.fixture
def cookie(asked):
    fields = urlencode({"user": "EVA", "password": PASSWORD, "next": "/"})
    answer = asked("POST", "/sign-in", fields, **FORM)
    return answer.headers["Set-Cookie"].partition(";")[0]


@pytest.fixture
def key(company):
    wanted = Wanted(name="erp", scopes=frozenset({Scope.DOCUMENTS_READ}), person=None)
    return new_key(company.api_keys, wanted, CAST, START)[1]


@pytest.fixture
def broken(company):
    """Something nobody thought of: a table is gone."""
    with company.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE documents RENAME TO gone"))


@pytest.mark.usefixtures("broken")
def test_a_page_or_a_call_that_breaks_names_its_document_and_no_other(logged, asked, cookie, key):
    person, program = {"Cookie": cookie}, {"Authorization": f"Bearer {key}"}
    answers = [
        asked("GET", "/documents/purchase/order/PO%2F1", **person),
        asked("GET", "/documents", **person),
        asked("GET", "/api/v1/documents/sales/quote/SQ-1/entries", **program),
        asked("GET", "/api/v1/documents", **program),
    ]

    errors = [one for one in logged() if one["level"] == "error"]
    named = {
        name: [one.get("document") for one in errors if one["logger"] == name]
        for name in (PAGES, CALLS)
    }
    assert [answer.status for answer in answers] == [500] * 4
    assert named[PAGES][:2] == ["purchase/order/PO/1", None]
    assert named[CALLS] == ["sales/quote/SQ-1", None]
