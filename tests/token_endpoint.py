"""Microsoft Entra on this machine, as far as tokens for mail are concerned, over real HTTPS."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from notifications.mail_setup import Authentication, MailSetup, OAuthFlow

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SECRET = "canary-client-secret-4711"  # noqa: S105 - no real one
PERSON = "erp@contoso.com"
CODE = "ABCD-1234"
REFRESH_TOKEN = "canary-refresh-token-0815"  # noqa: S105 - no real one


@dataclass
class TokenEndpoint:
    """What it is told to answer, and what it was asked."""

    authority: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)  # forms sent for tokens
    agreed: list[str] = field(default_factory=list)  # what a person with a code agreed to
    tokens: list[str] = field(default_factory=list)  # given out, in order
    answers: list[tuple[int, object]] = field(default_factory=list)  # before anything else
    claims: dict[str, object] = field(default_factory=dict)  # in place of the usual ones
    expires_in: int = 3600
    interval: int = 0  # seconds to wait before asking again whether somebody entered the code
    person: str = PERSON

    def answer(self, form: dict[str, str]) -> tuple[int, object]:
        self.asked.append(form)
        if self.answers:
            return self.answers.pop(0)
        if form["grant_type"] == "client_credentials":
            return self._for_app(form)
        return 200, self._for_person()

    def _for_app(self, form):
        if form.get("client_secret") != SECRET:
            words = (
                f"AADSTS7000215: Invalid client secret {form.get('client_secret')}.\r\nTrace ID: 1"
            )
            return 401, {"error": "invalid_client", "error_description": words}
        claims = {"aud": "https://outlook.office365.com", "roles": ["SMTP.SendAsApp"]}
        return 200, {
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "access_token": self._token(claims),
        }

    def _for_person(self):
        claims = {"aud": "https://outlook.office.com", "scp": "SMTP.Send", "upn": self.person}
        now = int(time.time())
        identity = {"aud": CLIENT, "iss": "x", "sub": "s", "iat": now, "exp": now + 3600}
        return {
            "token_type": "Bearer",
            "scope": "https://outlook.office.com/SMTP.Send",
            "expires_in": self.expires_in,
            "access_token": self._token(claims),
            "refresh_token": REFRESH_TOKEN,
            "id_token": jwt(identity | {"preferred_username": self.person, "tid": TENANT}),
            "client_info": _base64(json.dumps({"uid": self.person, "utid": TENANT})),
        }

    def _token(self, claims):
        number = len(self.tokens) + 1
        usual = {"tid": TENANT, "appid": CLIENT, "exp": int(time.time()) + self.expires_in}
        token = jwt(usual | claims | self.claims | {"jti": f"canary-token-{number}"})
        self.tokens.append(token)
        return token


class _Handler(BaseHTTPRequestHandler):
    endpoint: TokenEndpoint

    def do_GET(self):
        if f"/{TENANT}/" not in self.path:
            words = "AADSTS90002: Tenant not found."
            self._say(400, {"error": "invalid_tenant", "error_description": words})
            return
        base = f"{self.endpoint.authority}/{TENANT}"
        self._say(
            200,
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            },
        )

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path.endswith("/devicecode"):
            self.endpoint.agreed.append(form.get("scope", ""))
            self._say(200, self._device_code())
            return
        self._say(*self.endpoint.answer(form))

    def _device_code(self):
        return {
            "user_code": CODE,
            "device_code": "canary-device-code",
            "verification_uri": f"{self.endpoint.authority}/device",
            "expires_in": 900,
            "interval": self.endpoint.interval,
        }

    def _say(self, status, value):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Quietly."""


@contextmanager
def token_endpoint(context: ssl.SSLContext) -> Iterator[TokenEndpoint]:
    """Running while the block does."""
    endpoint = TokenEndpoint()
    handler = type("Handler", (_Handler,), {"endpoint": endpoint})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    endpoint.authority = f"https://localhost:{server.server_address[1]}"
    running = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    running.start()
    yield endpoint
    server.shutdown()
    server.server_close()
    running.join()


def jwt(claims: dict[str, object]) -> str:
    """A token as it is written; its signature is nobody's."""
    return ".".join([_base64('{"alg":"none"}'), _base64(json.dumps(claims)), _base64("signature")])


def _base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def signed_in_by_a_person(endpoint, ca_file) -> MailSetup:
    """The mail setup of an account for which somebody enters a code."""
    return MailSetup(
        server="localhost",
        authentication=Authentication.OAUTH2,
        oauth_flow=OAuthFlow.DEVICE_CODE,
        user_name=PERSON,
        tenant_id=TENANT,
        client_id=CLIENT,
        authority=endpoint.authority,
        ca_file=str(ca_file),
    )
