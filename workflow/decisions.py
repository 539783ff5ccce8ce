"""Approving and rejecting: by the approver, or by an administrator in his place."""

from collections.abc import Callable

from workflow.approval_entries import ApprovalEntry, RunState
from workflow.cases import Case
from workflow.errors import (
    AlreadyDecided,
    ApproveOnlyOpen,
    NoRequestToApprove,
    NoRequestToReject,
    NotAdministrator,
    OwnRequest,
    ReasonRequired,
    RejectOnlyOpen,
    UserSetupMissing,
    WorkflowError,
)
from workflow.events import ApprovalNoLongerNeeded, DocumentEvent, RequestApproved, RequestRejected
from workflow.machines import DOCUMENT, ENTRY, fire
from workflow.options import AuthorityCheck, Notices, Requirement, SelfApproval
from workflow.phrases import phrase as _
from workflow.requests import continue_run, end_run, touch
from workflow.statuses import EntryStatus


def entry_for(
    case: Case,
    approver: str | None,
    *,
    nothing: Callable[[], WorkflowError],
    not_open: Callable[[], WorkflowError],
) -> ApprovalEntry:
    """The open entry a person means.

    From the document it is his own first open one; from a list it is the entry of *approver* in
    the latest run.

    Raises:
        *nothing*: there is no such entry; *not_open*: it is waiting or already closed.
    """
    if approver is None:
        mine = [e for e in case.run.entries if e.is_open and e.approver == case.actor.user]
        if not mine:
            raise nothing()
        return mine[0]
    theirs = [entry for entry in case.run.entries if entry.approver == approver]
    if not theirs:
        raise nothing()
    still_open = [entry for entry in theirs if entry.is_open]
    if not still_open:
        raise not_open()
    return still_open[0]


def approve(case: Case, *, approver: str | None = None, comment: str = "") -> list[DocumentEvent]:
    """Agree; after the last needed approval the next stage opens or the document is released.

    Raises:
        NoRequestToApprove, ApproveOnlyOpen, UserSetupMissing, NotAdministrator, OwnRequest,
        ReasonRequired, AlreadyDecided, ContentChanged, AuthorityLost
    """
    entry = entry_for(case, approver, nothing=NoRequestToApprove, not_open=ApproveOnlyOpen)
    _check_may_decide(case, entry, comment)
    _check_still_set_up(case)
    _check_decides_once(case)
    fire(ENTRY, "approve", entry)
    touch(entry, case.actor)
    entry.decided_by = case.actor.user
    closed = _close_satisfied_stage(case, entry)
    approved = _approved(case, entry, comment)
    spared = [_no_longer_needed(case, other) for other in closed]
    return [approved, *spared, *continue_run(case, comment)]


def reject(case: Case, *, approver: str | None = None, comment: str = "") -> list[DocumentEvent]:
    """Disagree: the whole request is over, the document is open and stays restricted.

    Raises:
        NoRequestToReject, RejectOnlyOpen, UserSetupMissing, NotAdministrator, OwnRequest,
        ReasonRequired
    """
    entry = entry_for(case, approver, nothing=NoRequestToReject, not_open=RejectOnlyOpen)
    _check_may_decide(case, entry, comment)
    if case.options.reject_reason is Requirement.REQUIRED and not comment.strip():
        raise ReasonRequired(_("why do you reject it?"))
    asked = case.run.with_status(EntryStatus.OPEN)
    rejected = RequestRejected(
        **case.facts(_told_of_rejection(case, asked)),
        entry=case.entry_facts(entry),
        comment=comment,
    )
    entry.decided_by = case.actor.user
    end_run(case.run, RunState.REJECTED, case.actor)
    fire(DOCUMENT, "reject", case.document)
    spared = [_no_longer_needed(case, other) for other in asked if other is not entry]
    return [rejected, *spared]


# --- who may decide ------------------------------------------------------------------------


