"""The fields of the approval user setup as people type them, and as they are shown for typing."""

from datetime import date
from functools import partial

from workflow.approval_users import UNLIMITED_FIELDS, ApprovalUser, LimitField
from workflow.interchange.numbers import GROUP_AND_MARK, NumberFormat
from workflow.interchange.typed import UNLIMITED, Reader, limit, readers_of, yes_or_no


def user_readers(written: NumberFormat = NumberFormat.POINT) -> dict[str, Reader]:
    """How each field is read; a limit is a number, ``unlimited``, or nothing, which is 0."""
    limits = dict.fromkeys(LimitField, partial(limit, written=written))
    return readers_of(ApprovalUser, without=["user_id"]) | limits


def form_readers(written: NumberFormat) -> dict[str, Reader]:
    """The same with a mark of its own for each limit without an end, as Business Central has it."""
    return user_readers(written) | dict.fromkeys(UNLIMITED_FIELDS, yes_or_no)


def typed_form(user: ApprovalUser, written: NumberFormat) -> dict[str, str]:
    """A user as ``form_readers`` read him."""
    marks = {mark: getattr(user, field) is None for mark, field in UNLIMITED_FIELDS.items()}
    fields = {name: typed_text(value, written) for name, value in vars(user).items()}
    limits = {field: "" for mark, field in UNLIMITED_FIELDS.items() if marks[mark]}
    return fields | limits | {mark: typed_text(on, written) for mark, on in marks.items()}


def typed_row(user: ApprovalUser, written: NumberFormat) -> dict[str, str]:
    """A user as a users file has him."""
    limits = {field: UNLIMITED for field in LimitField if getattr(user, field) is None}
    return {name: typed_text(value, written) for name, value in vars(user).items()} | limits


def typed_text(value: object, written: NumberFormat) -> str:
    """A value as the readers of its field read it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case str():
            return value
        case _:
            return f"{value:f}".replace(".", GROUP_AND_MARK[written][1])
