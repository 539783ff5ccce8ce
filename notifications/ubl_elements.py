"""Elements of a UBL document, added one after the other under their standard names."""

from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from notifications.ubl_forms import FORMS

SCHEMA: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
PREFIXES: Final = {"cac": "CommonAggregateComponents-2", "cbc": "CommonBasicComponents-2"}

for prefix, schema in PREFIXES.items():
    register_namespace(prefix, SCHEMA + schema)
for form in FORMS.values():
    register_namespace(form.root.lower(), f"{SCHEMA}{form.root}-2")


def new_root(name: str) -> Element:
    return Element(f"{{{SCHEMA}{name}-2}}{name}")


def add(parent: Element, name: str) -> Element:
    """The new element ``cac:Party`` or ``cbc:ID`` at the end of *parent*."""
    prefix, _, local = name.partition(":")
    return SubElement(parent, f"{{{SCHEMA}{PREFIXES[prefix]}}}{local}")


def add_text(parent: Element, name: str, text: str) -> Element:
    element = add(parent, name)
    element.text = text
    return element


def plain_number(amount: Decimal) -> str:
    """At least two decimals, and as many as there are."""
    exact = amount.normalize()
    places = max(2, -int(exact.as_tuple().exponent))
    return f"{exact:z.{places}f}"


def as_bytes(root: Element) -> bytes:
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
