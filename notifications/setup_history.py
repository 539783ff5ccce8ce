"""What is recorded of a change of the mail setup: every setting before and after, and no secret."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from notifications.mail_settings import SECRETS
from workflow.actors import Actor
from workflow.events import FieldChange, MailSetupChanged

SET: Final = "***"  # in place of a secret


class SetupSubject(StrEnum):
    """What was changed."""

    ACCOUNT = "mail"  # the account that submits mail
    MAILBOX = "mailbox"  # where bounces and answers are fetched from


def setup_changed(
    before: object, after: object, subject: SetupSubject, actor: Actor
) -> list[MailSetupChanged]:
    """Nothing when nothing is different."""
    old, new = vars(before), vars(after)
    names = [name for name, value in new.items() if value != old[name]]
    if not names:
        return []
    changes = tuple(
        FieldChange(field=name, before=_shown(old, name), after=_shown(new, name)) for name in names
    )
    return [MailSetupChanged(at=actor.at, actor=actor.user, subject=subject, changes=changes)]


def _shown(settings: Mapping[str, object], name: str) -> str:
    value = settings[name]
    if name in SECRETS:
        return SET if value else ""
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)
