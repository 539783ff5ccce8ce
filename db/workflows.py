"""Workflow definitions in the database: every version is kept as it was."""

import json
from functools import lru_cache
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from db.inserts import insert_new
from db.prepared import Prepared
from db.tables import approval_runs, workflow_versions, workflows
from workflow.dataclass_codec import from_plain, to_plain
from workflow.definitions import WorkflowDefinition
from workflow.errors import WorkflowNotFound
from workflow.statuses import Area, DocumentType

KEPT: Final = 512  # parsed definitions

_LATEST = (
    sa.select(workflow_versions.c.definition)
    .select_from(workflows.join(workflow_versions, workflow_versions.c.code == workflows.c.code))
    .where(workflow_versions.c.version == workflows.c.latest_version)
    .order_by(workflows.c.code)
)
_ENABLED = _LATEST.where(
    workflows.c.enabled,
    workflow_versions.c.area == bindparam("area"),
    workflow_versions.c.document_type == bindparam("document_type"),
)
_LATEST_OF = _LATEST.where(workflows.c.code == bindparam("code"))
_VERSION = sa.select(workflow_versions.c.definition).where(
    workflow_versions.c.code == bindparam("code"),
    workflow_versions.c.version == bindparam("version"),
)
# Nobody disables a workflow, and so nobody deletes it, between its choice and the request.
_CHOSEN = Prepared(_ENABLED.with_for_update(read=True, of=workflows))
_SEEN = Prepared(_ENABLED)
_LAST_VERSION = sa.select(sa.func.max(workflow_versions.c.version)).where(
    workflow_versions.c.code == bindparam("code")
)
_IS_ENABLED = sa.select(workflows.c.enabled).where(workflows.c.code == bindparam("code"))
_ANY_RUN = (
    sa.select(approval_runs.c.id)
    .where(
        approval_runs.c.workflow_code == bindparam("code"),
    )
    .limit(1)
)


Definitions = dict[tuple[str, int], str]  # texts by code and version, as this transaction saw them


class SqlWorkflows:
    """The workflow's ``Workflows`` within one transaction."""

    def __init__(
        self, connection: Connection, definitions: Definitions, *, locking: bool = True
    ) -> None:
        self._connection = connection
        self._definitions = definitions
        self._enabled = _CHOSEN if locking else _SEEN

    def enabled(self, area: Area, document_type: DocumentType) -> list[WorkflowDefinition]:
        key = {"area": area, "document_type": document_type}
        return [definition_from(text) for (text,) in self._enabled.rows(self._connection, key)]

    def version(self, code: str, version: int) -> WorkflowDefinition:
        text = self._definitions.get((code, version)) or self._connection.scalar(
            _VERSION, {"code": code, "version": version}
        )
        if text is None:
            raise WorkflowNotFound(code)
        return definition_from(text)

    def latest(self, code: str) -> WorkflowDefinition | None:
        text = self._connection.scalar(_LATEST_OF, {"code": code})
        return None if text is None else definition_from(text)

    def all(self) -> list[WorkflowDefinition]:
        return [definition_from(text) for text in self._connection.scalars(_LATEST)]

    def is_enabled(self, code: str) -> bool:
        return bool(self._connection.scalar(_IS_ENABLED, {"code": code}))

    def enable(self, code: str, *, enabled: bool) -> None:
        self._connection.execute(
            sa.update(workflows).where(workflows.c.code == code).values(enabled=enabled)
        )

    def last_version(self, code: str) -> int:
        return self._connection.scalar(_LAST_VERSION, {"code": code}) or 0

    def add_version(self, definition: WorkflowDefinition) -> None:
        row = {"code": definition.code, "enabled": False, "latest_version": definition.version}
        self._connection.execute(insert_new(self._connection, workflows), row)
        self._connection.execute(
            sa.update(workflows)
            .where(workflows.c.code == definition.code)
            .values(latest_version=definition.version)
        )
        self._connection.execute(
            sa.insert(workflow_versions),
            {
                "code": definition.code,
                "version": definition.version,
                "area": definition.area,
                "document_type": definition.document_type,
                "definition": json.dumps(to_plain(definition), ensure_ascii=False),
            },
        )

    def has_runs(self, code: str) -> bool:
        return self._connection.scalar(_ANY_RUN, {"code": code}) is not None

    def remove(self, code: str) -> None:
        self._connection.execute(sa.delete(workflows).where(workflows.c.code == code))


@lru_cache(KEPT)
def definition_from(text: str) -> WorkflowDefinition:
    """Parsed once for each text, since a version never changes."""
    return from_plain(WorkflowDefinition, json.loads(text))
