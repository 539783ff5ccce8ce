"""Who may change what approvals rest on: an administrator, or the operator of the system."""

from workflow.actors import Actor
from workflow.errors import NotAdministrator
from workflow.ports import UnitOfWork


def check_may_set_up(uow: UnitOfWork, actor: Actor) -> None:
    """Whoever is in the approval user setup needs to be an administrator, once there is one.

    A role of his account is as good: workflow administrators set up, and approve nothing by it.
    The operator, a person or program outside the setup, may: he has the database anyway.

    Raises:
        NotAdministrator
    """
    row = None if actor.sets_up else uow.users.user(actor.user)
    if row is not None and not row.administrator and uow.users.administrators():
        raise NotAdministrator(actor.user)
