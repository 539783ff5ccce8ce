"""The PostgreSQL server is stopped and started again under programs that run."""

import signal
import socket
import time
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection, HTTPException

import pytest
from sqlalchemy.exc import OperationalError

from db.schema import upgrade
from faults.office import Office, wait_for
from notifications.ports import EmailState
from postgres_server import restartable_postgres
from workflow.statuses import DocumentStatus

pytestmark = pytest.mark.faults
AWAY = 5  # seconds


@pytest.fixture
def cluster():
    with restartable_postgres() as cluster:
        yield cluster


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_worker_goes_on_when_the_database_is_back(cluster, post_box, accounted, how):
    with ExitStack() as stack:
        with cluster.start() as server:
            upgrade(cluster.url())
            office = stack.enter_context(Office(cluster.url(), post_box))
            worker = stack.enter_context(office.process("worker"))
            office.ask("PO-1")
            wait_for(post_box.letters)
            office.ask("PO-2")  # it may be on its way
            server.send_signal(how)
            server.wait(30)
        with pytest.raises(OperationalError):
            office.send("PO-3")
        time.sleep(AWAY)
        assert worker.poll() is None

        stack.enter_context(cluster.start())
        assert office.status("PO-2") is DocumentStatus.PENDING_APPROVAL
        office.ask("PO-3")
        # What a worker had in hand when the database died waits for the end of its lease.
        wait_for(lambda: office.application.read.outbox_counts().get(EmailState.SENT, 0) >= 2, 150)
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)
        office.deliver_the_rest()
        accounted(office)
        office.application.close()


def test_the_pages_answer_again_when_the_database_is_back(cluster, post_box, accounted):
    port = free_port()

    def answer(path: str) -> int:
        line = HTTPConnection("127.0.0.1", port, timeout=15)
        with closing(line), suppress(OSError, HTTPException):
            line.request("GET", path)
            return line.getresponse().status
        return 0

    with ExitStack() as stack:
        with cluster.start():
            upgrade(cluster.url())
            office = stack.enter_context(Office(cluster.url(), post_box))
            serve = stack.enter_context(office.process("serve", "--port", str(port)))
            wait_for(lambda: answer("/sign-in") == 200)
        assert answer("/sign-in") in {200, 500, 503}
        time.sleep(AWAY)
        assert serve.poll() is None

        stack.enter_context(cluster.start())
        wait_for(lambda: answer("/sign-in") == 200)
        office.ask("PO-1")
        wait_for(post_box.letters, 150)
        assert serve.poll() is None
        serve.send_signal(signal.SIGTERM)
        serve.wait(30)
        office.deliver_the_rest()
        accounted(office)
        office.application.close()
