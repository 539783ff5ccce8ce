"""What exactly was approved: a hash of the fields that matter, and which fields those are."""

import hashlib
import json
import unicodedata
from decimal import Decimal

from workflow.documents import Document

# Fields that Business Central lets nobody change unless the status is Open (tables 36 to 39).
_LOCKED_IN_BC = """
    amount amount_including_vat amount_lcy amount_including_vat_lcy currency lines line quantity
    vendor customer counterparty counterparty_no counterparty_name buy_from_vendor pay_to_vendor
    sell_to_customer bill_to_customer contact buy_from_contact pay_to_contact sell_to_contact
    bill_to_contact vendor_template customer_template payment_discount payment_discount_pct
    shipment_method location location_code prices_including_vat invoice_discount
    invoice_disc_code invoice_discount_code gen_bus_posting_group vat_bus_posting_group tax_area
    tax_liable prepmt_payment_discount responsibility_center promised_receipt_date
    doc_amount_vat customer_disc_group vat_base_discount company_bank_account shipping_agent
    shipping_agent_service shipping_advice requested_delivery_date promised_delivery_date
    shipping_time outbound_whse_handling_time allow_line_disc assigned_user_id
    type item_no no unit_cost unit_cost_lcy direct_unit_cost unit_price line_discount
    line_discount_pct line_discount_amount line_amount allow_invoice_disc job job_task
    job_line_type indirect_cost gen_prod_posting_group vat_prod_posting_group tax_group prepayment
    prepayment_pct prepayment_amount variant variant_code unit_of_measure safety_lead_time
    shipment_date work_type purchasing_code bank_account
"""
SIGNIFICANT_FIELDS = frozenset(_LOCKED_IN_BC.split())


def is_significant(field: str) -> bool:
    """Whether an approval is worth nothing any more when this field changes."""
    return field in SIGNIFICANT_FIELDS


def content_hash(document: Document) -> str:
    """SHA-256 over the significant fields; equal content gives equal hashes (invariant I-27)."""
    return _hash({**_terms(document), **_amounts(document)})


def terms_hash(document: Document) -> str:
    """The same without amounts and quantities: what has to stay when only the amount may fall."""
    return _hash(_terms(document))


def _terms(document: Document) -> dict[str, object]:
    return {
        "document": str(document.key),
        "counterparty": document.counterparty_no,
        "name": document.counterparty_name,
        "currency": document.currency,
        "items": [
            [line.line_no, line.line_type, line.item_no, line.description]
            for line in document.lines
        ],
        "more": {
            name: value for name, value in document.more.items() if value and is_significant(name)
        },
    }


def _amounts(document: Document) -> dict[str, object]:
    return {
        "amount": plain(document.amount),
        "including": plain(document.amount_including_vat),
        "lcy": plain(document.amount_lcy),
        "including_lcy": plain(document.amount_including_vat_lcy),
        "lines": [
            [plain(line.quantity), plain(line.unit_price), plain(line.amount)]
            for line in document.lines
        ],
    }


def plain(amount: Decimal) -> str:
    """One text per amount: 1, 1.0 and 1.00 are the same, and so are 0 and -0."""
    return f"{amount:z.4f}"


def _hash(content: dict[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    canonical = unicodedata.normalize("NFC", text)
    return hashlib.sha256(f"countersign/document/v1\0{canonical}".encode()).hexdigest()
