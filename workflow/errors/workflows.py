"""Why a workflow cannot be saved, enabled, run or deleted."""

from workflow.errors.base import WorkflowError


class WorkflowDuplicate(WorkflowError):
    code = "WORKFLOW_DUPLICATE"
    template = (
        "One or more entry-point steps exist that use the same event on table {}:"
        " workflow {} has the same conditions."
    )
    advice = "Disable {1} first, or give the two different conditions."


class WorkflowEnabledIsLocked(WorkflowError):
    code = "WORKFLOW_LOCKED"
    template = "Workflow {} is enabled and cannot be changed or deleted."
    advice = "Disable it first; running requests keep the version they started with."


class WorkflowIncomplete(WorkflowError):
    code = "WORKFLOW_INCOMPLETE"
    template = "Workflow {} cannot be enabled: {}."
    advice = "Make a new version: `countersign workflows create --replace`."


class WorkflowExists(WorkflowError):
    code = "WORKFLOW_EXISTS"
    template = "There already is a workflow {}, and it is different."
    advice = "Import with --replace to write a new version of it."


class WorkflowInUse(WorkflowError):
    code = "WORKFLOW_IN_USE"
    template = "Workflow {} has been used and cannot be deleted: its requests refer to it."
    advice = "Leave it disabled."


class NoOverdueWorkflow(WorkflowError):
    code = "NO_OVERDUE_WORKFLOW"
    template = "There is no workflow enabled for sending overdue approval notifications."
    advice = "`countersign workflows templates` lists the one to make it from."
