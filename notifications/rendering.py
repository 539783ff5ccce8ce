"""From events to the words of one mail: subject, text and HTML, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notifications.addresses import SUBJECT_LIMIT
from notifications.digests import DigestView, Told, digest_view
from notifications.formatting import one_line
from notifications.links import settings_link
from notifications.messages import DIGEST, MERGED, OUTSIDE
from notifications.ports import Directory
from notifications.readers import Company, Reader
from notifications.sentences import sent_by
from notifications.translations import SOURCE_LANGUAGE, translations_for
from notifications.views import EventView, event_view
from notifications.wording import BUILT_IN, CustomWording
from workflow.approval_users import ApprovalUser
from workflow.events import DocumentEvent
from workflow.wording import WordingPart

__all__ = [
    "Company",
    "Context",
    "NothingToTell",
    "Words",
    "built_in_words",
    "letter_context",
    "render",
]

TEMPLATES: Final = "email"
EVENTS_SHOWN: Final = 20  # a longer mail would be cut off by the reader's mail program


class NothingToTell(ValueError):
    """A mail tells of one event; only a reminder or a digest may tell of several."""


@dataclass(frozen=True, kw_only=True)
class Words:
    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything a template may name."""

    language: str
    direction: str  # ltr or rtl
    company: str
    time_zone: str
    in_name_of: str  # the requester; empty: nobody
    sent_by: str  # the sentence that says so
    settings_link: str  # where the reader chooses how he is told; empty: there are no pages
    answers_are_comments: bool  # what a person answers to the mail is read and kept
    event: EventView  # the first
    events: tuple[EventView, ...]  # one, except in a reminder
    event_count: int  # with those that found no room
    intro: str  # the company's own words; empty: none
    footer: str
    digest: DigestView | None = None  # in a digest
    subject: str = ""  # for the bodies


def render(  # noqa: PLR0913 - what a mail depends on
    message: str,
    events: Sequence[DocumentEvent],
    *,
    recipient: ApprovalUser,
    directory: Directory,
    company: Company,
    requester: str = "",
    custom: CustomWording = BUILT_IN,
    answers_are_comments: bool = False,
    messages: Sequence[str] = (),
) -> Words:
    """The built-in words of *message* for one person.

    *requester* is the one in whose name it is sent. *custom* is what the company says in such
    letters in its own words.

    Raises:
        NothingToTell
    """
    context = letter_context(
        message,
        events,
        recipient=recipient,
        directory=directory,
        company=company,
        requester=requester,
        custom=custom,
        answers_are_comments=answers_are_comments,
        messages=messages,
    )
    return built_in_words(message, context)


def letter_context(  # noqa: PLR0913 - what a mail depends on
    message: str,
    events: Sequence[DocumentEvent],
    *,
    recipient: ApprovalUser,
    directory: Directory,
    company: Company,
    requester: str = "",
    custom: CustomWording = BUILT_IN,
    answers_are_comments: bool = False,
    messages: Sequence[str] = (),
) -> Context:
    """What the templates of *message* may name.

    *answers_are_comments* where an answer to the mail arrives in the mailbox we read.

    For a digest *messages* are those that would tell of each event on its own.

    Raises:
        NothingToTell
    """
    if not events or (len(events) > 1 and message not in MERGED | {DIGEST}):
        raise NothingToTell(f"{message} cannot tell of {len(events)} events")
    reader = Reader.of(recipient, company, directory)
    shown = events[:1] if message == DIGEST else events[:EVENTS_SHOWN]
    views = tuple(event_view(event, reader) for event in shown)
    in_name_of = reader.name_of(requester)
    company_name = one_line(company.name)
    context = Context(
        language=reader.language,
        direction=reader.formats.locale.text_direction,
        company=company_name,
        time_zone=reader.formats.time_zone.key,
        in_name_of=in_name_of,
        sent_by=sent_by(company_name, in_name_of, reader),
        settings_link="" if message in OUTSIDE else settings_link(reader.base_url),
        answers_are_comments=answers_are_comments,
        event=views[0],
        events=views,
        event_count=len(events),
        intro=custom.text(WordingPart.INTRO, reader.language),
        footer=custom.text(WordingPart.FOOTER, reader.language),
    )
    if message == DIGEST:
        context = replace(context, digest=_digest(events, messages, reader, context))
    return context


def _digest(
    events: Sequence[DocumentEvent], messages: Sequence[str], reader: Reader, context: Context
) -> DigestView:
    """Each thing that happened is told with the headline it would have on its own."""

    def headline(message: str, view: EventView) -> str:
        template = environment(context.language).get_template(f"{message}/body.txt")
        names = vars(replace(context, event=view, events=(view,), event_count=1))
        return one_line("".join(template.blocks["headline"](template.new_context(names))))

    told = [
        Told(message=message, event=event) for message, event in zip(messages, events, strict=True)
    ]
    return digest_view(told, reader, headline)


def built_in_words(message: str, context: Context) -> Words:
    names = vars(context)
    subject = one_line(_part(message, "subject.txt", names), SUBJECT_LIMIT)
    text = _part(message, "body.txt", names | {"subject": subject})
    html = _part(message, "body.html", names | {"subject": subject})
    return Words(
        language=context.language,
        subject=subject,
        text=_without_gaps(text),
        html=_inliner().inline(html),
    )


def _part(message: str, name: str, names: dict[str, object]) -> str:
    language = str(names["language"])
    return environment(language).get_template(f"{message}/{name}").render(names)


@cache
def message_names() -> frozenset[str]:
    """Every kind of letter there is."""
    folders = {name.partition("/")[0] for name in environment(SOURCE_LANGUAGE).list_templates()}
    return frozenset(folder for folder in folders if folder.isidentifier() and folder != "_base")


@cache
def environment(language: str) -> Environment:
    """The templates with one language's words; compiled once."""
    environment = Environment(
        loader=PackageLoader("templates", TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(  # type: ignore[attr-defined] # by the extension
        translations_for(language), newstyle=True
    )
    return environment


@cache
def _inliner() -> CSSInliner:
    """Styles move to where mail programs look for them; nothing is fetched from anywhere."""
    return CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


def _without_gaps(text: str) -> str:
    """At most one empty line between paragraphs, none at the ends."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for before, line in zip(["-", *lines], lines, strict=False) if before or line]
    return "\n".join(kept) + "\n"
