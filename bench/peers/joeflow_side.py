"""joeflow: a workflow model with edges; human tasks are finished as its own pages do, without HTTP.

Releasing is a machine's task, which joeflow gives to Celery or Dramatiq; here it is done at once
in the same transaction, which is quicker for it. Its tasks are the history.
"""

from typing import Any, ClassVar

from django.db import models, transaction
from joeflow import tasks
from joeflow.models import Task, Workflow

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
from bench.peers.playing import APPROVERS, REQUESTER

PEOPLE: dict[str, Any] = {}


def run_at_once(*, task_pk: int, workflow_pk: int, **_when: object) -> None:
    with transaction.atomic():
        task = Task.objects.select_for_update().get(pk=task_pk, completed=None)
        model = task.content_type.model_class()
        workflow = model.objects.select_for_update().get(pk=workflow_pk)
        task.node(workflow)
        task.start_next_tasks()
        task.finish()


class Decision(tasks.UpdateView):
    fields: ClassVar[list[str]] = []

    def create_task(self, workflow: Any, prev_task: Any) -> Any:
        task = super().create_task(workflow, prev_task)
        approver = PEOPLE[self.name]
        task.assignees.add(approver)
        tell(workflow.order_id, approver.pk, "requested")
        return task


class Approval(Workflow):
    order = models.ForeignKey(Order, models.PROTECT)

    start = tasks.StartView(fields=["order"])
    BOB, CID, EVA = Decision(), Decision(), Decision()

    def release(self) -> None:
        move(self.order_id, PENDING, RELEASED)
        tell(self.order_id, self.order.requester_id, "released")

    edges = ((start, BOB), (BOB, CID), (CID, EVA), (EVA, release))

    class Meta:
        app_label = "peers"


class Joeflow:
    versions = versions_of("joeflow")

    def set_up(self, _url: str, _synchronous: str) -> None:
        PEOPLE.update(make_tables_and_people())

    take_in = staticmethod(take_in)

    @transaction.atomic
    def send(self, number: str) -> None:
        order = Order.objects.select_for_update().get(number=number)
        move(order.pk, OPEN, PENDING)
        workflow = Approval.objects.create(order=order)
        task = Task(name="start", type="human", workflow=workflow)
        task.finish(PEOPLE[REQUESTER])
        task.start_next_tasks()

    @transaction.atomic
    def approve(self, number: str, approver: str) -> None:
        workflow = Approval.objects.select_for_update().get(order__number=number)
        task = Task.objects.get(_workflow=workflow, name=approver, completed=None)
        if not task.assignees.filter(pk=PEOPLE[approver].pk).exists():
            raise RuntimeError(number)
        task.workflow = workflow
        task.finish(PEOPLE[approver])
        task.start_next_tasks()

    def counts(self) -> tuple[int, int, int]:
        released, told = released_and_told()
        done = Task.objects.filter(name__in=APPROVERS, status="succeeded").count()
        return released, done, told


SIDE = Joeflow()
