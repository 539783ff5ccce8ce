"""What the long-running commands log: lines for a person, JSON for programs; no secret, no address.

Addresses of people are shortened; what an email was about is named by its document.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

OURS: Final = ("app", "db", "notifications", "web", "workflow")
FACTS: Final = ("document", "email", "letter", "recipient", "state", "code", "worker")
ADDRESS: Final = re.compile(r"([\w.%+-])[\w.%+-]*@(?=[\w-])")
SHOWN_TO_ENTER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
SECRETS: Final = re.compile(r"(?i)\b(\w*(?:password|secret|token)|authorization)(\s*[:=]\s*)\S+")
URL_PASSWORD: Final = re.compile(r"(://[^\s:/@]*):[^\s@/]+@")

Event = MutableMapping[str, Any]
_log: Final = logging.getLogger("app")


def set_up_logging(stream: TextIO = sys.stderr) -> None:
    """For a whole process."""
    screen = stream.isatty()
    before: list[structlog.typing.Processor] = [
        add_log_level,
        add_logger_name,
        structlog.contextvars.merge_contextvars,
        ExtraAdder(allow=FACTS),
        structlog.processors.TimeStamper(fmt="iso", utc=not screen),
    ]
    plain = structlog.dev.plain_traceback  # others would show what was in the variables
    last: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        shorten,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)
        if screen
        else structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=before, processors=[ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def say(text: str) -> None:
    """What is told without being asked for."""
    _log.info("%s", text)


def shorten(_logger: object, _method: str, event: Event) -> Event:
    """Nothing that opens a door, and of an address no more than tells two people apart."""
    return {name: _shortened(value) for name, value in event.items()}


def _shortened(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = SHOWN_TO_ENTER.sub(r"\1 ***", URL_PASSWORD.sub(r"\1:***@", value))
    return ADDRESS.sub(r"\1***@", SECRETS.sub(r"\1\2***", text))
