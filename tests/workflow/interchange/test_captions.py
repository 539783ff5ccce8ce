"""Files with Business Central's captions are read as they are, in English and in Dutch."""

from decimal import Decimal

import pytest

from workflow.interchange.captions import CAPTIONS, OURS, UNLIMITED
from workflow.interchange.column_mappings import KNOWN_COLUMNS, FileKind
from workflow.interchange.csv_files import column_name
from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, ImportOptions, documents_in, users_in
from workflow.statuses import Area, DocumentType

ENGLISH = (
    "User ID;Salespers./Purch. Code;Approver ID;Purchase Amount Approval Limit;"
    "Unlimited Purchase Approval;Sales Amount Approval Limit;Unlimited Sales Approval;"
    "Substitute;E-Mail;Phone No.;Approval Administrator"
)
DUTCH = (
    "Gebruikers-id;Verkopers-/inkoperscode;Fiatteur-id;Limiet voor goedkeuring inkoopbedrag;"
    "Onbeperkte goedkeuring van inkopen;Limiet voor goedkeuring verkoopbedrag;"
    "Onbeperkte goedkeuring van verkopen;Vervanger;E-mail;Telefoonnr.;"
    "Beheerder goedkeuringssysteem"
)
BOTH = pytest.mark.parametrize(
    ("header", "yes", "no"), [(ENGLISH, "Yes", "No"), (DUTCH, "Ja", "Nee")], ids=["en", "nl"]
)


def read(content, kind=users_in, **options):
    file = GivenFile(name="x.csv", data=content.encode())
    return kind(file if kind is users_in else [file], ImportOptions(**options))


@BOTH
def test_users_as_business_central_shows_them(header, yes, no):
    content = f"{header}\nBOB;B;CID;1000;{no};0;{yes};DEE;bob@example.com;555;{no}\n"
    (bob,) = read(content.replace("E-mail;", "E-Mail;"))

    assert bob.user_id == "BOB"
    assert bob.fields == {
        "salesperson_purchaser_code": "B",
        "approver": "CID",
        "purchase_limit": Decimal(1000),
        "sales_limit": None,
        "substitute": "DEE",
        "email": "bob@example.com",
        "phone": "555",
        "administrator": False,
    }


@BOTH
def test_a_limit_beside_unlimited_is_refused_in_the_files_own_words(header, yes, no):
    content = f"{header}\nBOB;B;CID;1000;{yes};0;{no};DEE;b@example.com;555;{no}\n"
    mark = column_name(header.split(";")[4])

    with pytest.raises(ImportRefused, match=rf"row 2, {mark}: says unlimited, but the limit is 1"):
        read(content)


@pytest.mark.parametrize(
    ("header", "refusal"),
    [
        ("User ID;user_id", "row 1: the columns user id and user_id both say user_id; leave one"),
        ("User ID;E-Mail;E-mail address", "the columns e-mail and e-mail address both say email"),
        ("User ID;Aprover ID", "row 1, aprover id: the column is not known; did you mean approver"),
        ("User ID;Colour", "row 1, colour: the column is not known; known are user_id, full_name"),
        ("Approver ID;Substitute", "its columns are not those of users: approver id, substitute"),
    ],
)
def test_unknown_and_doubled_columns_are_named(header, refusal):
    with pytest.raises(ImportRefused) as refused:
        read(f"{header}\n")
    assert refusal in refused.value.message


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("No.;Document Type;Buy-from Vendor No.;Buy-from Vendor Name;Currency Code", "Credit Memo"),
        (
            "Nr.;Documentsoort;Inkoop van leveranciersnr.;Inkoop van leveranciersnaam;Valutacode",
            "Creditnota",
        ),
    ],
)
def test_documents_as_business_central_shows_them(header, kind):
    amount = "Bedrag" if "Nr." in header else "Amount"
    content = f"{header};{amount}\nPC-1;{kind};V10;Desks & Co;;400\n"
    (document,) = read(content, documents_in, area=Area.PURCHASE)

    assert (document.number, document.document_type) == ("PC-1", DocumentType.CREDIT_MEMO)
    assert (document.counterparty_no, document.counterparty_name) == ("V10", "Desks & Co")
    assert document.amount == Decimal(400)


def test_lines_belong_to_documents_by_their_captions_too():
    headers = GivenFile(name="h.csv", data=b"No.;Document Type;Amount\nPO-1;Order;400\n")
    lines = GivenFile(
        name="l.csv",
        data=b"Document No.;Line No.;No.;Description;Quantity;Direct Unit Cost;Line Amount\n"
        b"PO-1;10000;DESK;A desk;2;200;400\n",
    )
    (document,) = documents_in([headers, lines], ImportOptions(area=Area.PURCHASE))

    (line,) = document.lines
    assert (line.item_no, line.description, line.amount) == ("DESK", "A desk", Decimal(400))


def test_a_pair_wins_over_a_caption():
    (document,) = read(
        "No.;Document Type;Amount;Netto\nPO-1;Order;484;400\n",
        documents_in,
        area=Area.PURCHASE,
        pairs={"amount": "netto"},
    )

    assert document.amount == Decimal(400)


@pytest.mark.parametrize("kind", list(FileKind))
def test_every_caption_stands_for_a_column_of_ours_and_for_one_only(kind):
    captions = [column_name(way) for ways in CAPTIONS[kind].values() for way in ways]

    assert len(captions) == len(set(captions))
    assert set(OURS[kind].values()) - set(UNLIMITED) == set(KNOWN_COLUMNS[kind])
