"""Amounts and moments keep their exact value, or are refused."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from db.columns import AmountOutOfRange, TooManyDecimals, from_units, to_units
from db.tables import approval_comments, counterparties
from workflow.counterparties import Counterparty
from workflow.due_dates import NaiveMoment
from workflow.statuses import Area

HIGHEST = Decimal(2**63 - 1).scaleb(-4)


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_an_amount_comes_back_as_it_was(units):
    amount = Decimal(units).scaleb(-4)

    assert to_units(amount) == units
    assert from_units(units) == amount


@pytest.mark.parametrize(
    ("units", "shown"),
    [(0, "0"), (10_000_000, "1000"), (10_005_000, "1000.50"), (1250, "0.1250"), (-100, "-0.01")],
)
def test_an_amount_is_written_as_people_write_it(units, shown):
    assert str(from_units(units)) == shown


@pytest.mark.parametrize(
    "amount", [Decimal("1.00001"), Decimal("1E-5"), Decimal("1." + "0" * 30 + "1")]
)
def test_more_than_four_decimals_are_refused(amount):
    with pytest.raises(TooManyDecimals):
        to_units(amount)


@pytest.mark.parametrize(
    "amount", [HIGHEST + 1, -HIGHEST - 1, Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999")]
)
def test_what_is_no_storable_amount_is_refused(amount):
    with pytest.raises(AmountOutOfRange):
        to_units(amount)


def test_the_highest_amount_can_be_stored(uow):
    vendor = Counterparty(area=Area.PURCHASE, number="V1", exposure_lcy=HIGHEST)
    with uow:
        uow.parties.save_counterparty(vendor)
        uow.commit()

    with uow:
        assert uow.parties.counterparty(Area.PURCHASE, "V1") == vendor


def test_the_database_adds_amounts_exactly(engine, uow):
    with uow:
        for number in range(10):
            uow.parties.save_counterparty(
                Counterparty(area=Area.SALES, number=str(number), exposure_lcy=Decimal("0.1"))
            )
        uow.commit()

    with engine.connect() as connection:
        total = connection.scalar(sa.select(sa.func.sum(counterparties.c.exposure_lcy)))

    assert total == Decimal(1)


def test_a_moment_comes_back_in_utc(engine, received):
    received()
    in_amsterdam = datetime(2026, 7, 1, 14, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    comment = {"document_id": 1, "run_no": 0, "user_id": "ANN", "text": "?", "at": in_amsterdam}
    with engine.begin() as connection:
        connection.execute(sa.insert(approval_comments), comment)
        at = connection.scalar(sa.select(approval_comments.c.at))

    assert at == in_amsterdam
    assert at.utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused(engine):
    naive = datetime(2026, 7, 1)  # noqa: DTZ001 - that is the point
    comment = {"document_id": 1, "run_no": 0, "user_id": "ANN", "text": "?", "at": naive}
    with engine.connect() as connection, pytest.raises(NaiveMoment):
        connection.execute(sa.insert(approval_comments), comment)


def test_a_document_with_five_decimals_is_refused_in_words_fit_to_show(uow, new_document):
    with pytest.raises(TooManyDecimals, match=r"1\.00001 has more than 4 decimals"), uow:
        uow.documents.add(new_document(amount=Decimal("1.00001")))
