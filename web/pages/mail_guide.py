"""Assisted Setup of Email: one question a page, and nothing is changed before the last answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications.guide_questions import PROVIDER, GuideStep
from notifications.mail_settings import SECRETS
from notifications.mail_setup import MailSetup
from notifications.sayings import said, without_commands
from notifications.setting_descriptions import described
from notifications.setup_guide import Question
from notifications.setup_presets import PRESETS
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from web.fields import FieldView
from web.fingerprints import fingerprint
from web.guide_answers import KEYS, Progress, finished, progress, without_last
from web.mail_fields import field_view, shown
from web.pages.mail_sign_in import person_signs_in
from web.paths import MAIL_GUIDE, MAIL_SETUP, MAIL_SIGN_IN, SETTINGS_PROVE
from web.proof import needs_proof
from web.refusals import UNPROCESSABLE
from web.rendering import page
from web.stored_mail_setup import SettingsChanged, save, stored
from web.telling import path_telling
from web.visits import Posted, SetsUp, Visit

router = APIRouter()
SEE_OTHER: Final = 303
SEEN: Final = "seen"
BACK: Final = "back"
FINISH: Final = "finish"
ASKED: Final = "asked"
PROVIDER_CAPTION: Final = N_("Mail Provider")
STEPS: Final[Mapping[GuideStep, str]] = {
    GuideStep.PROVIDER: N_("Where the mail account is"),
    GuideStep.SERVER: N_("The mail server"),
    GuideStep.ACCOUNT: N_("The account"),
    GuideStep.SENDER: N_("The sender"),
}


@router.get(MAIL_GUIDE)
def begin(visit: SetsUp) -> Response:
    """The last page takes a secret: he shows who he is before he answers anything."""
    if needs_proof(visit):
        return RedirectResponse(f"{SETTINGS_PROVE}?next={MAIL_GUIDE}", SEE_OTHER)
    before = stored(visit).setup
    return _page(visit, before, progress(before, {}), {})


@router.post(MAIL_GUIDE)
def go_on(visit: SetsUp, fields: Posted) -> Response:
    before = stored(visit).setup
    if fields.get(SEEN) != fingerprint(shown(before)):
        raise SettingsChanged
    answers = {key: fields[key] for key in KEYS if key in fields and key not in SECRETS}
    if BACK in fields:
        earlier = without_last(answers, fields.get(ASKED, ""))
        return _page(visit, before, progress(before, earlier), {})
    so_far = progress(before, answers)
    if FINISH not in fields or not so_far.guide.finished:
        return _page(visit, before, so_far, fields)
    done = finished(before, so_far.answers, {key: fields.get(key, "") for key in so_far.secrets})
    if not done.guide.finished:
        return _page(visit, before, replace(so_far, wrong=done.wrong), fields)
    return _save(visit, before, done)


def _save(visit: Visit, before: MailSetup, done: Progress) -> Response:
    language = visit.reader.language
    save(visit, before, done.guide.draft)
    warned = [said(without_commands(one), language) for one in done.guide.warnings]
    if person_signs_in(done.guide.draft):
        return RedirectResponse(MAIL_SIGN_IN, SEE_OTHER)
    changed = visit.reader.gettext("The mail setup is changed. Now test it.")
    return RedirectResponse(path_telling(visit, MAIL_SETUP, changed, *warned), SEE_OTHER)


def _page(visit: Visit, before: MailSetup, so_far: Progress, typed: Mapping[str, str]) -> Response:
    language = visit.reader.language
    question = so_far.guide.question(language)
    wrong = said(so_far.wrong, language) if so_far.wrong else ""
    if question is None:
        fields = [_secret(visit, key, wrong) for key in so_far.secrets]
    else:
        fields = [_field(visit, question, typed.get(question.key), wrong)]
    return page(
        visit,
        "mail_guide.html",
        UNPROCESSABLE if wrong else 200,
        step=visit.reader.gettext(STEPS[question.step]) if question else "",
        hint=question.hint if question else "",
        asked=question.key if question else "",
        fields=fields,
        answers=so_far.answers,
        summary=_summary(visit, so_far),
        seen=fingerprint(shown(before)),
    )


def _field(visit: Visit, question: Question, typed: str | None, wrong: str) -> FieldView:
    language = visit.reader.language
    value = question.proposed if typed is None else typed
    if question.key == PROVIDER:
        return replace(_provider(visit, value), error=wrong)
    view = field_view(question.key, language, value=value)
    return replace(view, note=question.description, error=wrong)


def _provider(visit: Visit, value: str) -> FieldView:
    gettext = visit.reader.gettext
    return FieldView(
        name=PROVIDER,
        caption=gettext(PROVIDER_CAPTION),
        value=value,
        kind="select",
        choices=[(one, gettext(preset.name)) for one, preset in PRESETS.items()],
    )


def _secret(visit: Visit, key: str, wrong: str) -> FieldView:
    view = field_view(key, visit.reader.language, value="")
    return replace(view, note=described(visit.reader.language)[key], error=wrong)


def _summary(visit: Visit, so_far: Progress) -> list[tuple[str, str]]:
    """Every answer by its caption, with the choice as it is called."""
    told = []
    for key, answer in so_far.answers.items():
        view = _provider(visit, answer) if key == PROVIDER else _view(visit, key, answer)
        told.append((view.caption, dict(view.choices).get(answer, answer)))
    return told


def _view(visit: Visit, key: str, answer: str) -> FieldView:
    return field_view(key, visit.reader.language, value=answer)
