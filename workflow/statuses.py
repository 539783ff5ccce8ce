"""The kinds and statuses a document, an approval entry and a workflow can have.

The values are what the database, the files and the API use; change them only with a migration.
"""

from enum import StrEnum
from typing import Final

from workflow.phrases import marked as N_  # noqa: N812 - as the extractor knows it


class Area(StrEnum):
    """The side of the business a document belongs to."""

    PURCHASE = "purchase"
    SALES = "sales"


class DocumentType(StrEnum):
    """What a document is (BC enums 3612 and 3812)."""

    QUOTE = "quote"
    ORDER = "order"
    INVOICE = "invoice"
    CREDIT_MEMO = "credit_memo"
    BLANKET_ORDER = "blanket_order"
    RETURN_ORDER = "return_order"


WORDS: Final = (  # what phrases say of the values below
    N_("open"),
    N_("pending approval"),
    N_("released"),
    N_("pending prepayment"),
    N_("created"),
    N_("approved"),
    N_("rejected"),
    N_("canceled"),
    N_("quote"),
    N_("order"),
    N_("invoice"),
    N_("credit memo"),
    N_("blanket order"),
    N_("return order"),
)


class DocumentStatus(StrEnum):
    """How far a document is (BC enums 3612 and 3812)."""

    OPEN = "open"  # may be edited; nobody has been asked
    PENDING_APPROVAL = "pending_approval"  # somebody has to decide; locked
    RELEASED = "released"  # may be processed; locked until reopened
    PENDING_PREPAYMENT = "pending_prepayment"  # agreed, but the prepayment has not been paid


class EntryStatus(StrEnum):
    """How far one ask of one approver is (BC enum 455)."""

    CREATED = "created"  # waits for its turn
    OPEN = "open"  # the approver has been asked
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELED = "canceled"


class ApproverType(StrEnum):
    """Where the approvers of a workflow come from (BC enum 460)."""

    SALESPERSON_PURCHASER = "salesperson_purchaser"
    APPROVER = "approver"  # the requester's own approver in the approval user setup
    USER_GROUP = "user_group"  # a workflow user group


class ApproverLimitType(StrEnum):
    """How far up the approvers of a workflow go (BC enum 465)."""

    CHAIN = "chain"  # everyone up to the first with a sufficient limit
    DIRECT = "direct"  # one approver, limits are not compared
    FIRST_QUALIFIED = "first_qualified"  # straight to the first with a sufficient limit
    SPECIFIC = "specific"  # one named user


class LimitType(StrEnum):
    """Which limit an approval entry was made for (BC enum 457; two of the four are written)."""

    APPROVAL_LIMITS = "approval_limits"
    CREDIT_LIMITS = "credit_limits"
    REQUEST_LIMITS = "request_limits"
    NO_LIMITS = "no_limits"


class AttachmentKind(StrEnum):
    """In which form a document is attached to an email."""

    PDF = "pdf"  # for people
    UBL = "ubl"  # for the reader's bookkeeping program


class Reason(StrEnum):
    """Why a person is asked."""

    REQUESTER = "requester"  # the requester's own entry: submitted
    SALESPERSON_PURCHASER = "salesperson_purchaser"
    CHAIN = "chain"  # in the chain, his own limit is not enough
    SUFFICIENT = "sufficient"  # the first whose limit is enough
    DIRECT_APPROVER = "direct_approver"
    SPECIFIC_APPROVER = "specific_approver"
    GROUP_MEMBER = "group_member"
    ADMINISTRATOR = "administrator"  # nobody else was left
    CREDIT_LIMIT = "credit_limit"  # the customer is within his credit limit
