"""The mail setup: one account that signs in at the mail server, and whose addresses it may use."""

from dataclasses import dataclass, field
from typing import Final

from notifications.addresses import normalised, same_address, valid_address
from notifications.mail_settings import (
    Authentication,
    Envelope,
    OAuthFlow,
    SetupError,
    SignInAs,
    SubstitutionMode,
    WrongSetting,
)
from notifications.sayings import Paragraph
from notifications.sayings import sentence as _

__all__ = [
    "Authentication",
    "Envelope",
    "MailNotSetUp",
    "MailSetup",
    "OAuthFlow",
    "SetupError",
    "SignInAs",
    "SubstitutionMode",
    "WrongSetting",
]

MICROSOFT_AUTHORITY: Final = "https://login.microsoftonline.com"


class MailNotSetUp(SetupError):
    """No mail server is filled in: mail waits, nothing is connected."""

    def __init__(self) -> None:
        super().__init__(
            Paragraph(
                _("Mail is not set up: no mail server is filled in."),
                _("Mail waits until one is: countersign mail setup server=…"),
            )
        )


@dataclass(frozen=True, kw_only=True)
class MailSetup:
    server: str = ""  # empty: mail is not set up
    port: int = 25
    authentication: Authentication = Authentication.ANONYMOUS
    user_name: str = ""
    password: str = field(default="", repr=False)
    secure: bool = False
    send_as: str = ""
    allow_sender_substitution: bool = False
    sender_name: str = ""
    allowed_domains: tuple[str, ...] = ()  # empty: the domains of User Name and Send As
    envelope: Envelope = Envelope.ACCOUNT
    substitution_mode: SubstitutionMode = SubstitutionMode.SEND_AS
    ca_file: str = ""
    rate_per_minute: int | None = None  # letters of this account; None: unlimited
    connections: int | None = None  # open at the same time; None: unlimited
    # OAuth 2.0 only
    oauth_flow: OAuthFlow = OAuthFlow.CLIENT_CREDENTIALS
    tenant_id: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    sign_in_as: SignInAs = SignInAs.ACCOUNT
    authority: str = MICROSOFT_AUTHORITY

    @property
    def account(self) -> str:
        """User Name when it is an address, else empty: a login such as `erp` is none."""
        return normalised(self.user_name) if valid_address(self.user_name) else ""

    @property
    def has_password(self) -> bool:
        return bool(self.password)

    @property
    def has_client_secret(self) -> bool:
        return bool(self.client_secret)

    @property
    def signs_in(self) -> bool:
        return self.authentication is not Authentication.ANONYMOUS

    @property
    def app_signs_in(self) -> bool:
        """Whether an application signs in, to whichever mailbox it may use."""
        oauth2 = self.authentication is Authentication.OAUTH2
        return oauth2 and self.oauth_flow is OAuthFlow.CLIENT_CREDENTIALS

    @property
    def signs_in_as_requester(self) -> bool:
        return self.app_signs_in and self.sign_in_as is SignInAs.REQUESTER

    def login_for(self, from_address: str) -> str:
        """The mailbox in which a letter from that address is submitted.

        An app has none of its own: without the account's address it uses the one in From.
        """
        if not self.app_signs_in:
            return self.user_name
        own = any(same_address(from_address, address) for address in (self.account, self.send_as))
        if from_address and not own and self.signs_in_as_requester:
            return from_address
        return self.account or from_address

    @property
    def token_identity(self) -> tuple[str, ...]:
        """Whom tokens were given to; where it differs, they are of no use any more."""
        app = (self.authority, self.tenant_id, self.client_id, self.client_secret)
        person = "" if self.app_signs_in else self.user_name
        return (self.authentication, self.oauth_flow, *app, person)
