"""What is always true of documents and their approvals, whoever does whatever.

The numbers are those of the security analysis. Every check was seen to fail when the fault that
its comment names was put into the code; the machine in ``workflow/test_invariants.py`` runs them
after each step. A check gets a ``Step``: everything before and after it, and what happened.
"""

from dataclasses import asdict, dataclass
from datetime import date

from memory_store import Contents, MemoryUnitOfWork
from people import actor
from workflow.approval_entries import RunState
from workflow.approval_users import ApprovalUser, LimitField
from workflow.content import content_hash, is_significant
from workflow.definitions import WorkflowKind
from workflow.delegation import MAX_HOPS
from workflow.events import (
    ApprovalNoLongerNeeded,
    ApprovalOverdue,
    ApprovalUserChanged,
    DocumentChanged,
    DocumentPosted,
    DocumentReleased,
    RequestApproved,
    RequestCanceled,
    RequestDelegated,
    RequestEscalated,
    RequestRejected,
)
from workflow.options import AmountBasis, NegativeAmounts, Reapproval, SelfApproval
from workflow.service import requesting
from workflow.statuses import Area, DocumentStatus, DocumentType, EntryStatus, Reason

ACTIVE = {EntryStatus.CREATED, EntryStatus.OPEN}
USABLE = {DocumentStatus.RELEASED, DocumentStatus.PENDING_PREPAYMENT}


@dataclass
class Step:
    """One step: the store before and after it, and the events it recorded."""

    before: Contents
    after: Contents
    today: date

    @property
    def events(self):
        """(key, event) of what happened in this step."""
        new = self.after.events[len(self.before.events) :]
        return [(key, event) for key, _, event in new]

    def of(self, *kinds):
        return [(key, event) for key, event in self.events if isinstance(event, kinds)]

    def workflow_of(self, run):
        return self.after.versions[run.workflow_code, run.workflow_version]

    @property
    def pending(self):
        """(document, run, workflow) of every request that is not finished."""
        found = [(one, one.run) for one in self.after.documents.values() if one.run is not None]
        return [
            (document, run, self.workflow_of(run))
            for document, run in found
            if run.state is RunState.PENDING
        ]


def covers(user, document, workflow):
    """Said again in other words than the code: whether that limit is enough."""
    if workflow.options.self_approval is SelfApproval.AS_BC and user.approver == user.user_id:
        return True
    if document.key.area is Area.SALES:
        limit = user.sales_limit
    elif document.key.document_type is DocumentType.QUOTE:
        limit = user.request_limit
    else:
        limit = user.purchase_limit
    with_vat = workflow.options.amount_basis is AmountBasis.INCLUDING_VAT
    amount = document.amount_including_vat_lcy if with_vat else document.amount_lcy
    if workflow.options.negative_amounts is NegativeAmounts.ABSOLUTE:
        amount = max(amount, -amount)
    return limit is None or (limit > 0 and not amount > limit)


def own(run, entry):
    return (
        entry.reason in {Reason.REQUESTER, Reason.CREDIT_LIMIT} or entry.approver == run.requester
    )


def stages(run):
    """The entries other than the requester's own, by sequence number."""
    found = {}
    for entry in run.entries:
        if not own(run, entry):
            found.setdefault(entry.sequence_no, []).append(entry)
    return list(found.values())


def needed(workflow, stage):
    rule = workflow.options.stage_rule
    return {"all": len(stage), "any": 1}.get(rule) or min(int(rule), len(stage))


# --- authority and coverage ----------------------------------------------------------------


def i_01_what_is_released_was_approved_by_every_stage_and_by_somebody_with_authority(step):
    # Faults: _check_authority returns at once; a stage is satisfied by its first approval; a limit
    # of 0 covers everything below it; the amount in the document's currency is compared.
    for key, event in step.of(DocumentReleased):
        document, run = step.after.documents[key], step.after.documents[key].run
        if event.how == "by hand":
            continue
        workflow = step.workflow_of(run)
        assert run.state is RunState.APPROVED
        assert run.content_hash == content_hash(document)
        for stage in stages(run):
            agreed = [entry for entry in stage if entry.status is EntryStatus.APPROVED]
            enough = len(agreed) >= needed(workflow, stage)
            assert enough or went_on_to_somebody_higher(step, key, run, stage)
        if workflow.compares_limits and workflow.options.authority_check == "at_decision":
            assert somebody_with_authority_agreed(step, document, workflow)


