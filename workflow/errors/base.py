"""What every refusal is: a code for programs, words and a next step for people."""

from typing import ClassVar

from workflow.phrases import Phrase, Translate, in_words


class WorkflowError(Exception):
    """Base of all refusals: nothing was changed, and the message may be shown as it is."""

    code: ClassVar[str] = "REFUSED"
    template: ClassVar[str] = "This is not possible."
    advice: ClassVar[str] = ""  # what to do next, shown below the message

    def __init__(self, *parts: object, advice: str = "") -> None:
        super().__init__(Phrase(self.template, *parts))
        self.parts = parts
        self.next_step: str = advice or Phrase(self.advice, *parts)

    @property
    def message(self) -> str:
        return str(self.args[0])

    @property
    def phrase(self) -> Phrase:
        """The message, for a sentence that says more."""
        return Phrase(self.template, *self.parts)

    def in_words(self, translate: Translate) -> str:
        """The message in another language."""
        return self.phrase.in_words(translate)

    def advised(self, translate: Translate) -> str:
        """What to do next, likewise."""
        return str(in_words(self.next_step, translate))
