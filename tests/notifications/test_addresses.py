"""Addresses and names as they may stand in a mail."""

import pytest

from notifications.addresses import (
    clean_name,
    clean_subject,
    domain_of,
    needs_smtputf8,
    normalised,
    same_address,
    valid_address,
    wire_form,
)


@pytest.mark.parametrize(
    "address",
    [
        "ann@contoso.com",
        " ann@contoso.com ",
        "o'brien+orders@contoso.co.uk",
        "ann@contoso.local",
        "ann@contoso.test",
        "ann@contoso.example",
        "root@localhost",
        "jörg@exämple.com",
    ],
)
def test_an_address(address):
    assert valid_address(address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@contoso",
        "@contoso.com",
        "ann@",
        "a;b@contoso.com",
        "ann@contoso.com, eve@evil.example",
        "Ann <ann@contoso.com>",
        "ann@contoso.com\r\nBcc: eve@evil.example",
        "ann@contoso.com\x00",
        "ann@[127.0.0.1]",
        f"{'a' * 65}@contoso.com",
    ],
)
def test_not_an_address(text):
    assert not valid_address(text)
    assert domain_of(text) == ""


def test_one_mailbox_has_one_spelling():
    assert normalised(" ann@CONTOSO.com ") == "ann@contoso.com"
    assert same_address("Ann@Contoso.com", "ann@contoso.com")
    assert not same_address("ann@contoso.com", "bob@contoso.com")


def test_a_domain_outside_ascii_is_compared_and_sent_in_ascii():
    assert domain_of("ann@EXÄMPLE.com") == "xn--exmple-cua.com"
    assert wire_form("ann@exämple.com") == "ann@xn--exmple-cua.com"
    assert not needs_smtputf8("ann@exämple.com")


def test_only_letters_before_the_at_need_smtputf8():
    assert needs_smtputf8("jörg@contoso.com")
    assert wire_form("jörg@exämple.com") == "jörg@exämple.com"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Ann   Lee ", "Ann Lee"),
        ("Ann\r\nBcc: x@y", "Ann Bcc: x at y"),
        ("An\u200bn\u202e Lee\x00", "Ann Lee"),
        ("E\u0301va", "Éva"),
        ("=?utf-8?q?x=0D=0ABcc:_a@b?=", "= ?utf-8?q?x=0D=0ABcc:_a at b?="),
        ("A" * 200, "A" * 100),
        ("boss@contoso.com", "boss at contoso.com"),
    ],
)
def test_a_name_is_cleaned(text, name):
    assert clean_name(text, "ann@contoso.com") == name


def test_a_name_may_be_the_address_it_stands_for():
    assert clean_name("ann@contoso.com", "Ann@contoso.com") == "ann@contoso.com"


def test_a_subject_is_one_line_of_at_most_200_characters():
    assert clean_subject("Order 1001\r\nReply-To: eve@evil.example") == (
        "Order 1001 Reply-To: eve@evil.example"
    )
    assert len(clean_subject("word " * 100)) <= 200
