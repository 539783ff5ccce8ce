"""Date formulas mean what they mean in Business Central."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.date_formulas import (
    BLANK,
    BadDateFormula,
    DateFormula,
    DayTooEarly,
    DayTooLate,
    NegativeDateFormula,
    positive,
)

SIGNED_TERMS = st.tuples(
    st.sampled_from("+-"),
    st.one_of(
        st.builds("{}{}".format, st.integers(0, 9999), st.sampled_from("DWMQ")),
        st.builds("{}Y".format, st.integers(0, 9)),
        st.sampled_from(["CD", "CW", "CM", "CQ", "CY"]),
        st.builds("D{}".format, st.integers(1, 31)),
        st.builds("WD{}".format, st.integers(1, 7)),
    ),
).map("".join)
FORMULAS = st.lists(SIGNED_TERMS, max_size=5).map("".join)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def applied(text, day):
    return DateFormula.parse(text).apply(date.fromisoformat(day)).isoformat()


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("", "2026-03-10", "2026-03-10"),
        ("0D", "2026-03-10", "2026-03-10"),
        ("5D", "2026-02-26", "2026-03-03"),
        ("-1D", "2026-03-01", "2026-02-28"),
        ("1W", "2026-12-28", "2027-01-04"),
        ("-2W", "2026-03-10", "2026-02-24"),
        ("9999D", "2026-01-01", "2053-05-18"),
        ("1M", "2026-03-10", "2026-04-10"),
        ("1M", "2026-01-31", "2026-02-28"),
        ("1M", "2028-01-31", "2028-02-29"),
        ("-1M", "2026-03-31", "2026-02-28"),
        ("-1M", "2026-01-15", "2025-12-15"),
        ("12M", "2026-12-31", "2027-12-31"),
        ("2Q", "2026-08-31", "2027-02-28"),
        ("1Y", "2028-02-29", "2029-02-28"),
        ("4Y", "2028-02-29", "2032-02-29"),
    ],
)
def test_a_number_with_a_unit_moves_the_day_and_stays_within_the_month(text, day, expected):
    assert applied(text, day) == expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("CD", "2026-03-10", "2026-03-10"),
        ("CW", "2026-03-10", "2026-03-15"),  # a Tuesday
        ("CW", "2026-03-15", "2026-03-15"),  # already the Sunday
        ("-CW", "2026-03-10", "2026-03-09"),
        ("-CW", "2026-03-09", "2026-03-09"),  # already the Monday
        ("CM", "2026-02-10", "2026-02-28"),
        ("CM", "2028-02-10", "2028-02-29"),
        ("+CM", "2026-03-31", "2026-03-31"),
        ("-CM", "2026-03-31", "2026-03-01"),
        ("CQ", "2026-04-01", "2026-06-30"),
        ("CQ", "2026-12-31", "2026-12-31"),
        ("-CQ", "2026-06-30", "2026-04-01"),
        ("CY", "2026-03-10", "2026-12-31"),
        ("-CY", "2026-03-10", "2026-01-01"),
        ("CM", "9999-12-15", "9999-12-31"),
        ("-CM", "0001-01-15", "0001-01-01"),
    ],
)
def test_current_is_the_end_of_the_period_and_its_start_with_a_minus(text, day, expected):
    assert applied(text, day) == expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("D15", "2026-03-14", "2026-03-15"),
        ("D15", "2026-03-15", "2026-04-15"),  # the day itself does not count
        ("D15", "2026-12-20", "2027-01-15"),
        ("-D15", "2026-03-16", "2026-03-15"),
        ("-D15", "2026-03-15", "2026-02-15"),
        ("-D15", "2026-01-01", "2025-12-15"),
        ("D31", "2026-04-10", "2026-04-30"),
        ("D31", "2026-04-30", "2026-05-31"),
        ("D10", "2021-11-05", "2021-11-10"),
        ("WD1", "2026-03-09", "2026-03-16"),  # from a Monday
        ("WD7", "2026-03-09", "2026-03-15"),
        ("WD2", "2026-03-09", "2026-03-10"),
        ("-WD1", "2026-03-10", "2026-03-09"),
        ("-WD1", "2026-03-09", "2026-03-02"),
    ],
)
def test_a_named_day_is_the_next_or_the_last_one_and_never_the_day_itself(text, day, expected):
    assert applied(text, day) == expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("CQ+1M-10D", "1996-05-21", "1996-07-20"),
        ("-WD2", "1996-05-21", "1996-05-14"),
        ("CM+30D", "1996-05-21", "1996-06-30"),
        ("CM+10D", "2021-11-05", "2021-12-10"),
        ("5M-CY+7M-1D", "2021-06-15", "2021-07-31"),
        ("5M-CY+7M-1D", "2021-10-15", "2022-07-31"),
        ("3M-CQ+WD1", "2021-06-15", "2021-07-05"),
        ("1M+CM", "2026-01-31", "2026-02-28"),
    ],
)
def test_the_published_examples_of_business_central_come_out_the_same(text, day, expected):
    assert applied(text, day) == expected


def test_terms_are_worked_through_from_left_to_right():
    assert applied("1M+1D", "2026-01-31") == "2026-03-01"
    assert applied("1D+1M", "2026-01-31") == "2026-03-01"
    assert applied("1M-1D", "2026-01-30") == "2026-02-27"
    assert applied("-1D+1M", "2026-01-30") == "2026-02-28"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("", ""),
        ("   ", ""),
        ("<>", ""),
        ("5d", "5D"),
        ("+5D", "5D"),
        ("005D", "5D"),
        (" cm + 10 d ", "CM+10D"),
        ("<1M+CM>", "1M+CM"),
        ("- c w", "-CW"),
        ("1MD15", "1M+D15"),
        ("D1 5D", "D1+5D"),
        ("wd 3", "WD3"),
        ("1M\u00a0+ CM", "1M+CM"),  # a non-breaking space from a spreadsheet
    ],
)
def test_spelling_is_tolerated_and_stored_in_one_way(typed, normal):
    formula = DateFormula.parse(typed)

    assert str(formula) == normal
    assert formula.is_blank == (normal == "")
    assert (formula == BLANK) == (normal == "")


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "5",
        "D",
        "5X",
        "5D+",
        "+",
        "--1D",
        "5 5D",
        "WD0",
        "WD8",
        "D0",
        "D32",
        "C",
        "CX",
        "5WD",
        "M3",
        "1.5D",
        "10000D",
        "99999999999999999999D",
        "\u0665D",  # an Arabic-Indic five
        "<5D",
        "<<5D>>",
        "1D+2D+3D+4D+5D+6D+7D+8D+9D+10D+11D",
        "9" * 5000 + "D",
    ],
)
def test_other_text_is_refused_with_the_text_and_an_example(text):
    with pytest.raises(BadDateFormula) as refusal:
        DateFormula.parse(text)

    assert text[:32] in str(refusal.value)
    assert "5D" in str(refusal.value)
    assert len(str(refusal.value)) < 150


def test_a_number_out_of_range_is_named():
    with pytest.raises(BadDateFormula, match=r"has the number 10000, outside 0 to 9999"):
        DateFormula.parse("10000D")


@pytest.mark.parametrize("text", ["8000Y", "9999Y", "9999Y-9999Y"])
def test_a_day_after_the_year_9999_is_refused(text):
    with pytest.raises(DayTooLate, match=r"after the year 9999"):
        applied(text, "2026-03-10")


def test_a_day_before_the_year_1_is_refused():
    with pytest.raises(DayTooEarly, match=r"before the year 1"):
        applied("-9999Y", "2026-03-10")


@pytest.mark.parametrize(
    ("text", "negative"),
    [
        ("", False),
        ("5D", False),
        ("-0D", False),
        ("-1D", True),
        ("-CM", True),
        ("-CM+1M", False),
        ("-CM+30D", False),  # from the 31st: the 31st
        ("-CM+29D", True),  # from the 31st: the 30th
        ("1M-28D", False),
        ("1M-29D", True),  # in a February only
        ("2D-1D", False),
        ("-1D+2D", False),
        ("1Y-365D", False),
        ("1Y-366D", True),
        ("9999Y", False),
        ("-9999Y", True),
        ("WD1-1W", True),
        ("WD1-1D", False),
    ],
)
def test_a_formula_is_negative_when_some_day_comes_out_earlier(text, negative):
    assert DateFormula.parse(text).is_negative() is negative


def test_a_negative_due_date_formula_is_refused_in_the_words_of_business_central():
    with pytest.raises(NegativeDateFormula) as refusal:
        positive(DateFormula.parse("-1D"))

    assert str(refusal.value).startswith("Due Date Formula must be a positive value.")
    assert '"-1D"' in str(refusal.value)


def test_a_negative_formula_in_another_field_is_refused_with_that_field():
    with pytest.raises(NegativeDateFormula, match=r"^Delegate After must be a positive value\."):
        positive(DateFormula.parse("-2D"), "Delegate After")


@pytest.mark.parametrize("text", ["", "0D", "5D", "CM+10D"])
def test_a_positive_formula_passes_unchanged(text):
    formula = DateFormula.parse(text)

    assert positive(formula) is formula


def test_a_formula_that_always_leaves_the_calendar_is_no_due_date():
    with pytest.raises(DayTooLate):
        positive(DateFormula.parse("9999Y"))


@given(FORMULAS)
def test_the_normal_text_of_a_formula_reads_back_as_the_same_formula(text):
    try:
        formula = DateFormula.parse(text)
    except BadDateFormula as refusal:
        assert "longer than 32 characters" in str(refusal)  # noqa: PT017 - the only way to fail
        return

    assert DateFormula.parse(str(formula)) == formula
    assert DateFormula.parse(f"< {str(formula).lower()} >") == formula


@given(st.text(max_size=40))
def test_any_text_is_either_a_formula_or_refused_as_none(text):
    try:
        formula = DateFormula.parse(text)
    except BadDateFormula as refusal:
        assert "Write for example" in str(refusal)  # noqa: PT017 - either way is right
    else:
        assert DateFormula.parse(str(formula)) == formula


@given(DAYS, st.integers(1, 7))
def test_the_next_weekday_is_that_weekday_within_the_coming_seven_days(day, weekday):
    later = DateFormula.parse(f"WD{weekday}").apply(day)
    earlier = DateFormula.parse(f"-WD{weekday}").apply(day)

    assert later.isoweekday() == earlier.isoweekday() == weekday
    assert timedelta(0) < later - day <= timedelta(7)
    assert timedelta(0) < day - earlier <= timedelta(7)


@given(DAYS, st.sampled_from("DWMQY"))
def test_the_day_lies_between_the_start_and_the_end_of_its_period(day, unit):
    start = DateFormula.parse(f"-C{unit}").apply(day)
    end = DateFormula.parse(f"C{unit}").apply(day)

    assert start <= day <= end
    assert DateFormula.parse(f"C{unit}+1D-C{unit}").apply(day) == end + timedelta(1)
    assert DateFormula.parse(f"-C{unit}").apply(end) == start


@given(DAYS, FORMULAS)
def test_a_formula_that_is_not_negative_never_gives_an_earlier_day(day, text):
    try:
        formula = positive(DateFormula.parse(text))
        result = formula.apply(day)
    except BadDateFormula:
        return

    assert result >= day
