"""Somebody else holds the database: what waited too long is refused whole, and goes on later."""

import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import OperationalError

from faults.office import MAIN, wait_for
from workflow.statuses import DocumentStatus

SECONDS = 15
HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""


@contextmanager
def held_by_another_process(office, seconds=SECONDS):
    file = office.url.removeprefix("sqlite:///")
    command = [sys.executable, "-c", HOLD, file, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.kill()


@pytest.mark.faults
def test_fifteen_seconds_are_too_long_for_a_person_but_not_for_the_mail(
    in_a_file, post_box, accounted
):
    in_a_file.ask("PO-1")
    in_a_file.receive("PO-2")
    with held_by_another_process(in_a_file) as holder:
        started = time.monotonic()
        with in_a_file.process("worker") as worker:
            with pytest.raises(OperationalError, match="locked"):
                in_a_file.send("PO-2")
            assert 9 < time.monotonic() - started < SECONDS
            assert (
                in_a_file.status("PO-2") is DocumentStatus.OPEN
            )  # who only reads waits for nobody
            assert post_box.letters() == []
            holder.wait(SECONDS)
            wait_for(in_a_file.application.read.last_sent)
            assert worker.poll() is None
    in_a_file.send("PO-2")
    in_a_file.deliver_the_rest()

    assert len(post_box.letters()) == 2
    accounted(in_a_file)


@pytest.mark.faults
def test_a_command_that_waited_too_long_says_so(in_a_file):
    in_a_file.ask("PO-1")
    with held_by_another_process(in_a_file):
        done = subprocess.run(
            [*MAIN, "approve", "PO-1", "--as", "BOB"],
            env=in_a_file.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert in_a_file.status("PO-1") is DocumentStatus.PENDING_APPROVAL


def test_a_short_wait_is_nothing_anybody_notices(in_a_file, post_box, accounted):
    in_a_file.receive("PO-1")
    with held_by_another_process(in_a_file, seconds=1):
        in_a_file.send("PO-1")
    in_a_file.deliver_the_rest()

    assert len(post_box.letters()) == 1
    accounted(in_a_file)