def _check_may_decide(case: Case, entry: ApprovalEntry, comment: str) -> None:
    actor = case.actor
    in_his_place = actor.user != entry.approver
    if in_his_place:
        _check_administrator(case)
    check_own_request(case)
    wants_reason = case.options.admin_reason is Requirement.REQUIRED
    if in_his_place and wants_reason and not comment.strip():
        raise ReasonRequired(_("you decide in the place of {approver}.", approver=entry.approver))


def refusal_to_decide(case: Case, entry: ApprovalEntry) -> WorkflowError | None:
    """Why the actor may not decide on that entry, whatever reason he gives; None: he may."""
    try:
        _check_may_decide(case, entry, comment="any")
        _check_still_set_up(case)
        _check_decides_once(case)
    except WorkflowError as refusal:
        return refusal
    return None


def check_own_request(case: Case) -> None:
    """Nobody decides on what he asked for or edited himself.

    Raises:
        OwnRequest
    """
    as_bc = case.options.self_approval is SelfApproval.AS_BC
    own = case.actor.user == case.run.requester and not as_bc
    if own or case.actor.user in case.barred_editors:
        raise OwnRequest(case.actor.user)


def _check_administrator(case: Case) -> None:
    """Raises UserSetupMissing, NotAdministrator (BC: CheckUserAsApprovalAdministrator)."""
    row = case.setup.user(case.actor.user)
    if row is None:
        raise UserSetupMissing(case.actor.user)
    if not row.administrator:
        raise NotAdministrator(case.actor.user)


def _check_still_set_up(case: Case) -> None:
    """Whoever was taken out of the setup meanwhile approves nothing any more (invariant I-02)."""
    checks = case.options.authority_check is AuthorityCheck.AT_DECISION
    if checks and case.setup.user(case.actor.user) is None:
        raise UserSetupMissing(case.actor.user)


def _check_decides_once(case: Case) -> None:
    """One person gives one approval: two signatures need two people (invariant I-11)."""
    decided = {entry.decided_by for entry in case.run.with_status(EntryStatus.APPROVED)}
    if case.options.one_approval_per_person and case.actor.user in decided:
        raise AlreadyDecided(case.actor.user)


# --- stages and notices --------------------------------------------------------------------


def _close_satisfied_stage(case: Case, decided: ApprovalEntry) -> list[ApprovalEntry]:
    """Close the open entries of a stage in which enough people agreed."""
    stage = [
        entry
        for entry in case.run.entries
        if entry.sequence_no == decided.sequence_no and not case.run.is_own(entry)
    ]
    agreed = [entry for entry in stage if entry.status is EntryStatus.APPROVED]
    if len(agreed) < case.options.needed(len(stage)):
        return []
    spare = [entry for entry in stage if entry.is_open]
    for entry in spare:
        fire(ENTRY, "cancel", entry)
        touch(entry, case.actor)
    return spare


def _approved(case: Case, entry: ApprovalEntry, comment: str) -> RequestApproved:
    pending = len(case.run.with_status(EntryStatus.CREATED, EntryStatus.OPEN))
    every_step = case.options.notices is Notices.EVERY_STEP
    tell = case.told(case.run.requester) if every_step and pending else []
    return RequestApproved(
        **case.facts(tell), entry=case.entry_facts(entry), comment=comment, pending=pending
    )


def _told_of_rejection(case: Case, asked: list[ApprovalEntry]) -> list[str]:
    """The requester, once for each entry that was open, but never as its own approver."""
    if not case.options.notify_sender_on_reject:
        return []
    requester = case.run.requester
    return [name for e in asked if e.approver != requester for name in case.told(requester)]


def _no_longer_needed(case: Case, entry: ApprovalEntry) -> ApprovalNoLongerNeeded:
    quiet = case.options.notices is Notices.REJECTION_ONLY
    tell = [] if quiet else case.told(entry.approver)
    return ApprovalNoLongerNeeded(**case.facts(tell), entry=case.entry_facts(entry))
