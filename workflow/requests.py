"""Sending a document for approval, opening its stages, and canceling the request."""

from datetime import date

from workflow.actors import Actor
from workflow.approval_entries import ApprovalEntry, ApprovalRun, RunState, lowest_sequence
from workflow.approvers import ApproverPlan, PlannedApprover, plan_approvers
from workflow.authority import compared_amounts
from workflow.cases import Case
from workflow.content import content_hash, terms_hash
from workflow.counterparties import available_credit, credit_limit_exceeded
from workflow.date_formulas import DateFormula
from workflow.definitions import WorkflowKind
from workflow.due_dates import due_date
from workflow.errors import ExternalCannotCancel, NoCancelRight, NoRequestToCancel
from workflow.events import (
    ApprovalRequested,
    ApprovalRequestSent,
    DocumentEvent,
    RequestCanceled,
)
from workflow.facts import history, next_approvers
from workflow.machines import DOCUMENT, ENTRY, fire
from workflow.options import Clock, Notices, UnknownCustomer
from workflow.releasing import release_approved
from workflow.statuses import ApproverType, EntryStatus, LimitType, Reason


def approver_plan(case: Case) -> ApproverPlan:
    """Who would have to approve, the customer's credit limit included; writes nothing.

    Raises:
        what ``plan_approvers`` raises.
    """
    requester = case.actor.user
    if case.workflow.kind is WorkflowKind.EXTERNAL:
        return ApproverPlan(approvers=())
    if case.workflow.credit_limit_check and _within_credit_limit(case):
        released = PlannedApprover(user=requester, sequence_no=1, reason=Reason.CREDIT_LIMIT)
        return ApproverPlan(approvers=(released,))
    return plan_approvers(case.document, case.workflow, requester, case.setup)


def _within_credit_limit(case: Case) -> bool:
    if case.counterparty is None and case.options.unknown_customer is UnknownCustomer.APPROVAL:
        return False
    return not credit_limit_exceeded(case.document, case.counterparty)


def send_approval_request(case: Case) -> list[DocumentEvent]:
    """Lock the document and ask the first approvers; with none to ask, release it.

    Raises:
        what ``plan_approvers`` raises; StepNotAllowed: the document is not open.
    """
    plan = approver_plan(case)
    fire(DOCUMENT, "send_approval_request", case.document)
    case.document.run = run = _new_run(case)
    run.entries = [_new_entry(case, planned) for planned in plan.approvers]
    for entry in run.entries:
        if run.is_own(entry):
            fire(ENTRY, "submit", entry)
    sent = ApprovalRequestSent(
        **case.facts(),
        workflow_code=run.workflow_code,
        workflow_version=run.workflow_version,
        external=run.external,
    )
    return [sent, *continue_run(case)]


def continue_run(case: Case, comment: str = "") -> list[DocumentEvent]:
    """Open the next stage when nobody is asked any more, or release after the last one.

    *comment* is what the last approver said with his decision.
    """
    if case.run.external or case.run.with_status(EntryStatus.OPEN):
        return []
    if not case.run.with_status(EntryStatus.CREATED):
        return release_approved(case, comment)
    return _open_next_stage(case)


def cancel_approval_request(case: Case, comment: str = "") -> list[DocumentEvent]:
    """Withdraw the pending request; the document is open again.

    Raises:
        NoRequestToCancel: nothing is pending.
        NoCancelRight, ExternalCannotCancel: neither the requester nor an administrator.
    """
    run = case.document.pending_run
    if run is None:
        raise NoRequestToCancel
    check_may_cancel(case)
    asked = run.with_status(EntryStatus.OPEN, EntryStatus.APPROVED)
    tell = case.told(*(entry.approver for entry in asked))
    if case.options.notices is not Notices.REJECTION_ONLY:
        tell += case.told(run.requester)
    end_run(run, RunState.CANCELED, case.actor)
    fire(DOCUMENT, "cancel_approval_request", case.document)
    return [RequestCanceled(**case.facts(tell), comment=comment)]


def check_may_cancel(case: Case) -> None:
    """Raises NoCancelRight, ExternalCannotCancel."""
    if may_cancel(case):
        return
    if case.run.external:
        raise ExternalCannotCancel(case.actor.user)
    raise NoCancelRight(case.actor.user, case.run.requester)


def may_cancel(case: Case) -> bool:
    """The requester, or an approval administrator (BC: CanCancelApprovalForRecord)."""
    if case.actor.user == case.run.requester:
        return True
    row = case.setup.user(case.actor.user)
    return row is not None and row.administrator


def end_run(run: ApprovalRun, state: RunState, actor: Actor) -> None:
    """Close every entry that is not closed yet; approved ones too, as Business Central does."""
    trigger = "reject" if state is RunState.REJECTED else "cancel"
    for entry in run.with_status(EntryStatus.CREATED, EntryStatus.OPEN, EntryStatus.APPROVED):
        fire(ENTRY, trigger, entry)
        touch(entry, actor)
    run.state = state


def touch(entry: ApprovalEntry, actor: Actor) -> None:
    entry.last_modified_at = actor.at
    entry.last_modified_by = actor.user


# --- parts of sending ----------------------------------------------------------------------


def _new_run(case: Case) -> ApprovalRun:
    _, amount_lcy = compared_amounts(case.document, case.workflow)
    return ApprovalRun(
        run_no=max(case.document.run_no, case.document.asked_before) + 1,
        requester=case.actor.user,
        workflow_code=case.workflow.code,
        workflow_version=case.workflow.version,
        content_hash=content_hash(case.document),
        terms_hash=terms_hash(case.document),
        amount_lcy=amount_lcy,
        sent_at=case.actor.at,
        external=case.workflow.kind is WorkflowKind.EXTERNAL,
    )


def _new_entry(case: Case, planned: PlannedApprover) -> ApprovalEntry:
    amount, amount_lcy = compared_amounts(case.document, case.workflow)
    by_credit = planned.reason is Reason.CREDIT_LIMIT  # BC: a response step without arguments
    workflow, actor = case.workflow, case.actor
    return ApprovalEntry(
        sequence_no=planned.sequence_no,
        approver=planned.user,
        authority_of=planned.user,
        reason=planned.reason,
        limit=planned.limit,
        approval_type=ApproverType.SALESPERSON_PURCHASER if by_credit else workflow.approver_type,
        limit_type=LimitType.APPROVAL_LIMITS if by_credit else workflow.entry_limit_type,
        due_date=actor.today if by_credit else _due(case),
        amount=amount,
        amount_lcy=amount_lcy,
        currency=case.document.currency,
        sent_at=actor.at,
        last_modified_at=actor.at,
        last_modified_by=actor.user,
        delegate_after=workflow.delegate_after,
        available_credit_lcy=available_credit(case.document, case.counterparty),
    )


def _due(case: Case) -> date:
    return due_date(DateFormula.parse(case.workflow.due), case.actor.today)


def _open_next_stage(case: Case) -> list[DocumentEvent]:
    run = case.run
    stage = lowest_sequence(run.with_status(EntryStatus.CREATED))
    for entry in stage:
        fire(ENTRY, "open", entry)
        touch(entry, case.actor)
        entry.sent_at = case.actor.at
        entry.delegate_from = case.actor.today
        if case.options.clock is Clock.STAGE:
            entry.due_date = _due(case)
    return [
        ApprovalRequested(
            **case.facts(case.told(entry.approver)),
            entry=case.entry_facts(entry),
            next_approvers=next_approvers(run, entry),
            history=history(run),
            copy=case.attached_copy(),
        )
        for entry in stage
    ]
