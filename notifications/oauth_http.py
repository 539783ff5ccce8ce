"""Asking Microsoft Entra over HTTPS: certificates verified, answers bounded, nothing followed."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

TIMEOUT: Final = 20.0
LONGEST_ANSWER: Final = 1_000_000
SERVER_ERROR: Final = 500


class TokenServerDown(OSError):
    """There is no answer that could be read as a refusal."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """As the token library reads it."""

    status_code: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """Trouble of the server's own has been raised before."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the client secret to somebody else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - as declared there
        return None


class HttpsClient:
    """What the token library uses in place of its own client."""

    def __init__(self, ca_file: str = "") -> None:
        self._ca_file = ca_file

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | str | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> Answer:
        body = data if isinstance(data, str) else urlencode(data or {})
        return self._asked(_with(url, params), headers, body.encode())

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> Answer:
        return self._asked(_with(url, params), headers, None)

    def close(self) -> None:
        """Nothing stays open between two questions."""

    def _asked(self, url: str, headers: Mapping[str, str] | None, body: bytes | None) -> Answer:
        if not url.startswith("https://"):
            raise TokenServerDown("tokens are only asked for over https")
        request = urllib.request.Request(url, data=body, headers=dict(headers or {}))  # noqa: S310
        try:
            with self._opener().open(request, timeout=TIMEOUT) as response:
                return _answer(response)
        except urllib.error.HTTPError as error:
            with error:
                if error.code >= SERVER_ERROR:
                    raise TokenServerDown(f"it answered {error.code}") from None
                return _answer(error)

    def _opener(self) -> urllib.request.OpenerDirector:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._ca_file:
            context.load_verify_locations(self._ca_file)
        return urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), _NoRedirects
        )


def _with(url: str, params: Mapping[str, str] | None) -> str:
    return f"{url}?{urlencode(params)}" if params else url


def _answer(response: Any) -> Answer:  # noqa: ANN401 - an answer or an error, both readable
    text = response.read(LONGEST_ANSWER).decode("utf-8", errors="replace")
    return Answer(status_code=response.status, text=text, headers=dict(response.headers))
