"""Letters: whatever people and vendors are called, the head of the letter is what we meant."""

import re
import unicodedata
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default as modern

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.addresses import clean_name, clean_subject
from notifications.letters import BadRecipient, CorruptLetter, compose
from notifications.senders import Sender, SenderRule

HEADERS = [
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

HOSTILE = [
    "=?utf-8?q?x=0D=0ABcc:_a@b?=",
    "PO =?utf-8?q?x=0D=0AReply-To:_evil@x.nl?=",
    "=?utf-8?q?x=0D=0A=0D=0A<h1>Nep</h1>?=",
    "=?utf-8?b?eA0KQmNjOiBhQGI=?=",
    "==?utf-8?q?=3F?= =\u200b?utf-8?q?x=0D=0ABcc:_a@b?=",
    "Ann\r\nBcc: eve@evil.example",
    "Ann\nBcc: eve@evil.example",
    "Ann\rBcc: eve@evil.example",
    "Ann\r\n\r\n<h1>Nep</h1>",
    "Ann\x00Lee",
    "Ann\x0bBcc: a@b\x0c\x85\u2028\u2029",
    "\u202eeeL nnA\u202c",
    'Ann" <eve@evil.example>, "Bob',
    "Ann <eve@evil.example>",
    "ann@contoso.com, eve@evil.example",
    "eve\uff20evil.example",
    "Ann (a comment",
    "Ann\\",
    '"',
    "",
    "   ",
    "\ud800",
    "é" * 500,
    "a" * 5000,
    "a b " * 500,
    "Ørsted Åse (Vendor & Sons) 日本語 👩‍👩‍👧",
]

anything = st.one_of(
    st.text(),
    st.sampled_from(HOSTILE),
    st.builds("{}=?utf-8?q?{}?={}".format, st.text(), st.text(), st.text()),
    st.lists(st.sampled_from(["=?", "?=", "\r\n", "q?", "=0D=0A", "Bcc: a@b", '"', "<", "é"])).map(
        "".join
    ),
)


def sender(name="Ann Lee", **changes) -> Sender:
    parts = {
        "rule": SenderRule.REQUESTER,
        "name": name,
        "from_address": "ann@contoso.com",
        "sender_address": None,
        "envelope_from": "erp@contoso.com",
        "reply_to": None,
    }
    return Sender(**parts | changes)


def letter(**changes):
    parts = {
        "sender": sender(),
        "to_name": "Bob",
        "to_address": "bob@contoso.com",
        "subject": "Approve purchase order 1001?",
        "text": "Ann asks you.\n",
        "html": "<p>Ann asks you.</p>\n",
        "message_id": "<1001.bob@contoso.com>",
        "date": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        "language": "en",
    }
    return compose(**parts | changes)


def read(raw: bytes):
    return message_from_bytes(raw, policy=modern)


def header_lines(raw: bytes) -> list[bytes]:
    """The head as a mail server sees it: lines, not what a library makes of them."""
    head = raw.partition(b"\r\n\r\n")[0]
    return re.sub(rb"\r\n[ \t]", b" ", head).split(b"\r\n")


def test_a_letter_reads_as_it_was_meant():
    message = read(letter(text="Dag Bob,\n\nAnn vraagt € 1.000.\n", html="<p>€</p>").raw)

    assert message.keys() == HEADERS
    assert message["From"] == "Ann Lee <ann@contoso.com>"
    assert message["To"] == "Bob <bob@contoso.com>"
    assert message["Subject"] == "Approve purchase order 1001?"
    assert message["Date"] == "Mon, 02 Mar 2026 09:30:00 +0000"
    assert message["Message-ID"] == "<1001.bob@contoso.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert text.get_content().splitlines() == ["Dag Bob,", "", "Ann vraagt € 1.000."]
    assert html.get_content_type() == "text/html"
    assert html.get_content() == "<p>€</p>\r\n"


def test_the_same_input_gives_the_same_bytes():
    assert letter().raw == letter().raw
    assert letter().raw != letter(message_id="<1002.bob@contoso.com>").raw


def test_on_behalf_and_reply_to_have_their_own_headers():
    on_behalf = sender(sender_address="erp@contoso.com", reply_to="cid@contoso.com")

    message = read(letter(sender=on_behalf).raw)

    assert message.keys()[:4] == ["From", "Sender", "Reply-To", "To"]
    assert message["Sender"] == "erp@contoso.com"
    assert message["Reply-To"] == "cid@contoso.com"


def test_a_thread_names_its_first_mail_and_the_latest():
    earlier = [f"<{number}@contoso.com>" for number in range(30)]

    message = read(letter(references=earlier).raw)

    assert message["In-Reply-To"] == "<29@contoso.com>"
    assert message["References"].split() == ["<0@contoso.com>", *earlier[-10:]]


def test_people_can_sort_by_reason_and_document():
    message = read(letter(reason="approver", document="PO 1001\r\nBcc: a@b").raw)

    assert message["X-Approval-Reason"] == "approver"
    assert message["X-Approval-Document"] == "PO-1001-Bcc-a-b"


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_a_hostile_name_or_subject_adds_no_header(text):
    raw = letter(sender=sender(name=text), to_name=text, subject=text).raw

    assert [line.partition(b":")[0].decode() for line in header_lines(raw)] == HEADERS
    assert read(raw).keys() == HEADERS
    assert b"\0" not in raw


def test_a_message_written_again_by_the_library_still_has_no_further_header():
    """The receiver's programs may be the old ones that decode and write again."""
    raw = letter(subject="PO =?utf-8?q?x=0D=0ABcc:_a@b?=", sender=sender(name=HOSTILE[0])).raw

    assert read(read(raw).as_bytes()).keys() == HEADERS


@settings(deadline=None)
@given(name=anything, other_name=anything, subject=anything, body=anything)
def test_whatever_is_written_the_head_is_what_we_meant(name, other_name, subject, body):
    raw = letter(
        sender=sender(name=name), to_name=other_name, subject=subject, text=body, html=body
    ).raw

    assert [line.partition(b":")[0].decode() for line in header_lines(raw)] == HEADERS
    message = message_from_bytes(raw)
    assert str(make_header(decode_header(message["Subject"].replace("\r\n", "")))).strip() == (
        clean_subject(subject)
    )
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@given(name=anything)
def test_a_clean_name_is_clean(name):
    once = clean_name(name)

    assert clean_name(once) == once
    assert len(once) <= 100
    assert "@" not in once
    assert not {unicodedata.category(letter) for letter in once} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(body=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_the_text_arrives_as_it_was_written(body):
    text, html = read(letter(text=body, html=body).raw).iter_parts()

    # What a reader's program calls a line break is its own business: compare the bytes.
    expected = body.encode() + b"\r\n"
    assert text.get_payload(decode=True) == expected
    assert html.get_payload(decode=True) == expected


@pytest.mark.parametrize(
    "body",
    [
        ".\n..\n.hidden\n",
        "x" * 5000,
        "From me\nFrom you\n",
        "tail \t\n \n",
        "\N{GREEK SMALL LETTER ALPHA}" * 300,
        "a=b\n=\n",
    ],
    ids=["dots", "long line", "from", "spaces at the end", "greek", "equals"],
)
def test_awkward_text_arrives_as_it_was_written(body):
    raw = letter(text=body).raw

    text, _ = read(raw).iter_parts()

    assert text.get_payload(decode=True).decode().replace("\r\n", "\n") == body.rstrip("\n") + "\n"
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("address", ["", "bob", "bob@contoso.com, eve@evil.example", "bob@x\r\ny"])
def test_vector_46_an_approver_without_an_address_is_named(address):
    with pytest.raises(BadRecipient, match="Bob has no valid email address"):
        letter(to_address=address)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": sender(from_address="ann@contoso.com, eve@evil.example")},
        {"sender": sender(reply_to="nobody")},
        {"message_id": "1001"},
        {"message_id": "<1001@contoso.com>\r\nBcc: a@b"},
        {"references": ["<1@contoso.com> <2@contoso.com>"]},
        {"language": "en\r\nBcc: a@b"},
        {"date": datetime(2026, 3, 2, 9, 30)},  # noqa: DTZ001 - the fault this test is about
    ],
    ids=str,
)
def test_a_letter_that_would_say_something_else_is_not_written(wrong):
    with pytest.raises(CorruptLetter):
        letter(**wrong)


def test_finished_bytes_that_were_tampered_with_are_noticed(monkeypatch):
    """The last check does not trust the code before it."""
    monkeypatch.setattr("notifications.letter_headers._unstructured", lambda _, text: text)
    monkeypatch.setattr("notifications.letter_headers.clean_subject", lambda text: text)

    with pytest.raises(CorruptLetter, match="headers became"):
        letter(subject="x\r\nBcc: eve@evil.example")


def test_a_second_mailbox_in_the_finished_bytes_is_noticed(monkeypatch):
    monkeypatch.setattr("notifications.letter_headers._quoted", lambda text: text)

    with pytest.raises(CorruptLetter, match="From became"):
        letter(sender=sender(name="eve at evil, Ann"))


def test_only_an_address_outside_ascii_needs_smtputf8():
    assert not letter(to_name="Jörg", subject="€", text="€", html="€").smtputf8
    assert not letter(to_address="bob@exämple.com").smtputf8

    outside = letter(to_address="jörg@exämple.com")

    assert outside.smtputf8
    assert outside.recipients == ("jörg@exämple.com",)
    assert "jörg@exämple.com" in outside.raw.decode()
