"""Rules that every finished letter keeps: its head, its HTML, and what strangers wrote into it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import is_dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import pytest

from email_styles import Page, media_rules, squeezed
from example_events import COMPANY, COPY, EVERY_MESSAGE, People, overdue, requested
from notifications.messages import OUTSIDE, Message
from notifications.overrides import PARTS
from notifications.wording import BUILT_IN, CustomWording
from workflow.events import ApprovalRequested
from workflow.wording import Override
from written_letters import (
    FIRST_OF_EACH,
    LANGUAGES,
    SETUP,
    in_own_words,
    read_letter,
    words_of,
    written_letter,
)

TEMPLATE = Path(__file__).parents[2] / "docs" / "examples" / "wording-nl"
ONCE = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
]
ELSEWHERE = re.compile(r"url\s*\(|@import|https?:|//", re.IGNORECASE)
FETCHED = {"src", "srcset", "background", "poster", "data", "action", "formaction"}
FETCHING = {"script", "link", "iframe", "object", "embed", "form", "base", "video", "audio", "svg"}
TIMES = "\N{MULTIPLICATION SIGN}"
HTML_LIMIT = 60_000
LINE_LIMIT = 998
LIST = -1  # the reminder of many documents in one letter
WORDED = -2  # the request with an intro and a footer of the company's own
LONG_DIGEST = -3  # more than find room

every_letter = pytest.mark.parametrize(
    ("number", "language"),
    [
        pytest.param(number, language, id=f"{number}-{message.message}-{language}")
        for number, (message, _) in enumerate(EVERY_MESSAGE)
        for language in LANGUAGES
    ]
    + [pytest.param(LIST, language, id=f"list-{language}") for language in LANGUAGES]
    + [pytest.param(WORDED, language, id=f"worded-{language}") for language in LANGUAGES]
    + [pytest.param(LONG_DIGEST, language, id=f"digest-{language}") for language in LANGUAGES],
)


@cache
def raw_letter(number: int, language: str) -> bytes:
    several = [overdue(str(document)) for document in range(106_001, 106_046)]
    if number == LONG_DIGEST:
        digest = Message(message="digest", recipient="BOB", requester="")
        reminders = [("approval_overdue", event) for event in several]
        return written_letter(digest, requested(), language, more=reminders)
    if number == LIST:
        reminder = Message(message="approval_overdue", recipient="BOB", requester="")
        more = [(reminder.message, event) for event in several[1:]]
        return written_letter(reminder, several[0], language, more=more)
    if number == WORDED:
        custom = in_own_words("approval_requested", "Questions?\nCall 2911.")
        return written_letter(*FIRST_OF_EACH["approval_requested"], language, custom=custom)
    return written_letter(*EVERY_MESSAGE[number], language)


@lru_cache(maxsize=8)
def page_of(raw: bytes) -> Page:
    return Page(words_of(read_letter(raw), "html"))


# The head -------------------------------------------------------------------------------------


@every_letter
def test_the_head_says_everything_once(number, language):
    message = read_letter(raw_letter(number, language))

    assert {name: len(message.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert len(set(message.keys())) == len(message.keys())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Content-Language"] == language
    assert [len(message[name].addresses) for name in ("From", "To")] == [1, 1]
    assert message["Subject"].strip()


@every_letter
def test_every_server_carries_the_bytes(number, language):
    raw = raw_letter(number, language)

    assert_carried(raw)
    encodings = {
        part["Content-Transfer-Encoding"]
        for part in read_letter(raw).walk()
        if not part.is_multipart()
    }
    assert encodings <= {"quoted-printable", "base64"}


@every_letter
def test_a_strict_reader_finds_nothing_wrong(number, language):
    assert defects(raw_letter(number, language)) == []


def assert_carried(raw: bytes) -> None:
    assert raw.isascii()
    assert b"\0" not in raw
    assert raw.count(b"\r\n") == raw.count(b"\r") == raw.count(b"\n")
    assert max(map(len, raw.split(b"\r\n"))) <= LINE_LIMIT


def defects(raw: bytes) -> list[object]:
    found: list[object] = []
    for part in read_letter(raw).walk():
        found += part.defects
        found += [defect for value in part.values() for defect in value.defects]
    return found


# The HTML -------------------------------------------------------------------------------------


@every_letter
def test_a_screen_reader_knows_language_direction_tables_and_images(number, language):
    elements = page_of(raw_letter(number, language)).elements

    assert elements[0].tag == "html"
    assert (elements[0].attributes["lang"], elements[0].attributes["dir"]) == (language, "ltr")
    for element in elements:
        if element.tag == "img":
            assert "alt" in element.attributes
        if element.tag == "table" and not heads(element, elements):
            assert element.attributes.get("role") == "presentation"


def heads(table, elements) -> bool:
    """Whether it is a table of facts: one with heads for its columns."""
    return any(
        element.tag == "th" and next(up for up in element.upwards() if up.tag == "table") is table
        for element in elements
    )


@every_letter
def test_the_html_is_small_enough_not_to_be_cut_off(number, language):
    html = words_of(read_letter(raw_letter(number, language)), "html")

    assert len(html.encode()) <= HTML_LIMIT


@every_letter
def test_nothing_is_fetched_when_the_letter_is_opened(number, language):
    page = page_of(raw_letter(number, language))

    assert not FETCHING & {element.tag for element in page.elements}
    assert not ELSEWHERE.search(page.style_sheet())
    for element in page.elements:
        assert not FETCHED & set(element.attributes), element.attributes
        assert not ELSEWHERE.search(element.attributes.get("style", ""))


@every_letter
def test_styles_are_written_into_the_elements(number, language):
    page = page_of(raw_letter(number, language))

    assert {condition for condition, _ in media_rules(page.style_sheet())} == {
        "(prefers-color-scheme: dark)"
    }
    styled = [element for element in page.elements if "class" in element.attributes]
    assert styled
    assert [element for element in styled if not element.style] == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@every_letter
def test_every_text_can_be_told_from_what_is_behind_it(number, language, dark):
    contrasts = list(page_of(raw_letter(number, language)).contrasts(dark=dark))

    assert contrasts
    assert [which for contrast, which in contrasts if contrast < 4.5] == []


@every_letter
def test_the_html_says_everything_that_the_text_says(number, language):
    raw = raw_letter(number, language)
    page = page_of(raw)
    links = [element.attributes["href"] for element in page.elements if element.tag == "a"]
    shown = page.words()

    missing = [
        sentence
        for sentence in sentences(words_of(read_letter(raw), "plain"))
        if not is_shown(sentence, shown) and not leads_to(sentence, links)
    ]

    assert missing == []


def leads_to(sentence: str, links: list[str]) -> bool:
    """An address that is written out in the text is behind words in the HTML."""
    return sentence in links or sentence.partition(": ")[2] in links


def is_shown(sentence: str, shown: str) -> bool:
    """At one place; or one fact here and one there, where a table has columns for them."""
    label, colon, fact = sentence.partition(": ")
    parts = [label, fact] if colon else sentence.split(" · ")
    return sentence in shown or all(part in shown for part in parts)


def sentences(text: str) -> list[str]:
    """The lines without their layout; what is one line in the text may be several cells."""
    lines = [squeezed(re.sub(r"^\s*> ", "", line)) for line in text.splitlines()]
    cells = [re.split(rf" {TIMES} | = ", line) if TIMES in line else [line] for line in lines]
    return [cell for line in cells for cell in line if cell not in {"", "--"}]


# What strangers write --------------------------------------------------------------------------

PLAIN = "Zyxwv"
HOSTILE = {
    "encoded word": "=?utf-8?q?x=0D=0ABcc:_a@b?=",
    "encoded body": "=?utf-8?q?x=0D=0A=0D=0A<h1>Nep</h1>?=",
    "tag": '"><script>alert(1)</script>',
    "bidi": "\u202egnp.exe\u202c",
    "CR LF": "one\r\nBcc: a@b\r\n\r\n<h1>two</h1>",
    "NUL": "a\0b",
    "10,000 characters": "W" * 10_000,
    "template": "{{ 7 * 191 }}{% for x in y %}%(actor)s {limit} %s",
}
LINES = ("text", "why", "comment")  # may have line breaks of their own


def in_event(*names: str) -> Callable:
    """Put a text into the fields of these names, wherever they are in the event."""

    def put(value, text):
        if isinstance(value, tuple):
            return tuple(put(part, text) for part in value)
        if not is_dataclass(value):
            return value
        return replace(
            value,
            **{
                name: text if name in names and type(part) is str else put(part, text)
                for name, part in vars(value).items()
            },
        )

    return put


FIELDS = {
    "document number": in_event("number"),
    "external document number": in_event("external_document_no"),
    "counterparty": in_event("counterparty_name", "counterparty_no"),
    # In the document and in its lines.
    "description": in_event("description", "item_no"),
    "comment": in_event(*LINES),
    "changed value": in_event("before", "after", "field"),
    "currency": in_event("currency"),
    "full name": None,
    "company": None,
    "sender name": None,
    "own words": None,
}


def can_hold(field: str, name: str) -> bool:
    """Whether letters of this name have such a text at all."""
    message, event = FIRST_OF_EACH[name]
    if put := FIELDS[field]:
        return put(event, PLAIN) != event
    return field != "sender name" or not message.requester  # who has a name of his own


@cache
def harmless_letter(field: str, name: str, language: str) -> bytes:
    return letter_with(field, PLAIN, name, language)


def letter_with(field: str, text: str, name: str, language: str) -> bytes:
    message, event = FIRST_OF_EACH[name]
    if isinstance(event, ApprovalRequested):
        event = replace(event, copy=COPY)  # with a PDF, whose name is made of the number
    put = FIELDS[field]
    people = [
        replace(person, full_name=text) if field == "full name" else person
        for person in People().people.values()
    ]
    return written_letter(
        message,
        put(event, text) if put else event,
        language,
        people=People(*people),
        company=replace(COMPANY, name=text) if field == "company" else COMPANY,
        setup=replace(SETUP, sender_name=text) if field == "sender name" else SETUP,
        custom=in_own_words(name, text) if field == "own words" else BUILT_IN,
    )


@pytest.fixture
def undrawn(monkeypatch):
    """Drawing thousands of PDFs takes minutes, and they have tests of their own."""
    monkeypatch.setattr(
        "notifications.document_pdf.pdf_of", lambda _, **_options: b"%PDF-1.7 undrawn\n"
    )


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    ("field", "name"),
    [(field, name) for name in sorted(FIRST_OF_EACH) for field in FIELDS if can_hold(field, name)],
)
def test_what_a_stranger_writes_stays_text(field, name, text):
    language = LANGUAGES[len(name + field) % 2]
    harmless = harmless_letter(field, name, language)
    raw = letter_with(field, text, name, language)

    assert_carried(raw)
    assert defects(raw) == []
    assert_same_head(raw, harmless)
    # Old programs decode a header and write it again.
    assert_same_head(read_letter(raw).as_bytes(), harmless)
    assert parts(raw) == parts(harmless)
    assert tags(raw) == tags(harmless)
    for words in (words_of(read_letter(raw), kind) for kind in ("plain", "html")):
        assert "1337" not in words
        assert hidden_characters(words) == set()
        assert len(words.encode()) <= HTML_LIMIT
    assert len(raw) <= 2 * HTML_LIMIT
    assert len(read_letter(raw)["Subject"]) <= 200


@cache
def company_template() -> CustomWording:
    """The example of the guide, in Dutch."""
    sources = [(TEMPLATE / part).read_text(encoding="utf-8") for part in PARTS]
    subject, text, html = sources
    name = "approval_requested"
    template = Override(message=name, language="nl", subject=subject, text=text, html=html)
    return replace(in_own_words(name, PLAIN), overrides=(template,))


def templated_letter(text: str) -> bytes:
    """With *text* wherever a stranger can write."""
    message, event = FIRST_OF_EACH["approval_requested"]
    for put in FIELDS.values():
        event = put(event, text) if put and put is not FIELDS["currency"] else event
    people = [replace(person, full_name=text) for person in People().people.values()]
    company = replace(COMPANY, name=text)
    return written_letter(
        message, event, "nl", people=People(*people), company=company, custom=company_template()
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_a_stranger_writes_stays_text_in_a_template_of_the_company(text):
    harmless = templated_letter(PLAIN)
    raw = templated_letter(text)

    assert "vraagt uw akkoord voor" in words_of(read_letter(raw), "plain")
    assert_carried(raw)
    assert defects(raw) == []
    assert_same_head(raw, harmless)
    assert tags(raw) == tags(harmless)
    for words in (words_of(read_letter(raw), kind) for kind in ("plain", "html")):
        assert "1337" not in words
        assert hidden_characters(words) == set()
    assert len(read_letter(raw)["Subject"]) <= 200


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_a_stranger_can_be_seen_in_some_letter(field):
    letters = [
        read_letter(harmless_letter(field, name, "en"))
        for name in FIRST_OF_EACH
        if can_hold(field, name)
    ]

    assert any(
        PLAIN.casefold() in f"{letter['From']} {words_of(letter, 'plain')}".casefold()
        for letter in letters
    )


def assert_same_head(raw: bytes, harmless: bytes) -> None:
    head, expected = read_letter(raw), read_letter(harmless)
    assert sorted(names_in_head(raw)) == sorted(names_in_head(harmless))
    assert sorted(head.keys()) == sorted(expected.keys())
    for name in ("From", "To"):
        assert [mailbox.addr_spec for mailbox in head[name].addresses] == [
            mailbox.addr_spec for mailbox in expected[name].addresses
        ]
    assert hidden_characters(head["Subject"]) == set()


def names_in_head(raw: bytes) -> list[bytes]:
    """As a mail server sees them: what begins a line, whatever a library makes of it."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    return [line.partition(b":")[0] for line in re.split(rb"\r?\n", head) if line[:1] not in b" \t"]


def parts(raw: bytes) -> list[str]:
    return [part.get_content_type() for part in read_letter(raw).walk()]


def tags(raw: bytes) -> Counter:
    """Every tag with its attributes; how many lines somebody wrote is up to him."""
    return Counter(
        (element.tag, *element.attributes)
        for element in page_of(raw).elements
        if element.tag != "br"
    )


def hidden_characters(words: str) -> set[str]:
    kept = {"\n", "\u200c", "\u200d"}  # joiners are part of Persian words and of emoji
    return {
        letter
        for letter in words
        if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and letter not in kept
    }


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["approval_requested", "document_to_counterparty"])
def test_a_drawn_attachment_has_a_name_that_is_safe(name, text):
    raw = letter_with("document number", text, name, "nl")

    assert defects(raw) == []
    (attached,) = read_letter(raw).iter_attachments()
    assert re.fullmatch(r"[a-z0-9_-]{1,60}\.pdf", attached.get_filename())
    assert attached.get_payload(decode=True).startswith(b"%PDF")


def test_the_messages_for_somebody_outside_are_among_them():
    assert set(FIRST_OF_EACH) > OUTSIDE
