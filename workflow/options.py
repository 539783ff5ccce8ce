"""The choices a workflow makes where Countersign and Business Central differ.

``PRODUCT`` holds Countersign's defaults, ``BC`` sets every one of them to Business Central's way.
The comments name the quirk of ``docs/quirks.md`` that a choice answers.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.reminders import BadCadence, Cadence
from workflow.schedules import days_of, hours_of, weekdays_of

STAGE_RULE: Final = re.compile("all|any|[1-9][0-9]?")
ESCALATION: Final = re.compile("off|[1-9][0-9]?")


class SelfApproval(StrEnum):
    """Whether the requester's own authority counts (Q11)."""

    WITHIN_LIMIT = "within_limit"  # where the approver type compares limits, nowhere else
    NEVER = "never"
    AS_BC = "as_bc"


class DelegationToRequester(StrEnum):
    """Whether a request may land on the requester or an editor of the document (Q2)."""

    REFUSE = "refuse"
    ALLOW = "allow"


class Clock(StrEnum):
    """When the due date of a later stage is counted from (Q10)."""

    STAGE = "stage"
    SENT = "sent"


class Requirement(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"


class ChangeWhilePending(StrEnum):
    """What a change of a significant field does to a pending request (Q16)."""

    REFUSE = "refuse"
    VOID = "void"


class Reapproval(StrEnum):
    """When a reopened document may be released without a new run (Q17)."""

    ALL = "all"  # never: the whole chain again
    IF_CHANGED = "if_changed"  # when its significant fields are what was approved
    IF_INCREASED = "if_increased"  # when nothing but the amount changed, and it did not rise


class Notices(StrEnum):
    """What the requester is told (Q13)."""

    REJECTION_ONLY = "rejection_only"
    OUTCOMES = "outcomes"  # the posting too
    EVERY_STEP = "every_step"


class AmountBasis(StrEnum):
    """Which amount is compared with the limits (Q21)."""

    EXCLUDING_VAT = "excluding_vat"
    INCLUDING_VAT = "including_vat"


class DeletePending(StrEnum):
    """What deleting a pending document does (Q14)."""

    CANCEL = "cancel"  # the request is canceled, the approvers are told
    SILENT = "silent"


class BeforeRelease(StrEnum):
    """Whether a document may leave the company before it is released (Q15)."""

    REFUSE = "refuse"
    ALLOW = "allow"


class AuthorityCheck(StrEnum):
    """When the approvers' limits are compared with the amount."""

    AT_DECISION = "at_decision"  # when sent, and again when the last approval is given
    AT_SEND = "at_send"


class NegativeAmounts(StrEnum):
    """How a negative amount is compared with a limit."""

    ABSOLUTE = "absolute"
    AS_BC = "as_bc"  # any negative amount is below any limit


class ConditionAmounts(StrEnum):
    """In which currency the amounts are that a workflow's conditions name.

    Where the conditions name a currency it is that one either way.
    """

    LOCAL = "local"  # as limits are: no currency can stay below them
    AS_BC = "as_bc"  # the document's own


class UnknownCustomer(StrEnum):
    """What a credit-limit workflow does with a customer nobody has set up."""

    APPROVAL = "approval"  # asks for approval, as over the limit
    AS_BC = "as_bc"  # no customer, no limit


@dataclass(frozen=True, kw_only=True)
class WorkflowOptions:
    """One value per choice; the defaults are the product's."""

    self_approval: SelfApproval = SelfApproval.WITHIN_LIMIT
    delegation_to_requester: DelegationToRequester = DelegationToRequester.REFUSE
    clock: Clock = Clock.STAGE
    reject_reason: Requirement = Requirement.REQUIRED
    admin_reason: Requirement = Requirement.REQUIRED  # deciding in somebody else's place
    one_approval_per_person: bool = True
    change_while_pending: ChangeWhilePending = ChangeWhilePending.REFUSE
    reapproval: Reapproval = Reapproval.ALL
    notices: Notices = Notices.OUTCOMES
    stage_rule: str = "all"  # Q1: "all", "any", or a number: so many of a stage have to agree
    reminders: str = "-1,0,1,3,7"  # Q6: working days from the due date; "daily" once late, or "off"
    escalation: str = "2"  # Q6: "off", or after how many working days past the due date
    delete_pending: DeletePending = DeletePending.CANCEL
    before_release: BeforeRelease = BeforeRelease.REFUSE
    amount_basis: AmountBasis = AmountBasis.EXCLUDING_VAT
    authority_check: AuthorityCheck = AuthorityCheck.AT_DECISION
    negative_amounts: NegativeAmounts = NegativeAmounts.ABSOLUTE
    condition_amounts: ConditionAmounts = ConditionAmounts.LOCAL
    unknown_customer: UnknownCustomer = UnknownCustomer.APPROVAL
    notify_sender_on_reject: bool = True
    email_on_release: bool = False  # to the vendor or customer
    attach_pdf: bool = False  # to the request for approval

    def __post_init__(self) -> None:
        if not STAGE_RULE.fullmatch(self.stage_rule):
            reason = f"is all, any or a number from 1 to 99, not {self.stage_rule!r}"
            raise ValueError(f"stage_rule {reason}")
        if not ESCALATION.fullmatch(self.escalation):
            reason = f"is off or a number of working days from 1 to 99, not {self.escalation!r}"
            raise ValueError(f"escalation {reason}")
        try:
            Cadence.of(self.reminders)
        except BadCadence as error:
            raise ValueError(f"reminders {error}") from error

    @property
    def cadence(self) -> Cadence:
        """When an approver is reminded."""
        return Cadence.of(self.reminders)

    @property
    def escalates_after(self) -> int | None:
        """After how many working days past the due date; None: never."""
        return None if self.escalation == "off" else int(self.escalation)

    def needed(self, asked: int) -> int:
        """How many of *asked* approvers complete a stage."""
        match self.stage_rule:
            case "all":
                return asked
            case "any":
                return min(1, asked)
            case number:
                return min(int(number), asked)


PRODUCT = WorkflowOptions()

BC = WorkflowOptions(
    self_approval=SelfApproval.AS_BC,
    delegation_to_requester=DelegationToRequester.ALLOW,
    clock=Clock.SENT,
    reject_reason=Requirement.OPTIONAL,
    admin_reason=Requirement.OPTIONAL,
    one_approval_per_person=False,
    change_while_pending=ChangeWhilePending.REFUSE,
    reapproval=Reapproval.ALL,
    notices=Notices.REJECTION_ONLY,
    stage_rule="all",
    reminders="daily",
    escalation="off",
    delete_pending=DeletePending.SILENT,
    before_release=BeforeRelease.ALLOW,
    authority_check=AuthorityCheck.AT_SEND,
    negative_amounts=NegativeAmounts.AS_BC,
    condition_amounts=ConditionAmounts.AS_BC,
    unknown_customer=UnknownCustomer.AS_BC,
)


class Selection(StrEnum):
    """What one refusal does to the rest of a selection."""

    PER_ITEM = "per_item"
    ALL_OR_NOTHING = "all_or_nothing"


class QuietFor(StrEnum):
    """What waits while it is quiet; a request never does."""

    REMINDERS = "reminders"  # and escalations
    NOTICES = "notices"  # outcomes and comments too


@dataclass(frozen=True, kw_only=True)
class CompanyOptions:
    """Choices that no single workflow can make."""

    selection: Selection = Selection.PER_ITEM
    own_authority: DelegationToRequester = DelegationToRequester.REFUSE  # raising one's own limits
    overdue_workflow: bool = True  # whether overdue notices are sent at all
    working_days_only: bool = True  # no reminders on days nobody works, or in quiet hours (Q6)
    working_weekdays: str = "mon-fri"
    holidays: str = "NL"  # whose public holidays are no working days; empty: nobody's
    closed_days: str = ""  # further dates: 2026-12-24,2026-12-31
    quiet_hours: str = "18:00-08:00"  # on each recipient's clock; empty: none
    quiet_for: QuietFor = QuietFor.REMINDERS
    limit_replaces_unlimited: bool = True  # BC wants the unlimited mark taken away first (Q12)
    before_release: BeforeRelease = BeforeRelease.REFUSE  # of documents that need no approval (Q15)
    erp_facts_by_anybody: bool = False  # currency, rate and prepayment, changed by hand
    deciding_keys: str = ""  # names of API keys that may decide for their user, with commas

    def lets_decide(self, api_key: str) -> bool:
        """Whether a program may decide with that key; by default none does."""
        return api_key in [name.strip() for name in self.deciding_keys.split(",")]

    def __post_init__(self) -> None:
        """Refuses days and hours that make no sense.

        Raises:
            BadSchedule
        """
        weekdays_of(self.working_weekdays)
        days_of(self.closed_days)
        hours_of(self.quiet_hours)


COMPANY_PRODUCT = CompanyOptions()
COMPANY_BC = CompanyOptions(
    selection=Selection.ALL_OR_NOTHING,
    own_authority=DelegationToRequester.ALLOW,
    working_days_only=False,
    holidays="",
    quiet_hours="",
    limit_replaces_unlimited=False,
    before_release=BeforeRelease.ALLOW,
    erp_facts_by_anybody=True,
)
