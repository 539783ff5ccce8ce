"""Documents in files: complete, adding up, and all of them or none."""

from datetime import date
from decimal import Decimal

import pytest

from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, ImportOptions, documents_in
from workflow.interchange.numbers import NumberFormat
from workflow.statuses import Area, DocumentType

HEADER = "number,area,type,amount\n"
LINES = "number,line_no,type,item_no,description,quantity,unit_price,amount\n"


def documents(text, lines=None, **options):
    given = [GivenFile(name="orders.csv", data=text.encode())]
    if lines is not None:
        given.append(GivenFile(name="lines.csv", data=lines.encode()))
    return documents_in(given, ImportOptions(**options))


def refusal_of(text, lines=None, **options):
    with pytest.raises(ImportRefused) as refused:
        documents(text, lines, **options)
    return str(refused.value)


def test_a_document_is_read_with_every_column():
    (document,) = documents(
        "number,area,type,document_date,due_date,amount,amount_including_vat,currency,amount_lcy,"
        "salesperson_purchaser_code,counterparty_no,counterparty_name,requester,"
        "external_document_no,description\n"
        "PO-1,purchase,order,2026-01-02,2026-02-01,100.00,121.00,USD,80.00,"
        "BOB,V1,Vendor,ANN,X9,Chairs\n"
    )

    assert (document.area, document.document_type) == (Area.PURCHASE, DocumentType.ORDER)
    assert (document.document_date, document.due_date) == (date(2026, 1, 2), date(2026, 2, 1))
    assert (document.amount, document.amount_including_vat) == (100, 121)
    assert (document.amount_lcy, document.amount_including_vat_lcy) == (80, Decimal("96.80"))
    assert (document.currency, document.requester, document.row) == ("USD", "ANN", 2)
    assert (document.counterparty_no, document.external_document_no) == ("V1", "X9")


def test_a_header_without_lines_gets_one_line_with_its_whole_amount():
    (document,) = documents(HEADER + "PO-1,purchase,order,12.50\n")

    (line,) = document.lines
    assert (line.line_no, line.quantity, line.unit_price, line.amount) == (
        *(10000, 1),
        *(Decimal("12.50"), Decimal("12.50")),
    )


@pytest.mark.parametrize(
    ("columns", "values", "called"),
    [
        ("description,external_document_no,", "Two desks,Q-22,", "Two desks"),
        ("description,external_document_no,", ",Q-22,", "Q-22"),
        ("", "", "PO-1"),
    ],
)
def test_that_line_is_called_as_the_document_is_and_never_as_its_vendor(columns, values, called):
    header = f"{columns}counterparty_name,number,area,type,amount\n"

    (document,) = documents(f"{header}{values}Desks Ltd,PO-1,purchase,order,12.50\n")

    assert [line.description for line in document.lines] == [called]


def test_lines_come_from_a_second_file_in_any_order():
    lines = LINES + "PO-1,20000,charge,,Freight,1,5,5\nPO-1,10000,,A1,Chair,2,10,20\n"

    (document,) = documents(HEADER + "PO-1,purchase,order,25\n", lines)

    assert [(line.line_no, line.line_type) for line in document.lines] == [
        (10000, "item"),
        (20000, "charge"),
    ]


def test_an_amount_left_out_is_the_sum_of_the_lines():
    lines = LINES + "PO-1,10000,item,A1,Chair,3,0.3333,\n"

    (document,) = documents(HEADER + "PO-1,purchase,order,\n", lines)

    assert document.amount == Decimal("0.9999")


def test_local_currency_amounts_are_the_document_amounts():
    (document,) = documents(HEADER + "PO-1,purchase,order,5\n")

    assert (document.currency, document.amount_lcy, document.amount_including_vat_lcy) == ("", 5, 5)


def test_the_companys_own_currency_is_the_local_currency():
    text = "number,area,type,amount,currency\nPO-1,purchase,order,5,EUR\n"

    assert documents(text, local_currency="EUR")[0].currency == ""
    assert documents(text)[0].amount_lcy is None


