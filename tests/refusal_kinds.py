"""Every kind of refusal there is, wherever it is declared."""

import importlib
import pkgutil

import app
import db
import notifications
import web
import workflow
from workflow.errors import WorkflowError

PACKAGES = (workflow, notifications, db, web, app)
PROGRAMS = ("__main__", "migrations", "override_process")  # what runs when it is imported


def refusal_kinds() -> list[type[WorkflowError]]:
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(name in module.name for name in PROGRAMS):
                importlib.import_module(module.name)
    ours = [kind for kind in _kinds(WorkflowError) if not kind.__module__.startswith("test")]
    return sorted(ours, key=lambda kind: (kind.code, kind.__module__, kind.__qualname__))


def _kinds(error: type[WorkflowError]) -> set[type[WorkflowError]]:
    return {error}.union(*map(_kinds, error.__subclasses__()))
