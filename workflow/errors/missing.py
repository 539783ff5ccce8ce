"""What somebody named and does not exist, or exists more than once."""

from workflow.errors.base import WorkflowError


class DocumentNotFound(WorkflowError):
    code = "DOCUMENT_NOT_FOUND"
    template = "There is no document {}."
    advice = "`countersign documents list` shows the documents there are."


class AmbiguousNumber(WorkflowError):
    code = "AMBIGUOUS_NUMBER"
    template = "The number {} belongs to several documents: {}."
    advice = "Name one of them in full, for example {1}."


class DocumentExists(WorkflowError):
    code = "DOCUMENT_EXISTS"
    template = "There already is a document {}."


class UserNotFound(WorkflowError):
    code = "USER_NOT_FOUND"
    template = "There is no user {} in the approval user setup."
    advice = "`countersign users list` shows the users there are."


class GroupNotFound(WorkflowError):
    code = "GROUP_NOT_FOUND"
    template = "There is no workflow user group {}."
    advice = "`countersign groups list` shows the groups there are."


class WorkflowNotFound(WorkflowError):
    code = "WORKFLOW_NOT_FOUND"
    template = "There is no workflow {}."
    advice = "`countersign workflows list` shows the workflows there are."


class WordingNotFound(WorkflowError):
    code = "WORDING_NOT_FOUND"
    template = "There are no words of the company's own for {} in {}."
    advice = "`countersign mail wording list` shows which there are."
