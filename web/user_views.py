"""The approval user setup as the pages show it: a table, and the approver chains as a tree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from notifications.formatting import one_line
from notifications.readers import Reader
from web.paths import user_path
from workflow.approval_users import ApprovalUser, Limit, LimitField
from workflow.setup_checks import SetupWarning


@dataclass(frozen=True, kw_only=True)
class UserRow:
    """One line of the table."""

    path: str
    user_id: str
    name: str
    code: str
    approver: str
    substitute: str
    limits: list[str]  # sales, purchase, request
    email: str
    phone: str
    administrator: bool
    warnings: list[str]


@dataclass(kw_only=True)
class Branch:
    """One person of the tree; who is below him comes next."""

    path: str
    user_id: str
    name: str
    limit: str  # for purchases
    circle: bool = False  # met before: the chain runs in a circle
    below: list["Branch"] = field(default_factory=list)


def user_rows(
    users: Sequence[ApprovalUser], warnings: Iterable[SetupWarning], reader: Reader
) -> list[UserRow]:
    by_user: defaultdict[str, list[str]] = defaultdict(list)
    for warning in warnings:
        by_user[warning.user_id].append(warning_text(warning, reader))
    return [_row(user, by_user[user.user_id], reader) for user in users]


def warning_text(warning: SetupWarning, reader: Reader) -> str:
    if not warning.template:
        return warning.text
    return reader.gettext(warning.template).format(*map(one_line, warning.parts))


def _row(user: ApprovalUser, warnings: list[str], reader: Reader) -> UserRow:
    return UserRow(
        path=user_path(user.user_id),
        user_id=user.user_id,
        name=one_line(user.full_name),
        code=user.salesperson_purchaser_code,
        approver=user.approver,
        substitute=_substitute(user, reader),
        limits=[limit_text(getattr(user, name), reader) for name in LimitField],
        email=one_line(user.email),
        phone=one_line(user.phone),
        administrator=user.administrator,
        warnings=warnings,
    )


def limit_text(limit: Limit, reader: Reader) -> str:
    return reader.gettext("Unlimited") if limit is None else reader.formats.money(limit)


def _substitute(user: ApprovalUser, reader: Reader) -> str:
    if not user.substitute:
        return ""
    days = [reader.formats.short_day(day) if day else "" for day in _period(user)]
    return f"{user.substitute} ({' - '.join(days).strip()})" if any(days) else user.substitute


def _period(user: ApprovalUser) -> tuple[date | None, date | None]:
    return user.substitute_from, user.substitute_to


# --- the tree ------------------------------------------------------------------------------


def branches(users: Sequence[ApprovalUser], reader: Reader) -> list[Branch]:
    """Who has no approver comes first, everybody below his approver; then the circles."""
    people = {user.user_id: user for user in users}
    below: defaultdict[str, list[ApprovalUser]] = defaultdict(list)
    for user in users:
        below[user.approver].append(user)
    met: set[str] = set()
    tops = [user for user in users if user.approver not in people]
    grown = [_grown(top, below, met, reader) for top in tops]
    circling = (user for user in users if user.user_id not in met)  # asked as met grows
    return grown + [_grown(_in_the_circle(user, people), below, met, reader) for user in circling]


def _in_the_circle(user: ApprovalUser, people: dict[str, ApprovalUser]) -> ApprovalUser:
    """The first person met twice on the way up from somebody whose chain never ends."""
    passed: set[str] = set()
    while user.user_id not in passed:
        passed.add(user.user_id)
        user = people[user.approver]
    return user


def _grown(
    top: ApprovalUser, below: dict[str, list[ApprovalUser]], met: set[str], reader: Reader
) -> Branch:
    """Everybody below *top*, without calling itself: a chain may be longer than a program's."""
    root = _branch(top, reader)
    met.add(top.user_id)
    waiting = [root]
    while waiting:
        branch = waiting.pop()
        for user in below.get(branch.user_id, ()):
            again = user.user_id in met
            met.add(user.user_id)
            one = _branch(user, reader, circle=again)
            branch.below.append(one)
            if not again:
                waiting.append(one)
    return root


def _branch(user: ApprovalUser, reader: Reader, *, circle: bool = False) -> Branch:
    return Branch(
        path=user_path(user.user_id),
        user_id=user.user_id,
        name=one_line(user.full_name),
        limit=limit_text(user.purchase_limit, reader),
        circle=circle,
    )


@dataclass(frozen=True, kw_only=True)
class TreeLine:
    """One person of the nested list, with the lists that begin before and end after him."""

    branch: Branch
    opens: bool  # a list of those below begins after him
    closes: int  # so many lists end after him


def tree_lines(tops: Iterable[Branch]) -> list[TreeLine]:
    lines: list[TreeLine] = []
    waiting = [(top, 0) for top in reversed(list(tops))]
    while waiting:
        branch, closes = waiting.pop()
        if not branch.below:
            lines.append(TreeLine(branch=branch, opens=False, closes=closes))
            continue
        lines.append(TreeLine(branch=branch, opens=True, closes=0))
        last = len(branch.below) - 1
        waiting += [
            (one, closes + 1 if number == last else 0)
            for number, one in reversed(list(enumerate(branch.below)))
        ]
    return lines
