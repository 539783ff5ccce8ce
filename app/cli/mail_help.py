"""The help of ``countersign mail setup``: every setting with its description, in our language."""

from collections.abc import Mapping
from typing import Any

from typer.core import TyperCommand

from app.settings import WrongSettings, read_settings
from notifications.received.mailbox_setup import DESCRIPTIONS
from notifications.sayings import said
from notifications.setting_descriptions import described
from notifications.translations import SOURCE_LANGUAGE, translations_for


class DescribedSettings(TyperCommand):
    """A command whose help describes the settings it takes."""

    def descriptions(self, language: str) -> Mapping[str, str]:
        return described(language)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as declared there
        lines = [f"{key}: {text}" for key, text in self.descriptions(language()).items()]
        first = (self.help or "").partition("\n")[0]
        self.help = "\n\n".join([first, *lines])
        super().format_help(ctx, formatter)


class DescribedMailbox(DescribedSettings):
    """The same for the mailbox."""

    def descriptions(self, language: str) -> Mapping[str, str]:
        translate = translations_for(language).gettext
        return {key: translate(text) for key, text in DESCRIPTIONS.items()}


def in_words(text: str) -> str:
    """A sentence of ours in the language of the settings."""
    return said(text, language())


def language() -> str:
    """That of the settings; help is shown also where one of those is wrong."""
    try:
        return read_settings().language
    except WrongSettings:
        return SOURCE_LANGUAGE
