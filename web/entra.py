"""Signing in with Microsoft Entra: OpenID Connect with a code, PKCE, state and nonce.

Who somebody is, is his object in his directory (oid, tid). Names and addresses in a token can be
changed by others, so they are shown and never believed.
"""

import base64
import binascii
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from workflow.errors import WorkflowError
from workflow.phrases import phrase as _

ALGORITHMS: Final = ("RS256",)  # what Entra signs with; anything else is forged
SCOPES: Final = "openid profile"
LEEWAY: Final = 60  # seconds that clocks may differ
TIMEOUT: Final = 10  # seconds
ANEW: Final = 300  # seconds, for signing in and coming back
RANDOM_BYTES: Final = 32
ANY_DIRECTORY: Final = "organizations"
TENANT_ID: Final = "{tenantid}"  # stands in the issuer of several directories


class EntraRefused(WorkflowError):
    code = "ENTRA_REFUSED"
    template = "Signing in with Microsoft did not work: {}."
    advice = "Nobody was signed in. Try it once more."


class EntraUnreachable(WorkflowError):
    code = "ENTRA_UNREACHABLE"
    template = "Microsoft does not answer."
    advice = "Try again in a few minutes."


class EntraUnknown(WorkflowError):
    code = "ENTRA_UNKNOWN"
    template = "Nobody who may sign in here is known by this Microsoft account: {}."
    advice = "Give these identifiers to an administrator, who can enter them in Users and Roles."


