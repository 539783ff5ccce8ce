"""The four amounts of a document and its lines agree, whatever is changed by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import actor, order
from workflow.amounts import ADJUSTMENT
from workflow.changes import change_document
from workflow.documents import DocumentLine
from workflow.errors import BadValue, FieldLocked
from workflow.statuses import DocumentStatus

AMOUNTS = ("amount", "amount_including_vat", "amount_lcy", "amount_including_vat_lcy")
CHAIRS = DocumentLine(
    line_no=10000, description="Chairs", quantity=Decimal(4), unit_price=75, amount=Decimal(300)
)
DESK = DocumentLine(
    line_no=20000, description="Desk", quantity=Decimal(1), unit_price=200, amount=Decimal(200)
)


def change(document, **fields):
    given = {name: Decimal(value) if name in AMOUNTS else value for name, value in fields.items()}
    return change_document(document, None, actor(), given)


def with_vat(**overrides):
    """500 and 605 with VAT, in local currency."""
    vat = dict.fromkeys(("amount_including_vat", "amount_including_vat_lcy"), Decimal(605))
    return order(500, **vat, **overrides)


def in_dollars():
    """1,000 dollars, which are 500, and 1,210 with VAT, which are 605."""
    return order(
        1000,
        currency="USD",
        amount_lcy=Decimal(500),
        amount_including_vat=Decimal(1210),
        amount_including_vat_lcy=Decimal(605),
    )


def amounts_of(document):
    return [getattr(document, name) for name in AMOUNTS]


@pytest.mark.parametrize("name", AMOUNTS)
def test_an_amount_has_to_be_one(name):
    with pytest.raises(BadValue, match=f"{name}: 'many' is not an amount"):
        change_document(order(), None, actor(), {name: "many"})


# --- local currency ------------------------------------------------------------------------


def test_a_new_amount_takes_the_vat_and_the_local_amounts_along():
    document = with_vat()
    change(document, amount=1000)

    assert amounts_of(document) == [1000, 1210, 1000, 1210]


def test_an_amount_with_vat_alone_moves_its_local_amount_and_no_other():
    document = with_vat()
    change(document, amount_including_vat=545)

    assert amounts_of(document) == [500, 545, 500, 545]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"amount_lcy": 1}, "amount_lcy: '1' is not 500, the amount itself"),
        ({"amount": 900, "amount_lcy": 500}, "amount_lcy: '500' is not 900"),
        ({"amount_including_vat_lcy": 1}, "amount_including_vat_lcy: '1' is not 605"),
        ({"amount": 900, "lines": (CHAIRS, DESK)}, "what the lines add up to, 500"),
    ],
)
def test_values_that_contradict_each_other_are_refused(fields, why):
    document = with_vat()

    with pytest.raises(BadValue, match=why):
        change(document, **fields)
    assert amounts_of(document) == [500, 605, 500, 605]


def test_a_currency_that_becomes_the_local_one_makes_both_amounts_equal():
    document = in_dollars()
    change(document, currency="")

    assert amounts_of(document) == [1000, 1210, 1000, 1210]


def test_an_order_worth_nothing_so_far_takes_the_new_amount_everywhere():
    document = order(0)
    change(document, amount=700)

    assert amounts_of(document) == [700, 700, 700, 700]


# --- another currency ----------------------------------------------------------------------


def test_another_currency_needs_to_be_said_in_local_currency():
    document = with_vat()

    with pytest.raises(BadValue, match="needs amount_lcy, what it is in local currency"):
        change(document, currency="USD")
    change(document, currency="USD", amount_lcy=250)

    assert amounts_of(document) == [500, 605, 250, Decimal("302.5")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"amount": 2000}, [2000, 2420, 1000, 1210]),
        ({"amount": 2000, "amount_lcy": 900}, [2000, 2420, 900, 1089]),
        ({"amount_lcy": 600}, [1000, 1210, 600, 726]),
        ({"amount_including_vat": 1100}, [1000, 1100, 500, 550]),
        ({"amount_including_vat_lcy": 606}, [1000, 1210, 500, 606]),
        ({"amount": 0}, [0, 0, 0, 0]),
    ],
)
def test_the_local_amounts_keep_to_the_rate_of_the_document_or_to_the_one_that_is_said(
    fields, expected
):
    document = in_dollars()
    change(document, **fields)

    assert amounts_of(document) == expected


@pytest.mark.parametrize("name", ["amount", "amount_including_vat"])
def test_a_foreign_document_worth_nothing_has_no_rate_a_new_amount_could_follow(name):
    document = order(0, currency="USD")

    with pytest.raises(BadValue, match=f"needs {name}_lcy"):
        change(document, **{name: 900})
    assert amounts_of(document) == [0, 0, 0, 0]


def test_a_locked_document_says_so_whatever_is_wrong_with_the_value():
    with pytest.raises(FieldLocked):
        change(order(status=DocumentStatus.RELEASED), currency="USD")


# --- lines ---------------------------------------------------------------------------------


def test_the_only_line_keeps_the_whole_amount():
    document = order(500, lines=(CHAIRS,))
    change(document, amount=700)

    assert document.lines == (replace(CHAIRS, quantity=1, unit_price=700, amount=700),)


def test_several_lines_get_one_more_that_says_what_was_adjusted():
    document = order(500, lines=(CHAIRS, DESK))
    change(document, amount=450)

    assert document.lines[:2] == (CHAIRS, DESK)
    (adjustment,) = document.lines[2:]
    assert (adjustment.line_no, adjustment.description) == (30000, ADJUSTMENT)
    assert adjustment.amount == -50


def test_adjusting_again_replaces_the_adjustment_and_adjusting_back_takes_it_away():
    document = order(500, lines=(CHAIRS, DESK))
    change(document, amount=450)
    change(document, amount=480)
    assert [line.amount for line in document.lines] == [300, 200, -20]

    change(document, amount=500)
    assert document.lines == (CHAIRS, DESK)


def test_new_lines_bring_the_amount_they_add_up_to():
    document = order(100)
    change(document, lines=(CHAIRS, DESK))

    assert amounts_of(document) == [500, 500, 500, 500]


def test_lines_that_call_themselves_adjustments_are_no_reason_to_lose_all_lines():
    named = tuple(replace(line, description=ADJUSTMENT) for line in (CHAIRS, DESK))
    document = order(500, lines=named)
    change(document, amount=450)

    assert sum(line.amount for line in document.lines) == 450


# --- whatever is changed -------------------------------------------------------------------

moneys = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
lines = st.lists(
    st.builds(
        DocumentLine,
        line_no=st.integers(1, 99999),
        description=st.sampled_from(["Chairs", ADJUSTMENT]),
        amount=moneys,
    ),
    max_size=3,
).map(tuple)
edits = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(AMOUNTS, moneys),
        "lines": lines,
        "currency": st.sampled_from(["", "USD", "JPY"]),
        "description": st.just("x"),
    },
)


@st.composite
def papers(draw):
    """A document of up to three lines that add up, or of none."""
    own = draw(lines)
    amount = sum((line.amount for line in own), Decimal(0)) if own else draw(moneys)
    currency = draw(st.sampled_from(["", "USD"]))
    including, lcy, including_lcy = draw(moneys), draw(moneys), draw(moneys)
    return order(
        amount,
        lines=own,
        currency=currency,
        amount_including_vat=including,
        amount_lcy=lcy if currency else amount,
        amount_including_vat_lcy=including_lcy if currency else including,
    )


@given(papers(), st.lists(edits, min_size=1, max_size=4))
def test_after_whatever_was_accepted_the_amounts_agree(document, changes):
    for fields in changes:
        before = (amounts_of(document), document.lines, document.currency)
        try:
            change_document(document, None, actor(), fields)
        except BadValue:
            assert (amounts_of(document), document.lines, document.currency) == before
        if document.lines:
            assert sum(line.amount for line in document.lines) == document.amount
        if not document.currency:
            assert document.amount_lcy == document.amount
            assert document.amount_including_vat_lcy == document.amount_including_vat


@given(papers(), edits)
def test_what_was_accepted_is_what_was_said(document, fields):
    try:
        change_document(document, None, actor(), fields)
    except BadValue:
        return
    assert {name: getattr(document, name) for name in fields} == fields


@given(papers(), edits)
def test_saying_the_same_again_changes_nothing(document, fields):
    try:
        change_document(document, None, actor(), fields)
    except BadValue:
        return
    assert change_document(document, None, actor(), fields) == []
