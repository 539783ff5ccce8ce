"""Workflows as a YAML file, to be kept, compared and taken to another company."""

from collections.abc import Iterable
from typing import Any, Final

import yaml

from app.plain import plain
from workflow.definitions import WorkflowDefinition
from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile
from workflow.interchange.typed import NotUnderstood
from workflow.interchange.workflow_settings import settings_of, with_settings
from workflow.phrases import phrase as _
from workflow.statuses import Area, DocumentType

ROOT: Final = "workflows"
NEEDED: Final = ("code", "area", "document_type")


def to_yaml(workflows: Iterable[WorkflowDefinition]) -> str:
    """Every setting of each, also those that have their usual value."""
    content = {ROOT: [_written(workflow) for workflow in workflows]}
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100))


def from_yaml(file: GivenFile) -> list[WorkflowDefinition]:
    """The workflows of a file; what it leaves out has its usual value.

    Raises:
        ImportRefused: naming the file and the workflow.
    """
    try:
        # Every value as it is written: no word or number is turned into something else.
        content = yaml.load(file.data, Loader=yaml.BaseLoader)  # noqa: S506 - makes only text
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ImportRefused(_("is not YAML ({error})", error=error), file=file.name) from None
    if not isinstance(content, dict) or set(content) != {ROOT} or not _is_list(content[ROOT]):
        raise ImportRefused(_("has to have one list named {root}", root=ROOT), file=file.name)
    return [_workflow(settings, file.name) for settings in content[ROOT]]


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _workflow(settings: dict[str, Any], file: str) -> WorkflowDefinition:
    code = str(settings.get("code", ""))
    try:
        _check_complete(settings)
        empty = WorkflowDefinition(code=code, area=Area.PURCHASE, document_type=DocumentType.ORDER)
        return with_settings(empty, settings)
    except NotUnderstood as error:
        raise ImportRefused(str(error), file=file, column=f"workflow {code}") from None


def _check_complete(settings: dict[str, Any]) -> None:
    for name in NEEDED:
        if not settings.get(name):
            raise NotUnderstood(f"{name} is missing")
    for name, value in settings.items():
        if not isinstance(value, str):
            raise NotUnderstood(f"{name} is not a single value")


def _written(workflow: WorkflowDefinition) -> dict[str, object]:
    return {name: _value(value) for name, value in settings_of(workflow).items()}


def _value(value: object) -> object:
    """An empty text where there is no value, so that it is read as nothing again."""
    return "" if value is None else plain(value)
