"""Whose mail comes back: told with the user, because his address is what has to be corrected."""

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
        SetupWarning(user_id=user.user_id, field="email", text=_told(app, bounce))
        for user in users
        for bounce in bounces
        if user.email and same_address(user.email, bounce.to_address)
    ]


def _told(app: Application, bounce: BounceReading) -> str:
    moment = output.cell(local(app, bounce.at))
    said = f"{bounce.status} {bounce.diagnostic}".strip()
    return f"mail to {bounce.to_address} bounced on {moment}: {said}"