def went_on_to_somebody_higher(step, key, run, stage):
    """Nobody could stand in, it was said so, and somebody later who covers the amount agreed."""
    number = stage[0].sequence_no
    said = any(
        of == key
        and isinstance(event, ApprovalNoLongerNeeded)
        and (event.run_no, event.entry.sequence_no) == (run.run_no, number)
        for of, _, event in step.after.events
    )
    later = [entry for entry in run.entries if entry.sequence_no > number]
    higher = [entry for entry in later if entry.reason is Reason.SUFFICIENT]
    agreed = any(entry.status is EntryStatus.APPROVED for entry in higher)
    return said and agreed and all(entry.status is EntryStatus.CANCELED for entry in stage)


def somebody_with_authority_agreed(step, document, workflow):
    agreed = [entry for entry in document.run.entries if entry.status is EntryStatus.APPROVED]
    if any(entry.reason is Reason.CREDIT_LIMIT for entry in agreed):
        return True
    if workflow.options.self_approval is SelfApproval.NEVER:
        agreed = [entry for entry in agreed if not own(document.run, entry)]
    people = [step.after.people.get(entry.authority_of) for entry in agreed]
    return any(user is not None and covers(user, document, workflow) for user in people)


def i_01_what_was_released_by_hand_needed_no_approval_or_had_it(step):
    # Fault: _check_approved_before returns at once.
    for key, event in step.of(DocumentReleased):
        document, before = step.after.documents[key], step.before.documents[key]
        if event.how != "by hand" or before.status is DocumentStatus.PENDING_PREPAYMENT:
            continue
        concerned = [one for one in enabled(step.before) if one.matches(document)]
        if concerned:
            assert concerned[0].options.reapproval is not Reapproval.ALL
            assert document.run is not None
            assert document.run.state is RunState.APPROVED
            if concerned[0].options.reapproval is Reapproval.IF_CHANGED:
                assert document.run.content_hash == content_hash(document)


def enabled(contents):
    latest = {code: one for (code, _), one in sorted(contents.versions.items())}
    return [latest[code] for code in sorted(contents.enabled)]


def i_02_whoever_approved_was_asked_or_an_administrator_and_still_set_up(step):
    # Faults: _check_administrator returns at once; _check_still_set_up returns at once.
    for key, event in step.of(RequestApproved):
        run = step.before.documents[key].run
        asked = {entry.approver for entry in run.entries if entry.status is EntryStatus.OPEN}
        row = step.before.people.get(event.actor)
        assert event.entry.approver in asked
        assert event.actor == event.entry.approver or (row is not None and row.administrator)
        if step.workflow_of(run).options.authority_check == "at_decision":
            assert row is not None


# --- separation of duties ------------------------------------------------------------------


def i_10_requester_and_editors_neither_hold_nor_decide_a_request(step):
    # Faults: _may_be_asked allows everybody; _may_take_over allows the requester;
    # _check_may_decide does not look at own requests or editors.
    for document, run, workflow in step.pending:
        barred = {run.requester, *document.editors}
        if workflow.options.self_approval is SelfApproval.AS_BC:
            continue
        for entry in run.entries:
            if entry.status in {*ACTIVE, EntryStatus.APPROVED} and entry.reason is not (
                Reason.REQUESTER
            ):
                assert entry.approver not in barred
                assert entry.decided_by not in barred
    for key, event in step.of(RequestApproved):
        before = step.before.documents[key]
        if step.workflow_of(before.run).options.self_approval is not SelfApproval.AS_BC:
            assert event.actor not in {before.run.requester, *before.editors}


def i_11_one_person_gives_one_approval(step):
    # Fault: _check_decides_once returns at once.
    for key, _ in step.of(RequestApproved):
        run = step.after.documents[key].run
        if step.workflow_of(run).options.one_approval_per_person:
            agreed = [e.decided_by for e in run.entries if e.status is EntryStatus.APPROVED]
            agreed = [name for name in agreed if name is not None]
            assert len(agreed) == len(set(agreed))


def i_12_a_hand_over_goes_to_somebody_else_who_may_decide_and_not_on_for_ever(step):
    # Faults: _may_take_over allows everybody; administrators pass it to and fro.
    for key, event in step.of(RequestDelegated):
        document, before = step.after.documents[key], step.before.documents[key]
        workflow = step.workflow_of(document.run)
        assert event.entry.approver in step.after.people
        hops = {e.approver: e.hops for e in before.run.entries if e.is_open}[event.from_approver]
        if event.automatic and hops >= MAX_HOPS:
            assert step.after.people[event.entry.approver].administrator
            giver = step.after.people.get(event.from_approver)
            assert giver is None or not giver.administrator
        if workflow.options.delegation_to_requester == "refuse":
            barred = {document.run.requester, *document.editors, event.from_approver}
            assert event.entry.approver not in barred


