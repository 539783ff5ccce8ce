"""Approval workflows: which documents need approval, and by whom."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response
from pydantic import Field

from web.api.calls import Call, ReadsWorkflows, WritesWorkflows
from web.api.headers import IfMatch, MaybeOnce
from web.api.once import done_once
from web.api.paging import Page
from web.api.values import SEEN, Anything, Flag, Given, Line, Name, Shown
from web.api.versions import check_change, tagged
from web.ports import WebUnitOfWork
from workflow.dataclass_codec import to_plain
from workflow.definitions import WorkflowDefinition, WorkflowKind
from workflow.errors import BadValue, UnknownField, WorkflowNotFound
from workflow.interchange.numbers import NumberFormat
from workflow.interchange.typed import NotUnderstood, read_each
from workflow.interchange.workflow_settings import setting_readers, with_values
from workflow.kept_answers import KeptAnswer
from workflow.phrases import phrase as _
from workflow.ports import UnitOfWork
from workflow.service import setting_up
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType
from workflow.workflow_templates import TEMPLATES, WorkflowTemplate, template

router = APIRouter(tags=["Workflows"])
OK: Final = 200
CREATED: Final = 201
READERS: Final = {
    name: reader
    for name, reader in setting_readers(NumberFormat.POINT).items()
    if name != "code"  # the address says it
}
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


class ShownTemplate(Shown):
    code: str
    description: str
    area: Area
    document_type: DocumentType
    approver_type: ApproverType
    limit_type: ApproverLimitType
    credit_limit_check: bool

    @classmethod
    def of(cls, one: WorkflowTemplate) -> "ShownTemplate":
        return cls(**vars(one))


class Templates(Page):
    items: list[ShownTemplate]


class GivenSettings(Given):
    settings: dict[Name, Line] = Field(
        default_factory=dict,
        max_length=100,
        description="As `countersign workflows create --set` takes them, each as a text.",
        examples=[{"due": "2D", "stage_rule": "any", "reminders": "-1,0,1,3,7"}],
    )


class GivenWorkflow(GivenSettings):
    template: Name = Field(description="The code of a template.", examples=["POAPW"])


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
def get_workflow(call: ReadsWorkflows, response: Response, code: Code) -> ShownWorkflow:
    """The latest version of one; the header ETag names it."""
    with call.services.reading() as uow:
        definition = _latest(uow, code)
        enabled = uow.workflows.is_enabled(code)
    tagged(response, _etag(definition, enabled=enabled))
    return ShownWorkflow.of(definition, enabled=enabled)


@router.get("/workflows/{code}/versions")
def list_versions(call: ReadsWorkflows, code: Code) -> Workflows:
    """Every version, the latest first; a version never changes."""
    with call.services.reading() as uow:
        latest = _latest(uow, code)
        enabled = uow.workflows.is_enabled(code)
        versions = [uow.workflows.version(code, n) for n in range(latest.version, 0, -1)]
    items = [ShownWorkflow.of(one, enabled=enabled and one == latest) for one in versions]
    return Workflows(items=items, next=None)


@router.get("/workflow-templates")
def list_templates(call: ReadsWorkflows) -> Templates:  # noqa: ARG001 - the key is looked at
    """What workflows are made from."""
    return Templates(items=[ShownTemplate.of(one) for one in TEMPLATES], next=None)


@router.put(
    "/workflows/{code}",
    response_model=ShownWorkflow,
    responses={CREATED: {"model": ShownWorkflow, "description": "It is a new one."}},
)
def put_workflow(
    call: WritesWorkflows,
    code: Code,
    given: GivenWorkflow,
    if_match: IfMatch = None,
    idempotency_key: MaybeOnce = None,
) -> Response:
    """Make a workflow from a template, with the settings that are given.

    It is disabled at first. One that exists needs If-Match, has to be disabled, and gets a new
    version; running requests keep the version they started with.
    """

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        uow.lock_setup()
        status = CREATED if uow.workflows.latest(code) is None else OK
        _check_version(uow, code, if_match)
        definition = _with(template(given.template).workflow(code), given.settings)
        return _saved(call, uow, definition, status)

    return done_once(call, idempotency_key, step)


@router.patch("/workflows/{code}", response_model=ShownWorkflow)
def change_workflow(
    call: WritesWorkflows,
    code: Code,
    given: GivenSettings,
    if_match: IfMatch = None,
    idempotency_key: MaybeOnce = None,
) -> Response:
    """Change the settings that are given, as a new version; needs If-Match, and it is disabled."""

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        uow.lock_setup()
        latest = _latest(uow, code)
        _check_version(uow, code, if_match)
        return _saved(call, uow, _with(latest, given.settings), OK)

    return done_once(call, idempotency_key, step)


@router.delete("/workflows/{code}", response_model=ShownWorkflow)
def delete_workflow(
    call: WritesWorkflows, code: Code, if_match: IfMatch = None, idempotency_key: MaybeOnce = None
) -> Response:
    """Delete one that is disabled and that no live document was sent with; needs If-Match."""

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        uow.lock_setup()
        latest = _latest(uow, code)
        _check_version(uow, code, if_match)
        setting_up.delete_workflow(uow, code, call.actor)
        body = ShownWorkflow.of(latest, enabled=False).model_dump_json()
        return KeptAnswer(status=OK, body=body)

    return done_once(call, idempotency_key, step)


@router.put("/workflows/{code}/state", response_model=ShownWorkflow)
def set_state(
    call: WritesWorkflows,
    code: Code,
    given: GivenState,
    if_match: IfMatch = None,
    idempotency_key: MaybeOnce = None,
) -> Response:
    """Let a workflow catch documents, or stop it; running requests go on."""

    def step(uow: WebUnitOfWork) -> KeptAnswer:
        uow.lock_setup()
        if if_match is not None:
            _check_version(uow, code, if_match)
        switch = setting_up.enable_workflow if given.enabled else setting_up.disable_workflow
        return _answer(switch(uow, code, call.actor), OK, enabled=given.enabled)

    return done_once(call, idempotency_key, step)


def _latest(uow: UnitOfWork, code: str) -> WorkflowDefinition:
    definition = uow.workflows.latest(code)
    if definition is None:
        raise WorkflowNotFound(code)
    return definition


def _etag(definition: WorkflowDefinition, *, enabled: bool) -> str:
    return f'"{definition.version}-{"on" if enabled else "off"}"'


def _check_version(uow: UnitOfWork, code: str, if_match: str | None) -> None:
    latest = uow.workflows.latest(code)
    tag = None if latest is None else _etag(latest, enabled=uow.workflows.is_enabled(code))
    check_change(_("Workflow {code}", code=code), tag, if_match)


def _with(definition: WorkflowDefinition, given: dict[str, str]) -> WorkflowDefinition:
    """
    Raises:
        UnknownField, BadValue
    """
    for name in given:
        if name not in READERS:
            raise UnknownField(name)
    values, wrong = read_each(given, READERS)
    for name, reason in wrong.items():
        raise BadValue(name, given[name], reason)
    try:
        return with_values(definition, values)
    except NotUnderstood as error:
        raise BadValue("settings", ", ".join(given), str(error)) from None


def _saved(
    call: Call, uow: WebUnitOfWork, definition: WorkflowDefinition, status: int
) -> KeptAnswer:
    stored = setting_up.save_workflow(uow, definition, call.actor, replacing=True)
    return _answer(stored, status, enabled=uow.workflows.is_enabled(stored.code))


def _answer(definition: WorkflowDefinition, status: int, *, enabled: bool) -> KeptAnswer:
    body = ShownWorkflow.of(definition, enabled=enabled).model_dump_json()
    headers = {"ETag": _etag(definition, enabled=enabled)}
    return KeptAnswer(status=status, body=body, headers=headers)
