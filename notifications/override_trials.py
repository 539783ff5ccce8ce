"""Trying a company's templates on every example before they are stored."""

from collections.abc import Iterator
from typing import Final

from notifications.examples import examples_of
from notifications.mail_settings import SetupError
from notifications.messages import MERGED, Message
from notifications.override_html import PROBE, checked_page
from notifications.override_running import BrokenOverride, rendered
from notifications.overrides import HTML, overridden, parts_of, plain_names, probed
from notifications.readers import Company
from notifications.rendering import built_in_words
from notifications.wording import CustomWording
from notifications.wording_preview import example_context
from workflow.events import DocumentEvent
from workflow.wording import Override

# Whatever the template puts around a text, one of these would leave it.
STRANGER: Final = f" {PROBE}=1 <{PROBE}> \"'"


class OverrideRefused(SetupError):
    """The templates do not make a letter of every example."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.next_step = "Nothing was changed. Correct the file and give the folder again."


def try_override(override: Override, custom: CustomWording, company: Company) -> None:
    """
    Raises:
        OverrideRefused
    """
    try:
        for message, events in _letters(override.message):
            context = example_context(message, events, custom, override.language, company)
            built_in = built_in_words(message.message, context)
            overridden(override, context, built_in)
        if override.html:
            words = rendered(parts_of(override), probed(plain_names(context, ""), STRANGER))
            checked_page(words[HTML])
    except BrokenOverride as error:
        raise OverrideRefused(str(error)) from error


def _letters(message: str) -> Iterator[tuple[Message, list[DocumentEvent]]]:
    """Every example in a letter of its own, and all in one where several may be together."""
    examples = examples_of(message)
    yield from ((told, [event]) for told, event in examples)
    if message in MERGED:
        yield examples[0][0], [event for _, event in examples]
