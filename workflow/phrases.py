"""Parts of sentences: English as text, and still to be said in another language.

The workflow knows no languages: whoever shows a refusal hands in what translates a template.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Protocol, Self, runtime_checkable

Translate = Callable[[str], str]


@runtime_checkable
class Sayable(Protocol):
    def in_words(self, translate: Translate) -> str: ...


class Phrase(str):
    """Text for whoever wants text; its template and values for whoever reads another language."""

    __slots__ = ("_named", "_template", "_values")

    _template: str
    _values: tuple[object, ...]
    _named: dict[str, object]

    def __new__(cls, template: str, *values: object, **named: object) -> Self:
        made = super().__new__(cls, template.format(*values, **named))
        made._template, made._values, made._named = template, values, named
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self._template, self._values, self._named)

    def in_words(self, translate: Translate) -> str:
        values = [in_words(value, translate) for value in self._values]
        named = {name: in_words(value, translate) for name, value in self._named.items()}
        return translate(self._template).format(*values, **named)

    def with_values(self, change: Callable[[str], str]) -> "Phrase":
        """The same with other texts in it; phrases among them are changed inside."""

        def changed(value: object) -> object:
            if isinstance(value, Phrase):
                return value.with_values(change)
            return change(value) if isinstance(value, str) else value

        values = map(changed, self._values)
        return Phrase(
            self._template, *values, **{name: changed(v) for name, v in self._named.items()}
        )


def phrase(template: str, **values: object) -> Phrase:
    """Imported as ``_``, so that the template is found for translation."""
    return Phrase(template, **values)


def marked(text: str) -> str:
    """*text* as it is: imported as ``N_`` it marks what a phrase is made of elsewhere."""
    return text


def word(value: StrEnum) -> Phrase:
    """One of our own values, as people say it; it has to be marked somewhere."""
    return Phrase(value.replace("_", " "))


def listed(parts: Sequence[str], between: str = ", ") -> Phrase:
    """Several behind each other, each still to be said in another language."""
    if not parts:
        return Phrase("")
    first, *others = parts
    told = first if isinstance(first, Phrase) else Phrase("{}", first)
    for other in others:
        told = Phrase("{}{}{}", told, between, other)
    return told


def in_words(value: object, translate: Translate) -> object:
    """As *translate* says it, if it is words of ours; other people's stay as they are."""
    if isinstance(value, Sayable):
        return value.in_words(translate)
    return value


def _again(
    kind: type[Phrase], template: str, values: tuple[object, ...], named: dict[str, object]
) -> Phrase:
    return kind(template, *values, **named)
