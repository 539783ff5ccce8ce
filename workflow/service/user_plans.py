"""What a file of users would change, field by field, before anything is changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workflow.approval_users import ApprovalUser, with_fields
from workflow.errors import WorkflowError
from workflow.events import FieldChange
from workflow.interchange.records import ImportedUser
from workflow.service.setting_up import changes_between
from workflow.setup_checks import SetupWarning, check_setup


@dataclass(frozen=True, kw_only=True)
class PlannedUser:
    """One row of the file."""

    user_id: str
    row: int
    is_new: bool
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class RowRefused:
    """One row that cannot be taken in, and why."""

    row: int
    user_id: str
    error: WorkflowError


@dataclass(frozen=True, kw_only=True)
class UserPlan:
    users: tuple[PlannedUser, ...]
    refused: tuple[RowRefused, ...]
    warnings: tuple[SetupWarning, ...]  # defects of the setup that were not there before


def plan_users(
    before: Iterable[ApprovalUser],
    imported: Sequence[ImportedUser],
    *,
    limit_replaces_unlimited: bool = True,
) -> UserPlan:
    """Every row by itself; what only all of them together show is left to the import."""
    people = {user.user_id: user for user in before}
    after = dict(people)
    planned: list[PlannedUser] = []
    refused: list[RowRefused] = []
    for one in imported:
        known = people.get(one.user_id)
        blank = known or ApprovalUser(user_id=one.user_id)
        try:
            changed = with_fields(
                blank, dict(one.fields), limit_replaces_unlimited=limit_replaces_unlimited
            )
        except WorkflowError as error:
            refused.append(RowRefused(row=one.row, user_id=one.user_id, error=error))
            continue
        after[one.user_id] = changed
        changes = changes_between(blank, changed)
        planned.append(
            PlannedUser(user_id=one.user_id, row=one.row, is_new=known is None, changes=changes)
        )
    had = set(check_setup(people.values()))
    warnings = tuple(one for one in check_setup(after.values()) if one not in had)
    return UserPlan(users=tuple(planned), refused=tuple(refused), warnings=warnings)
