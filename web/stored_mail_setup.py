"""The mail setup as it is stored, and changing it by whoever may."""

from dataclasses import dataclass

from notifications.mail_settings import SECRETS, SetupError
from notifications.mail_setup import MailSetup
from notifications.setup_history import SetupSubject, setup_changed
from web.proof import check_proved, is_new_secret
from web.visits import Visit
from workflow.errors import Conflict
from workflow.service.rights import check_may_set_up


class SettingsChanged(Conflict):
    code = "SETTINGS_CHANGED"
    template = "Somebody else changed these settings meanwhile."
    advice = "Nothing was saved. Look at them as they are now, and do it once more."


@dataclass(frozen=True, kw_only=True)
class StoredSetup:
    setup: MailSetup
    readable: bool = True  # no: the secrets were stored with another key


def stored(visit: Visit) -> StoredSetup:
    setups = visit.services.mail.setups
    try:
        return StoredSetup(setup=setups.load() or MailSetup())
    except SetupError:
        return StoredSetup(setup=setups.load_without_secrets() or MailSetup(), readable=False)


def save(visit: Visit, before: MailSetup, after: MailSetup) -> None:
    """
    Raises:
        NotAdministrator, NotProved: for a new secret.
    """
    with visit.services.reading() as uow:
        check_may_set_up(uow, visit.actor)
    if any(is_new_secret(getattr(before, key), getattr(after, key)) for key in SECRETS):
        check_proved(visit)
    recorded = setup_changed(before, after, SetupSubject.ACCOUNT, visit.actor)
    visit.services.mail.setups.save(after, recorded)
