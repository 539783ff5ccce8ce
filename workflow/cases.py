"""One document in the hands of one person: what every step has to know."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflow.actors import Actor
from workflow.approval_entries import ApprovalEntry, ApprovalRun
from workflow.approvers import ApprovalSetup
from workflow.counterparties import Counterparty
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document
from workflow.errors import NoRequests
from workflow.events import DocumentCopy, EntryFacts
from workflow.facts import Common, common, document_copy, entry_facts, told
from workflow.options import DelegationToRequester, WorkflowOptions


@dataclass(frozen=True, kw_only=True)
class Case:
    """A document, the workflow of its request, who acts on it when, and the setup."""

    document: Document
    workflow: WorkflowDefinition
    actor: Actor
    setup: ApprovalSetup
    counterparty: Counterparty | None = None  # where its credit limit or address matters

    @property
    def run(self) -> ApprovalRun:
        """The latest run.

        Raises:
            NoRequests: there has been none.
        """
        if self.document.run is None:
            raise NoRequests
        return self.document.run

    @property
    def options(self) -> WorkflowOptions:
        return self.workflow.options

    @property
    def barred_editors(self) -> frozenset[str]:
        """Editors of the document, where its workflow keeps them from deciding on it (Q2)."""
        if self.options.delegation_to_requester is DelegationToRequester.ALLOW:
            return frozenset()
        return self.document.editors

    def told(self, *users: str) -> list[str]:
        return told(self.actor, *users)

    def facts(self, tell: Iterable[str] = ()) -> Common:
        """What every event about the document carries."""
        return common(self.document, self.actor, tell)

    def entry_facts(self, entry: ApprovalEntry) -> EntryFacts:
        return entry_facts(self.run, entry)

    def attached_copy(self) -> DocumentCopy | None:
        """What a request for approval carries, where the workflow wants it."""
        return document_copy(self.document) if self.options.attach_pdf else None
