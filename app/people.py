"""People by user id, for lists and for the words of emails."""

from sqlalchemy import Engine

from db.engine import for_single_reads
from db.users import SqlApprovalUsers
from workflow.approval_users import ApprovalUser
from workflow.notification_setup import NotificationSetup


class People:
    """The approval user setup, read in short transactions that wait for no writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = for_single_reads(engine)

    def user(self, user_id: str) -> ApprovalUser | None:
        with self._engine.connect() as connection:
            return SqlApprovalUsers(connection).user(user_id)

    def notification_setup(self) -> list[NotificationSetup]:
        """How people want to be told."""
        with self._engine.connect() as connection:
            return SqlApprovalUsers(connection).notification_setup()

    def all(self) -> list[ApprovalUser]:
        """By user id."""
        with self._engine.connect() as connection:
            return SqlApprovalUsers(connection).all()
