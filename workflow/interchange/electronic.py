"""Electronic documents: told apart by what is in the file, not by its name."""

import re
from xml.etree.ElementTree import Element

from workflow.interchange import cii, cxml, ubl
from workflow.interchange.errors import ImportRefused
from workflow.interchange.received import Received, imported
from workflow.interchange.records import ImportedDocument
from workflow.interchange.xml_limits import xml_root
from workflow.interchange.xml_nodes import local_name
from workflow.statuses import Area

SUPPORTED = (
    "supported are UBL 2 Order, Invoice, CreditNote and Quotation, "
    "CII invoices and cXML OrderRequest"
)
BEGINNINGS = {
    b"UNA": "an EDIFACT message",
    b"UNB+": "an EDIFACT message",
    b"ISA*": "an ANSI X12 message",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a spreadsheet or zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
}
XML_BEGINNINGS = (b"<", b"\xff\xfe<", b"\xfe\xff\x00<")
UBL_ROOT = re.compile(re.escape(ubl.ROOT) + r"([A-Za-z]+)-2\}\1")


def is_electronic(data: bytes) -> bool:
    """Whether this is anything but a table in a text file."""
    return _is_xml(data) or _other_kind(data) is not None


def parse_electronic_document(
    data: bytes, *, file: str, area: Area | None = None
) -> ImportedDocument:
    """Read one electronic document; `area` says which side of it we are on, if not the usual."""
    other = _other_kind(data)
    if other:
        raise ImportRefused(f"is {other}; {SUPPORTED}", file=file)
    root = xml_root(data, file=file)
    return imported(_received(root, file, area), file=file)


def _received(root: Element, file: str, area: Area | None) -> Received:
    """Choose the reader by the root element."""
    ubl_root = UBL_ROOT.fullmatch(root.tag)
    if ubl_root and ubl_root[1] in ubl.KINDS:
        return ubl.read_ubl(root, ubl_root[1], file=file, area=area)
    if root.tag == cii.ROOT:
        return cii.read_cii(root, file=file, area=area)
    if root.tag == "cXML" and cxml.payload_name(root) == "OrderRequest":
        return cxml.read_order_request(root, file=file, area=area)
    raise ImportRefused(f"is {_kind(root)}; {SUPPORTED}", file=file)


def _kind(root: Element) -> str:
    """Say what a document is that we do not import."""
    ubl_root = UBL_ROOT.fullmatch(root.tag)
    if ubl_root:
        return f"a UBL {ubl_root[1]}, which makes no purchase or sales document here"
    if root.tag == "cXML":
        return f"a cXML {cxml.payload_name(root)}, which makes no purchase or sales document here"
    return f"XML of a kind we do not know (its root is {local_name(root.tag)})"


def _is_xml(data: bytes) -> bool:
    return _beginning(data).startswith(XML_BEGINNINGS)


def _other_kind(data: bytes) -> str | None:
    beginning = _beginning(data)
    for start, kind in BEGINNINGS.items():
        if beginning.startswith(start):
            return kind
    return None


def _beginning(data: bytes) -> bytes:
    return data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()[:8]
