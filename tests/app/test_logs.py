"""What is logged: JSON for programs, the document by its number, no secret and no whole address."""

import io
import json
import logging

import pytest

from app import logs

IN_A_VARIABLE = "a password that somebody gave"


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def logged():
    """Logs something, and gives what came out of it; afterwards the logging is as before."""
    loggers = [logging.getLogger(name) for name in ("", *logs.OURS)]
    before = [(one, one.level, list(one.handlers)) for one in loggers]

    def log(*what, stream=None, name="app.chores", **facts):
        out = stream or io.StringIO()
        logs.set_up_logging(out)
        logging.getLogger(name).warning(*what, **facts)
        return out.getvalue()

    yield log
    for one, level, handlers in before:
        one.setLevel(level)
        one.handlers[:] = handlers


def test_a_program_gets_one_line_of_json_with_the_document(logged):
    line = logged(
        "email %d: %s", 7, "sent", extra={"document": "purchase/order/PO-1", "process_secret": "x"}
    )

    told = json.loads(line)
    assert line.count("\n") == 1
    assert (told["event"], told["level"], told["logger"]) == (
        "email 7: sent",
        "warning",
        "app.chores",
    )
    assert told["document"] == "purchase/order/PO-1"
    assert "timestamp" in told
    assert "process_secret" not in told


def test_a_person_at_a_screen_gets_words(logged):
    line = logged("The database does not answer", stream=Screen())

    assert "The database does not answer" in line
    assert not line.startswith("{")


@pytest.mark.parametrize(
    "text",
    [
        "535 5.7.8 ann.ash@contoso.com may not; password=hunter22",
        "connect postgresql://erp:hunter22@db.example.com/erp failed for ann.ash@contoso.com",
        "ann.ash@contoso.com: Authorization: hunter22",
        "ann.ash@contoso.com sent Bearer hunter22",
        "ann.ash@contoso.com: authorization: Bearer hunter22",
        "ann.ash@contoso.com: client_secret = hunter22",
    ],
)
def test_no_secret_and_no_whole_address_is_logged(logged, text):
    line = logged("%s", text)

    assert "hunter22" not in line
    assert "ann.ash" not in line
    assert "a***@contoso.com" in line


@pytest.mark.parametrize("stream", [io.StringIO, Screen])
def test_the_same_holds_for_a_traceback(logged, stream):
    def fail(password):
        raise ValueError("token=hunter22 of ann.ash@contoso.com")

    try:
        fail(IN_A_VARIABLE)
    except ValueError as error:
        line = logged("failed", exc_info=error, stream=stream())

    assert "ValueError" in line
    assert IN_A_VARIABLE not in line
    assert "token=***" in line.splitlines()[-1]
    assert "ann.ash" not in line


def test_sentences_about_secrets_stay_whole(logged):
    text = "A password can only be kept with a secret key."

    assert json.loads(logged(text))["event"] == text


def test_what_others_log_is_heard_from_warnings_on(logged):
    out = io.StringIO()
    logged("x", stream=out)
    logging.getLogger("fontTools").info("boring")
    logging.getLogger("notifications.delivery").info("email 1: sent")

    events = [json.loads(line)["event"] for line in out.getvalue().splitlines()]
    assert events == ["x", "email 1: sent"]
