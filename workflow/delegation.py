"""Handing an open request over: to the substitute, the approver's approver or an administrator."""

from workflow.actors import Actor
from workflow.approval_entries import ApprovalEntry
from workflow.approval_users import ApprovalUser
from workflow.cases import Case
from workflow.date_formulas import DateFormula
from workflow.decisions import entry_for
from workflow.due_dates import delegation_due
from workflow.errors import (
    ApproverNotSet,
    DelegateOnlyOpen,
    NoDelegateRight,
    NoRequestToDelegate,
    NoSubstitute,
    UserSetupMissing,
    WorkflowError,
)
from workflow.events import (
    ApprovalNoLongerNeeded,
    DelegationFailed,
    DocumentEvent,
    RequestDelegated,
)
from workflow.facts import history, next_approvers
from workflow.machines import ENTRY, fire
from workflow.options import DelegationToRequester, Notices
from workflow.requests import continue_run, touch
from workflow.statuses import EntryStatus, Reason

MAX_HOPS = 3  # hand-overs; then an administrator gets it


def delegate(case: Case, *, approver: str | None = None) -> list[DocumentEvent]:
    """Hand an open request over, as its approver, its requester or an administrator.

    Raises:
        NoRequestToDelegate, DelegateOnlyOpen, NoDelegateRight, NoSubstitute, ApproverNotSet,
        UserSetupMissing
    """
    entry = entry_for(case, approver, nothing=NoRequestToDelegate, not_open=DelegateOnlyOpen)
    check_may_delegate(case, entry)
    try:
        target = _target(case, entry)
    except NoSubstitute:
        if not _somebody_higher_decides(case, entry):
            raise
        return _pass_on(case, entry)
    return [_hand_over(case, entry, target, automatic=False)]


def delegate_automatically(case: Case, entry: ApprovalEntry) -> list[DocumentEvent]:
    """Hand an entry over whose time is up; where nobody can take it, say so and go on.

    The clock starts anew either way, so that a repeated run does nothing (Q4, Q5).
    """
    try:
        target, others = _automatic_target(case, entry)
    except (NoSubstitute, ApproverNotSet, UserSetupMissing) as refusal:
        if _somebody_higher_decides(case, entry):
            return _pass_on(case, entry)
        entry.delegate_from = case.actor.today
        return [_failed(case, entry, refusal)]
    return [_hand_over(case, entry, target, automatic=True, also=others)]


def is_due_for_delegation(entry: ApprovalEntry, actor: Actor) -> bool:
    """Whether an open entry has waited as long as its workflow allows."""
    if not entry.is_open or entry.delegate_from is None or not entry.delegate_after:
        return False
    formula = DateFormula.parse(entry.delegate_after)
    return delegation_due(entry.delegate_from, formula, actor.today)


def check_may_delegate(case: Case, entry: ApprovalEntry) -> None:
    """Raises NoDelegateRight (BC: CanCurrentUserEdit)."""
    row = case.setup.user(case.actor.user)
    if row is None:
        raise NoDelegateRight
    if row.user_id not in {case.run.requester, entry.approver} and not row.administrator:
        raise NoDelegateRight


# --- who takes it --------------------------------------------------------------------------


def _target(case: Case, entry: ApprovalEntry) -> ApprovalUser:
    """Substitute, else approver, else administrator of the present approver."""
    approver = case.setup.user(entry.approver)
    as_bc = case.options.delegation_to_requester is DelegationToRequester.ALLOW
    if approver is None and as_bc:
        raise ApproverNotSet(case.run.requester)
    if approver is not None and as_bc:
        return _target_as_bc(case, approver)
    named = [approver.substitute_on(case.actor.today), approver.approver] if approver else []
    if not _may_go_on(case, entry):
        named = []
    candidates = [case.setup.user(user_id) for user_id in named if user_id]
    for candidate in [*candidates, *case.setup.administrators()]:
        if candidate is not None and _may_take_over(case, entry, candidate):
            return candidate
    raise NoSubstitute(entry.approver)


def _may_go_on(case: Case, entry: ApprovalEntry) -> bool:
    """Or a requester hands on one approver's authority until somebody suits him."""
    row = case.setup.user(case.actor.user)
    return entry.hops < MAX_HOPS or (row is not None and row.administrator)


