"""The assisted setup of mail across pages: each carries the answers so far, and no secret.

Secrets are asked on the last page, so that nothing has to be kept between pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from notifications.guide_questions import QUESTIONS
from notifications.mail_settings import SECRETS, SetupError
from notifications.mail_setup import MailSetup
from notifications.sayings import sentence as _
from notifications.setup_guide import EMPTY, Guide

KEYS: Final = tuple(asked.key for asked in QUESTIONS)
LATER: Final = "…"  # stands for a secret until the last page
NEEDED: Final = _("This is needed here.")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the person is."""

    guide: Guide
    answers: Mapping[str, str]  # those that were good
    wrong: str = ""  # what is not right about the next one

    @property
    def secrets(self) -> list[str]:
        """What the last page still asks."""
        return [key for key in self.guide.answered if key in SECRETS]


def progress(before: MailSetup, answers: Mapping[str, str]) -> Progress:
    """Up to the first question without a good answer."""
    return _progress(before, dict.fromkeys(SECRETS, LATER) | dict(answers))


def finished(before: MailSetup, answers: Mapping[str, str], secrets: Mapping[str, str]) -> Progress:
    """With the secrets; without one that is needed the guide is not finished."""
    return _progress(before, {**answers, **secrets})


def without_last(answers: Mapping[str, str], asked: str) -> dict[str, str]:
    """To go back: without the answer before the question that is *asked*."""
    earlier = [key for key in KEYS if key in answers and key != asked]
    return {key: answers[key] for key in earlier[:-1]}


def _progress(before: MailSetup, given: Mapping[str, str]) -> Progress:
    guide, wrong = Guide.begin(before), ""
    while (question := guide.question()) is not None and question.key in given:
        try:
            guide = guide.answer(_meant(given[question.key], secret=question.secret))
        except SetupError as error:
            wrong = getattr(error, "reason", NEEDED)
            break
    good = {key: given[key] for key in guide.answered if key not in SECRETS}
    return Progress(guide=guide, answers=good, wrong=wrong)


def _meant(text: str, *, secret: bool) -> str:
    """A field that was emptied means nothing at all; a secret, what is there already."""
    return text if text.strip() or secret else EMPTY