def i_12_by_hand_only_approver_requester_or_administrator_hand_over(step):
    # Fault: _check_may_delegate returns at once.
    for _, event in step.of(RequestDelegated):
        row = step.before.people.get(event.actor)
        if not event.automatic:
            assert row is not None
            assert row.administrator or event.actor in {event.from_approver, event.requester}


def i_13_a_decision_in_somebodys_place_is_stored_as_such_and_has_a_reason(step):
    # Faults: decided_by is set to the approver; the reason of an administrator is not required.
    for key, event in step.of(RequestApproved, RequestRejected):
        run = step.after.documents[key].run
        place = (event.entry.approver, event.entry.sequence_no)
        decided = [e for e in run.entries if (e.approver, e.sequence_no) == place]
        assert event.actor in {entry.decided_by for entry in decided}
        if step.workflow_of(run).options.admin_reason == "required":
            assert event.actor == event.entry.approver or event.comment.strip()


def i_14_nobody_raises_the_own_authority(step):
    # Fault: _check_own_authority returns at once.
    if step.after.company.own_authority != "refuse":
        return
    for _, event in step.of(ApprovalUserChanged):
        if event.actor != event.subject:
            continue
        nobody = ApprovalUser(user_id=event.subject)
        before = step.before.people.get(event.subject, nobody)
        after = step.after.people[event.subject]
        assert before.administrator or not after.administrator
        for name in LimitField:
            old, new = getattr(before, name), getattr(after, name)
            assert old is None or (new is not None and new <= old)


# --- the state machines --------------------------------------------------------------------


def i_15_pending_means_that_somebody_is_asked_and_otherwise_nobody_is(step):
    # Faults: end_run leaves open entries; _open_next_stage opens nothing.
    for document in step.after.documents.values():
        run = document.run
        pending = document.status is DocumentStatus.PENDING_APPROVAL
        asked = run is not None and any(entry.is_open for entry in run.entries)
        waits = run is not None and any(entry.status in ACTIVE for entry in run.entries)
        external = run is not None and run.external and run.state is RunState.PENDING
        assert pending is (asked or external)
        assert pending or not waits


def i_16_a_document_has_at_most_one_pending_run(step):
    # Fault: a pending document can be sent again (step table and service allow it).
    for document in step.after.documents.values():
        runs = [run for (key, _), run in step.after.runs.items() if key == document.key]
        pending = [run.run_no for run in runs if run.state is RunState.PENDING]
        is_pending = document.status is DocumentStatus.PENDING_APPROVAL
        assert pending == ([document.run_no] if is_pending else [])


def i_17_a_person_is_asked_once_at_a_time(step):
    # Fault: a request is handed to somebody who is asked already (_may_take_over).
    for _, run, workflow in step.pending:
        active = [entry.approver for entry in run.entries if entry.status in ACTIVE]
        if workflow.options.one_approval_per_person:
            assert len(active) == len(set(active))


def i_18_only_the_lowest_unfinished_stage_is_asked(step):
    # Fault: _open_next_stage opens all that wait.
    for _, run, _ in step.pending:
        waiting = [entry.sequence_no for entry in run.entries if entry.status in ACTIVE]
        asked = {entry.sequence_no for entry in run.entries if entry.is_open}
        assert run.external or asked == {min(waiting)}


def i_19_what_has_happened_never_changes(step):
    # Faults: sending again reuses the run; the history is cut when a document is archived.
    known = len(step.before.events)
    assert step.after.events[:known] == step.before.events
    for place, run in step.before.runs.items():
        if run.state is not RunState.PENDING and place in step.after.runs:
            assert asdict(step.after.runs[place]) == asdict(run)


def i_20_a_rejection_closes_everything_at_once(step):
    # Fault: a rejection ends the run as canceled. (That it closes all is seen by I-15 first.)
    for key, _ in step.of(RequestRejected):
        document = step.after.documents[key]
        assert document.status is DocumentStatus.OPEN
        assert document.run.state is RunState.REJECTED
        closed = {EntryStatus.REJECTED, EntryStatus.CANCELED}  # canceled: was not needed before
        assert {entry.status for entry in document.run.entries} <= closed


