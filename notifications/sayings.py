"""Sentences put together in English that can still be said in another language."""

from typing import Final, Self

from notifications.translations import translations_for

BETWEEN: Final = " "
COMMAND: Final = "countersign "


class Sentence(str):
    """Text for whoever wants text; its template and values for whoever reads another language."""

    __slots__ = ("_template", "_values")

    _template: str
    _values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        made = super().__new__(cls, template.format(**values))
        made._template = template
        made._values = values
        return made

    @property
    def command(self) -> str:
        """What is to be copied into a console; empty: nothing."""
        return str(self._values.get("command", ""))

    def said(self, language: str) -> str:
        values = {name: _said(value, language) for name, value in self._values.items()}
        return translations_for(language).gettext(self._template).format(**values)


class Paragraph(str):
    """Several sentences behind each other."""

    __slots__ = ("_between", "_sentences")

    _between: str
    _sentences: tuple[str, ...]

    def __new__(cls, *sentences: str, between: str = BETWEEN) -> Self:
        told = tuple(sentence for sentence in sentences if sentence)
        made = super().__new__(cls, between.join(told))
        made._between, made._sentences = between, told
        return made

    def said(self, language: str) -> str:
        return self._between.join(said(sentence, language) for sentence in self._sentences)

    @property
    def command(self) -> str:
        return next(filter(None, map(command_in, self._sentences)), "")

    def without_commands(self) -> "Paragraph":
        others = (sentence for sentence in self._sentences if COMMAND not in sentence)
        return Paragraph(*others, between=self._between)


def sentence(template: str, **values: object) -> Sentence:
    """Imported as ``_``, so that the template is found for translation."""
    return Sentence(template, **values)


def said(text: str, language: str) -> str:
    """In that language, as far as it is a sentence of ours; other words stay as they are."""
    return text.said(language) if isinstance(text, Sentence | Paragraph) else text


def command_in(text: str) -> str:
    """What of it is to be copied into a console; empty: nothing."""
    if text.startswith(COMMAND):
        return text
    return text.command if isinstance(text, Sentence | Paragraph) else ""


def without_commands(text: str) -> str:
    """For whoever has no command line: as much of it as says something without one."""
    return (isinstance(text, Paragraph) and text.without_commands()) or text


def _said(value: object, language: str) -> object:
    return said(value, language) if isinstance(value, str) else value
