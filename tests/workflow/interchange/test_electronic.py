"""Electronic documents: understood by their content, checked against themselves."""

from datetime import date
from decimal import Decimal

import pytest

from workflow.interchange.electronic import parse_electronic_document
from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, ImportOptions, documents_in
from workflow.statuses import Area, DocumentType

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CII = "urn:un:unece:uncefact:data:standard:"
LINE = """<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity>4</cbc:InvoicedQuantity>
  <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
  <cac:Item><cbc:Name>Chair</cbc:Name></cac:Item>
  <cac:Price><cbc:PriceAmount currencyID="EUR">50</cbc:PriceAmount>
  <cbc:BaseQuantity>2</cbc:BaseQuantity></cac:Price></cac:InvoiceLine>"""
TOTAL = """<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">99</cbc:TaxAmount></cac:TaxTotal>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">18.90</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
  <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
  <cbc:TaxExclusiveAmount currencyID="EUR">90.00</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">108.90</cbc:TaxInclusiveAmount>
  <cbc:AllowanceTotalAmount currencyID="EUR">10.00</cbc:AllowanceTotalAmount>
  <cbc:PrepaidAmount currencyID="EUR">8.90</cbc:PrepaidAmount>
  <cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount></cac:LegalMonetaryTotal>"""
PARTIES = """<cac:AccountingSupplierParty><cac:Party>
  <cac:PartyIdentification><cbc:ID>V1</cbc:ID></cac:PartyIdentification>
  <cac:PartyName><cbc:Name> Vendor
     &amp; Sons </cbc:Name></cac:PartyName></cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
  <cac:PartyName><cbc:Name>Us</cbc:Name></cac:PartyName></cac:Party></cac:AccountingCustomerParty>"""
HEAD = """<cbc:ID>INV-7</cbc:ID><cbc:IssueDate>2026-03-01+01:00</cbc:IssueDate>
  <cbc:DueDate>2026-03-31</cbc:DueDate>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"""


def ubl(content=HEAD + PARTIES + TOTAL + LINE, root="Invoice"):
    return (
        f'<{root} xmlns="{UBL}{root}-2" xmlns:cac="{UBL}CommonAggregateComponents-2"'
        f' xmlns:cbc="{UBL}CommonBasicComponents-2">{content}</{root}>'
    ).encode()


def cxml(header="", items="", kind="new", more=""):
    return f"""<?xml version="1.0"?><!DOCTYPE cXML SYSTEM "http://xml.cxml.org/1.2/cXML.dtd">
    <cXML><Header><From><Credential><Identity>buyer@x</Identity></Credential></From></Header>
    <Request><OrderRequest><OrderRequestHeader orderID="O-1" orderDate="2026-03-01T10:00:00+01:00"
    type="{kind}" {more}>{header}</OrderRequestHeader>{items}</OrderRequest></Request>
    </cXML>""".encode()


def item(quantity="2", price="5.00", currency="EUR"):
    return f"""<ItemOut quantity="{quantity}"><ItemID><SupplierPartID>S1</SupplierPartID></ItemID>
    <ItemDetail><UnitPrice><Money currency="{currency}">{price}</Money></UnitPrice>
    <Description>Chair</Description></ItemDetail></ItemOut>"""


