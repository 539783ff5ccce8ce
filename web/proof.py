"""Showing once more that it is oneself, before something that nobody may do at a screen left open.

Whoever signed in with his password just now has shown it; a sign-in at Microsoft shows it only
where it was asked to be a new one.
"""

from web.signing_in import secret_id
from web.visits import Visit
from workflow.errors import WorkflowError


class NotProved(WorkflowError):
    code = "NOT_PROVED"
    template = "First show that it is you."
    advice = "Nothing was changed. Sign in once more, and then do it again."


def has_password(visit: Visit) -> bool:
    return visit.services.passwords and bool(visit.account.password_hash)


def signs_in_at_microsoft(visit: Visit) -> bool:
    return visit.services.entra is not None and bool(visit.account.entra_object)


def needs_proof(visit: Visit) -> bool:
    """Not of somebody who could give none, such as the people of a demo."""
    if not has_password(visit) and not signs_in_at_microsoft(visit):
        return False
    session = visit.services.accounts.session(secret_id(visit.session))
    return session is None or not session.is_proved(visit.services.clock())


def check_proved(visit: Visit) -> None:
    """
    Raises:
        NotProved
    """
    if needs_proof(visit):
        raise NotProved


def is_new_secret(before: str, after: str) -> bool:
    """To forget one needs no proof."""
    return bool(after) and after != before
