"""The approval user setup and the workflow user groups in the database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection, Row

from db.inserts import insert_or_update
from db.prepared import Prepared
from db.tables import approval_users, notification_setup, user_group_members, user_groups
from workflow.approval_users import ApprovalUser
from workflow.notification_setup import NotificationSetup, NotificationType
from workflow.schedules import NotificationSchedule

_ALL = sa.select(approval_users).order_by(approval_users.c.user_id)
_BY_ID = Prepared(sa.select(approval_users).where(approval_users.c.user_id == bindparam("user_id")))
_BY_CODE = _ALL.where(approval_users.c.salesperson_purchaser_code == bindparam("code"))
_ADMINISTRATORS = _ALL.where(approval_users.c.administrator)
_GROUPS = sa.select(user_groups.c.code).order_by(user_groups.c.code)
_MEMBERS = (
    sa.select(user_group_members.c.user_id, user_group_members.c.sequence_no)
    .where(user_group_members.c.group_code == bindparam("group_code"))
    .order_by(user_group_members.c.sequence_no, user_group_members.c.user_id)
)
NAMES = tuple(column.name for column in approval_users.columns)


class SqlApprovalUsers:
    """The workflow's ``ApprovalUsers`` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, ApprovalUser | None] = {}  # rules ask for the same people again

    def user(self, user_id: str) -> ApprovalUser | None:
        if user_id not in self._known:
            rows = _BY_ID.rows(self._connection, {"user_id": user_id})
            people = [ApprovalUser(**dict(zip(NAMES, row, strict=True))) for row in rows]
            self._known[user_id] = next(iter(people), None)
        return self._known[user_id]

    def user_with_code(self, salesperson_purchaser_code: str) -> ApprovalUser | None:
        if not salesperson_purchaser_code:
            return None
        row = self._connection.execute(_BY_CODE, {"code": salesperson_purchaser_code}).first()
        return None if row is None else user_from(row)

    def administrators(self) -> list[ApprovalUser]:
        return [user_from(row) for row in self._connection.execute(_ADMINISTRATORS)]

    def all(self) -> list[ApprovalUser]:
        return [user_from(row) for row in self._connection.execute(_ALL)]

    def save(self, user: ApprovalUser) -> None:
        columns = {name: getattr(user, name) for name in NAMES}
        self._connection.execute(insert_or_update(self._connection, approval_users), columns)
        self._known.clear()

    def remove(self, user_id: str) -> None:
        self._connection.execute(
            sa.delete(approval_users).where(approval_users.c.user_id == user_id)
        )
        self._connection.execute(
            sa.delete(notification_setup).where(notification_setup.c.user_id == user_id)
        )
        self._known.clear()

    def groups(self) -> list[str]:
        return list(self._connection.scalars(_GROUPS))

    def group_members(self, group: str) -> list[tuple[str, int]]:
        rows = self._connection.execute(_MEMBERS, {"group_code": group})
        return [(row.user_id, row.sequence_no) for row in rows]

    def set_group(self, group: str, members: list[tuple[str, int]]) -> None:
        self._connection.execute(sa.delete(user_groups).where(user_groups.c.code == group))
        if not members:
            return  # the members went with the group
        self._connection.execute(sa.insert(user_groups), {"code": group})
        rows = [
            {"group_code": group, "user_id": user_id, "sequence_no": sequence_no}
            for user_id, sequence_no in members
        ]
        self._connection.execute(sa.insert(user_group_members), rows)

    def notification_setup(self) -> list[NotificationSetup]:
        rows = self._connection.execute(sa.select(notification_setup))
        return [_setup_from(row) for row in rows]

    def set_notification_setup(self, row: NotificationSetup) -> None:
        columns = {
            "user_id": row.user or "",
            "type": row.type,
            "method": row.method,
            **_schedule_columns(row.schedule),
        }
        statement = insert_or_update(self._connection, notification_setup)
        self._connection.execute(statement, columns)

    def remove_notification_setup(self, user: str, kind: NotificationType) -> None:
        own = sa.delete(notification_setup).where(
            notification_setup.c.user_id == user, notification_setup.c.type == kind
        )
        self._connection.execute(own)


def _setup_from(row: Row[*tuple[object, ...]]) -> NotificationSetup:
    return NotificationSetup(
        user=row.user_id or None,
        type=row.type,
        method=row.method,
        schedule=NotificationSchedule(
            recurrence=row.recurrence,
            time=row.time,
            weekdays=frozenset(map(int, row.weekdays)),
            monthly=row.monthly,
            day_of_month=row.day_of_month,
        ),
    )


def _schedule_columns(schedule: NotificationSchedule) -> dict[str, Any]:
    weekdays = "".join(map(str, sorted(schedule.weekdays)))
    return {**vars(schedule), "weekdays": weekdays}


def user_from(row: Row[*tuple[object, ...]]) -> ApprovalUser:
    return ApprovalUser(**row._mapping)  # noqa: SLF001 - public, despite its name
