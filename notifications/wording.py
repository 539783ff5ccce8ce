"""The company's own words for one kind of letter: which of them a reader gets."""

from dataclasses import dataclass
from typing import Final

from notifications.formatting import paragraphs
from notifications.mail_settings import SetupError
from notifications.messages import OUTSIDE
from workflow.wording import EVERY_MESSAGE, Override, Wording, WordingPart

TEXT_LIMIT: Final = 1000
FAILURES_ALLOWED: Final = 3  # then a template is set aside: each may cost seconds


class WordingRefused(SetupError):
    """A text that no letter can carry."""

    def __init__(self, problem: str, next_step: str) -> None:
        super().__init__(problem)
        self.next_step = next_step


@dataclass(frozen=True, kw_only=True)
class CustomWording:
    """What is stored for one message and for every message, in all languages."""

    message: str
    texts: tuple[Wording, ...] = ()
    overrides: tuple[Override, ...] = ()

    def text(self, part: WordingPart, language: str) -> str:
        """Fit to be shown. What is said in every letter is meant for people in the company."""
        found = {
            wording.message: wording.text
            for wording in self.texts
            if (wording.part, wording.language) == (part, language)
        }
        general = "" if self.message in OUTSIDE else found.get(EVERY_MESSAGE, "")
        return paragraphs(found.get(self.message, general), TEXT_LIMIT)

    def override(self, language: str) -> Override | None:
        """The company's templates for that language, unless they failed too often."""
        usable = (
            override
            for override in self.overrides
            if override.language == language and not override.set_aside
        )
        return next(usable, None)


BUILT_IN: Final = CustomWording(message="")  # nothing of the company's own


def checked_text(text: str) -> str:
    """As it will be shown.

    Raises:
        WordingRefused
    """
    shown = paragraphs(text, limit=max(len(text), 1))
    if not shown:
        raise WordingRefused("The text is empty.", "countersign mail wording remove takes one away")
    if len(shown) > TEXT_LIMIT:
        raise WordingRefused(
            f"The text has {len(shown)} characters; a letter has room for {TEXT_LIMIT}.",
            "Say it shorter.",
        )
    return shown