def test_area_and_requester_from_the_command_line_win():
    (document,) = documents(
        "number,area,type,amount,requester\nX,purchase,order,5,BOB\n",
        area=Area.SALES,
        requester="ANN",
    )

    assert (document.area, document.requester) == (Area.SALES, "ANN")


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ("PO-1,purchase,order,1.234,5", "row 3: the row has 5 cells"),
        ('PO-1,purchase,order,"1.234,5"', 'orders.csv, row 3, amount: "1.234,5" is not a number'),
        ("PO-1,buying,order,1", 'row 3, area: "buying" is neither purchase nor sales'),
        ("PO-1,purchase,Order,1", 'row 3, type: "Order" is not a document type'),
        ("PO-1,purchase,order,1.00001", "has more than 4 decimals"),
        ("PO-1,purchase,order,", 'row 3, amount: "" is no amount'),
        (",purchase,order,1", 'row 3, number: "" is empty'),
        (
            "PO-0,purchase,order,1",
            'row 3, number: "PO-0" is the Purchase order that stands in row 2',
        ),
    ],
)
def test_a_bad_row_is_refused_by_row_column_and_value(row, refusal):
    assert refusal in refusal_of(HEADER + "PO-0,purchase,order,1\n" + row + "\n")


def test_the_same_number_may_stand_for_documents_of_two_types():
    both = documents(HEADER + "1,purchase,order,1\n1,purchase,invoice,1\n1,sales,order,1\n")

    assert len(both) == 3


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        (
            "PO-1,1,item,A,x,1,24,24",
            '"25" is the amount of PO-1, but its lines in lines.csv add up to 24',
        ),
        (
            "PO-1,1,item,A,x,1,25,25\nPO-9,1,item,A,x,1,1,1",
            'lines.csv, row 3, number: "PO-9" is no document',
        ),
        ("PO-1,1,item,A,x,1,20,20\nPO-1,1,item,A,x,1,5,5", '"1" stands in row 2 of lines.csv too'),
        ("PO-1,1,thing,A,x,1,25,25", 'row 2, type: "thing" is not a line type'),
        ("PO-1,0,item,A,x,1,25,25", 'row 2, line_no: "0" is not a line number'),
        ("PO-1,²,item,A,x,1,25,25", 'row 2, line_no: "²" is not a line number'),
        ("PO-1,1,item,A,x,1.5,0.3333,", "quantity times unit price has more than 4 decimals"),
    ],
)
def test_lines_that_do_not_fit_are_refused(lines, refusal):
    assert refusal in refusal_of(HEADER + "PO-1,purchase,order,25\n", LINES + lines + "\n")


def test_lines_that_could_belong_to_two_documents_are_refused():
    text = HEADER + "1,purchase,order,1\n1,sales,order,1\n"

    assert '"1" is more than one document' in refusal_of(text, LINES + "1,1,item,A,x,1,1,1\n")


def test_a_local_amount_that_contradicts_the_amount_is_refused():
    text = "number,area,type,amount,amount_lcy\nPO-1,purchase,order,5,6\n"

    assert 'row 2, amount_lcy: "6" differs from 5' in refusal_of(text)


def test_other_column_names_are_paired_on_the_command_line():
    text = "doc,side,kind,net,clerk\nPO-1,purchase,order,5,BOB\n"
    pairs = {"number": "doc", "area": "side", "type": "kind", "amount": "net"}

    assert documents(text, pairs=pairs)[0].number == "PO-1"
    assert "amount=nett fits no column" in refusal_of(text, pairs={**pairs, "amount": "nett"})
    assert "its columns are not those of documents or lines" in refusal_of(text)


def test_text_that_looks_like_mail_headers_stays_text():
    name = "Vendor\r\nBcc: everyone@example.org"
    (document,) = documents(
        f'number,area,type,amount,counterparty_name\nPO-1,purchase,order,5,"{name}"\n'
    )

    assert document.counterparty_name == name


def test_the_dutch_way_of_writing_amounts_is_declared_not_guessed():
    text = "number;area;type;amount\nPO-1;purchase;order;1.234,56\n"

    (document,) = documents(text, number_format=NumberFormat.COMMA)

    assert document.amount == Decimal("1234.56")
    assert 'row 2, amount: "1.234,56" is not a number' in refusal_of(text)


def test_one_bad_row_at_the_end_of_five_megabytes_is_named():
    filler = "x" * 60
    rows = [f"PO-{number},purchase,order,{number}.50,{filler}" for number in range(60_000)]
    rows[59_990] = f"PO-59990,purchase,order,59990.5x,{filler}"
    text = "number,area,type,amount,description\n" + "\n".join(rows)
    refusal = refusal_of(text)

    assert len(text) > 5_000_000
    assert 'orders.csv, row 59992, amount: "59990.5x" is not a number' in refusal


def test_a_document_may_have_very_many_lines():
    lines = LINES + "".join(f"PO-1,{number},item,A,x,1,1,1\n" for number in range(1, 40_001))
    (document,) = documents(HEADER + "PO-1,purchase,order,40000\n", lines)

    assert len(document.lines) == 40_000
