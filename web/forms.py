"""Forms: each carries a token of the page it was made on, for one step, of one session.

Nothing is changed by a link, and no other site or older page can send what a page here sends.
"""

from datetime import timedelta
from typing import Final

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from workflow.errors import WorkflowError

VALID_FOR: Final = timedelta(hours=2)
LARGEST_BODY: Final = 10 * 1024 * 1024  # of one request, and of one field: a file that comes back


class FormOutdated(WorkflowError):
    code = "FORM_OUTDATED"
    template = "This page was open for too long."
    advice = "Nothing was done. Look at it as it is now, and do it once more."


class FormForeign(WorkflowError):
    code = "FORM_FOREIGN"
    template = "That did not come from this page."
    advice = "Nothing was done. Do it on the page as it is now."


def form_token(session: str, path: str) -> str:
    """For a form that is sent to *path* by whoever holds *session*."""
    return _signer(session, path).dumps("")


def check_form_token(session: str, path: str, token: str) -> None:
    """
    Raises:
        FormOutdated, FormForeign
    """
    try:
        _signer(session, path).loads(token, max_age=int(VALID_FOR.total_seconds()))
    except SignatureExpired:
        raise FormOutdated from None
    except BadSignature:
        raise FormForeign from None


def _signer(session: str, path: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(session, salt=f"form {path}")
