"""The approval user setup: what is refused, and what is only warned about."""

from datetime import timedelta
from decimal import Decimal

import pytest

from people import ANN, BOB, CAST, CID, MONDAY, person
from workflow.approval_users import raises_authority, with_fields
from workflow.errors import (
    BadValue,
    LimitAndUnlimited,
    LimitNegative,
    PhoneWithLetters,
    SelfApprover,
    SelfSubstitute,
    UnknownField,
)
from workflow.setup_checks import check_setup

THOUSAND = Decimal(1000)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"approver": "BOB"}, SelfApprover),
        ({"substitute": "BOB"}, SelfSubstitute),
        ({"purchase_limit": Decimal(-1)}, LimitNegative),
        ({"phone": "call me"}, PhoneWithLetters),
        ({"shoe_size": "46"}, UnknownField),
        ({"unlimited_purchase": True, "purchase_limit": THOUSAND}, LimitAndUnlimited),
        ({"substitute_from": MONDAY, "substitute_to": MONDAY - timedelta(days=1)}, BadValue),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(fields, error):
    with pytest.raises(error):
        with_fields(BOB, fields)


@pytest.mark.parametrize(
    ("before", "fields", "after"),
    [
        (THOUSAND, {"unlimited_purchase": True}, None),
        (THOUSAND, {"unlimited_purchase": False}, THOUSAND),
        (None, {"unlimited_purchase": False}, 0),
        (None, {"unlimited_purchase": False, "purchase_limit": THOUSAND}, THOUSAND),
        (None, {"purchase_limit": THOUSAND}, THOUSAND),
        (THOUSAND, {"purchase_limit": None}, None),
    ],
)
def test_a_limit_and_the_mark_unlimited_are_one_thing(before, fields, after):
    assert with_fields(person("BOB", before), fields).purchase_limit == after


def test_in_business_central_the_mark_unlimited_is_taken_away_first():
    with pytest.raises(LimitAndUnlimited):
        with_fields(CID, {"purchase_limit": THOUSAND}, limit_replaces_unlimited=False)
    with_fields(
        CID,
        {"purchase_limit": THOUSAND, "unlimited_purchase": False},
        limit_replaces_unlimited=False,
    )


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, ""), (0, "DEE"), (1, "DEE"), (2, "DEE"), (3, "")]
)
def test_a_substitute_stands_in_from_the_first_day_to_the_last(days, expected):
    bob = with_fields(BOB, {"substitute_from": MONDAY, "substitute_to": MONDAY + timedelta(days=2)})

    assert bob.substitute_on(MONDAY + timedelta(days=days)) == expected


def test_a_substitute_without_dates_always_stands_in():
    assert BOB.substitute_on(MONDAY) == "DEE"


@pytest.mark.parametrize(
    ("fields", "raised"),
    [
        ({"purchase_limit": Decimal("1000.01")}, True),
        ({"sales_limit": None}, True),
        ({"administrator": True}, True),
        ({"purchase_limit": Decimal(999)}, False),
        ({"full_name": "Robert"}, False),
    ],
)
def test_higher_limits_and_administration_are_more_authority(fields, raised):
    assert raises_authority(BOB, with_fields(BOB, fields)) is raised


def test_a_new_user_with_a_limit_has_more_authority_than_before():
    assert raises_authority(None, BOB)
    assert not raises_authority(None, ANN)
    assert not raises_authority(CID, CID)


# --- warnings ------------------------------------------------------------------------------


def texts(*people):
    return [warning.text for warning in check_setup(people)]


def test_the_cast_is_set_up_well_enough():
    problems = [warning for warning in check_setup(CAST) if warning.user_id in {"ANN", "BOB"}]

    assert problems == []


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([person("A", approver="GONE")], "A has GONE as approver, who is not in the setup"),
        ([person("A", None, substitute="GONE")], "A has GONE as substitute"),
        (
            [person("A", approver="B"), person("B", approver="A")],
            "A has an approver chain in a circle: A > B > A",
        ),
        ([person("A")], "A has no approver and no unlimited limit"),
        ([person("A", approver="B"), person("B", 9)], "chain that ends with B"),
        ([person("A", None, email="")], "A has no e-mail address"),
        ([person("A", None)], "nobody is approval administrator"),
        (
            [person("A", approver="B"), person("B", None, substitute="A")],
            "B has A as substitute, who cannot decide on his own requests",
        ),
    ],
)
def test_a_defect_of_the_approver_graph_is_a_warning(people, said):
    assert any(said in text for text in texts(*people))


def test_an_empty_setup_has_no_defects():
    assert texts() == []
