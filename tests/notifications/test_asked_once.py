"""A page of fifty requests looks up the few people it names once each."""

from dataclasses import dataclass, field

from notifications.asked_once import AskedOnce
from workflow.approval_users import ApprovalUser


@dataclass
class Counted:
    """A directory with Ann in it, and how often it was asked."""

    asked: list[str] = field(default_factory=list)

    def user(self, user_id):
        self.asked.append(user_id)
        return ApprovalUser(user_id="ANN") if user_id == "ANN" else None


def test_everybody_is_looked_up_once_also_who_is_not_there():
    directory = Counted()
    once = AskedOnce(directory)
    found = [once.user(user_id) for user_id in ("ANN", "ANN", "GONE", "GONE")]

    assert directory.asked == ["ANN", "GONE"]
    assert [user and user.user_id for user in found] == ["ANN", "ANN", None, None]
