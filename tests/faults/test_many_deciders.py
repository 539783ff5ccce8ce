"""Two hundred people decide on one entry at the same moment: one of them does."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from threading import Barrier

from db.engine import open_database
from db.unit_of_work import SqlUnitOfWork
from people import order
from workflow.errors import WorkflowError
from workflow.events import DocumentReleased, RequestApproved
from workflow.service import deciding
from workflow.statuses import DocumentStatus

DECIDERS = 200
AT_ONCE = 40  # threads, each with a connection of its own


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
