"""Two hundred people decide on one entry at the same moment: one of them does."""

import http.client
import json
import socket
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from threading import Barrier

import pytest

from app.serving import services_of, serving
from db.engine import open_database
from db.unit_of_work import SqlUnitOfWork
from people import BOB, CAST, order
from web.api.keys import Wanted, new_key
from web.application import web_application
from workflow.api_keys import Scope
from workflow.errors import WorkflowError
from workflow.events import DocumentReleased, RequestApproved
from workflow.options import CompanyOptions
from workflow.service import deciding
from workflow.statuses import DocumentStatus

DECIDERS = 200
AT_ONCE = 40  # threads, each with a connection of its own
PROCESSES = 8
DEVICES = ("phone", "tablet")  # one may not ask two hundred times a minute
TESTS = Path(__file__).parent.parent
DECISIONS = "/api/v1/documents/purchase/order/PO-1/decisions"


def recorded(office, kind):
    with office.application.uow(readonly=True) as uow:
        return uow.recorded(uow.documents.get(order().key), kind)


def check(office, outcomes):
    """*outcomes*: how often each was heard."""
    assert outcomes["done"] == 1
    assert outcomes.total() == DECIDERS
    assert office.status("PO-1") is DocumentStatus.RELEASED
    assert len(recorded(office, RequestApproved)) == 1
    assert len(recorded(office, DocumentReleased)) == 1


def test_one_of_two_hundred_threads_wins(office, accounted):
    office.ask("PO-1")
    actor = office.application.actor("BOB")
    start = Barrier(AT_ONCE)

    def decide(turns: int) -> list[str]:
        engine = open_database(office.url)
        outcomes = []
        try:
            start.wait(60)
            for _ in range(turns):
                try:
                    deciding.approve(SqlUnitOfWork(engine), order().key, actor)
                    outcomes.append("done")
                except WorkflowError as refusal:
                    outcomes.append(refusal.code)
        finally:
            engine.dispose()
        return outcomes

    with ThreadPoolExecutor(AT_ONCE) as threads:
        heard = threads.map(decide, repeat(DECIDERS // AT_ONCE, AT_ONCE))
        check(office, Counter(one for outcomes in heard for one in outcomes))
    office.deliver_the_rest()
    accounted(office)


@pytest.mark.faults
def test_one_of_eight_processes_wins_each_of_many(office, accounted):
    numbers = [f"PO-{number}" for number in range(1, 1 + DECIDERS // PROCESSES)]
    for number in numbers:
        office.ask(number)
    command = [sys.executable, "-m", "faults.acting", office.url, "approve", *numbers]
    people = [
        subprocess.Popen(
            command, cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(PROCESSES)
    ]
    for person in people:
        assert person.stdout.readline() == "ready\n"
    for person in people:
        person.stdin.write("go\n")
        person.stdin.flush()
    heard = Counter(
        tuple(line.split())
        for person in people
        for line in person.communicate(timeout=120)[0].splitlines()
    )

    assert heard.total() == DECIDERS
    assert {number: heard[number, "done"] for number in numbers} == dict.fromkeys(numbers, 1)
    office.deliver_the_rest()
    accounted(office)


def test_one_of_two_hundred_programs_wins_through_the_api(office, accounted):
    office.ask("PO-1")
    application = office.application
    with application.uow() as uow:
        uow.set_company(CompanyOptions(deciding_keys=", ".join(DEVICES)))
        uow.commit()
    devices = [
        new_key(
            application.api_keys,
            Wanted(name=name, scopes=frozenset({Scope.ENTRIES_DECIDE}), person=BOB),
            CAST,
            office.now(),
        )[1]
        for name in DEVICES
    ]
    listener = socket.create_server(("127.0.0.1", 0))
    start = Barrier(AT_ONCE)

    def decide(thread: int) -> list[str]:
        line = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=60)
        heard = []
        start.wait(60)
        for turn in range(DECIDERS // AT_ONCE):
            headers = {
                "Authorization": f"Bearer {devices[thread % len(devices)]}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{thread}-{turn}",
            }
            body = json.dumps({"decision": "approve", "request": 1})
            line.request("POST", DECISIONS, body, headers)
            answer = line.getresponse()
            told = json.loads(answer.read())
            heard.append("done" if answer.status == 200 else told["code"])
        line.close()
        return heard

    with (
        serving(web_application(services_of(application)), listener),
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):
        heard = threads.map(decide, range(AT_ONCE))
        check(office, Counter(one for outcomes in heard for one in outcomes))
    office.deliver_the_rest()
    accounted(office)
