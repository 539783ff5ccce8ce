"""Refusals that any step may meet, whatever it is about."""

from workflow.errors.base import WorkflowError


class Conflict(WorkflowError):
    code = "CONFLICT"
    template = "Somebody else changed {} at the same moment."
    advice = "Look at it again and decide with what you see now."


class UnknownStep(WorkflowError):
    code = "UNKNOWN_STEP"
    template = "There is no step {!r} here."


class StepNotAllowed(WorkflowError):
    code = "STEP_NOT_ALLOWED"
    template = "{} is not possible while the status is {}."


class UnknownField(WorkflowError):
    code = "UNKNOWN_FIELD"
    template = "There is no field {}."


class BadValue(WorkflowError):
    code = "BAD_VALUE"
    template = "{}: {!r} {}."
