"""Electronic documents: told apart by what is in the file, not by its name."""

import re
from xml.etree.ElementTree import Element

from workflow.interchange import cii, cxml, ubl
from workflow.interchange.errors import ImportRefused
from workflow.interchange.received import Received, imported
from workflow.interchange.records import ImportedDocument
from workflow.interchange.xml_limits import xml_root
from workflow.interchange.xml_nodes import local_name
from workflow.phrases import phrase as _
from workflow.statuses import Area

SUPPORTED = _(
    "supported are UBL 2 Order, Invoice, CreditNote and Quotation, CII invoices and cXML"
    " OrderRequest"
)
BEGINNINGS = {
    b"UNA": _("an EDIFACT message"),
    b"UNB+": _("an EDIFACT message"),
    b"ISA*": _("an ANSI X12 message"),
    b"%PDF": _("a PDF document"),
    b"PK\x03\x04": _("a spreadsheet or zip archive"),
    b"\xd0\xcf\x11\xe0": _("an old Office document"),
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
        raise ImportRefused(
            _("is {other}; {supported}", other=other, supported=SUPPORTED), file=file
        )
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
    raise ImportRefused(
        _("is {value}; {supported}", value=_kind(root), supported=SUPPORTED), file=file
    )


def _kind(root: Element) -> str:
    """Say what a document is that we do not import."""
    ubl_root = UBL_ROOT.fullmatch(root.tag)
    if ubl_root:
        return _("a UBL {name}, which makes no purchase or sales document here", name=ubl_root[1])
    if root.tag == "cXML":
        return _(
            "a cXML {name}, which makes no purchase or sales document here",
            name=cxml.payload_name(root),
        )
    return _("XML of a kind we do not know (its root is {name})", name=local_name(root.tag))


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
