"""What an administrator does: keep the vendors and customers."""

from dataclasses import replace
from typing import Any

from workflow.actors import Actor
from workflow.counterparties import Counterparty
from workflow.events import CounterpartyChanged
from workflow.ports import UnitOfWork
from workflow.service.rights import check_may_set_up
from workflow.service.setting_up import changes_between
from workflow.statuses import Area


def set_counterparty(
    uow: UnitOfWork, area: Area, number: str, values: dict[str, Any], actor: Actor
) -> Counterparty:
    """Add a vendor or customer, or change some fields of one.

    Raises:
        NotAdministrator
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        before = uow.parties.counterparty(area, number)
        blank = before or Counterparty(area=area, number=number)
        after = replace(blank, **values)
        changes = changes_between(blank, after)
        if changes or before is None:
            uow.parties.save_counterparty(after)
            changed = CounterpartyChanged(
                at=actor.at, actor=actor.user, subject=after.title, changes=changes
            )
            uow.record_setup([changed])
            uow.commit()
        return after
