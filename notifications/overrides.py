"""A letter in the words of a company's own templates, checked before anybody gets it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from notifications.addresses import SUBJECT_LIMIT
from notifications.delivery_errors import shown
from notifications.formatting import one_line, visible_lines
from notifications.override_html import checked_page
from notifications.override_running import BrokenOverride, rendered
from notifications.refused_senders import DELIVERY
from notifications.rendering import Context, Words, built_in_words
from notifications.stored_mail import ClaimedEmail
from notifications.wording import CustomWording
from workflow.events import DocumentEvent, WordingBroken
from workflow.wording import Override

SUBJECT, TEXT, HTML = "subject.txt", "body.txt", "body.html"
PARTS: Final = (SUBJECT, TEXT, HTML)
LEFT_OUT: Final = frozenset({"copy"})  # the lines of an attachment, of any number

TellBroken = Callable[[Override, str], None]


@dataclass(frozen=True)
class Needed:
    """Something that has to stand in a letter, as the built-in words have it."""

    what: str
    value: str
    name: str  # as a template writes it


def letter_words(
    message: str, context: Context, custom: CustomWording, tell_broken: TellBroken
) -> Words:
    """The words of the company's template; the built-in ones where it has none or it is broken."""
    built_in = built_in_words(message, context)
    override = custom.override(context.language)
    if override is None:
        return built_in
    try:
        return overridden(override, context, built_in)
    except BrokenOverride as error:
        tell_broken(override, str(error))
    except Exception as error:  # noqa: BLE001 - whatever it was, the mail goes out
        tell_broken(override, f"{type(error).__name__}: {error}")
    return built_in


def wording_broken(
    email: ClaimedEmail, override: Override, problem: str, now: datetime
) -> WordingBroken:
    """What administrators are told; the store knows who they are."""
    about = email.notifications[0].recorded.event
    if not isinstance(about, DocumentEvent):
        raise TypeError(f"{email.message} tells of a {type(about).__name__}")
    return WordingBroken(
        at=now,
        actor=DELIVERY,
        subject=f"{override.message}/{override.language}",
        document=about.document,
        requester="",
        run_no=0,
        message=override.message,
        language=override.language,
        version=override.version,
        text=shown(problem),
        set_aside=False,
    )


def overridden(override: Override, context: Context, built_in: Words) -> Words:
    """
    Raises:
        BrokenOverride
    """
    words = rendered(parts_of(override), plain_names(context, built_in.subject))
    written = replace(
        built_in,
        subject=_subject(words.get(SUBJECT, built_in.subject)),
        text=_text(words[TEXT]) if TEXT in words else built_in.text,
        html=visible_lines(words[HTML]) if HTML in words else built_in.html,
    )
    _check_complete(written, built_in, context)
    return replace(written, subject=one_line(written.subject, SUBJECT_LIMIT))


def parts_of(override: Override) -> dict[str, str]:
    """Those the company wrote itself; the subject first, which the others may name."""
    sources = (override.subject, override.text, override.html)
    return {part: source for part, source in zip(PARTS, sources, strict=True) if source}


def plain_names(context: Context, subject: str) -> dict[str, Any]:
    """Everything a template may name, as texts, numbers and lists: there is nothing to call."""
    names: dict[str, Any] = _plain(context)
    return names | {"subject": subject}


def _plain(value: Any) -> Any:  # noqa: ANN401 - the fields of any fact
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if field.name not in LEFT_OUT]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | date):
        return str(value)
    return value


def _subject(text: str) -> str:
    lines = text.strip().splitlines()
    if len(lines) != 1:
        raise BrokenOverride(f"{SUBJECT}: a subject is one line, not {len(lines)}.")
    return one_line(lines[0], len(lines[0]))


def _text(text: str) -> str:
    return visible_lines(text).strip("\n") + "\n"


def _check_complete(written: Words, built_in: Words, context: Context) -> None:
    """Whoever decides has to know on what; and every letter says who sent it."""
    shown = checked_page(written.html).words
    was_shown = checked_page(built_in.html).words
    for needed in _needed(context):
        _check_part(TEXT, needed, written.text, built_in.text)
        _check_part(HTML, needed, shown, was_shown)
        if needed.name.endswith("number"):
            _check_part(SUBJECT, needed, written.subject, built_in.subject)


def _check_part(part: str, needed: Needed, written: str, built_in: str) -> None:
    if _has(built_in, needed.value) and not _has(written, needed.value):
        raise BrokenOverride(
            f"{part}: {needed.what} is missing; put {{{{ {needed.name} }}}} in it."
        )


def _has(text: str, value: str) -> bool:
    return " ".join(value.split()) in " ".join(text.split())


def _needed(context: Context) -> list[Needed]:
    needed = [Needed("who sent it", context.sent_by, "sent_by")]
    for event in context.events:
        document = event.document
        number = event.facts.document.number
        needed += [
            Needed("the document's number", number, "event.facts.document.number"),
            Needed("the amount", document.amount, "event.document.amount"),
        ]
    return needed


def probed(names: Mapping[str, Any], probe: str) -> dict[str, Any]:
    """The same with *probe* at the end of every text, as if a stranger had written it there."""
    return {name: _probed(value, probe) for name, value in names.items()}


def _probed(value: Any, probe: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return value + probe
    if isinstance(value, list):
        return [_probed(part, probe) for part in value]
    if isinstance(value, dict):
        return probed(value, probe)
    return value
