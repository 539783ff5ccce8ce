"""Wording of Mail: what the company says in its own words, and how a letter then reads."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.mail_settings import SetupError
from notifications.rendering import Words
from notifications.translations import LANGUAGES
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.wording import checked_text
from notifications.wording_preview import preview
from web.letters_shown import framed, letter_alone
from web.paths import WORDING
from web.refusals import UNPROCESSABLE, setup_refusal
from web.rendering import page
from web.visits import Posted, SeesSetup, SetsUp, Visit
from workflow.service.wording import remove_wording, set_wording
from workflow.wording import EVERY_MESSAGE, Wording, WordingPart

router = APIRouter()
SEE_OTHER: Final = 303
EXAMPLE: Final = "approval_requested"  # what is said in every letter is shown in this one
CAPTIONS: Final[Mapping[str, str]] = {
    EVERY_MESSAGE: N_("Every mail to people in the company"),
    "approval_requested": N_("Approval requested"),
    "approval_due_soon": N_("Approval due soon"),
    "approval_overdue": N_("Approval overdue"),
    "approval_not_needed": N_("Approval not needed"),
    "answer_is_a_comment": N_("An answer decided nothing"),
    "comment_added": N_("Comment added"),
    "delegation_failed": N_("Delegation failed"),
    "delegation_notice": N_("Delegation told to the approver"),
    "document_changed": N_("Document changed"),
    "document_deleted": N_("Document deleted"),
    "digest": N_("Several messages in one email"),
    "document_not_emailed": N_("Document not emailed"),
    "document_posted": N_("Document posted"),
    "document_released": N_("Document released"),
    "document_to_counterparty": N_("Document to a vendor or customer"),
    "email_changed": N_("E-Mail changed"),
    "external_answered": N_("External flow answered"),
    "mail_bounced": N_("Mail came back"),
    "mail_grant_missing": N_("Right to send as is missing"),
    "mail_held": N_("Mail held"),
    "password_link_made": N_("Link for a password made"),
    "request_approved": N_("Request approved"),
    "request_canceled": N_("Request canceled"),
    "request_delegated": N_("Request delegated"),
    "request_escalated": N_("Request escalated"),
    "request_nudged": N_("Approver reminded"),
    "request_rejected": N_("Request rejected"),
    "webhook_disabled": N_("Webhook switched off"),
    "wording_broken": N_("Template does not work"),
}


@router.get(WORDING)
def wording(visit: SeesSetup, message: str = EVERY_MESSAGE, language: str = "") -> Response:
    name, spoken = _known(visit, message, language)
    return _page(visit, name, spoken, _texts(visit, name, spoken))


@router.post(WORDING)
def change(visit: SetsUp, fields: Posted) -> Response:
    name, spoken = _known(visit, fields.get("message", ""), fields.get("language", ""))
    before = _texts(visit, name, spoken)
    typed = {part: fields.get(part, before[part]) for part in WordingPart}
    try:
        wanted = {part: checked_text(text) if text.strip() else "" for part, text in typed.items()}
    except SetupError as error:
        return _page(visit, name, spoken, typed, error)
    for part, text in wanted.items():
        if text != before[part]:
            _set(visit, Wording(message=name, language=spoken, part=part, text=text))
    query = urlencode({"message": name, "language": spoken})
    return RedirectResponse(f"{WORDING}?{query}", status_code=SEE_OTHER)


@router.get(WORDING + "/letter")
def letter(visit: SeesSetup, message: str = EVERY_MESSAGE, language: str = "") -> Response:
    words, _ = _example(visit, *_known(visit, message, language))
    return letter_alone(words.html)


def _set(visit: Visit, wording: Wording) -> None:
    """An empty text goes back to the built-in words."""
    uow, actor = visit.services.uow(), visit.actor
    if wording.text:
        set_wording(uow, wording, actor)
    else:
        remove_wording(uow, wording.message, wording.language, [wording.part], actor)


def _page(
    visit: Visit,
    name: str,
    spoken: str,
    texts: Mapping[WordingPart, str],
    refused: SetupError | None = None,
) -> Response:
    gettext = visit.reader.gettext
    words, problem = _example(visit, name, spoken)
    answer = page(
        visit,
        "wording.html",
        UNPROCESSABLE if refused else 200,
        message=name,
        spoken=spoken,
        messages=[(one, gettext(caption)) for one, caption in CAPTIONS.items()],
        languages=LANGUAGES,
        texts=texts,
        subject=words.subject,
        problem=problem,
        letter=f"{WORDING}/letter?{urlencode({'message': name, 'language': spoken})}",
        refusal=setup_refusal(refused, visit.reader.language) if refused else None,
    )
    return framed(answer)


def _known(visit: Visit, message: str, language: str) -> tuple[str, str]:
    name = message if message in CAPTIONS else EVERY_MESSAGE
    return name, language if language in LANGUAGES else visit.reader.language


def _texts(visit: Visit, name: str, spoken: str) -> dict[WordingPart, str]:
    with visit.services.reading() as uow:
        return {part: uow.wordings.text(name, spoken, part) for part in WordingPart}


def _example(visit: Visit, name: str, spoken: str) -> tuple[Words, str]:
    shown = EXAMPLE if name == EVERY_MESSAGE else name
    return preview(visit.services.mail.wordings.of(shown), spoken, visit.services.company)
