"""Approval user setup: who approves whose documents, up to which amount, and who stands in."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from workflow.errors import (
    BadValue,
    LimitAndUnlimited,
    LimitNegative,
    PhoneWithLetters,
    SelfApprover,
    SelfSubstitute,
    UnknownField,
)
from workflow.identifiers import check_identifier
from workflow.phrases import phrase as _
from workflow.statuses import Area, DocumentType

Limit = Decimal | None  # local currency; None = unlimited, 0 = may approve nothing


class LimitField(StrEnum):
    SALES = "sales_limit"
    PURCHASE = "purchase_limit"
    REQUEST = "request_limit"


def limit_field(area: Area, document_type: DocumentType) -> LimitField:
    """Which limit covers a document: purchase quotes have their own (BC: request limit)."""
    if area is Area.SALES:
        return LimitField.SALES
    return LimitField.REQUEST if document_type is DocumentType.QUOTE else LimitField.PURCHASE


@dataclass(frozen=True, kw_only=True)
class ApprovalUser:
    """One row of the approval user setup (BC table 91, page 663)."""

    user_id: str
    full_name: str = ""
    email: str = ""
    phone: str = ""
    salesperson_purchaser_code: str = ""
    approver: str = ""
    substitute: str = ""
    substitute_from: date | None = None  # None = always
    substitute_to: date | None = None  # inclusive
    sales_limit: Limit = Decimal(0)
    purchase_limit: Limit = Decimal(0)
    request_limit: Limit = Decimal(0)
    administrator: bool = False
    language: str = ""  # empty: the company's
    time_zone: str = ""  # empty: the company's

    @property
    def name(self) -> str:
        return self.full_name or self.user_id

    def limit_for(self, area: Area, document_type: DocumentType) -> Limit:
        limit: Limit = getattr(self, limit_field(area, document_type))
        return limit

    def substitute_on(self, day: date) -> str:
        """Who stands in on that day; empty when nobody does."""
        if self.substitute_from is not None and day < self.substitute_from:
            return ""
        if self.substitute_to is not None and day > self.substitute_to:
            return ""
        return self.substitute


FIELDS = tuple(name for name in ApprovalUser.__dataclass_fields__ if name != "user_id")
UNLIMITED_FIELDS = {  # BC keeps "unlimited" in a field of its own
    "unlimited_sales": LimitField.SALES,
    "unlimited_purchase": LimitField.PURCHASE,
    "unlimited_request": LimitField.REQUEST,
}


def with_fields(
    user: ApprovalUser, fields: dict[str, object], *, limit_replaces_unlimited: bool = True
) -> ApprovalUser:
    """The same user with other values, checked as Approval User Setup checks them.

    Raises:
        UnknownField, BadValue, LimitAndUnlimited, LimitNegative, PhoneWithLetters, SelfApprover,
        SelfSubstitute
    """
    for name in fields:
        if name not in FIELDS and name not in UNLIMITED_FIELDS:
            raise UnknownField(_("{name} in the approval user setup", name=name))
    if not limit_replaces_unlimited:
        _check_no_limit_beside_unlimited(user, fields)
    plain = {name: value for name, value in fields.items() if name in FIELDS}
    changed = replace(user, **_without_marks(user, fields, plain))  # type: ignore[arg-type]
    _check(changed, plain)
    return changed


def _without_marks(
    user: ApprovalUser, fields: dict[str, object], plain: dict[str, object]
) -> dict[str, object]:
    """Turn the marks "unlimited" into limits: switching one on clears the limit."""
    for mark, field in UNLIMITED_FIELDS.items():
        if mark not in fields:
            continue
        limit = plain.get(field, Decimal(0))
        if fields[mark] and limit is not None and limit != 0:
            raise LimitAndUnlimited(field, mark)
        if fields[mark]:
            plain[field] = None
        elif getattr(user, field) is None:
            plain[field] = limit
    return plain


def _check_no_limit_beside_unlimited(user: ApprovalUser, fields: dict[str, object]) -> None:
    for mark, field in UNLIMITED_FIELDS.items():
        unlimited = getattr(user, field) is None and fields.get(mark, True)
        if unlimited and fields.get(field) not in {None, Decimal(0)}:
            raise LimitAndUnlimited(field, mark)


def _check(user: ApprovalUser, given: dict[str, object]) -> None:
    check_identifier("user_id", user.user_id)
    if given.get("approver") == user.user_id:
        raise SelfApprover(user.user_id)
    if given.get("substitute") == user.user_id:
        raise SelfSubstitute(user.user_id)
    for field in LimitField:
        limit: Limit = getattr(user, field)
        if limit is not None and limit < 0:
            raise LimitNegative
    if any(character.isalpha() for character in user.phone):
        raise PhoneWithLetters(user.phone)
    start, end = user.substitute_from, user.substitute_to
    if start is not None and end is not None and end < start:
        raise BadValue(
            "substitute_to", end.isoformat(), _("is before {value}", value=start.isoformat())
        )


def raises_authority(before: ApprovalUser | None, after: ApprovalUser) -> bool:
    """Whether a change gives the user more than he could do before (invariant I-14)."""
    before = before or ApprovalUser(user_id=after.user_id)
    if after.administrator and not before.administrator:
        return True
    return any(_higher(getattr(before, name), getattr(after, name)) for name in LimitField)


def _higher(before: Limit, after: Limit) -> bool:
    if before is None:
        return False
    return after is None or after > before
