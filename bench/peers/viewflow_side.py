"""django-viewflow: a flow class whose tasks are activated as its own pages do, without HTTP.

Its tasks, with who did them and when, are the history.
"""

from types import SimpleNamespace
from typing import Any

from django.db import connection
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.models import Process, Task

from bench.peers.django_side import make_tables_and_people, versions_of
from bench.peers.models import (
    OPEN,
    PENDING,
    RELEASED,
    Order,
    move,
    released_and_told,
    take_in,
    tell,
)
from bench.peers.playing import APPROVERS

PEOPLE: dict[str, Any] = {}


def page(_request: object, **_values: object) -> None:
    """Not called: the tasks are done without a browser."""


def asked(approver: str) -> Any:
    node = flow.View(page).Assign(lambda _activation: PEOPLE[approver]).onCreate(this.ask)
    place = APPROVERS.index(approver) + 1
    return node.Next(getattr(this, APPROVERS[place] if place < len(APPROVERS) else "release"))


class Approval(flow.Flow):
    process_class = Process
    # SQLite has no SELECT … FOR UPDATE: there every writer waits for the one before.
    lock_impl = lock.no_lock if connection.vendor == "sqlite" else lock.select_for_update_lock

    start = flow.StartHandle(this.begin).Next(getattr(this, APPROVERS[0]))
    BOB, CID, EVA = map(asked, APPROVERS)
    release = flow.Function(this.do_release).Next(this.end)
    end = flow.End()

    def begin(self, activation: Any, order: Order) -> Any:
        activation.process.artifact = order
        move(order.pk, OPEN, PENDING)
        return activation.process

    def ask(self, activation: Any) -> None:
        order = int(activation.process.artifact_object_id)
        tell(order, activation.task.owner.pk, "requested")

    def do_release(self, activation: Any) -> None:
        order = activation.process.artifact
        move(order.pk, PENDING, RELEASED)
        tell(order.pk, order.requester_id, "released")


class Viewflow:
    versions = versions_of("django-viewflow")

    def __init__(self) -> None:
        self.processes: dict[str, int] = {}  # known from the address of a page

    def set_up(self, _url: str, _synchronous: str) -> None:
        PEOPLE.update(make_tables_and_people())

    take_in = staticmethod(take_in)

    def send(self, number: str) -> None:
        process = Approval.start.run(order=Order.objects.get(number=number))
        self.processes[number] = process.pk

    def approve(self, number: str, approver: str) -> None:
        task = Task.objects.select_related("process").get(
            process_id=self.processes[number],
            flow_task=getattr(Approval, approver),
            status="ASSIGNED",
        )
        with task.activation() as activation:
            if not activation.flow_task.can_execute(PEOPLE[approver], activation.task):
                raise RuntimeError(number)
            activation.start(SimpleNamespace(user=PEOPLE[approver]))
            activation.execute()

    def counts(self) -> tuple[int, int, int]:
        released, told = released_and_told()
        return released, Task.objects.filter(flow_task_type="HUMAN", status="DONE").count(), told


SIDE = Viewflow()