def cii(totals, code="380"):
    return f"""<rsm:CrossIndustryInvoice xmlns:rsm="{CII}CrossIndustryInvoice:100"
    xmlns:ram="{CII}ReusableAggregateBusinessInformationEntity:100"
    xmlns:udt="{CII}UnqualifiedDataType:100"><rsm:ExchangedDocument><ram:ID>C-1</ram:ID>
    <ram:TypeCode>{code}</ram:TypeCode></rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>
    <ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:ID>V1</ram:ID>
    <ram:Name>Vendor</ram:Name></ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
    <ram:SpecifiedTradeSettlementHeaderMonetarySummation>{totals}
    </ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
    </rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()


def parsed(data, **options):
    return parse_electronic_document(data, file="in.xml", **options)


def refusal_of(data):
    with pytest.raises(ImportRefused) as refused:
        parsed(data)
    return str(refused.value)


def test_a_received_invoice_is_a_purchase_invoice_with_an_external_number():
    invoice = parsed(ubl())

    assert (invoice.area, invoice.document_type) == (Area.PURCHASE, DocumentType.INVOICE)
    assert (invoice.number, invoice.external_document_no) == ("INV-7", "INV-7")
    assert (invoice.document_date, invoice.due_date) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (invoice.counterparty_no, invoice.counterparty_name) == ("V1", "Vendor & Sons")


def test_prepayments_and_allowances_are_understood():
    invoice = parsed(ubl())

    assert (invoice.amount, invoice.amount_including_vat) == (90, Decimal("108.90"))
    assert (invoice.currency, invoice.amount_lcy) == ("EUR", None)


def test_the_price_of_a_base_quantity_becomes_a_unit_price():
    (line,) = parsed(ubl()).lines

    assert (line.line_no, line.description) == (10000, "Chair")
    assert (line.quantity, line.unit_price, line.amount) == (4, 25, 100)


def test_an_invoice_with_a_credit_note_code_is_a_credit_memo():
    head = HEAD + "<cbc:InvoiceTypeCode>381</cbc:InvoiceTypeCode>"

    assert parsed(ubl(head + TOTAL + LINE)).document_type is DocumentType.CREDIT_MEMO


def test_a_price_is_used_in_full_where_the_line_has_no_amount():
    line = """<cac:OrderLine><cac:LineItem><cbc:Quantity>16000</cbc:Quantity><cac:Price>
      <cbc:PriceAmount currencyID="EUR">0.00101</cbc:PriceAmount></cac:Price></cac:LineItem>
      </cac:OrderLine>"""

    order = parsed(ubl("<cbc:ID>1</cbc:ID>" + line, root="Order"))

    assert (order.area, order.document_type) == (Area.SALES, DocumentType.ORDER)
    assert (order.amount, order.currency) == (Decimal("16.16"), "EUR")


def test_the_other_side_of_a_document_is_the_counterparty_when_the_area_is_said():
    assert parsed(ubl(), area=Area.SALES).counterparty_name == "Us"


def test_area_requester_and_local_currency_reach_electronic_documents():
    options = ImportOptions(area=Area.SALES, requester="ANN", local_currency="EUR")

    (document,) = documents_in([GivenFile(name="in.xml", data=ubl())], options)

    assert (document.area, document.requester, document.currency) == (Area.SALES, "ANN", "")
    assert (document.amount_lcy, document.amount_including_vat_lcy) == (90, Decimal("108.90"))


def test_one_bad_file_among_good_ones_imports_nothing():
    good = GivenFile(name="good.xml", data=ubl())
    bad = GivenFile(name="bad.xml", data=ubl(root="Reminder"))

    with pytest.raises(ImportRefused, match=r"^bad\.xml: is a UBL Reminder"):
        documents_in([good, bad])


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        (
            ">90.00<",
            ">9.00<",
            "in.xml: UBL Invoice INV-7: its totals contradict each other: 9.0000 without",
        ),
        (">108.90<", ">1108.90<", "1108.9000 with VAT, but 90.0000 and 18.9000 VAT are 108.9000"),
        (
            ">100.00</cbc:LineExtensionAmount>\n  <cac:Item>",
            ">900.00</cbc:LineExtensionAmount><cac:Item>",
            "but the lines add up to 900",
        ),
        (
            'PayableAmount currencyID="EUR"',
            'PayableAmount currencyID="USD"',
            'in.xml, PayableAmount: "USD" is not EUR, the document\'s currency',
        ),
        (">108.90<", ">1e3<", 'in.xml, TaxInclusiveAmount: "1e3" is not a number'),
        (">108.90<", ">108.90001<", 'TaxInclusiveAmount: "108.90001" has more than 4 decimals'),
        (">108.90<", ">" + "9" * 30 + "<", "is too large"),
        ("2026-03-31", "31.03.2026", 'in.xml, DueDate: "31.03.2026" is not a date'),
        ("<cbc:ID>INV-7</cbc:ID>", "", "in.xml: the UBL Invoice has no number"),
        (">EUR</cbc:Doc", ">euros</cbc:Doc", '"euros" is not a currency code'),
    ],
)
def test_an_invoice_that_contradicts_itself_is_refused(old, new, refusal):
    data = ubl().decode()

    assert data.replace(old, new) != data
    assert refusal in refusal_of(data.replace(old, new).encode())


def test_older_danish_documents_state_the_vat_where_others_state_the_amount_without_it():
    total = """<cac:QuotedMonetaryTotal>
      <cbc:LineExtensionAmount currencyID="DKK">200</cbc:LineExtensionAmount>
      <cbc:TaxExclusiveAmount currencyID="DKK">50</cbc:TaxExclusiveAmount>
      <cbc:TaxInclusiveAmount currencyID="DKK">250</cbc:TaxInclusiveAmount>
      <cbc:PayableAmount currencyID="DKK">250</cbc:PayableAmount></cac:QuotedMonetaryTotal>"""

    quote = parsed(ubl("<cbc:ID>Q-1</cbc:ID>" + total, root="Quotation"))

    assert (quote.area, quote.document_type) == (Area.PURCHASE, DocumentType.QUOTE)
    assert (quote.amount, quote.amount_including_vat) == (200, 250)


def test_trailing_zeros_are_no_extra_decimals():
    data = ubl().replace(b">108.90<", b">108.900000<")

    assert parsed(data).amount_including_vat == Decimal("108.90")


def test_a_document_without_any_amount_is_refused():
    head = "<cbc:ID>1</cbc:ID><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"

    assert "names no amount" in refusal_of(ubl(head, root="Order"))
    assert "names no currency" in refusal_of(ubl("<cbc:ID>1</cbc:ID>", root="Order"))


def test_a_cxml_order_is_a_sales_order_of_the_buyer():
    order = parsed(cxml("<Total><Money currency='EUR'>10.00</Money></Total>", item()))

    assert (order.area, order.document_type, order.number) == ("sales", "order", "O-1")
    assert (order.counterparty_no, order.document_date) == ("buyer@x", date(2026, 3, 1))
    assert (order.amount, order.lines[0].item_no, order.lines[0].amount) == (10, "S1", 10)


def test_cxml_tax_and_shipping_come_on_top_of_the_total():
    header = """<Total><Money currency="EUR">10</Money></Total>
      <Shipping><Money currency="EUR">3</Money></Shipping>
      <Tax><Money currency="EUR">2</Money></Tax>"""

    order = parsed(cxml(header, item()))

    assert (order.amount, order.amount_including_vat) == (13, 15)


def test_a_cxml_order_without_a_total_costs_what_its_lines_cost():
    assert parsed(cxml("", item() + item("1", "0.5"))).amount == Decimal("10.5")


def test_a_cxml_total_that_its_lines_do_not_make_is_refused():
    header = "<Total><Money currency='EUR'>1.00</Money></Total>"

    assert "but the lines add up to 10" in refusal_of(cxml(header, item()))


@pytest.mark.parametrize("kind", ["update", "delete"])
def test_a_change_of_a_cxml_order_is_refused(kind):
    assert "is a change of an earlier order" in refusal_of(cxml(items=item(), kind=kind))


def test_a_cxml_blanket_order_is_a_blanket_order():
    order = parsed(cxml(items=item(), more='orderType="blanket"'))

    assert order.document_type is DocumentType.BLANKET_ORDER


def test_a_cii_invoice_without_lines_gets_one_line():
    totals = """<ram:TaxBasisTotalAmount>100</ram:TaxBasisTotalAmount>
      <ram:TaxTotalAmount currencyID="EUR">21</ram:TaxTotalAmount>
      <ram:GrandTotalAmount>121</ram:GrandTotalAmount>
      <ram:DuePayableAmount>121</ram:DuePayableAmount>"""

    invoice = parsed(cii(totals))

    assert (invoice.amount, invoice.amount_including_vat, invoice.currency) == (100, 121, "EUR")
    assert [(line.amount, line.description) for line in invoice.lines] == [(100, invoice.number)]
    assert parsed(cii(totals, code="381")).document_type is DocumentType.CREDIT_MEMO


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"UNA:+.?*'\nUNB+UNOW:4'", "an EDIFACT message"),
        (b"UNB+UNOA:1'", "an EDIFACT message"),
        (b"ISA*00*", "an ANSI X12 message"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04", "a spreadsheet or zip archive"),
        (ubl(root="OrderResponse"), "a UBL OrderResponse"),
        (ubl(root="DebitNote"), "a UBL DebitNote"),
        (b"<cXML><Message><PunchOutOrderMessage/></Message></cXML>", "a cXML PunchOutOrderMessage"),
        (b"<cXML><Response><Status/></Response></cXML>", "a cXML Response"),
        (b"<cXML/>", "a cXML file without a request"),
        (b"<Invoice><ID>1</ID></Invoice>", "XML of a kind we do not know (its root is Invoice)"),
        (f'<Invoice xmlns="{UBL}Invoice-1.0"/>'.encode(), "XML of a kind we do not know"),
    ],
)
def test_other_kinds_are_refused_by_name_with_what_is_supported(data, what):
    refusal = refusal_of(data)

    assert refusal.startswith(f"in.xml: is {what}")
    assert refusal.endswith(
        "supported are UBL 2 Order, Invoice, CreditNote and Quotation, "
        "CII invoices and cXML OrderRequest"
    )
