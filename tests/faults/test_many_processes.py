"""Processes that send, decide and deliver, all on one SQLite file: nobody loses anything."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from faults.office import wait_for
from workflow.statuses import DocumentStatus

TESTS = Path(__file__).parent.parent
ORDERS = 60


def acting(office, step, numbers):
    command = [sys.executable, "-m", "faults.acting", office.url, step, *numbers]
    return subprocess.Popen(
        command, cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.faults
def test_two_senders_a_decider_and_two_workers_on_one_file(in_a_file, post_box, accounted):
    numbers = [f"PO-{number}" for number in range(ORDERS)]
    in_a_file.receive(*numbers)
    with ExitStack() as stack:
        workers = [stack.enter_context(in_a_file.process("worker")) for _ in range(2)]
        # The second sender finds most of them sent; the decider is sometimes too early.
        people = [
            acting(in_a_file, "send", numbers),
            acting(in_a_file, "send", numbers[::-1]),
            acting(in_a_file, "approve", numbers * 3),
        ]
        for person in people:
            assert person.stdout.readline() == "ready\n"
        for person in people:
            person.stdin.write("go\n")
            person.stdin.flush()
        for person in people:
            person.communicate(timeout=180)
            assert person.returncode == 0
        undecided = {
            number for number in numbers if in_a_file.status(number) is not DocumentStatus.RELEASED
        }
        for number in undecided:
            in_a_file.approve(number)
        wait_for(lambda: in_a_file.account().events == in_a_file.account().accounted)
        wait_for(lambda: in_a_file.application.read.oldest_unsent() is None)
        assert [worker.poll() for worker in workers] == [None, None]

    in_a_file.deliver_the_rest()
    assert in_a_file.account().events == 2 * ORDERS  # each was asked for once, and released once
    accounted(in_a_file)
