"""Telling mail that a program wrote from mail that a person wrote."""

from typing import Final

from notifications.received.mails import ReceivedMail

BULK: Final = frozenset({"bulk", "list", "junk", "auto_reply"})
# X-Auto-Response-Suppress is none of them: it asks others not to answer by program.
MARKS: Final = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply",
    "X-Failed-Recipients",
)
LISTS: Final = ("List-Id", "List-Unsubscribe", "List-Post")
ABSENT: Final = (
    "automatisch antwoord",
    "afwezig",
    "afwezigheidsbericht",
    "niet aanwezig",
    "buiten kantoor",
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "out of office",
    "out of the office",
    "away from the office",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesend",
    "nicht im büro",
    "réponse automatique",
    "absence du bureau",
    "absent du bureau",
    "absente du bureau",
    "message d'absence",
)


def why_automatic(mail: ReceivedMail) -> str:
    """The reason in words; empty when a person seems to have written it."""
    submitted = mail.header("Auto-Submitted").lower()
    precedence = mail.header("Precedence").lower()
    no_return = mail.has("Return-Path") and mail.header("Return-Path") in {"<>", ""}
    signs = (
        (mail.content_type == "multipart/report", "it is a report of a mail program"),
        (submitted and not submitted.startswith("no"), "it says that it was sent automatically"),
        (precedence in BULK, f"it was sent as {precedence} mail"),
        (no_return, "it wants no answer (it has no return path)"),
        (any(mail.has(name) for name in LISTS), "it comes from a mailing list"),
        (any(mail.has(name) for name in MARKS), "it is an automatic reply"),
        (_says_absent(mail.subject), "it is an automatic reply"),
    )
    return next((reason for applies, reason in signs if applies), "")


def _says_absent(subject: str) -> bool:
    plain = subject.casefold()
    while plain.startswith(("re:", "aw:", "antw:")):
        plain = plain.partition(":")[2].strip()
    return plain.startswith(ABSENT)
