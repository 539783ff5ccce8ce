"""Whether a person's limit covers a document."""

from decimal import Decimal

from workflow.approval_users import ApprovalUser
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document
from workflow.options import AmountBasis, NegativeAmounts, SelfApproval


def compared_amounts(document: Document, workflow: WorkflowDefinition) -> tuple[Decimal, Decimal]:
    """The amount in the document's currency and in LCY, by the workflow's amount basis."""
    if workflow.options.amount_basis is AmountBasis.INCLUDING_VAT:
        return document.amount_including_vat, document.amount_including_vat_lcy
    return document.amount, document.amount_lcy


def covers(user: ApprovalUser, document: Document, workflow: WorkflowDefinition) -> bool:
    """Whether the user's limit is enough for the document (BC: IsSufficientApprover).

    Equality covers; a limit of 0 covers nothing, not even 0. In Business Central a user who is
    his own approver is always sufficient; here only where ``self_approval`` is ``as_bc``.
    """
    if workflow.options.self_approval is SelfApproval.AS_BC and user.approver == user.user_id:
        return True
    limit = user.limit_for(document.key.area, document.key.document_type)
    if limit is None:
        return True
    _, amount = compared_amounts(document, workflow)
    if workflow.options.negative_amounts is NegativeAmounts.ABSOLUTE:
        amount = abs(amount)
    return limit != 0 and amount <= limit
