"""Hostile XML: refused quickly, and nothing is fetched or expanded."""

import socket

import pytest

from workflow.interchange.electronic import parse_electronic_document
from workflow.interchange.errors import ImportRefused
from workflow.interchange.xml_limits import DEEPEST, LARGEST_FILE, MOST_ELEMENTS, xml_root

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE cXML [<!ENTITY a "ha">'
    + b"".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'.encode()
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + b"]><cXML>&i;</cXML>"
)


def refusal_of(data):
    with pytest.raises(ImportRefused) as refused:
        parse_electronic_document(data, file="in.xml")
    return str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        b'<!DOCTYPE cXML [<!ENTITY x SYSTEM "file:///etc/passwd">]><cXML>&x;</cXML>',
        b'<!DOCTYPE cXML SYSTEM "x.dtd" [<!ENTITY % x SYSTEM "y"> %x;]><cXML/>',
        b'<!DOCTYPE cXML [<!ATTLIST cXML total CDATA "1">]><cXML/>',
        b"<!DOCTYPE cXML []><cXML/>",
        b'<!DOCTYPE Invoice SYSTEM "invoice.dtd"><Invoice/>',
        b"<!DOCTYPE html><html/>",
    ],
)
def test_a_document_type_with_rules_of_its_own_is_refused(data):
    assert "declares a document type" in refusal_of(data)


def test_nothing_is_fetched_for_the_document_type_of_cxml():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        data = f'<!DOCTYPE cXML SYSTEM "http://127.0.0.1:{port}/cXML.dtd"><cXML/>'.encode()

        assert xml_root(data, file="in.xml").tag == "cXML"
        with pytest.raises(TimeoutError):
            server.accept()


def test_an_entity_the_missing_document_type_might_declare_is_refused():
    data = b'<!DOCTYPE cXML SYSTEM "cXML.dtd"><cXML>&vendor;</cXML>'

    assert "is not well-formed XML (undefined entity &vendor;" in refusal_of(data)


def test_a_deeply_nested_file_is_refused():
    assert f"more than {DEEPEST} levels" in refusal_of(b"<a>" * 10_000 + b"</a>" * 10_000)


def test_the_deepest_allowed_file_is_read():
    assert xml_root(b"<a>" * DEEPEST + b"</a>" * DEEPEST, file="in.xml").tag == "a"


def test_a_file_with_too_many_elements_is_refused_within_seconds():
    refusal = refusal_of(b"<a>" + b"<b/>" * (MOST_ELEMENTS + 1) + b"</a>")

    assert f"more than {MOST_ELEMENTS} elements" in refusal


def test_a_file_that_is_too_large_is_refused_unread():
    assert "larger than 10 MiB" in refusal_of(b"<" * (LARGEST_FILE + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"<",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a>\x00</a>",
        b"<a>\xff</a>",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        b'<a b="1" b="2"/>',
        b"<x:a/>",
    ],
)
def test_a_file_that_is_not_well_formed_is_refused_in_one_line(data):
    refusal = refusal_of(data)

    assert refusal.startswith("in.xml: is not well-formed XML")
    assert refusal.splitlines() == [refusal]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_xml_declares_is_honoured(encoding):
    declared = encoding.removesuffix("-sig")
    data = f'<?xml version="1.0" encoding="{declared}"?><a>é</a>'.encode(encoding)

    assert xml_root(data, file="in.xml").text == "é"
