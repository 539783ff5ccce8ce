"""The hash an approval is worth for: which edits it sees, and which spellings it does not."""

import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import actor, order
from workflow.changes import OWN_FIELDS, change_document
from workflow.content import SIGNIFICANT_FIELDS, content_hash, is_significant, terms_hash
from workflow.documents import DocumentKey, DocumentLine
from workflow.statuses import Area, DocumentType

AMOUNT_FIELDS = {name for name in OWN_FIELDS if name.startswith("amount")}
SETTLED = {*AMOUNT_FIELDS, "lines", "currency"}  # what follows from what: tested with the edits
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
words = st.text(max_size=12)
lines = st.builds(
    DocumentLine,
    line_no=st.just(1),
    line_type=st.sampled_from(["item", "account"]),
    item_no=words,
    quantity=amounts,
    unit_price=amounts,
    amount=amounts,
)


@given(lines=st.lists(lines, max_size=3), name=words, amount=amounts, note=words)
def test_what_means_the_same_hashes_the_same(lines, name, amount, note):
    document = order(amount, counterparty_name=name, lines=tuple(lines))
    same = order(
        amount * 1,
        counterparty_name=unicodedata.normalize("NFD", unicodedata.normalize("NFC", name)),
        lines=tuple(replace(line, amount=line.amount.normalize()) for line in lines),
        description=note,
        more={"your_reference": note, "location": ""},
    )

    assert content_hash(document) == content_hash(same)


@pytest.mark.parametrize(("one", "other"), [("1", "1.00"), ("1E+2", "100"), ("0", "-0.00")])
def test_an_amount_hashes_the_same_however_it_is_written(one, other):
    assert content_hash(order(one)) == content_hash(order(other))


def test_the_order_of_further_fields_does_not_matter():
    one = order(more={"location": "A", "currency_code": "B", "tax_area": "C"})
    other = order(more={"tax_area": "C", "currency_code": "B", "location": "A"})

    assert content_hash(one) == content_hash(other)


DIFFERENT = {
    **{name: Decimal(501) for name in sorted(AMOUNT_FIELDS)},
    "currency": "USD",
    "counterparty_no": "V-11",
    "counterparty_name": "Other",
    "more": {"location": "A"},
    "key": DocumentKey(Area.SALES, DocumentType.ORDER, "PO-1"),
    "lines": (),
}


@pytest.mark.parametrize(("field", "value"), DIFFERENT.items())
def test_any_difference_that_matters_hashes_differently(field, value):
    assert content_hash(order(**{field: value})) != content_hash(order())


@pytest.mark.parametrize(
    "edit",
    [
        {"line_no": 20000},
        {"item_no": "DESK"},
        {"description": "Desks"},
        {"line_type": "account"},
        {"quantity": Decimal(2)},
        {"unit_price": Decimal(1)},
        {"amount": Decimal(1)},
    ],
)
def test_any_difference_of_a_line_hashes_differently(edit):
    edited = order()
    edited.lines = (replace(edited.lines[0], **edit),)

    assert content_hash(edited) != content_hash(order())


@given(
    field=st.sampled_from(sorted(set(OWN_FIELDS) - SETTLED - {"prepayment_unpaid"})),
    more=st.sampled_from([*sorted(SIGNIFICANT_FIELDS - set(OWN_FIELDS)), "your_reference"]),
    value=st.text(min_size=1, max_size=5),
)
def test_an_edit_changes_the_hash_exactly_when_it_matters(field, more, value):
    for name in (field, more):
        document = order(counterparty_name="x" * 9)
        before = content_hash(document)
        changed = change_document(document, None, actor(), {name: value})

        assert (content_hash(document) != before) is (bool(changed) and is_significant(name))


def test_the_terms_are_what_stays_when_only_the_amount_falls():
    assert terms_hash(order(500)) == terms_hash(order(100))
    assert terms_hash(order()) != terms_hash(order(counterparty_no="V-11"))
    assert terms_hash(order()) != terms_hash(order(lines=(DocumentLine(line_no=1, item_no="X"),)))
