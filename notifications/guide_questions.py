"""What the assisted setup asks, in which order, and which questions concern whom."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from notifications.mail_setup import Authentication, MailSetup
from notifications.setup_presets import Provider

PROVIDER: Final = "provider"  # the only question that is no setting


class GuideStep(StrEnum):
    """Questions that belong together: one page, or one paragraph."""

    PROVIDER = "provider"
    SERVER = "server"
    ACCOUNT = "account"
    SENDER = "sender"


def _everybody(_provider: Provider, _draft: MailSetup) -> bool:
    return True


def _other_server(provider: Provider, _draft: MailSetup) -> bool:
    return provider is Provider.OTHER


def _who_signs_in(_provider: Provider, draft: MailSetup) -> bool:
    return draft.signs_in


def _with_password(_provider: Provider, draft: MailSetup) -> bool:
    return draft.authentication is Authentication.BASIC


def _with_token(_provider: Provider, draft: MailSetup) -> bool:
    return draft.authentication is Authentication.OAUTH2


def _by_app(_provider: Provider, draft: MailSetup) -> bool:
    return draft.app_signs_in


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question; whether it is asked follows from the answers before it."""

    step: GuideStep
    key: str
    needed: bool = False  # without an answer no mail can be sent
    applies: Callable[[Provider, MailSetup], bool] = _everybody


QUESTIONS: Final = (
    Asked(step=GuideStep.PROVIDER, key=PROVIDER, needed=True),
    Asked(step=GuideStep.SERVER, key="server", needed=True, applies=_other_server),
    Asked(step=GuideStep.SERVER, key="port", needed=True, applies=_other_server),
    Asked(step=GuideStep.SERVER, key="secure", applies=_other_server),
    Asked(step=GuideStep.ACCOUNT, key="authentication"),
    Asked(step=GuideStep.ACCOUNT, key="user_name", needed=True, applies=_who_signs_in),
    Asked(step=GuideStep.ACCOUNT, key="password", needed=True, applies=_with_password),
    Asked(step=GuideStep.ACCOUNT, key="tenant_id", needed=True, applies=_with_token),
    Asked(step=GuideStep.ACCOUNT, key="client_id", needed=True, applies=_with_token),
    Asked(step=GuideStep.ACCOUNT, key="oauth_flow", applies=_with_token),
    Asked(step=GuideStep.ACCOUNT, key="client_secret", needed=True, applies=_by_app),
    Asked(step=GuideStep.SENDER, key="send_as"),
    Asked(step=GuideStep.SENDER, key="allow_sender_substitution"),
)
