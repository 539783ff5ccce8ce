"""The app registration that signs in for the mail account, and the tokens it is given."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from threading import Lock
from typing import Any, Final

from notifications.mail_setup import MailSetup, OAuthFlow
from notifications.oauth_errors import NotSignedIn, no_directory, refused, unreachable
from notifications.oauth_http import HttpsClient
from notifications.ports import TokenCache

# offline_access, which makes a sign-in last, is added by the library.
NOT_YET: Final = frozenset({"authorization_pending", "slow_down"})
APP_SCOPES: Final = ["https://outlook.office365.com/.default"]


class Right(StrEnum):
    """What a person lets the app do with the mailbox."""

    SEND = "https://outlook.office.com/SMTP.Send"
    READ = "https://outlook.office.com/IMAP.AccessAsUser.All"


@dataclass(frozen=True, kw_only=True)
class DeviceCode:
    """What a person types, and where."""

    address: str  # of the page
    code: str
    minutes: int  # as long as it works
    flow: dict[str, Any] = field(repr=False)  # for the library

    @property
    def seconds_between(self) -> int:
        """How long to wait before asking again; grows when the directory says so."""
        return int(self.flow["interval"])


class App:
    """An app registration in Microsoft Entra, and the tokens it has been given."""

    def __init__(self, setup: MailSetup, cache: TokenCache, right: Right = Right.SEND) -> None:
        self._setup = setup
        self._right = right
        self._stored = cache
        self._restored = ""
        self._lock = Lock()  # of several connections that are refused one asks anew

    def token(self, *, refused: str = "") -> str:
        """The kept token, or a new one when there is none or it is *refused*.

        Raises:
            OAuthError
        """
        with self._lock:
            self._restore()
            answer = self._asked(self._silently)
            if refused and answer.get("access_token") == refused:
                answer = self._asked(self._anew)
            return self._kept(answer)

    def begin_sign_in(self, *further: Right) -> DeviceCode:
        """A code for a person to type in a browser, who agrees to *further* rights as well.

        Raises:
            OAuthError
        """
        scopes = [right.value for right in (self._right, *further)]
        flow = self._asked(lambda: self._library.initiate_device_flow(scopes=scopes))
        if "user_code" not in flow:
            raise refused(flow, self._setup.client_secret)
        return DeviceCode(
            address=str(flow["verification_uri"]),
            code=str(flow["user_code"]),
            minutes=int(flow["expires_in"]) // 60,
            flow=flow,
        )

    def finish_sign_in(self, begun: DeviceCode) -> str:
        """Waits until the person is done in the browser; who it was.

        Raises:
            OAuthError
        """
        answer = self._asked(lambda: self._library.acquire_token_by_device_flow(begun.flow))
        return self._signed_in(answer)

    def ask_whether_signed_in(self, begun: DeviceCode) -> str | None:
        """Asks once, and waits for nobody; who it was, None: not yet.

        Raises:
            OAuthError
        """
        answer = self._asked(
            lambda: self._library.acquire_token_by_device_flow(
                begun.flow, exit_condition=lambda _flow: True
            )
        )
        return None if answer.get("error") in NOT_YET else self._signed_in(answer)

    def _signed_in(self, answer: dict[str, Any]) -> str:
        if "access_token" not in answer:
            raise refused(answer, self._setup.client_secret)
        name = str(answer.get("id_token_claims", {}).get("preferred_username", ""))
        with self._lock:
            self._forget_others(name)
            self._kept(answer)
        return name

    # What the library does for us ----------------------------------------------------------------

    def _silently(self) -> dict[str, Any]:
        if self._setup.oauth_flow is OAuthFlow.CLIENT_CREDENTIALS:
            return dict(self._library.acquire_token_for_client(scopes=APP_SCOPES))
        return self._of_person(anew=False)

    def _anew(self) -> dict[str, Any]:
        if self._setup.oauth_flow is OAuthFlow.CLIENT_CREDENTIALS:
            self._library.remove_tokens_for_client()
            return self._silently()
        return self._of_person(anew=True)

    def _of_person(self, *, anew: bool) -> dict[str, Any]:
        accounts = self._library.get_accounts()
        if not accounts:
            raise NotSignedIn
        found = self._library.acquire_token_silent_with_error(
            [self._right.value], account=accounts[0], force_refresh=anew
        )
        if found is None:
            raise NotSignedIn
        return dict(found)

    def _asked(self, question: Callable[[], Any]) -> dict[str, Any]:
        """Every way the library fails, as ours; it has no words for an answer without sense."""
        secret = self._setup.client_secret
        try:
            return dict(question())
        except OSError as error:
            raise unreachable(error, secret) from None
        except (ValueError, KeyError, TypeError):
            raise unreachable(ValueError("its answer makes no sense"), secret) from None

    @cached_property
    def _library(self) -> Any:  # noqa: ANN401 - the library has no types
        """Asks the directory where its endpoints are."""
        import msal  # noqa: PLC0415 - takes a while, and only OAuth 2.0 needs it

        logging.getLogger("msal").setLevel(logging.CRITICAL)  # it would log whole answers
        setup = self._setup
        options: dict[str, Any] = {
            "authority": f"{setup.authority}/{setup.tenant_id}",
            "instance_discovery": False,
            "http_client": HttpsClient(setup.ca_file),
            "token_cache": self._cache,
        }
        try:
            if setup.app_signs_in:
                options["client_credential"] = setup.client_secret
                return msal.ConfidentialClientApplication(setup.client_id, **options)
            return msal.PublicClientApplication(setup.client_id, **options)
        except (ValueError, KeyError):
            raise no_directory(setup.tenant_id) from None

    @cached_property
    def _cache(self) -> Any:  # noqa: ANN401
        import msal  # noqa: PLC0415

        return msal.SerializableTokenCache()

    # Keeping -------------------------------------------------------------------------------------

    def _restore(self) -> None:
        """Another process may have signed in, or asked anew, since we looked."""
        stored = self._stored.load()
        if stored and stored != self._restored:
            self._cache.deserialize(stored)
            self._restored = stored

    def _kept(self, answer: dict[str, Any]) -> str:
        if self._cache.has_state_changed:
            self._restored = self._cache.serialize()
            self._stored.save(self._restored)
        if "access_token" not in answer:
            raise refused(answer, self._setup.client_secret)
        return str(answer["access_token"])

    def _forget_others(self, name: str) -> None:
        if not name:
            return
        for account in self._library.get_accounts():
            if account["username"] != name:
                self._library.remove_account(account)
