"""The settings of a workflow as people type and read them: one flat list of names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from workflow.definitions import Conditions, WorkflowDefinition
from workflow.interchange import typed
from workflow.interchange.numbers import NumberFormat
from workflow.interchange.typed import NotUnderstood
from workflow.interchange.user_values import typed_text
from workflow.options import BC, PRODUCT, WorkflowOptions

PROFILES: Final = {"product": PRODUCT, "bc": BC}
PROFILE: Final = "profile"  # sets every choice where we and Business Central differ
PARTS: Final = ("conditions", "options")

_OWN = typed.readers_of(WorkflowDefinition, without=["code", "version", *PARTS])
_CONDITIONS = typed.readers_of(Conditions)
_OPTIONS = typed.readers_of(WorkflowOptions)
_HEADS: Final[Mapping[str, typed.Reader]] = {"code": str, PROFILE: str}


def with_settings(workflow: WorkflowDefinition, given: Mapping[str, str]) -> WorkflowDefinition:
    """The same workflow with other settings.

    Raises:
        NotUnderstood
    """
    readers = {**_HEADS, **_OWN, **_CONDITIONS, **_OPTIONS}
    return with_values(workflow, typed.read_values(given, readers))


def with_values(workflow: WorkflowDefinition, values: Mapping[str, object]) -> WorkflowDefinition:
    """The same for values that were read already.

    Raises:
        NotUnderstood
    """
    read = dict(values)
    base = _profile(str(read.pop(PROFILE))) if PROFILE in read else workflow.options
    try:
        chosen = replace(base, **_only(read, _OPTIONS))
    except ValueError as error:
        raise NotUnderstood(str(error)) from None
    return replace(
        workflow,
        **_only(read, {**_HEADS, **_OWN}),
        conditions=replace(workflow.conditions, **_only(read, _CONDITIONS)),
        options=chosen,
    )


def setting_readers(written: NumberFormat) -> dict[str, typed.Reader]:
    """How each setting is read where numbers are written like that."""
    amounts = typed.readers_of(Conditions, written=written)
    return {**_HEADS, **_OWN, **_OPTIONS, **amounts}


def typed_settings(workflow: WorkflowDefinition, written: NumberFormat) -> dict[str, str]:
    """Every setting as ``setting_readers`` read it."""
    return {name: typed_text(value, written) for name, value in settings_of(workflow).items()}


def settings_of(workflow: WorkflowDefinition) -> dict[str, object]:
    """Everything about a workflow, by the names that ``with_settings`` takes."""
    own = {name: value for name, value in vars(workflow).items() if name not in {*PARTS, "version"}}
    return {**own, **vars(workflow.conditions), **vars(workflow.options)}


def _profile(name: str) -> WorkflowOptions:
    if name not in PROFILES:
        raise NotUnderstood(f"{PROFILE}: {name!r} is not one of {', '.join(PROFILES)}")
    return PROFILES[name]


def _only(read: Mapping[str, object], known: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in read.items() if name in known}
