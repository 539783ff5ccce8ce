"""Approval workflows: which documents need approval, and by whom."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from web.api.calls import ReadsWorkflows, WritesWorkflows
from web.api.headers import MaybeOnce
from web.api.once import done_once
from web.api.paging import Page
from web.api.values import SEEN, Anything, Flag, Given, Shown
from web.ports import WebUnitOfWork
from workflow.dataclass_codec import to_plain
from workflow.definitions import WorkflowDefinition, WorkflowKind
from workflow.errors import WorkflowNotFound
from workflow.kept_answers import KeptAnswer
from workflow.service import setting_up
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType

router = APIRouter(tags=["Workflows"])
Code = Annotated[str, Path(min_length=1, max_length=50, pattern=SEEN)]


class ShownWorkflow(Shown):
    code: str
    description: str
    enabled: bool
    version: int
    area: Area
    document_type: DocumentType
    kind: WorkflowKind
    approver_type: ApproverType
    limit_type: ApproverLimitType
    specific_approver: str
    group: str
    due: str
    delegate_after: str
    conditions: Anything
    options: Anything

    @classmethod
    def of(cls, definition: WorkflowDefinition, *, enabled: bool) -> "ShownWorkflow":
        plain = to_plain(definition)
        shown = {name: plain[name] for name in cls.model_fields if name in plain}
        return cls(**shown, enabled=enabled)


class Workflows(Page):
    items: list[ShownWorkflow]


class GivenState(Given):
    enabled: Flag


@router.get("/workflows")
def list_workflows(call: ReadsWorkflows) -> Workflows:
    """The latest version of each."""
    with call.services.reading() as uow:
        items = [
            ShownWorkflow.of(one, enabled=uow.workflows.is_enabled(one.code))
            for one in uow.workflows.all()
        ]
    return Workflows(items=items, next=None)


@router.get("/workflows/{code}")
def get_workflow(call: ReadsWorkflows, code: Code) -> ShownWorkflow:
    """The latest version of one."""
    with call.services.reading() as uow:
        definition = uow.workflows.latest(code)
        if definition is None:
            raise WorkflowNotFound(code)
        return ShownWorkflow.of(definition, enabled=uow.workflows.is_enabled(code))


@router.put("/workflows/{code}/state", response_model=ShownWorkflow)
def set_state(
    call: WritesWorkflows, code: Code, given: GivenState, idempotency_key: MaybeOnce = None
) -> Response:
    """Let a workflow catch documents, or stop it; running requests go on."""

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        switch = setting_up.enable_workflow if given.enabled else setting_up.disable_workflow
        definition = switch(uow, code, call.actor)
        shown = ShownWorkflow.of(definition, enabled=given.enabled)
        return KeptAnswer(status=200, body=shown.model_dump_json())

    return done_once(call, idempotency_key, step)
