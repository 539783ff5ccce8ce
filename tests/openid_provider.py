"""Microsoft Entra on this machine, as far as signing in is concerned, over real HTTPS."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

TENANT = "11111111-2222-3333-4444-555555555555"
OTHER_TENANT = "99999999-2222-3333-4444-555555555555"
CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SECRET = "canary-client-secret-0042"  # noqa: S105 - no real one
OBJECT = "0b1ec7ed-0000-4000-8000-0000000000a1"


@dataclass
class Provider:
    """Whom it signs in, and what is wrong with it."""

    clock: Callable[[], datetime]
    redirect_uri: str
    authority: str = ""
    person: str = OBJECT
    claims: dict[str, object] = field(default_factory=dict)  # in place of the usual ones
    left_out: tuple[str, ...] = ()
    signs_with: str = "RS256"  # HS256 and none are forgeries
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: RSAKey | None = None  # in place of its own key
    asked: list[dict[str, str]] = field(default_factory=list)  # by browsers
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: list[tuple[int, object]] = field(default_factory=list)  # for tokens, before anything

    def configuration(self, directory: str) -> dict[str, str]:
        base = f"{self.authority}/{directory}"
        issuer = "{tenantid}" if directory == "organizations" else directory
        return {
            "issuer": f"{self.authority}/{issuer}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to; its person has signed in."""
        self.asked.append(query)
        code = f"canary-code-{len(self.asked)}"
        self.codes[code] = query
        back = {"code": code, "state": query["state"]}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str]) -> tuple[int, object]:
        if self.answers:
            return self.answers.pop(0)
        asked = self.codes.pop(form.get("code", ""), None)  # a code works once
        right = (
            asked is not None
            and form["grant_type"] == "authorization_code"
            and (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
            and form["redirect_uri"] == asked["redirect_uri"] == self.redirect_uri
            and asked["code_challenge_method"] == "S256"
            and challenge(form["code_verifier"]) == asked["code_challenge"]
        )
        if not right:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS54005"}
        return 200, {
            "token_type": "Bearer",
            "access_token": "canary-access-token",
            "id_token": self.id_token(asked["nonce"], anew="max_age" in asked),
        }

    def id_token(self, nonce: str, *, anew: bool = False) -> str:
        """*anew*: its person had to sign in, and it says when he did."""
        now = int(self.clock().timestamp())
        usual = {
            "iss": f"{self.authority}/{TENANT}/v2.0",
            "aud": CLIENT,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "nonce": nonce,
            "sub": "pairwise",
            "tid": TENANT,
            "oid": self.person,
            "name": "Ann Ash",
            "preferred_username": "ann@example.com",
        }
        if anew:
            usual["auth_time"] = now
        claims = {
            name: value
            for name, value in (usual | self.claims).items()
            if name not in self.left_out
        }
        if self.signs_with == "none":
            head = encoded(json.dumps({"alg": "none", "typ": "JWT"}).encode())
            return f"{head}.{encoded(json.dumps(claims).encode())}."
        header = {"alg": self.signs_with, "kid": "one"}
        if self.signs_with == "HS256":  # the public key as if it were a shared secret
            head, body = (encoded(json.dumps(part).encode()) for part in (header, claims))
            shared = self.key.as_pem(private=False)
            forged = hmac.new(shared, f"{head}.{body}".encode(), hashlib.sha256).digest()
            return f"{head}.{body}.{encoded(forged)}"
        return jwt.encode(header, claims, self.key, algorithms=[self.signs_with])


def challenge(verifier: str) -> str:
    return encoded(hashlib.sha256(verifier.encode()).digest())


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self):
        address = urlsplit(self.path)
        directory = address.path.split("/")[1]
        if address.path.endswith("/openid-configuration"):
            self._say(200, self.provider.configuration(directory))
        elif address.path.endswith("/keys"):
            key = self.provider.published or self.provider.key
            public = key.as_dict(private=False, use="sig")
            elliptic = {"kty": "EC", "crv": "unheard-of", "kid": "two"}
            self._say(200, {"keys": [elliptic, public]})
        else:
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(query))
            self.send_header("Content-Length", "0")
            self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._say(*self.provider.token(form))

    def _say(self, status, value):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Quietly."""


@contextmanager
def openid_provider(context: ssl.SSLContext, provider: Provider) -> Iterator[Provider]:
    """Running while the block does."""
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    provider.authority = f"https://localhost:{server.server_address[1]}"
    running = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    running.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        running.join()
