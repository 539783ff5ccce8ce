"""Whose mail comes back: told with whoever has the address, which has to be corrected."""

from collections.abc import Sequence

from app.bootstrap import Application
from app.cli import output
from app.cli.moments import local
from notifications.addresses import same_address
from notifications.readings import BounceReading
from workflow.approval_users import ApprovalUser
from workflow.setup_checks import SetupWarning


def bounce_warnings(app: Application, users: Sequence[ApprovalUser]) -> list[SetupWarning]:
    """One for each user whose present address could not be reached."""
    bounces = app.read.bounces(app.clock())
    return [
        SetupWarning(user_id=user.user_id, field="email", text=text)
        for user in users
        for text in told_of(app, user.email, bounces)
    ]


def told_of(app: Application, address: str, bounces: Sequence[BounceReading]) -> list[str]:
    """That mail to the address came back."""
    return [
        _told(app, bounce)
        for bounce in bounces
        if address and same_address(address, bounce.to_address)
    ]


def _told(app: Application, bounce: BounceReading) -> str:
    moment = output.cell(local(app, bounce.at))
    said = f"{bounce.status} {bounce.diagnostic}".strip()
    return f"mail to {bounce.to_address} bounced on {moment}: {said}"
