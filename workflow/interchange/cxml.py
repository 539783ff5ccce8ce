"""cXML order requests: what a customer's purchasing system sends."""

from decimal import Decimal
from xml.etree.ElementTree import Element

from workflow.interchange.electronic_lines import StatedLine, line_sum
from workflow.interchange.received import Party, Received
from workflow.interchange.stated_totals import StatedTotals
from workflow.interchange.xml_nodes import Node
from workflow.phrases import phrase as _
from workflow.statuses import Area, DocumentType

ORDER = "Request/OrderRequest"
HEADER = f"{ORDER}/OrderRequestHeader"
TOTAL = "Total/Money"
# With these in the order its total is more, or less, than quantity times price of its lines.
OTHER_SUMS = (".//Modifications", ".//PriceBasisQuantity", ".//ItemOut[@parentLineNumber]")


def payload_name(root: Element) -> str:
    """Name what is in the envelope: OrderRequest, PunchOutOrderMessage."""
    for envelope in ("Request", "Message", "Response"):
        content = root.find(envelope)
        if content is not None:
            names = [str(child.tag) for child in content if child.tag != "Status"]
            return names[0] if names else envelope
    return "file without a request"


def read_order_request(root: Element, *, file: str, area: Area | None) -> Received:
    """Read a new order; a change or a cancellation of an earlier one is refused."""
    side = area or Area.SALES
    document = Node(root, {}, file)
    header = document.first(HEADER)
    _refuse_changes(header)
    currency = header.currency(_currency(document), "currency")
    lines = [_line(node, side, currency) for node in document.all(f"{ORDER}/ItemOut")]
    return Received(
        kind="cXML OrderRequest",
        number=header.attribute(".", "orderID"),
        area=side,
        document_type=_document_type(header),
        document_date=header.day_in("orderDate"),
        due_date=None,
        currency=currency,
        counterparty=_party(document, header, side),
        description=header.text("Comments"),
        totals=_totals(document, header, currency, lines),
        lines=lines,
    )


def _refuse_changes(header: Node) -> None:
    kind = header.attribute(".", "type") or "new"
    if kind != "new":
        reason = _("is a change of an earlier order; only new orders are imported")
        raise header.refused("OrderRequestHeader type", reason, value=kind)


def _document_type(header: Node) -> DocumentType:
    is_blanket = header.attribute(".", "orderType") == "blanket"
    return DocumentType.BLANKET_ORDER if is_blanket else DocumentType.ORDER


def _currency(document: Node) -> str:
    return document.attribute(f"{HEADER}/{TOTAL}", "currency") or document.attribute(
        f"{ORDER}/ItemOut/ItemDetail/UnitPrice/Money", "currency"
    )


def _party(document: Node, header: Node, side: Area) -> Party:
    if side is Area.PURCHASE:
        no = document.text("Header/To/Credential/Identity")
        return Party(no=no, name=no)
    no = document.text("Header/From/Credential/Identity")
    return Party(no=no, name=header.text("BillTo/Address/Name", "ShipTo/Address/Name") or no)


def _line(line: Node, side: Area, currency: str) -> StatedLine:
    ours, theirs = "ItemID/SupplierPartID", "ItemID/BuyerPartID"
    if side is Area.PURCHASE:
        ours, theirs = theirs, ours
    return StatedLine(
        item_no=line.text(ours, theirs),
        description=line.text("ItemDetail/Description", "ItemDetail/Description/ShortName"),
        quantity=line.number_in("quantity"),
        price=line.price("ItemDetail/UnitPrice/Money", currency),
        base_quantity=_base_quantity(line),
        amount=None,
    )


def _base_quantity(line: Node) -> Decimal | None:
    return line.first("ItemDetail/PriceBasisQuantity").number_in("quantity")


def _totals(document: Node, header: Node, currency: str, lines: list[StatedLine]) -> StatedTotals:
    total = header.money(TOTAL, currency)
    comparable = not any(any(document.all(path)) for path in OTHER_SUMS)
    return StatedTotals(
        line_sum=line_sum(lines) if comparable or total is None else None,
        lines=total,  # cXML: the cost of the items, without tax and shipping
        allowances=None,
        charges=header.money("Shipping/Money", currency),
        exclusive=None,
        inclusive=None,
        payable=None,
        tax=header.money("Tax/Money", currency),
    )
