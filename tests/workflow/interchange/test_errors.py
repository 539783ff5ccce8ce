"""Refusals: one line that says where to look."""

from workflow.interchange.errors import ImportRefused


def test_a_refusal_names_file_row_column_and_value():
    refusal = ImportRefused(
        "is not a number", file="orders.csv", row=17, column="amount", value="1.234,5"
    )

    assert str(refusal) == 'orders.csv, row 17, amount: "1.234,5" is not a number'


def test_a_refusal_without_a_place_in_the_file_names_the_file():
    assert (
        str(ImportRefused("has no header row", file="orders.csv"))
        == "orders.csv: has no header row"
    )


def test_a_refusal_stays_one_short_line_whatever_the_file_contains():
    value = "evil\r\nBcc: x@example.org\x1b[2J\u202e" + "a" * 500
    refusal = ImportRefused("is wrong", file="a\nb.csv", row=2, column="na\x07me", value=value)

    assert str(refusal).splitlines() == [str(refusal)]
    assert not any(character in str(refusal) for character in "\x1b\x07\u202e")
    assert len(refusal.value) <= 60
