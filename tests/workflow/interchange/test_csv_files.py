"""CSV files: whole and well-formed, or refused with the row."""

import pytest

from workflow.interchange.csv_files import Caps, read_table
from workflow.interchange.errors import ImportRefused


def cells(data, **options):
    return [tuple(row.cells.values()) for row in read_table(data, file="in.csv", **options).rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_the_header(delimiter):
    data = f"number{delimiter}amount\r\nA{delimiter}1\r\n".encode()

    assert cells(data) == [("A", "1")]


def test_a_delimiter_between_quotes_separates_nothing():
    assert cells(b'number;"a,mount"\nA;1\n') == [("A", "1")]


def test_two_possible_delimiters_are_not_guessed_between():
    with pytest.raises(ImportRefused, match="has commas and semicolons in its header"):
        cells(b"number;a,mount\nA;1\n")
    assert cells(b"number;a,mount\nA;1\n", delimiter=";") == [("A", "1")]


def test_a_byte_order_mark_is_no_part_of_the_first_column():
    assert read_table(b"\xef\xbb\xbfNumber,Amount\n", file="in.csv").header == ("number", "amount")


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    table = read_table(b'a,b\n"two\nlines",1\n\nx,2\n', file="in.csv")

    assert [row.number for row in table.rows] == [2, 4]


def test_a_file_that_is_not_utf_8_is_refused_with_its_row():
    data = "name,city\nBob,Utrecht\nJosé,Málaga\n".encode("latin-1")

    with pytest.raises(ImportRefused, match=r"^in\.csv, row 3: is not UTF-8"):
        cells(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "has no header row"),
        (b"\n\n", "has no header row"),
        (b"a,A\n1,2\n", "in.csv, row 1, a: the column stands there twice"),
        (b"a,\n1,2\n", "row 1: a column has no name"),
        (b"a,b\n1,2\n3\n", "row 3: the row has 1 cells, the header has 2"),
        (b"a,b\n1,2,3\n", "row 2: the row has 3 cells, the header has 2"),
        (b"a,b\n1,\x002\n", "row 2, b: has a NUL character"),
        (b"a\x00,b\n1,2\n", "row 1: has a NUL character; this is not a text file"),
        (b'a,b\n1,"2\n', "row 2: is not well-formed CSV"),
        (b'a,b\n1,"2"3\n', "row 2: is not well-formed CSV"),
    ],
)
def test_a_malformed_file_is_refused(data, reason):
    with pytest.raises(ImportRefused) as refusal:
        cells(data)

    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("caps", "reason"),
    [
        (Caps(size=3), "larger than"),
        (Caps(rows=1), "more than 1 rows"),
        (Caps(columns=1), "more than 1 columns"),
        (Caps(cell=2), "longer than 2 characters"),
    ],
)
def test_a_file_that_is_too_much_is_refused(caps, reason):
    with pytest.raises(ImportRefused, match=reason):
        cells(b"a,b\n1,2\n3,456\n", caps=caps)


def test_a_cell_too_long_for_the_csv_reader_is_refused_too():
    with pytest.raises(ImportRefused, match="row 2: is not well-formed CSV"):
        cells(b"a,b\n1," + b"x" * 200_000)
