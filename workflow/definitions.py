"""Workflows: which documents need approval, by whom, until when."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from workflow.documents import Document
from workflow.options import ConditionAmounts, NegativeAmounts, WorkflowOptions
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType, LimitType


class WorkflowKind(StrEnum):
    APPROVAL = "approval"
    EXTERNAL = "external"  # an external flow decides (BC: webhook)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a document has to look like; a line condition means that at least one line matches.

    Amounts exclude VAT. They are in local currency, as limits are, unless the conditions name a
    currency: then in that one.
    """

    min_amount: Decimal | None = None
    max_amount: Decimal | None = None
    currency: str | None = None
    counterparty_no: str | None = None
    salesperson_purchaser_code: str | None = None
    line_type: str | None = None
    item_no: str | None = None
    needs_lines: bool = True  # BC's templates name the line table: no lines, no match

    def match(self, document: Document, options: WorkflowOptions) -> bool:
        amount = self._compared(document, options)
        return self._header_matches(document, amount) and self._lines_match(document)

    def _compared(self, document: Document, options: WorkflowOptions) -> Decimal:
        local = options.condition_amounts is ConditionAmounts.LOCAL and self.currency is None
        amount = document.amount_lcy if local else document.amount
        return amount if options.negative_amounts is NegativeAmounts.AS_BC else abs(amount)

    def _header_matches(self, document: Document, amount: Decimal) -> bool:
        if self.min_amount is not None and amount < self.min_amount:
            return False
        if self.max_amount is not None and amount > self.max_amount:
            return False
        wanted = {
            "currency": self.currency,
            "counterparty_no": self.counterparty_no,
            "salesperson_purchaser_code": self.salesperson_purchaser_code,
        }
        return all(
            value is None or getattr(document, name) == value for name, value in wanted.items()
        )

    def _lines_match(self, document: Document) -> bool:
        if self.line_type is None and self.item_no is None:
            return bool(document.lines) or not self.needs_lines
        return any(
            self.line_type in {None, line.line_type} and self.item_no in {None, line.item_no}
            for line in document.lines
        )


@dataclass(frozen=True, kw_only=True)
class WorkflowDefinition:
    """One version of one workflow (BC tables 1501, 1502 and 1523 together)."""

    code: str
    description: str = ""
    area: Area
    document_type: DocumentType
    kind: WorkflowKind = WorkflowKind.APPROVAL
    conditions: Conditions = field(default_factory=Conditions)
    approver_type: ApproverType = ApproverType.APPROVER
    limit_type: ApproverLimitType = ApproverLimitType.CHAIN
    specific_approver: str = ""
    group: str = ""  # workflow user group
    due: str = ""  # date formula; empty = due the same day
    delegate_after: str = ""  # date formula; empty = never
    credit_limit_check: bool = False  # sales: only a customer over his credit limit needs approval
    response_user: str = ""  # who may answer for the external flow
    options: WorkflowOptions = field(default_factory=WorkflowOptions)
    version: int = 1

    @property
    def compares_limits(self) -> bool:
        """Whether somebody's approval limit has to cover the amount."""
        return (
            self.kind is WorkflowKind.APPROVAL
            and self.approver_type is not ApproverType.USER_GROUP
            and self.limit_type in {ApproverLimitType.CHAIN, ApproverLimitType.FIRST_QUALIFIED}
        )

    @property
    def entry_limit_type(self) -> LimitType:
        """What its approval entries carry (BC: SetLimitType)."""
        return LimitType.APPROVAL_LIMITS if self.compares_limits else LimitType.NO_LIMITS

    def matches(self, document: Document) -> bool:
        """Whether the document is of its kind and meets its conditions, whatever its status."""
        return (
            document.key.area is self.area
            and document.key.document_type is self.document_type
            and self.conditions.match(document, self.options)
        )
