"""Having a company's templates rendered in a process of their own, for no longer than a moment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO, Any, Final

PROGRAM: Final = Path(__file__).with_name("override_process.py")
READY: Final = b"ready\n"
STARTS_WITHIN: Final = 10.0  # seconds; a busy machine is not the template's fault
RENDERS_WITHIN: Final = 2.0
ANSWER_LIMIT: Final = 1_000_000  # bytes


class BrokenOverride(Exception):
    """A template that no letter can be made of; the message says where and why."""


def rendered(parts: Mapping[str, str], names: Mapping[str, Any]) -> dict[str, str]:
    """The words of each part.

    Raises:
        BrokenOverride
    """
    request = json.dumps({"parts": dict(parts), "names": dict(names)}).encode()
    answer = _read(_asked(request))
    if found := answer.get("broken"):
        where = f" line {found['line']}" if found["line"] else ""
        raise BrokenOverride(f"{found['part']}{where}: {found['why']}")
    words: dict[str, str] = answer["words"]
    return words


def _read(raw: bytes) -> dict[str, Any]:
    if not raw:
        raise BrokenOverride(
            "It took too long or needs too much memory: it was ended before it was done."
        )
    if len(raw) > ANSWER_LIMIT:
        raise BrokenOverride("It wrote more than any letter can carry.")
    try:
        answer: dict[str, Any] = json.loads(raw)
    except ValueError:
        raise BrokenOverride("It was ended in the middle of its answer.") from None
    return answer


def _asked(request: bytes) -> bytes:
    """The answer; nothing when the process was ended before it gave one."""
    with _started() as process:
        reading, writing = _pipes(process)
        with _ended_after(STARTS_WITHIN, process):
            if reading.readline(len(READY)) != READY:
                raise BrokenOverride("The process that renders templates did not start.")
        with _ended_after(RENDERS_WITHIN, process), suppress(BrokenPipeError):
            writing.write(request)
            writing.close()
            return reading.read(ANSWER_LIMIT + 1)
    return b""


@contextmanager
def _started() -> Iterator["subprocess.Popen[bytes]"]:
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-B", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},  # no setting of ours, no secret
            start_new_session=True,
        )
    except OSError as error:
        raise BrokenOverride(f"The process that renders templates did not start: {error}") from None
    try:
        yield process
    finally:
        _end(process)
        for pipe in _pipes(process):
            with suppress(BrokenPipeError):
                pipe.close()
        process.wait()


@contextmanager
def _ended_after(seconds: float, process: "subprocess.Popen[bytes]") -> Iterator[None]:
    timer = Timer(seconds, _end, [process])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """With whatever it started."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    if process.stdout is None or process.stdin is None:
        raise BrokenOverride("The process that renders templates has no pipes.")
    return process.stdout, process.stdin
