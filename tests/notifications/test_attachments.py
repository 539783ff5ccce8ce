"""Attachments: the files arrive byte for byte, and the letter around them is what it was."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default as modern

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.attachments import (
    LARGEST,
    Attachment,
    AttachmentsTooLarge,
    file_name,
    refuse_other_attachments,
)
from notifications.letters import CorruptLetter, LetterError, compose
from notifications.senders import Sender, SenderRule

PDF = Attachment(file_name="order.pdf", content_type="application/pdf", data=bytes(range(256)) * 9)
UBL = Attachment(file_name="order.xml", content_type="application/xml", data=b"<Order/>\n")
ID = "<1001@contoso.com>"


def letter(*attachments, **changes):
    parts = {
        "sender": Sender(
            rule=SenderRule.SEND_AS,
            name="Contoso",
            from_address="orders@contoso.com",
            sender_address=None,
            envelope_from="erp@contoso.com",
            reply_to=None,
        ),
        "to_name": "Bakker",
        "to_address": "orders@bakker.example",
        "subject": "Contoso: purchase order 1001",
        "text": "The document is attached.\n",
        "html": "<p>The document is attached.</p>\n",
        "message_id": ID,
        "date": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        "language": "en",
        "attachments": attachments,
    }
    return compose(**parts | changes)


def read(raw):
    return message_from_bytes(raw, policy=modern)


def test_the_words_come_first_and_the_files_after_them():
    message = read(letter(PDF, UBL).raw)

    words, *files = message.iter_parts()
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content().strip() == "The document is attached."
    assert [(one.get_filename(), one.get_content_type()) for one in files] == [
        ("order.pdf", "application/pdf"),
        ("order.xml", "application/xml"),
    ]
    assert all(one.get_content_disposition() == "attachment" for one in files)


@given(st.lists(st.binary(max_size=500), min_size=1, max_size=3))
def test_every_file_arrives_byte_for_byte(contents):
    files = [
        Attachment(file_name=f"{n}.pdf", content_type="application/pdf", data=data)
        for n, data in enumerate(contents)
    ]

    found = list(read(letter(*files).raw).iter_attachments())

    assert [one.get_payload(decode=True) for one in found] == contents


def test_the_same_letter_has_the_same_bytes():
    assert letter(PDF, UBL).raw == letter(PDF, UBL).raw


def test_without_attachments_the_letter_is_what_it_always_was():
    assert read(letter().raw).get_content_type() == "multipart/alternative"
    assert b"multipart/mixed" not in letter().raw


def test_words_that_look_like_a_border_cut_nothing_in_pieces():
    border = letter(PDF).raw.split(b'boundary="')[1].split(b'"')[0].decode()

    message = read(letter(PDF, text=f"--{border}\n--{border}--\n").raw)

    assert [one.get_filename() for one in message.iter_attachments()] == ["order.pdf"]


def test_too_much_is_refused_and_says_how_much_is_sent():
    half = Attachment(
        file_name="half.pdf", content_type="application/pdf", data=bytes(LARGEST // 2 + 1)
    )

    with pytest.raises(AttachmentsTooLarge, match=r"are 10\.0 MB; at most 10 MB"):
        letter(half, half)


def test_exactly_as_much_as_is_allowed_is_sent():
    whole = Attachment(file_name="a.pdf", content_type="application/pdf", data=bytes(LARGEST))

    assert len(letter(whole).raw) > LARGEST


@pytest.mark.parametrize("name", ["a\r\nBcc: x@y.example", 'a".pdf', "../a.pdf", "", "é.pdf", ".a"])
def test_a_name_that_could_steer_anything_is_refused(name):
    with pytest.raises(LetterError):
        letter(Attachment(file_name=name, content_type="application/pdf", data=b"x"))


def test_a_letter_that_lost_or_changed_a_file_does_not_leave():
    raw = letter(PDF).raw

    with pytest.raises(CorruptLetter):
        refuse_other_attachments(raw, ID, [PDF, UBL])
    with pytest.raises(CorruptLetter):
        refuse_other_attachments(raw.replace(b"order.pdf", b"other.pdf"), ID, [PDF])
    with pytest.raises(CorruptLetter):
        refuse_other_attachments(raw.replace(b"AAEC", b"AAED", 1), ID, [PDF])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("purchase order 106001", "purchase-order-106001.pdf"),
        ("inkooporder ../../etc/passwd", "inkooporder-etc-passwd.pdf"),
        ("Ελληνικά", "document.pdf"),
        ("x" * 500, "x" * 60 + ".pdf"),
    ],
)
def test_files_have_names_that_every_disk_takes(title, name):
    assert file_name(title, "pdf") == name
