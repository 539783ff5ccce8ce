"""The two state machines, each declared once as a table of steps.

The README's diagrams, the status checks of the database and the tests are derived from these
tables; change them here and nowhere else.
"""

from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from transitions import Machine, MachineError

from workflow.errors import StepNotAllowed
from workflow.phrases import Phrase
from workflow.phrases import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.phrases import phrase as _
from workflow.statuses import DocumentStatus as D
from workflow.statuses import EntryStatus as E


class Step(NamedTuple):
    """One arrow of a machine."""

    trigger: str
    source: StrEnum
    dest: StrEnum


DOCUMENT_STEPS = (
    Step("send_approval_request", D.OPEN, D.PENDING_APPROVAL),
    Step("release", D.OPEN, D.RELEASED),
    Step("release", D.PENDING_APPROVAL, D.RELEASED),
    Step("release", D.PENDING_PREPAYMENT, D.RELEASED),
    Step("await_prepayment", D.OPEN, D.PENDING_PREPAYMENT),
    Step("await_prepayment", D.PENDING_APPROVAL, D.PENDING_PREPAYMENT),
    Step("reject", D.PENDING_APPROVAL, D.OPEN),
    Step("cancel_approval_request", D.PENDING_APPROVAL, D.OPEN),
    Step("reopen", D.RELEASED, D.OPEN),
    Step("reopen", D.PENDING_PREPAYMENT, D.OPEN),
)

ENTRY_STEPS = (
    Step("submit", E.CREATED, E.APPROVED),  # the requester's own entry
    Step("open", E.CREATED, E.OPEN),
    Step("approve", E.OPEN, E.APPROVED),
    Step("delegate", E.OPEN, E.OPEN),
    Step("reject", E.CREATED, E.REJECTED),
    Step("reject", E.OPEN, E.REJECTED),
    Step("reject", E.APPROVED, E.REJECTED),
    Step("cancel", E.CREATED, E.CANCELED),
    Step("cancel", E.OPEN, E.CANCELED),
    Step("cancel", E.APPROVED, E.CANCELED),
)


class HasStatus(Protocol):
    status: StrEnum


def _machine(states: type[StrEnum], steps: tuple[Step, ...]) -> Machine:
    return Machine(
        model=None,  # models are never registered: see fire()
        states=states,
        initial=None,
        transitions=[step._asdict() for step in steps],
        model_attribute="status",
        auto_transitions=False,  # no doors around the approvals
    )


DOCUMENT = _machine(D, DOCUMENT_STEPS)
ENTRY = _machine(E, ENTRY_STEPS)


def fire(machine: Machine, trigger: str, model: object) -> None:
    """Take one step, or refuse; the only code that changes a status.

    Raises:
        StepNotAllowed: the step does not start from the present status.
    """
    try:
        moved = machine.events[trigger].trigger(model)
    except MachineError as error:
        status = getattr(model, "status", "unknown")
        raise StepNotAllowed(_named(trigger), Phrase(status.replace("_", " "))) from error
    if not moved:
        raise StepNotAllowed(_named(trigger), _("not ready for it"))


STEP_WORDS: Final = (  # what a refused step is called
    N_("Send approval request"),
    N_("Release"),
    N_("Await prepayment"),
    N_("Reject"),
    N_("Cancel approval request"),
    N_("Reopen"),
    N_("Submit"),
    N_("Open"),
    N_("Approve"),
    N_("Delegate"),
    N_("Cancel"),
)


def _named(trigger: str) -> Phrase:
    return Phrase(trigger.replace("_", " ").capitalize())
