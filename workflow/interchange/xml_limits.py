"""XML from strangers: read with limits on size, depth and count, and nothing is ever fetched."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.phrases import phrase as _

LARGEST_FILE = 10 * 1024 * 1024
DEEPEST = 64
MOST_ELEMENTS = 200_000
STEP = 64 * 1024  # a bad file is left at its first bad piece


def xml_root(data: bytes, *, file: str) -> Element:
    """Read an XML file, or refuse it with one line."""
    if len(data) > LARGEST_FILE:
        raise ImportRefused(_("is larger than 10 MiB"), file=file)
    parser = CarefulParser(target=LimitedBuilder())
    try:
        for start in range(0, len(data), STEP):
            parser.feed(data[start : start + STEP])
        root: Element = parser.close()
    except DefusedXmlException:
        reason = _(
            "declares a document type with entities or rules of its own, which is not accepted"
        )
        raise ImportRefused(reason, file=file) from None
    except NotReadable as error:
        raise ImportRefused(error.reason, file=file) from None
    except (ParseError, LookupError, ValueError) as error:
        raise ImportRefused(_("is not well-formed XML ({error})", error=error), file=file) from None
    return root


class CarefulParser(DefusedXMLParser):
    """Accepts no document type, except the bare reference every cXML file starts with."""

    def __init__(self, *, target: TreeBuilder) -> None:
        super().__init__(target=target, forbid_dtd=True, forbid_entities=True, forbid_external=True)

    def defused_start_doctype_decl(
        self, name: str, sysid: str | None, pubid: str | None, has_internal_subset: int
    ) -> None:
        """Let `<!DOCTYPE cXML SYSTEM "...">` pass: expat reads no external subset."""
        if name != "cXML" or has_internal_subset:
            raise DTDForbidden(name, sysid, pubid)


class LimitedBuilder(TreeBuilder):
    """Builds the tree and stops when it grows too deep or too large."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[Any, Any], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST:
            raise NotReadable(_("is nested more than {deepest} levels deep", deepest=DEEPEST))
        if self._count > MOST_ELEMENTS:
            raise NotReadable(
                _("has more than {most_elements} elements", most_elements=MOST_ELEMENTS)
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)
