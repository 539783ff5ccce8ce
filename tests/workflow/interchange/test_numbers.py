"""Numbers and dates: read exactly as declared, or refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.interchange.errors import NotReadable
from workflow.interchange.numbers import LARGEST, NumberFormat, day, limit, number

POINT, COMMA = NumberFormat.POINT, NumberFormat.COMMA


@pytest.mark.parametrize(
    ("text", "written", "amount"),
    [
        ("0", POINT, "0"),
        ("1234", POINT, "1234"),
        ("1234.56", POINT, "1234.56"),
        ("-1234.5678", POINT, "-1234.5678"),
        ("1,234.56", POINT, "1234.56"),
        ("1,234,567", POINT, "1234567"),
        ("-12,50", COMMA, "-12.50"),
        ("1234,56", COMMA, "1234.56"),
        ("1.234,56", COMMA, "1234.56"),
        ("1.234.567", COMMA, "1234567"),
        ("12.345.678,9012", COMMA, "12345678.9012"),
        ("99999999999999.9999", POINT, "99999999999999.9999"),
    ],
)
def test_a_number_is_read_in_the_declared_format(text, written, amount):
    assert number(text, written) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1234,56", POINT),  # would be 1.234,56 elsewhere
        ("1.234,56", POINT),
        ("1,234", POINT),  # one thousand or one and a bit: nobody can tell
        ("1,23.45", POINT),
        ("12,34,567.00", POINT),
        ("0,123.45", POINT),
        ("1234.56", COMMA),
        ("1.234", COMMA),
        ("1,234.56", COMMA),
        ("1.23,45", COMMA),
    ],
)
def test_a_number_in_the_other_format_is_never_guessed_at(text, written):
    with pytest.raises(NotReadable, match="declared format"):
        number(text, written)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "1e3", "NaN", "Infinity", "-", "+5", "--5", "1_000", " 12", "12 ", "€ 5", "5-"),
        *("١٢", "\uff11\uff12", "1 234.50", "1'234.50", ".5", "5.", "0x10", "1.2.3", "1\n", "=1+1"),
    ],
)
@pytest.mark.parametrize("written", [POINT, COMMA])
def test_what_is_no_number_is_refused(text, written):
    with pytest.raises(NotReadable):
        number(text, written)


def test_more_decimals_than_are_kept_are_refused():
    with pytest.raises(NotReadable, match="more than 4 decimals"):
        number("1.00001", POINT)


@pytest.mark.parametrize("text", ["100000000000000", "9" * 40])
def test_a_number_the_tables_cannot_hold_is_refused(text):
    with pytest.raises(NotReadable, match="too large"):
        number(text, POINT)


def test_the_largest_number_fits_the_tables():
    assert int(LARGEST * 10_000) < 2**63


def test_zero_has_no_sign():
    assert str(number("-0.00", POINT)) == "0.00"


@given(st.decimals(min_value=-LARGEST, max_value=LARGEST, places=4), st.sampled_from(NumberFormat))
def test_every_amount_is_read_back_as_it_was_written(amount, written):
    grouped, plain = f"{amount:,.4f}", f"{amount:.4f}"
    if written is COMMA:
        swap = str.maketrans(",.", ".,")
        grouped, plain = grouped.translate(swap), plain.translate(swap)

    assert number(grouped, written) == number(plain, written) == amount


@given(st.text(max_size=20), st.sampled_from(NumberFormat))
def test_any_text_is_a_number_or_is_refused(text, written):
    try:
        amount = number(text, written)
    except NotReadable:
        return
    assert amount.is_finite()
    assert text.isascii()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Decimal(0)),
        ("unlimited", None),
        ("Unlimited", None),
        ("0", Decimal(0)),
        ("500", Decimal(500)),
    ],
)
def test_a_limit_is_a_number_unlimited_or_nothing(text, expected):
    assert limit(text, POINT) == expected


def test_a_limit_below_zero_is_refused():
    with pytest.raises(NotReadable, match="below zero"):
        limit("-1", POINT)


def test_a_date_is_read_in_iso_form():
    assert day("2026-02-28") == date(2026, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["28-02-2026", "2026-02-30", "20260228", "2026-W09-6", "2026-2-8", "28/02/2026", "٢٠٢٦-٠٢-٢٨"],
)
def test_a_date_in_another_form_is_refused(text):
    with pytest.raises(NotReadable, match="not a date"):
        day(text)
