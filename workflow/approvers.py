"""Who has to approve a document, in which order, and why.

The list is made before anything is stored, so that ``who`` and ``send`` give the same answer.
The algorithm is Business Central's (codeunit 1535); what the workflow's options add is: nobody
is asked about his own request or about a document he edited.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from workflow.approval_users import ApprovalUser, Limit
from workflow.authority import covers
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document
from workflow.errors import (
    ApproverChainLoops,
    ApproverNotSet,
    GroupEmpty,
    GroupMemberNotInSetup,
    NoQualifiedApprover,
    SalespersonPurchaserCodeMissing,
    SalespersonPurchaserNotInSetup,
    UserNotInSetup,
)
from workflow.options import DelegationToRequester, SelfApproval
from workflow.statuses import ApproverLimitType, ApproverType, Reason


class ApprovalSetup(Protocol):
    """The approval user setup and the workflow user groups, as the rules ask for them."""

    def user(self, user_id: str) -> ApprovalUser | None: ...

    def user_with_code(self, salesperson_purchaser_code: str) -> ApprovalUser | None: ...

    def administrators(self) -> list[ApprovalUser]:
        """By user id."""
        ...

    def group_members(self, group: str) -> list[tuple[str, int]]:
        """User ids with their sequence numbers, by sequence."""
        ...


@dataclass(frozen=True, kw_only=True)
class PlannedApprover:
    """One approval entry to be made."""

    user: str
    sequence_no: int
    reason: Reason
    limit: Limit = Decimal(0)  # what he may approve of such a document; None = unlimited


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """Somebody the workflow names, but who may not decide on this document."""

    user: str
    why: str  # "requester", "editor" or "asked already"


@dataclass(frozen=True, kw_only=True)
class ApproverPlan:
    """The approvers in their order; empty of others than the requester = released at once."""

    approvers: tuple[PlannedApprover, ...]
    skipped: tuple[Skipped, ...] = ()


def plan_approvers(
    document: Document, workflow: WorkflowDefinition, requester: str, setup: ApprovalSetup
) -> ApproverPlan:
    """Who would have to approve the document if *requester* sent it.

    Raises:
        SalespersonPurchaserCodeMissing, SalespersonPurchaserNotInSetup, UserNotInSetup,
        ApproverNotSet, NoQualifiedApprover, ApproverChainLoops, GroupEmpty, GroupMemberNotInSetup
    """
    plan = _Planning(document, workflow, requester, setup)
    match workflow.approver_type:
        case ApproverType.SALESPERSON_PURCHASER:
            plan.from_salesperson_purchaser()
        case ApproverType.APPROVER:
            plan.from_requester()
        case ApproverType.USER_GROUP:
            plan.from_group()
    return plan.finished()


class _Planning:
    """One list of approvers in the making."""

    def __init__(
        self,
        document: Document,
        workflow: WorkflowDefinition,
        requester: str,
        setup: ApprovalSetup,
    ) -> None:
        self.document = document
        self.workflow = workflow
        self.requester = requester
        self.setup = setup
        self.approvers: list[PlannedApprover] = []
        self.skipped: list[Skipped] = []
        self.as_bc = workflow.options.self_approval is SelfApproval.AS_BC
        guarded = workflow.options.delegation_to_requester is DelegationToRequester.REFUSE
        self.editors = document.editors if guarded else frozenset()

    # --- the three approver types ----------------------------------------------------------

    def from_salesperson_purchaser(self) -> None:
        person = self._salesperson_purchaser()
        match self.workflow.limit_type:
            case ApproverLimitType.CHAIN:
                self.ask(person, Reason.SALESPERSON_PURCHASER, self.next_sequence)
                self.climb(person.user_id, everyone=True)
            case ApproverLimitType.DIRECT:
                self.ask(person, Reason.SALESPERSON_PURCHASER, self.next_sequence)
            case ApproverLimitType.FIRST_QUALIFIED:
                if self._suffices(person):
                    self.ask(person, Reason.SUFFICIENT, self.next_sequence)
                self.climb(person.user_id, everyone=False)
            case ApproverLimitType.SPECIFIC:
                self.ask(person, Reason.SALESPERSON_PURCHASER, self.next_sequence)
                self._ask_specific()

    def from_requester(self) -> None:
        match self.workflow.limit_type:
            case ApproverLimitType.CHAIN | ApproverLimitType.FIRST_QUALIFIED:
                self._submit()
                everyone = self.workflow.limit_type is ApproverLimitType.CHAIN
                self.climb(self.requester, everyone=everyone)
            case ApproverLimitType.DIRECT:
                self._ask_direct()
            case ApproverLimitType.SPECIFIC:
                self._ask_specific()

    def from_group(self) -> None:
        if self.setup.user(self.requester) is None:
            raise UserNotInSetup(self.requester)
        members = self.setup.group_members(self.workflow.group)
        if not members:
            raise GroupEmpty
        for user_id, sequence_no in members:
            member = self.setup.user(user_id)
            if member is None:
                raise GroupMemberNotInSetup(user_id)
            self.ask(member, Reason.GROUP_MEMBER, sequence_no)
        for sequence_no in sorted({sequence_no for _, sequence_no in members}):
            self._fill_stage(sequence_no, sum(number == sequence_no for _, number in members))

    def _fill_stage(self, sequence_no: int, members: int) -> None:
        """A stage that wants two signatures gets two people, also when one may not be asked."""
        stage_rule = self.workflow.options.stage_rule
        asked = sum(approver.sequence_no == sequence_no for approver in self.approvers)
        if stage_rule in {"all", "any"} or self.as_bc:
            return
        for _ in range(asked, self.workflow.options.needed(members)):
            self._ask_administrator(sequence_no)

    # --- the approver chain ----------------------------------------------------------------

    def climb(self, start: str, *, everyone: bool) -> None:
        """Go up from *start* to the first whose limit covers the amount.

        1. *start* itself covers it: nobody is added.
        2. Each approver above is asked (*everyone*), or only the one who covers it.
        3. A person met twice means that the chain runs in a circle.
        """
        current = self.setup.user(start)
        if current is None:
            raise ApproverNotSet(start)
        met = {current.user_id: current}
        while not self._suffices(current):
            if not current.approver:
                return self._chain_ends(list(met.values()))
            above = self.setup.user(current.approver)
            if above is None:
                raise ApproverNotSet(current.user_id)
            if above.user_id in met:
                raise ApproverChainLoops
            met[above.user_id] = current = above
            if self._suffices(current):
                self.ask(current, Reason.SUFFICIENT, self.next_sequence)
            elif everyone:
                self.ask(current, Reason.CHAIN, self.next_sequence)
        return None

    def _chain_ends(self, chain: list[ApprovalUser]) -> None:
        """The top is reached: an error, unless somebody had the authority but may not use it."""
        if not any(covers(user, self.document, self.workflow) for user in chain):
            raise NoQualifiedApprover
        self._ask_administrator()

    def _suffices(self, user: ApprovalUser) -> bool:
        """Whether the chain may end with this person."""
        if not covers(user, self.document, self.workflow):
            return False
        if user.user_id == self.requester:
            return self.workflow.options.self_approval is not SelfApproval.NEVER
        return user.user_id not in self.editors

    # --- single approvers ------------------------------------------------------------------

    def _salesperson_purchaser(self) -> ApprovalUser:
        code = self.document.salesperson_purchaser_code
        if not code:
            raise SalespersonPurchaserCodeMissing(self.document.key.title)
        person = self.setup.user_with_code(code)
        if person is None:
            raise SalespersonPurchaserNotInSetup("", code)
        return person

    def _submit(self) -> None:
        """The requester's own entry, stored as Business Central does, even without a setup row."""
        user = self.setup.user(self.requester) or ApprovalUser(user_id=self.requester)
        self.ask(user, Reason.REQUESTER, self.next_sequence)

    def _ask_direct(self) -> None:
        requester = self.setup.user(self.requester)
        if requester is None:
            raise UserNotInSetup(self.requester)
        approver = self.setup.user(requester.approver) if requester.approver else None
        if approver is None and not requester.administrator:
            raise ApproverNotSet(self.requester)
        self.ask(approver or requester, Reason.DIRECT_APPROVER, self.next_sequence)

    def _ask_specific(self) -> None:
        approver = self.setup.user(self.workflow.specific_approver)
        if approver is None:
            raise UserNotInSetup(self.workflow.specific_approver)
        self.ask(approver, Reason.SPECIFIC_APPROVER, self.next_sequence)

    def _ask_administrator(self, sequence_no: int | None = None) -> None:
        """The first administrator who may decide, where nobody else is left.

        Raises:
            NoQualifiedApprover: there is none.
        """
        signing = {one.user for one in self.approvers if one.sequence_no == sequence_no}
        for administrator in self.setup.administrators():
            if administrator.user_id in signing or self._may_be_asked(administrator.user_id):
                continue
            if self.workflow.compares_limits and not self._suffices(administrator):
                continue
            self.ask(administrator, Reason.ADMINISTRATOR, sequence_no or self.next_sequence)
            return
        raise NoQualifiedApprover

    # --- the list --------------------------------------------------------------------------

    @property
    def next_sequence(self) -> int:
        return max((approver.sequence_no for approver in self.approvers), default=0) + 1

    def ask(self, user: ApprovalUser, reason: Reason, sequence_no: int) -> None:
        """Add a person, or note why he is skipped."""
        keeps_own_entry = user.user_id == self.requester and self.workflow.compares_limits
        why = None if keeps_own_entry else self._may_be_asked(user.user_id)
        if why is not None:
            self.skipped.append(Skipped(user=user.user_id, why=why))
            return
        key = self.document.key
        self.approvers.append(
            PlannedApprover(
                user=user.user_id,
                sequence_no=sequence_no,
                reason=Reason.REQUESTER if keeps_own_entry else reason,
                limit=user.limit_for(key.area, key.document_type),
            )
        )

    def _may_be_asked(self, user_id: str) -> str | None:
        """Why the person may not be asked; None when he may."""
        if not self.as_bc and user_id == self.requester:
            return "requester"
        if user_id in self.editors and user_id != self.requester:
            return "editor"
        asked = {approver.user for approver in self.approvers}
        if self.workflow.options.one_approval_per_person and user_id in asked:
            return "asked already"
        return None

    def finished(self) -> ApproverPlan:
        if not self.approvers and self.skipped:
            self._ask_administrator()
        return ApproverPlan(approvers=tuple(self.approvers), skipped=tuple(self.skipped))