@dataclass(frozen=True, kw_only=True)
class EntraPerson:
    tenant: str
    object_id: str
    name: str = ""  # as the directory shows it; proves nothing
    signed_in_at: int | None = None  # at Microsoft, in seconds; None: it does not say

    def __str__(self) -> str:
        return f"{self.tenant}/{self.object_id}"

    def signed_in_anew(self, now: datetime) -> bool:
        """While his browser was at Microsoft, and not some time before."""
        moment = int(now.timestamp())
        at = self.signed_in_at
        return at is not None and moment - ANEW - LEEWAY <= at <= moment + LEEWAY


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What the browser keeps while its person is at Microsoft."""

    state: str
    nonce: str
    verifier: str
    next: str
    connects: bool = False  # somebody signed in says which account is his
    proves: bool = False  # somebody signed in shows once more that it is he

    def as_text(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def from_text(cls, text: str) -> "Begun":
        """
        Raises:
            EntraRefused: there is none, or it is another's.
        """
        try:
            begun = cls(**json.loads(base64.urlsafe_b64decode(text)))
        except (binascii.Error, TypeError, ValueError):
            raise EntraRefused(_("it was not begun in this browser")) from None
        if not all(isinstance(part, str) and part for part in (begun.state, begun.nonce)):
            raise EntraRefused(_("it was not begun in this browser"))
        return begun


@dataclass(frozen=True, kw_only=True)
class Entra:
    """An app registration: whose people sign in, and where they come back to."""

    tenants: tuple[str, ...]  # directories whose people may sign in
    client_id: str
    client_secret: str
    authority: str
    redirect_uri: str
    ca_file: str = ""  # whom to trust instead of the authorities everybody trusts

    def begin(
        self, path: str, *, connects: bool = False, proves: bool = False
    ) -> tuple[str, Begun]:
        """Where to send the browser, and what it is to keep; *path* is where to go afterwards.

        To prove who he is the person has to sign in anew, whatever his browser remembers.

        Raises:
            EntraUnreachable
        """
        begun = Begun(
            state=secrets.token_urlsafe(RANDOM_BYTES),
            nonce=secrets.token_urlsafe(RANDOM_BYTES),
            verifier=secrets.token_urlsafe(RANDOM_BYTES),
            next=path,
            connects=connects,
            proves=proves,
        )
        wish = {"prompt": "login", "max_age": "0"} if proves else {"prompt": "select_account"}
        with self._session() as session:
            address, _ = session.create_authorization_url(
                self._metadata(session)["authorization_endpoint"],
                state=begun.state,
                code_verifier=begun.verifier,
                nonce=begun.nonce,
                response_mode="query",
                **wish,
            )
        return str(address), begun

    def finish(self, begun: Begun, state: str, code: str, now: datetime) -> EntraPerson:
        """Who came back.

        Raises:
            EntraRefused, EntraUnreachable
        """
        if not secrets.compare_digest(state.encode(), begun.state.encode()):
            raise EntraRefused(_("the answer belongs to another attempt"))
        with self._session() as session:
            metadata = self._metadata(session)
            token = self._token(session, metadata["token_endpoint"], begun, code)
            keys = self._get(session, metadata["jwks_uri"])
        claims = self._claims(token, keys, metadata["issuer"], begun.nonce, now)
        return EntraPerson(
            tenant=claims["tid"],
            object_id=claims["oid"],
            name=str(claims.get("name", "")),
            signed_in_at=_seconds(claims.get("auth_time")),
        )

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            client_id=self.client_id,
            client_secret=self.client_secret,
            scope=SCOPES,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a way
            default_timeout=TIMEOUT,
        )

    @property
    def _trusted(self) -> str | bool:
        """Named in each request: one that is kept would yield to the environment."""
        return self.ca_file or True

    def _metadata(self, session: OAuth2Session) -> dict[str, Any]:
        directory = self.tenants[0] if len(self.tenants) == 1 else ANY_DIRECTORY
        where = f"{self.authority}/{quote(directory)}/v2.0/.well-known/openid-configuration"
        metadata = self._get(session, where)
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "issuer")
        if not all(str(metadata.get(name, "")).startswith("https://") for name in names):
            raise EntraUnreachable
        return metadata

    def _get(self, session: OAuth2Session, where: str) -> dict[str, Any]:
        try:
            answer = session.get(
                where, withhold_token=True, allow_redirects=False, verify=self._trusted
            )
            answer.raise_for_status()
            value = answer.json()
        except requests.RequestException:
            raise EntraUnreachable from None
        if not isinstance(value, dict):
            raise EntraUnreachable
        return value

    def _token(self, session: OAuth2Session, where: str, begun: Begun, code: str) -> str:
        try:
            answer = session.fetch_token(
                where,
                grant_type="authorization_code",
                code=code,
                code_verifier=begun.verifier,
                allow_redirects=False,
                verify=self._trusted,
            )
        except OAuthError as error:
            raise EntraRefused(_("the code was not taken ({error})", error=error.error)) from None
        except ValueError:  # no JSON; also of requests
            raise EntraUnreachable from None
        except requests.RequestException:
            raise EntraUnreachable from None
        return str(answer.get("id_token", ""))

    def _claims(
        self, token: str, keys: dict[str, Any], issuer: str, nonce: str, now: datetime
    ) -> CodeIDToken:
        """What the token says, once its signature and every claim were looked at."""
        try:
            signed = jwt.decode(token, KeySet.import_key_set(_usable(keys)), [*ALGORITHMS])
            tenant = self._allowed_tenant(signed.claims)
            claims = CodeIDToken(
                signed.claims,
                signed.header,
                options={
                    "iss": {"essential": True, "value": issuer.replace(TENANT_ID, tenant)},
                    "aud": {"essential": True, "value": self.client_id},
                    "nonce": {"essential": True, "value": nonce},
                    "oid": {"essential": True},
                },
                params={"client_id": self.client_id, "nonce": nonce},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, TypeError, ValueError) as error:
            raise EntraRefused(_("its token is not good ({value})", value=_said(error))) from None
        if not isinstance(claims["oid"], str):
            raise EntraRefused(_("its token is not good (oid)"))
        return claims

    def _allowed_tenant(self, claims: dict[str, Any]) -> str:
        tenant = claims.get("tid")
        if not isinstance(tenant, str) or tenant not in self.tenants:
            raise EntraRefused(_("the account is of a directory that has no access"))
        return tenant


def _seconds(claim: object) -> int | None:
    return claim if isinstance(claim, int) and not isinstance(claim, bool) else None


def _usable(keys: dict[str, Any]) -> Any:  # noqa: ANN401 - as the library has it
    """Keys that verify what Entra signs; it may publish others too."""
    found = keys.get("keys")
    listed = found if isinstance(found, list) else []
    return {"keys": [key for key in listed if isinstance(key, dict) and key.get("kty") == "RSA"]}


def _said(error: Exception) -> str:
    claim = getattr(error, "claim", "")
    return str(claim or getattr(error, "error", "") or type(error).__name__)