def i_22_whoever_asked_can_always_end_it(step):
    # Fault: may_cancel knows only administrators.
    for document, run, _ in step.pending:
        uow = MemoryUnitOfWork()
        uow.stored = step.after.copied()
        requesting.cancel_approval_request(uow, document.key, actor(run.requester, step.today))
        assert uow.document(document.key).status is DocumentStatus.OPEN


def i_23_approvals_of_an_ended_run_count_for_nothing(step):
    # Fault: end_run spares approved entries.
    for document in step.after.documents.values():
        run = document.run
        if run is None:
            continue
        statuses = {entry.status for entry in run.entries}
        allowed = {
            RunState.PENDING: set(EntryStatus) - {EntryStatus.REJECTED},
            RunState.APPROVED: {EntryStatus.APPROVED, EntryStatus.CANCELED},
            RunState.REJECTED: {EntryStatus.REJECTED, EntryStatus.CANCELED},
            RunState.CANCELED: {EntryStatus.CANCELED},
        }[run.state]
        assert statuses <= allowed
    for key, _ in step.of(RequestCanceled):
        assert step.after.documents[key].status is DocumentStatus.OPEN


# --- content -------------------------------------------------------------------------------


def i_26_an_edit_that_matters_ends_the_run_and_no_other_changes_the_hash(step):
    # Faults: significant fields are not locked; the hash covers the description; no editor is kept.
    for key, event in step.of(DocumentChanged):
        before, after = step.before.documents[key], step.after.documents[key]
        matters = any(is_significant(change.field) for change in event.changes)
        assert event.significant is matters
        assert (content_hash(before) != content_hash(after)) is matters
        if matters:
            assert after.status is DocumentStatus.OPEN
            assert after.run is None or after.run.state is not RunState.PENDING
            assert event.actor in after.editors


def what_is_posted_was_released_or_needed_nothing(step):
    # Fault: check_use returns at once.
    for key, _ in step.of(DocumentPosted):
        before = step.before.documents[key]
        run = before.run
        if before.status is DocumentStatus.OPEN:
            assert not [one for one in enabled(step.before) if one.matches(before)]
        else:
            assert before.status in USABLE
        assert run is None or run.state is not RunState.PENDING


def a_reminder_is_sent_once_a_working_day_and_only_when_late(step):
    # Faults: due today counts as overdue; reminded_on is not looked at.
    for key, event in step.of(ApprovalOverdue):
        earlier = [
            old
            for of, _, old in step.before.events
            if of == key and isinstance(old, ApprovalOverdue)
            if (old.at.date(), old.entry.approver, old.entry.sequence_no, old.run_no)
            == (step.today, event.entry.approver, event.entry.sequence_no, event.run_no)
        ]
        assert event.entry.due_date < step.today
        assert step.today.isoweekday() < 6 or not step.after.company.working_days_only
        assert earlier == []


def what_is_escalated_is_told_once_and_moves_no_authority(step):
    # Fault: escalated_on is not looked at.
    for key, event in step.of(RequestEscalated):
        entry = event.entry.sequence_no, event.entry.authority_of, event.run_no
        earlier = [
            old
            for of, _, old in step.before.events
            if of == key and isinstance(old, RequestEscalated)
            if (old.entry.sequence_no, old.entry.authority_of, old.run_no) == entry
        ]
        assert earlier == []
        assert not {event.requester, event.entry.approver} & set(event.tell)
        assert event.superior not in step.before.documents[key].editors
        (now,) = [
            one
            for one in step.after.documents[key].run.entries
            if (one.sequence_no, one.authority_of) == entry[:2] and one.is_open
        ]
        assert now.approver == event.entry.approver


def an_external_flow_has_no_entries(step):
    # Fault: approver_plan asks people for external flows too.
    for _, run, workflow in step.pending:
        assert run.external is (workflow.kind is WorkflowKind.EXTERNAL)
        assert bool(run.entries) is not run.external


def what_is_to_be_paid_is_the_same_in_lines_and_amounts(step):
    # Faults: the local amounts are not settled; the lines do not follow a new amount.
    for document in step.after.documents.values():
        assert sum(line.amount for line in document.lines) == document.amount
        if not document.currency:
            assert document.amount_lcy == document.amount
            assert document.amount_including_vat_lcy == document.amount_including_vat


ALL = tuple(
    check
    for name, check in list(globals().items())
    if name.startswith(("i_", "what_is_", "a_reminder", "an_external"))
    if callable(check)
)
