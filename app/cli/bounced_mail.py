"""Whose mail comes back: told with whoever has the address, which has to be corrected."""

from collections.abc import Sequence

from app.bootstrap import Application
from app.cli import output
from db.readings import BounceReading
from notifications.addresses import same_address
from workflow.approval_users import ApprovalUser
from workflow.setup_checks import SetupWarning


def bounce_warnings(app: Application, users: Sequence[ApprovalUser]) -> list[SetupWarning]:
    """One for each user whose present address could not be reached."""
    bounces = app.read.bounces(app.clock())
    return [
        SetupWarning(user_id=user.user_id, field="email", text=text)
        for user in users
        for text in told_of(user.email, bounces)
    ]


def told_of(address: str, bounces: Sequence[BounceReading]) -> list[str]:
    """That mail to the address came back."""
    return [
        _told(bounce) for bounce in bounces if address and same_address(address, bounce.to_address)
    ]


def _told(bounce: BounceReading) -> str:
    moment = output.cell(bounce.at)
    said = f"{bounce.status} {bounce.diagnostic}".strip()
    return f"mail to {bounce.to_address} bounced on {moment}: {said}"
