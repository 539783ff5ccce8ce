"""Changes of workflows, the company, and vendors and customers."""

from dataclasses import dataclass

from workflow.events.base import SetupEvent
from workflow.events.facts import FieldChange


@dataclass(frozen=True, kw_only=True)
class WorkflowSaved(SetupEvent):
    version: int


@dataclass(frozen=True, kw_only=True)
class WorkflowEnabled(SetupEvent):
    version: int


@dataclass(frozen=True, kw_only=True)
class WorkflowDisabled(SetupEvent):
    version: int


@dataclass(frozen=True, kw_only=True)
class WorkflowDeleted(SetupEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class CompanyChanged(SetupEvent):
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class CounterpartyChanged(SetupEvent):
    changes: tuple[FieldChange, ...]
