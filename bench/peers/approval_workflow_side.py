"""django-approval-workflow: a flow with steps for an order; a handler tells people.

The library opens no transaction around what belongs together: that is done here. Its steps, with
who did them and when, are the history.
"""

from typing import Any

from approval_workflow.handlers import BaseApprovalHandler
from approval_workflow.models import ApprovalInstance
from approval_workflow.services import advance_flow, start_flow
from django.db import transaction

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


class OrderApprovalHandler(BaseApprovalHandler):
    def on_approve(self, instance: Any) -> None:
        """Of the step that comes next."""
        tell(int(instance.flow.object_id), instance.assigned_to_id, "requested")

    def on_final_approve(self, instance: Any) -> None:
        order = instance.flow.target
        move(order.pk, PENDING, RELEASED)
        tell(order.pk, order.requester_id, "released")


class ApprovalWorkflow:
    versions = versions_of("django-approval-workflow")

    def set_up(self, _url: str, _synchronous: str) -> None:
        PEOPLE.update(make_tables_and_people())

    take_in = staticmethod(take_in)

    @transaction.atomic
    def send(self, number: str) -> None:
        order = Order.objects.select_for_update().get(number=number)
        steps = [
            {"step": place, "assigned_to": PEOPLE[approver]}
            for place, approver in enumerate(APPROVERS, 1)
        ]
        start_flow(order, steps)
        move(order.pk, OPEN, PENDING)
        tell(order.pk, PEOPLE[APPROVERS[0]].pk, "requested")

    @transaction.atomic
    def approve(self, number: str, approver: str) -> None:
        order = Order.objects.select_for_update().get(number=number)
        advance_flow(order, "approved", PEOPLE[approver])

    def counts(self) -> tuple[int, int, int]:
        released, told = released_and_told()
        return released, ApprovalInstance.objects.filter(status="approved").count(), told


SIDE = ApprovalWorkflow()
