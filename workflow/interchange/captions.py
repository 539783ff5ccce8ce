"""Business Central's captions as the names of columns, in English and in Dutch.

A file exported there is read without `--map`; what a caption stands for depends on the file.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from workflow.interchange.column_mappings import KNOWN_COLUMNS, FileKind
from workflow.interchange.csv_files import column_name
from workflow.interchange.errors import ImportRefused
from workflow.phrases import phrase as _

UNLIMITED: Final[Mapping[str, str]] = {  # BC keeps "unlimited" in columns of its own
    "unlimited_sales": "sales_limit",
    "unlimited_purchase": "purchase_limit",
    "unlimited_request": "request_limit",
}
_USERS: Final[Mapping[str, tuple[str, ...]]] = {
    "user_id": ("User ID", "Gebruikers-id"),
    "full_name": ("Full Name", "Name", "Volledige naam", "Naam"),
    "email": ("E-Mail", "E-mail address", "E-mailadres"),
    "phone": ("Phone No.", "Telefoonnr."),
    "salesperson_purchaser_code": (
        *("Salespers./Purch. Code", "Salesperson/Purchaser Code"),
        *("Verkopers-/inkoperscode", "Code verkoper/inkoper"),
    ),
    "approver": ("Approver ID", "Fiatteur-id"),
    "substitute": ("Substitute", "Vervanger"),
    "sales_limit": ("Sales Amount Approval Limit", "Limiet voor goedkeuring verkoopbedrag"),
    "purchase_limit": ("Purchase Amount Approval Limit", "Limiet voor goedkeuring inkoopbedrag"),
    "request_limit": ("Request Amount Approval Limit", "Limiet voor goedkeuring aanvraagbedrag"),
    "unlimited_sales": ("Unlimited Sales Approval", "Onbeperkte goedkeuring van verkopen"),
    "unlimited_purchase": ("Unlimited Purchase Approval", "Onbeperkte goedkeuring van inkopen"),
    "unlimited_request": ("Unlimited Request Approval", "Onbeperkt aanvragen van goedkeuring"),
    "administrator": ("Approval Administrator", "Beheerder goedkeuringssysteem"),
}
_DOCUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("No.", "Nr."),
    "type": ("Document Type", "Documentsoort"),
    "document_date": ("Document Date", "Documentdatum"),
    "due_date": ("Due Date", "Vervaldatum"),
    "amount": ("Amount", "Bedrag"),
    "amount_including_vat": ("Amount Including VAT", "Bedrag inclusief btw", "Bedrag incl. btw"),
    "amount_lcy": ("Amount (LCY)", "Bedrag (LV)"),
    "currency": ("Currency Code", "Valutacode"),
    "salesperson_purchaser_code": (
        *("Purchaser Code", "Salesperson Code"),
        *("Inkoperscode", "Verkoperscode"),
    ),
    "counterparty_no": (
        *("Buy-from Vendor No.", "Sell-to Customer No."),
        *("Inkoop van leveranciersnr.", "Verkopen aan klantnr."),
    ),
    "counterparty_name": (
        *("Buy-from Vendor Name", "Sell-to Customer Name"),
        *("Inkoop van leveranciersnaam", "Verkopen aan klantnaam"),
    ),
    "external_document_no": ("External Document No.", "Extern documentnr."),
    "description": ("Posting Description", "Boekingsomschrijving"),
}
_LINES: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("Document No.", "Documentnr."),
    "line_no": ("Line No.", "Regelnr."),
    "type": ("Type", "Soort"),
    "item_no": ("No.", "Nr."),
    "description": ("Description", "Omschrijving"),
    "quantity": ("Quantity", "Aantal"),
    "unit_price": ("Direct Unit Cost", "Unit Price", "Directe kostprijs", "Eenheidsprijs"),
    "amount": ("Line Amount", "Line Amount Excl. VAT", "Regelbedrag", "Regelbedrag excl. btw"),
}
CAPTIONS: Final[Mapping[FileKind, Mapping[str, tuple[str, ...]]]] = {
    FileKind.USERS: _USERS,
    FileKind.DOCUMENTS: _DOCUMENTS,
    FileKind.LINES: _LINES,
}
WORDS: Final[Mapping[str, str]] = {  # document types as BC says them
    "credit memo": "credit_memo",
    "blanket order": "blanket_order",
    "return order": "return_order",
    "offerte": "quote",
    "factuur": "invoice",
    "creditnota": "credit_memo",
    "raamorder": "blanket_order",
    "retourorder": "return_order",
}


def _by_header(kind: FileKind) -> dict[str, str]:
    own = {name: name for name in KNOWN_COLUMNS[kind]}
    captions = {
        column_name(caption): ours
        for ours, ways in CAPTIONS[kind].items()
        for caption in ways
        if column_name(caption) not in own
    }
    return own | captions


OURS: Final[Mapping[FileKind, Mapping[str, str]]] = {kind: _by_header(kind) for kind in FileKind}


def columns_of(kind: FileKind, header: Collection[str], file: str) -> dict[str, str]:
    """Our names and the file's columns for them.

    Raises:
        ImportRefused: two columns say the same.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for column in header:
        if column in OURS[kind]:
            found[OURS[kind][column]].append(column)
    for ours, columns in found.items():
        if len(columns) > 1:
            reason = _(
                "the columns {first} and {second} both say {ours}; leave one of them out",
                first=columns[0],
                second=columns[1],
                ours=ours,
            )
            raise ImportRefused(reason, file=file, row=1)
    return {ours: columns[0] for ours, columns in found.items()}
