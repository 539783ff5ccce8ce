"""The words of every mail, in every language, also when the data is hostile."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from email import message_from_bytes
from html.parser import HTMLParser

import pytest

from example_events import (
    ANN,
    AT,
    BOB,
    COMPANY,
    DOCUMENT,
    EVERY_MESSAGE,
    People,
    overdue,
    reader_of,
    requested,
)
from notifications.letters import compose
from notifications.messages import DIGEST, OUTSIDE
from notifications.rendering import NothingToTell, Words, render
from notifications.senders import Sender, SenderRule
from workflow.statuses import Area, DocumentType, Reason

LANGUAGES = ["en", "nl"]
HOSTILE = {
    "encoded word": "x =?utf-8?q?=0D=0ABcc:_evil@evil.example?= y",
    "line breaks": "one\r\nBcc: evil@evil.example\r\n\r\n<h1>two</h1>\u2028three\x00",
    "html": "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>&amp;'\"",
    "template": "{{ 7 * 191 }}{% for x in y %}%(actor)s {limit} %s",
    "bidi": "\u202egnp.exe\u2066\u200b\ufeff invisible",
    "long": "W" * 10_000,
    "long words": "goed " * 2_000,
    "emoji and Arabic": "👩\u200d🔧 شركة الصلب",
}


class Page(HTMLParser):
    """What a mail program finds in the HTML."""

    EMPTY = frozenset({"meta", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in set(self.open):
            self.text.setdefault(tag, []).append(data)

    def words(self, tag: str = "body") -> str:
        return squeezed("".join(self.text.get(tag, [])))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def rendered(message, event, language="en", **changes) -> Words:
    recipient = replace(reader_of(message), language=language, **changes)
    kind = "approval_requested" if message.recipient == "BOB" else "delegation_notice"
    return render(
        message.message,
        [event],
        messages=[kind if message.message == DIGEST else message.message],
        recipient=recipient,
        directory=People(),
        company=COMPANY,
        requester=message.requester,
    )


def for_bob(
    event,
    *events,
    language="en",
    requester="ANN",
    message="approval_requested",
    company=COMPANY,
    **user,
):
    return render(
        message,
        [event, *events],
        recipient=replace(BOB, language=language, **user),
        directory=People(),
        company=company,
        requester=requester,
    )


def poisoned(facts, text):
    """The same facts with *text* in every field that is text."""
    return replace(
        facts,
        **{
            field.name: _poisoned(getattr(facts, field.name), text)
            for field in fields(facts)
            if field.name not in {"what", "how", "answer"}  # words of our own
        },
    )


def _poisoned(value, text):
    if type(value) is str:
        return text
    if isinstance(value, tuple):
        return tuple(_poisoned(part, text) for part in value)
    return poisoned(value, text) if is_dataclass(value) else value


def every_mail():
    return [
        pytest.param(message, event, id=f"{number}-{message.message}-{message.recipient}")
        for number, (message, event) in enumerate(EVERY_MESSAGE)
    ]


# Every mail -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("message", "event"), every_mail())
def test_text_and_html_name_the_document_and_why_one_is_told(message, event, language):
    words = rendered(message, event, language)
    page = Page(words.html)

    document = ("Bakker Staal B.V.", "106001", squeezed(amount(language)))
    for expected in ("Contoso", *(document if event.document.number else ())):
        assert expected in squeezed(words.text)
        assert expected in page.words()
    because = {"en": "You receive this because", "nl": "U krijgt deze mail omdat"}[language]
    assert because in words.text
    assert because in page.words()
    assert squeezed(words.text.partition("\n\n")[0]) == page.words("h1")
    assert "None" not in words.text + words.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("message", "event"), every_mail())
def test_the_html_can_be_read_by_everybody(message, event, language):
    words = rendered(message, event, language)
    page = Page(words.html)

    assert page.open == []
    assert page.tags[0] == ("html", {"lang": language, "dir": "ltr"})
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    assert {tag for tag, _ in page.tags} <= ALLOWED_TAGS
    for tag, attributes in page.tags:
        if tag == "table":
            assert (attributes.get("role") == "presentation") != (
                attributes.get("class") == "lines"
            )
        if tag == "th":
            assert attributes["scope"] == "col"
    assert words.html.count("http") == words.html.count('href="https://approvals.contoso.com/')
    assert "url(" not in words.html
    assert len(words.html.encode()) <= 60_000


DOCUMENT_TAGS = {"html", "head", "meta", "title", "style", "body"}
TABLE_TAGS = {"table", "tbody", "thead", "tr", "td", "th", "caption"}
ALLOWED_TAGS = DOCUMENT_TAGS | TABLE_TAGS | {"div", "h1", "h2", "p", "span", "strong", "br", "a"}


def amount(language: str) -> str:
    return {"en": "€12,450.50", "nl": "€ 12.450,50"}[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(("message", "event"), every_mail())
def test_nothing_that_people_write_breaks_a_mail(message, event, text, language):
    words = rendered(message, poisoned(event, text), language, full_name=text)
    page = Page(words.html)

    assert words.subject.splitlines() == [words.subject]
    assert 0 < len(words.subject) <= 200
    assert page.open == []
    assert {tag for tag, _ in page.tags} <= ALLOWED_TAGS
    assert not {"onerror", "onload"} & {name for _, names in page.tags for name in names}
    assert len(words.html.encode()) <= 60_000
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069\u200b\ufeff]", words.text)
    assert "1337" not in words.text
    told_inside = message.message not in OUTSIDE  # nobody outside is told when
    assert ("Europe/Amsterdam" in words.text.splitlines()[-1]) is told_inside
    parsed = message_from_bytes(letter(words).raw)
    assert parsed.get_all("Bcc") is None
    assert parsed.get_content_type() == "multipart/alternative"


def letter(words: Words):
    return compose(
        sender=Sender(
            rule=SenderRule.REQUESTER,
            name="Ann",
            from_address="ann@contoso.com",
            sender_address=None,
            envelope_from="ann@contoso.com",
            reply_to=None,
        ),
        to_name="Bob",
        to_address="bob@contoso.com",
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id="<event.1.a@contoso.com>",
        date=AT,
        language=words.language,
    )


# One mail -------------------------------------------------------------------------------------


def test_a_request_answers_every_question_of_an_approver_at_the_top():
    words = for_bob(requested())

    assert words.subject == "Approve: €12,450.50 · Bakker Staal B.V. · purchase order 106001"
    top = words.text[:600]
    for answer in (
        "Ann Lee asks for your approval",
        "€12,450.50  excl. VAT",
        "Bakker Staal B.V.",
        "purchase order 106001 · Hall 4",
        "Please decide by: Thursday, 26 November 2026",
        "Why you: You are the first approver with a sufficient limit: €20,000.00.",
        "What comes next: After this step the request goes to Cid Pot.",
        "Open the request\nhttps://approvals.contoso.com/requests/purchase/order/1/106001\n",
    ):
        assert answer in top
    assert "+ 2 more lines\n" in words.text
    assert "Fri, 20 Nov 2026, 14:02  Ann Lee sent it for approval\n" in words.text
    assert words.text.endswith(
        "Sent by the approval system of Contoso in the name of Ann Lee.\n"
        "Choose how you are told: https://approvals.contoso.com/settings/notifications\n"
        "Times are those of Europe/Amsterdam.\n"
    )


def test_a_request_in_dutch_uses_dutch_words_numbers_and_dates():
    words = for_bob(requested(), language="nl")

    assert words.subject == "Goedkeuren: € 12.450,50 · Bakker Staal B.V. · inkooporder 106001"
    assert "Graag uiterlijk: donderdag 26 november 2026\n" in words.text
    assert "U bent de eerste fiatteur met een voldoende limiet: €\u00a020.000,00." in words.text
    assert "vr 20 nov 2026, 14:02  Ann Lee verzond de aanvraag\n" in words.text
    assert "12 \u00d7 €\u00a0820,00 = €\u00a09.840,00" in words.text


@pytest.mark.parametrize(
    ("language", "words_in"), [("nl-BE", "nl"), ("NL", "nl"), ("de", "en"), ("", "en"), ("?", "en")]
)
def test_a_language_without_words_becomes_the_companys(language, words_in):
    assert for_bob(requested(), language=language).language == words_in


def test_times_are_those_of_the_reader():
    words = for_bob(requested(), time_zone="America/New_York")

    assert "Fri, 20 Nov 2026, 08:02" in words.text
    assert "Times are those of America/New_York." in words.text


def test_a_time_zone_that_does_not_exist_is_replaced_by_the_companys():
    assert "14:02" in for_bob(requested(), time_zone="../../etc/passwd").text


def test_a_foreign_amount_names_its_currency_and_the_local_amount():
    document = replace(DOCUMENT, currency="USD", amount_lcy=Decimal("11000.25"))
    words = for_bob(requested(document=document))

    assert words.subject.startswith("Approve: USD 12,450.50 · ")
    assert "€11,000.25  excl. VAT, in local currency" in words.text
    assert "€11,000.25 excl. VAT, in local currency" in Page(words.html).words()


@pytest.mark.parametrize(
    ("price", "shown"),
    [("0.0125", "€0.0125"), ("5", "€5.00"), ("-12.5", "-€12.50"), ("1000000", "€1,000,000.00")],
)
def test_no_amount_is_rounded(price, shown):
    line = replace(DOCUMENT.lines[0], unit_price=Decimal(price))

    assert (
        f"12 \u00d7 {shown} = "
        in for_bob(requested(document=replace(DOCUMENT, lines=(line,)))).text
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": Reason.SUFFICIENT, "limit": None}, "the first approver without a limit"),
        ({"reason": Reason.CHAIN, "limit": Decimal(1000)}, "your own limit is €1,000.00, so"),
        ({"reason": Reason.DIRECT_APPROVER}, "You are the approver of Ann Lee."),
        ({"reason": Reason.SALESPERSON_PURCHASER}, "You are the purchaser of this document."),
        ({"authority_of": "CID", "limit": None}, "You stand in for Cid Pot, who may approve any"),
        ({"authority_of": "CID", "limit": Decimal(5)}, "for Cid Pot, whose limit is €5.00."),
    ],
)
def test_the_reader_learns_why_he_is_asked(changes, sentence):
    words = for_bob(requested(**changes))

    assert sentence in words.text
    assert sentence in Page(words.html).words()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_own_sentence(reason, language):
    others = [for_bob(requested(reason=other), language=language).text for other in Reason]

    assert others.count(for_bob(requested(reason=reason), language=language).text) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_document_has_its_own_name(language):
    subjects = {
        for_bob(
            requested(document=replace(DOCUMENT, area=area, document_type=kind)),
            language=language,
        ).subject
        for area in Area
        for kind in DocumentType
    }

    assert len(subjects) == len(Area) * len(DocumentType)


def test_the_last_approver_reads_that_the_document_is_released():
    event = replace(requested(), next_approvers=())

    assert "After this step the document is released." in for_bob(event).text


def test_somebody_who_left_is_named_by_his_user_id():
    assert "GONE asks for your approval" in for_bob(replace(requested(), requester="GONE")).text


def test_a_mail_in_nobodys_name_claims_nobodys():
    words = for_bob(requested(), requester="")

    assert "Sent by the approval system of Contoso.\n" in words.text


def test_a_number_from_a_file_cannot_add_a_command():
    document = replace(DOCUMENT, number="1; rm -rf ~ #'")
    without_pages = replace(COMPANY, base_url="")
    text = for_bob(requested(document=document), company=without_pages).text

    assert """approve 'purchase/order/1; rm -rf ~ #'"'"'' --as BOB --request 1\n""" in text


def test_an_ampersand_stays_one_in_subject_and_text():
    words = for_bob(requested(document=replace(DOCUMENT, counterparty_name="R&D <b>")))

    assert "R&D <b>" in words.subject
    assert "R&D <b>" in words.text
    assert "R&amp;D &lt;b&gt;" in words.html


def test_a_document_without_lines_counterparty_or_date_has_no_gaps():
    bare = replace(
        DOCUMENT,
        lines=(),
        line_count=0,
        counterparty_name="",
        counterparty_no="",
        document_date=None,
        description="",
        external_document_no="",
    )
    words = for_bob(requested(document=bare))

    assert words.subject == "Approve: €12,450.50 · purchase order 106001"
    assert "Lines" not in words.text
    assert "\n\n\n" not in words.text


# Reminders ------------------------------------------------------------------------------------


def test_one_overdue_request_hangs_under_the_request():
    words = for_bob(overdue(), message="approval_overdue")

    assert words.subject == "Re: Approve: €12,450.50 · Bakker Staal B.V. · purchase order 106001"
    assert "Was to be decided by: Thursday, 26 November 2026, 3 days ago" in words.text


def test_several_overdue_requests_are_one_list():
    words = for_bob(overdue("1"), overdue("2"), message="approval_overdue", requester="")

    assert words.subject == "2 overdue approvals wait for you"
    for part in (words.text, words.html):
        assert "https://approvals.contoso.com/requests/purchase/order/1/1" in part
        assert "https://approvals.contoso.com/requests/purchase/order/1/2" in part


def test_a_long_list_says_how_many_more_there_are_and_stays_small():
    events = [overdue(str(number)) for number in range(45)]
    words = for_bob(*events, message="approval_overdue", language="nl")

    assert words.subject == "45 goedkeuringen wachten te lang op u"
    assert "Er wachten nog 25 documenten op u." in words.text
    assert len(words.html.encode()) <= 60_000


def test_only_a_reminder_tells_of_several_events():
    with pytest.raises(NothingToTell, match="2 events"):
        for_bob(requested(), requested())


def test_no_event_is_no_mail():
    with pytest.raises(NothingToTell):
        render("approval_requested", [], recipient=ANN, directory=People(), company=COMPANY)


def test_contrast_is_enough_in_light_and_dark():
    html = for_bob(requested()).html
    light, dark = "#ffffff", "#1f2937"
    written = set(re.findall(r"(?<!-)color: ?(#\w{6})[;\"]", html)) - {light}  # the button's
    in_dark = set(re.findall(r"color: (#\w{6}) !important", html)) - {"#111827", dark}

    assert written
    assert in_dark
    assert min(contrast(color, light) for color in written) >= 4.5
    assert min(contrast(color, dark) for color in in_dark) >= 4.5


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_due_date_is_a_day_and_does_not_move_with_the_time_zone():
    event = requested(due_date=date(2026, 1, 1))

    assert "Thursday, 1 January 2026" in for_bob(event, time_zone="Pacific/Honolulu").text
