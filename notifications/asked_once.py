"""People by user id, each looked up once: a list of fifty requests names the same few."""

from notifications.ports import Directory
from workflow.approval_users import ApprovalUser


class AskedOnce:
    """People as they were when they were first asked for: for something short."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: dict[str, ApprovalUser | None] = {}

    def user(self, user_id: str) -> ApprovalUser | None:
        if user_id not in self._known:
            self._known[user_id] = self._directory.user(user_id)
        return self._known[user_id]