def _target_as_bc(case: Case, approver: ApprovalUser) -> ApprovalUser:
    """The first that is filled in, whoever it is (BC: SubstituteUserIdForApprovalEntry)."""
    named = approver.substitute_on(case.actor.today) or approver.approver
    if named:
        target = case.setup.user(named)
        if target is None:
            raise UserSetupMissing(named)
        return target
    administrators = case.setup.administrators()
    if not administrators:
        raise NoSubstitute(approver.user_id)
    return administrators[0]


def _automatic_target(case: Case, entry: ApprovalEntry) -> tuple[ApprovalUser, list[str]]:
    """As by hand; after three hand-overs the first administrator, and the others hear of it.

    There it stays: administrators do not pass it to and fro.
    """
    if entry.hops < MAX_HOPS:
        return _target(case, entry), []
    administrators = case.setup.administrators()
    if entry.approver in {person.user_id for person in administrators}:
        raise NoSubstitute(entry.approver)
    eligible = [person for person in administrators if _may_take_over(case, entry, person)]
    if not eligible:
        raise NoSubstitute(entry.approver)
    return eligible[0], [person.user_id for person in eligible[1:]]


def _somebody_higher_decides(case: Case, entry: ApprovalEntry) -> bool:
    """Whether somebody later in the chain covers the amount, so that nobody is needed here."""
    guarded = case.options.delegation_to_requester is DelegationToRequester.REFUSE
    waiting = case.run.with_status(EntryStatus.CREATED)
    later = [other for other in waiting if other.sequence_no > entry.sequence_no]
    return guarded and any(other.reason is Reason.SUFFICIENT for other in later)


def _pass_on(case: Case, entry: ApprovalEntry) -> list[DocumentEvent]:
    """Everybody who could stand in is asked later anyway: the request goes on to them."""
    fire(ENTRY, "cancel", entry)
    touch(entry, case.actor)
    closed = ApprovalNoLongerNeeded(
        **case.facts(case.told(entry.approver)), entry=case.entry_facts(entry)
    )
    return [closed, *continue_run(case)]


def _may_take_over(case: Case, entry: ApprovalEntry, candidate: ApprovalUser) -> bool:
    """Never the requester, an editor, the one who hands over, or somebody already involved."""
    live = case.run.with_status(EntryStatus.CREATED, EntryStatus.OPEN, EntryStatus.APPROVED)
    others = [other for other in live if other is not entry]
    involved = {name for other in others for name in (other.approver, other.decided_by)}
    excluded = {case.run.requester, entry.approver, *involved, *case.barred_editors}
    return candidate.user_id not in excluded


# --- the hand-over -------------------------------------------------------------------------


def _hand_over(
    case: Case,
    entry: ApprovalEntry,
    target: ApprovalUser,
    *,
    automatic: bool,
    also: list[str] | None = None,
) -> RequestDelegated:
    """The substitute acts with the authority of the one he stands in for; both are on record.

    Who left the setup has none to pass on: whoever takes it then acts with his own.
    """
    fire(ENTRY, "delegate", entry)
    from_approver, entry.approver = entry.approver, target.user_id
    if case.setup.user(entry.authority_of) is None:
        entry.authority_of = target.user_id
    entry.hops += 1
    entry.delegate_from = case.actor.today
    touch(entry, case.actor)
    every_step = case.options.notices is Notices.EVERY_STEP
    watchers = [*(also or []), *([case.run.requester] if every_step else [])]
    return RequestDelegated(
        **case.facts(case.told(target.user_id, *watchers)),
        entry=case.entry_facts(entry),
        from_approver=from_approver,
        automatic=automatic,
        next_approvers=next_approvers(case.run, entry),
        history=history(case.run),
        copy=case.attached_copy(),
    )


def _failed(case: Case, entry: ApprovalEntry, refusal: WorkflowError) -> DelegationFailed:
    administrators = [administrator.user_id for administrator in case.setup.administrators()]
    return DelegationFailed(
        **case.facts(case.told(*administrators)),
        entry=case.entry_facts(entry),
        why=refusal.message,
        template=refusal.template,
        values=tuple(map(str, refusal.parts)),
    )
