"""What a workflow has to have before it may be enabled."""

from collections.abc import Iterable
from typing import Final

from workflow.approvers import ApprovalSetup
from workflow.date_formulas import DateFormula, positive
from workflow.definitions import WorkflowDefinition, WorkflowKind
from workflow.errors import WorkflowDuplicate, WorkflowIncomplete
from workflow.phrases import Phrase
from workflow.phrases import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.phrases import phrase as _
from workflow.statuses import ApproverLimitType, ApproverType, Area


def check_formulas(workflow: WorkflowDefinition) -> None:
    """The date formulas make sense; an empty one does.

    Raises:
        BadDateFormula, NegativeDateFormula
    """
    positive(DateFormula.parse(workflow.due), N_("Due Date Formula"))
    positive(DateFormula.parse(workflow.delegate_after), N_("Delegate After"))


def check_complete(workflow: WorkflowDefinition) -> None:
    """Every argument that the approver type needs is filled, and the formulas make sense.

    Raises:
        WorkflowIncomplete, BadDateFormula, NegativeDateFormula
    """
    check_formulas(workflow)
    missing = _missing(workflow)
    if missing:
        raise WorkflowIncomplete(workflow.code, Phrase(missing))


def check_unique(workflow: WorkflowDefinition, enabled: Iterable[WorkflowDefinition]) -> None:
    """No two enabled workflows start on the same event with the same conditions.

    Raises:
        WorkflowDuplicate
    """
    for other in enabled:
        if other.code != workflow.code and entry_point(other) == entry_point(workflow):
            of_purchase = workflow.area is Area.PURCHASE
            table = _("Purchase Header") if of_purchase else _("Sales Header")
            raise WorkflowDuplicate(table, other.code)


def entry_point(workflow: WorkflowDefinition) -> tuple[object, ...]:
    """What starts it: the kind of document and the conditions."""
    return workflow.area, workflow.document_type, workflow.conditions


SPECIFIC_MISSING: Final = "The specific approver {} is not in the approval user setup."
GROUP_EMPTY: Final = "The workflow user group {} has no members."
MEMBER_MISSING: Final = "Member {} of group {} is not in the approval user setup."
DEFECTS: Final = (SPECIFIC_MISSING, GROUP_EMPTY, MEMBER_MISSING)


def warnings(workflow: WorkflowDefinition, setup: ApprovalSetup) -> list[str]:
    """Names that are not set up (yet): they would be refused when a document is sent."""
    return [template.format(*parts) for template, *parts in defects(workflow, setup)]


def defects(workflow: WorkflowDefinition, setup: ApprovalSetup) -> list[tuple[str, ...]]:
    """The same as a sentence with gaps, and what stands in them."""
    found: list[tuple[str, ...]] = []
    named = workflow.specific_approver
    if _needs_specific(workflow) and setup.user(named) is None:
        found.append((SPECIFIC_MISSING, named))
    if workflow.approver_type is ApproverType.USER_GROUP:
        members = setup.group_members(workflow.group)
        if not members:
            found.append((GROUP_EMPTY, workflow.group))
        found += [
            (MEMBER_MISSING, user, workflow.group)
            for user, _ in members
            if setup.user(user) is None
        ]
    return found


def _missing(workflow: WorkflowDefinition) -> str:
    if workflow.kind is WorkflowKind.EXTERNAL:
        return "" if workflow.response_user else "response_user is empty"
    if workflow.credit_limit_check and workflow.area is not Area.SALES:
        return "only sales documents have a credit limit"
    if workflow.approver_type is ApproverType.USER_GROUP:
        return "" if workflow.group else "group is empty"
    if _needs_specific(workflow) and not workflow.specific_approver:
        return "specific_approver is empty"
    return ""


def _needs_specific(workflow: WorkflowDefinition) -> bool:
    return (
        workflow.kind is WorkflowKind.APPROVAL
        and workflow.approver_type is not ApproverType.USER_GROUP
        and workflow.limit_type is ApproverLimitType.SPECIFIC
    )
