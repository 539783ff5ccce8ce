"""Cells that look like formulas: safe in a spreadsheet, unchanged after a round trip."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.interchange.csv_files import read_table
from workflow.interchange.formulas import exported, imported

CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30
) | st.text("'=+-@\t\r\n;,\"a1", max_size=8)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+31 20 123", "-cmd", "@SUM(A1)", "\tx", "\rx", "'=1+1", "=HYPERLINK(1)"]
)
def test_a_cell_a_spreadsheet_would_run_gets_a_quote(cell):
    assert exported(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-12,50", "-12.50", "12", "", "Bob", "O'Neill", "'t Hart", "a=b"])
def test_numbers_and_plain_words_stay_as_they_are(cell):
    assert exported(cell) == cell
    assert imported(cell) == cell


def test_exactly_one_quote_is_taken_off():
    assert imported("''=x") == "'=x"


@given(CELLS)
def test_no_exported_cell_starts_a_formula_unless_it_is_a_number(cell):
    out = exported(cell)

    assert not out.startswith(("=", "+", "@", "\t", "\r"))


@given(st.lists(CELLS, min_size=2, max_size=4))
def test_any_text_survives_export_and_import(cells):
    header = [f"column{position}" for position in range(len(cells))]
    written = io.StringIO(newline="")
    csv.writer(written).writerows([header, [exported(cell) for cell in cells]])

    table = read_table(written.getvalue().encode(), file="export.csv")

    assert list(table.rows[0].cells.values()) == cells
