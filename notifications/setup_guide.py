"""The assisted setup: one question after the other, and nothing is changed before the last answer.

A guide is a value: answering gives the next one. Whoever asks the questions keeps the latest and
saves its draft at the end; when he stops halfway, there is nothing to undo.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

from notifications.guide_questions import PROVIDER, QUESTIONS, Asked, GuideStep
from notifications.mail_settings import SECRETS, SetupError, WrongSetting
from notifications.mail_setup import MailSetup
from notifications.setting_descriptions import described
from notifications.setup_changes import UNCHANGED_SECRET, changed
from notifications.setup_presets import PRESETS, Provider, recognised, with_preset
from notifications.setup_warnings import warnings
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.translations import translations_for

EMPTY: Final = "-"  # an answer that takes away what was proposed
WHICH_PROVIDER: Final = N_("Where the mail account is: {providers}.")


class AnswerNeeded(SetupError):
    """Without this answer no mail can be sent."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is needed here.")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What to ask next."""

    step: GuideStep
    key: str
    description: str  # in the person's language
    proposed: str  # taken when the person answers nothing
    secret: bool  # not to be shown while it is typed
    hint: str = ""  # about the provider, where the account is asked for


@dataclass(frozen=True, kw_only=True)
class Guide:
    """How far the person is, and the setup as answered so far."""

    draft: MailSetup
    before: MailSetup  # what is stored: it stays until the draft is saved
    provider: Provider
    answered: tuple[str, ...] = ()

    @classmethod
    def begin(cls, stored: MailSetup | None) -> Self:
        """A first setup starts with Office 365; a stored one is recognised."""
        before = stored or MailSetup()
        provider = recognised(before) if before.server else Provider.OFFICE_365
        return cls(draft=before, before=before, provider=provider)

    @property
    def finished(self) -> bool:
        return self._next() is None

    @property
    def warnings(self) -> list[str]:
        return warnings(self.before, self.draft)

    def question(self, language: str = "en") -> Question | None:
        """The next one; None when everything is answered."""
        asked = self._next()
        if asked is None:
            return None
        words = translations_for(language)
        hint = PRESETS[self.provider].hint if asked.key == "authentication" else ""
        return Question(
            step=asked.step,
            key=asked.key,
            description=_description(asked.key, language),
            proposed=self._proposed(asked.key),
            secret=asked.key in SECRETS,
            hint=words.gettext(hint) if hint else "",
        )

    def answer(self, text: str) -> "Guide":
        """The guide after this answer; nothing means what was proposed, a dash means nothing.

        Raises:
            WrongSetting, AnswerNeeded
        """
        asked = self._next()
        if asked is None:
            return self
        given = self._given(asked.key, text)
        if asked.needed and not given.strip():
            raise AnswerNeeded(asked.key)
        as_it_is = not text.strip() and asked.key != PROVIDER
        after = self if as_it_is else self._with(asked.key, given)
        return replace(after, answered=(*self.answered, asked.key))

    def back(self) -> "Guide":
        """The question before is asked again; its answer is proposed."""
        return replace(self, answered=self.answered[:-1])

    def _next(self) -> Asked | None:
        waiting = (asked for asked in QUESTIONS if asked.key not in self.answered)
        return next((asked for asked in waiting if asked.applies(self.provider, self.draft)), None)

    def _given(self, key: str, text: str) -> str:
        if text.strip() == EMPTY and key not in SECRETS:
            return ""
        return text if text.strip() else self._proposed(key)

    def _with(self, key: str, given: str) -> "Guide":
        if key == PROVIDER:
            return self._at(_provider(given))
        draft, _ = changed(self.draft, {key: given})
        return replace(self, draft=draft)

    def _at(self, provider: Provider) -> "Guide":
        """A setup that is there already is not filled in anew."""
        if provider is recognised(self.before) and self.before.server:
            return replace(self, provider=provider, draft=self.before)
        return replace(self, provider=provider, draft=with_preset(self.draft, provider))

    def _proposed(self, key: str) -> str:
        if key == PROVIDER:
            return self.provider.value
        value = getattr(self.draft, key)
        if key in SECRETS:
            return UNCHANGED_SECRET if value else ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)


def _provider(given: str) -> Provider:
    try:
        return Provider(given.strip().lower())
    except ValueError:
        raise WrongSetting(PROVIDER, given, f"must be one of {', '.join(Provider)}") from None


def _description(key: str, language: str) -> str:
    if key != PROVIDER:
        return described(language)[key]
    words = translations_for(language)
    names = (f"{one} ({words.gettext(PRESETS[one].name)})" for one in Provider)
    return words.gettext(WHICH_PROVIDER).format(providers=", ".join(names))
