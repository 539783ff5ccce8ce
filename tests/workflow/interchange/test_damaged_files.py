"""Damaged files: whatever happens to the bytes, the answer is a document or one clear line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, documents_in, users_in

ORDERS = (
    b"number,area,type,document_date,amount,currency,amount_lcy,counterparty_name\n"
    b'PO-1,purchase,order,2026-01-02,"1,234.50",USD,1000.00,"Vendor, Inc."\n'
    b"PO-2,sales,invoice,,-5,,,'=Vendor\n"
)
USERS = (
    b"user_id,full_name,purchase_limit,administrator,substitute,substitute_from\n"
    b"BOB,Bob,1000,no,DEE,2026-01-01\nCID,Cid,unlimited,yes,,\n"
)
CXML = b"""<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE cXML SYSTEM "cXML.dtd"><cXML><Request>
<OrderRequest><OrderRequestHeader orderID="O-1" orderDate="2026-03-01"><Total>
<Money currency="EUR">10.00</Money></Total></OrderRequestHeader><ItemOut quantity="2"><ItemDetail>
<UnitPrice><Money currency="EUR">5.00</Money></UnitPrice><PriceBasisQuantity quantity="1"/>
</ItemDetail></ItemOut></OrderRequest></Request></cXML>"""
PIECES = ("", "0", "9" * 30, "-", ".", ",", '"', "\n", "\xff", "\0", "<", "&", "NaN", "e9")
DAMAGE = st.sampled_from([piece.encode("latin-1") for piece in PIECES])


@st.composite
def damaged(draw, whole):
    """Replace up to three short pieces of a good file."""
    data = whole
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        data = data[:start] + draw(DAMAGE) + data[start + draw(st.integers(0, 4)) :]
    return data


def outcome_of(read, data):
    """Give what was read and the refusal, one of them empty."""
    try:
        return read(GivenFile(name="in.csv", data=data)), ""
    except ImportRefused as refusal:
        return (), str(refusal)


def is_one_line_about_the_file(refusal):
    return refusal.startswith("in.csv") and refusal.splitlines() == [refusal]


@given(damaged(ORDERS) | damaged(CXML) | st.binary(max_size=200))
def test_a_damaged_documents_file_is_read_or_refused(data):
    documents, refusal = outcome_of(lambda file: documents_in([file]), data)

    assert is_one_line_about_the_file(refusal) or not refusal
    assert all(document.number and document.amount.is_finite() for document in documents)


@given(damaged(USERS) | st.binary(max_size=200))
def test_a_damaged_users_file_is_read_or_refused(data):
    users, refusal = outcome_of(users_in, data)

    assert is_one_line_about_the_file(refusal) or not refusal
    assert all(user.user_id for user in users)


@pytest.mark.parametrize("data", [ORDERS, CXML])
def test_the_undamaged_files_are_read(data):
    assert documents_in([GivenFile(name="in", data=data)])
    assert users_in(GivenFile(name="in", data=USERS))
