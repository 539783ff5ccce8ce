"""Who is asked: every approver type with every limit type, and every way it can fail."""

from dataclasses import replace
from decimal import Decimal

import pytest

from people import BOB, CID, EVA, Setup, cast, order, person, workflow
from workflow.approvers import plan_approvers
from workflow.errors import (
    ApproverChainLoops,
    ApproverNotSet,
    GroupEmpty,
    GroupMemberNotInSetup,
    NoQualifiedApprover,
    SalespersonPurchaserCodeMissing,
    SalespersonPurchaserNotInSetup,
    UserNotInSetup,
)
from workflow.options import BC
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType, Reason

APPROVER, PERSON, GROUP = (
    ApproverType.APPROVER,
    ApproverType.SALESPERSON_PURCHASER,
    ApproverType.USER_GROUP,
)
CHAIN, DIRECT, FIRST, SPECIFIC = (
    ApproverLimitType.CHAIN,
    ApproverLimitType.DIRECT,
    ApproverLimitType.FIRST_QUALIFIED,
    ApproverLimitType.SPECIFIC,
)


def planned(setup, document=None, **overrides):
    """Sequence number and name of everybody who is asked."""
    definition = overrides.pop("definition", None) or workflow(**overrides)
    plan = plan_approvers(document or order(), definition, "ANN", setup)
    return [(approver.sequence_no, approver.user) for approver in plan.approvers]


def skipped(setup, document=None, **overrides):
    plan = plan_approvers(document or order(), workflow(**overrides), "ANN", setup)
    return [(one.user, one.why) for one in plan.skipped]


# --- Business Central's worked examples ----------------------------------------------------

U_A1_A2 = Setup(
    person("ANN", 100, approver="A1"),
    person("A1", 1000, approver="A2", salesperson_purchaser_code="P"),
    person("A2", None),
    person("X"),
    groups={
        "ROW": [("A1", 1), ("A2", 2), ("X", 3)],
        "FLAT": [("A1", 1), ("A2", 1), ("X", 1)],
    },
)
WORKED = [
    (APPROVER, CHAIN, {}, [(1, "ANN"), (2, "A1"), (3, "A2")]),
    (APPROVER, DIRECT, {}, [(1, "A1")]),
    (APPROVER, FIRST, {}, [(1, "ANN"), (2, "A2")]),
    (APPROVER, SPECIFIC, {"specific_approver": "X"}, [(1, "X")]),
    (PERSON, CHAIN, {}, [(1, "A1"), (2, "A2")]),
    (PERSON, DIRECT, {}, [(1, "A1")]),
    (PERSON, FIRST, {}, [(1, "A2")]),
    (PERSON, SPECIFIC, {"specific_approver": "A2"}, [(1, "A1"), (2, "A2")]),
    (GROUP, CHAIN, {"group": "ROW"}, [(1, "A1"), (2, "A2"), (3, "X")]),
    (GROUP, CHAIN, {"group": "FLAT"}, [(1, "A1"), (1, "A2"), (1, "X")]),
]


@pytest.mark.parametrize("options", [{}, {"options": BC}], ids=["product", "bc"])
@pytest.mark.parametrize(("approver_type", "limit_type", "more", "expected"), WORKED)
def test_the_worked_examples_come_out_as_in_the_manual(
    approver_type, limit_type, more, expected, options
):
    document = order(8000, salesperson_purchaser_code="P")

    asked = planned(
        U_A1_A2, document, approver_type=approver_type, limit_type=limit_type, **more, **options
    )

    assert asked == expected


@pytest.mark.parametrize(
    ("amount", "chain"),
    [
        (100, [(1, "ANN")]),
        ("100.01", [(1, "ANN"), (2, "A1")]),
        (1000, [(1, "ANN"), (2, "A1")]),
        ("1000.01", [(1, "ANN"), (2, "A1"), (3, "A2")]),
    ],
)
def test_the_chain_is_as_long_as_the_amount_needs(amount, chain):
    assert planned(U_A1_A2, order(amount)) == chain


def test_the_chain_stops_at_the_first_sufficient_approver_whoever_stands_above():
    taller = Setup(*U_A1_A2.by_id(), person("A3", None))
    taller.change("A2", approver="A3")

    assert planned(taller, order(8000)) == planned(U_A1_A2, order(8000))


def test_the_salesperson_who_is_sufficient_is_the_only_one_asked():
    document = order(900, salesperson_purchaser_code="P")

    for limit_type in (CHAIN, FIRST):
        asked = planned(U_A1_A2, document, approver_type=PERSON, limit_type=limit_type)
        assert asked == [(1, "A1")]


def test_everybody_planned_has_a_reason_and_his_limit():
    plan = plan_approvers(order(8000), workflow(), "ANN", U_A1_A2)

    assert [(approver.reason, approver.limit) for approver in plan.approvers] == [
        (Reason.REQUESTER, Decimal(100)),
        (Reason.CHAIN, Decimal(1000)),
        (Reason.SUFFICIENT, None),
    ]


# --- every refusal -------------------------------------------------------------------------

REFUSALS = [
    ("no code", {"approver_type": PERSON}, "", {}, SalespersonPurchaserCodeMissing),
    ("unknown code", {"approver_type": PERSON}, "Z", {}, SalespersonPurchaserNotInSetup),
    ("requester unknown", {}, "", {"ANN": None}, ApproverNotSet),
    ("chain ends", {}, "", {"CID": {"purchase_limit": Decimal(0)}}, NoQualifiedApprover),
    ("chain ends in nobody", {}, "", {"BOB": {"approver": "GONE"}}, ApproverNotSet),
    (
        "circle",
        {},
        "",
        {"CID": {"purchase_limit": Decimal(0), "approver": "BOB"}},
        ApproverChainLoops,
    ),
    ("direct, requester unknown", {"limit_type": DIRECT}, "", {"ANN": None}, UserNotInSetup),
    ("direct, none set", {"limit_type": DIRECT}, "", {"ANN": {"approver": ""}}, ApproverNotSet),
    ("direct, unknown", {"limit_type": DIRECT}, "", {"BOB": None}, ApproverNotSet),
    (
        "specific unknown",
        {"limit_type": SPECIFIC, "specific_approver": "GONE"},
        "",
        {},
        UserNotInSetup,
    ),
    (
        "group, requester unknown",
        {"approver_type": GROUP, "group": "G"},
        "",
        {"ANN": None},
        UserNotInSetup,
    ),
    ("group empty", {"approver_type": GROUP, "group": "NONE"}, "", {}, GroupEmpty),
    (
        "member unknown",
        {"approver_type": GROUP, "group": "G"},
        "",
        {"BOB": None},
        GroupMemberNotInSetup,
    ),
]


@pytest.mark.parametrize("options", [{}, {"options": BC}], ids=["product", "bc"])
@pytest.mark.parametrize(
    ("fields", "code", "changes", "error"),
    [row[1:] for row in REFUSALS],
    ids=[row[0] for row in REFUSALS],
)
def test_a_missing_name_or_authority_is_a_refusal_of_its_own(fields, code, changes, error, options):
    setup = cast()
    setup.groups = {"G": [("BOB", 1)]}
    for user_id, values in changes.items():
        if values is None:
            del setup.people[user_id]
        else:
            setup.change(user_id, **values)
    document = order(5000, salesperson_purchaser_code=code)

    with pytest.raises(error):
        planned(setup, document, **fields, **options)


def test_a_circle_is_left_as_soon_as_somebody_in_it_has_the_authority():
    setup = cast(cid={"approver": "BOB"})

    assert planned(setup, order(5000)) == [(1, "ANN"), (2, "BOB"), (3, "CID")]


# --- the requester's own authority ---------------------------------------------------------

UNLIMITED_ANN = {"purchase_limit": None, "approver": "CID", "salesperson_purchaser_code": "A"}
ADMIN_ANN = {"approver": "", "administrator": True}


@pytest.mark.parametrize(
    ("self_approval", "fields", "ann", "expected"),
    [
        ("within_limit", {}, UNLIMITED_ANN, [(1, "ANN")]),
        ("never", {}, UNLIMITED_ANN, [(1, "ANN"), (2, "CID")]),
        ("as_bc", {}, UNLIMITED_ANN, [(1, "ANN")]),
        ("within_limit", {"limit_type": FIRST}, UNLIMITED_ANN, [(1, "ANN")]),
        ("never", {"limit_type": FIRST}, UNLIMITED_ANN, [(1, "ANN"), (2, "CID")]),
        ("within_limit", {"approver_type": PERSON}, UNLIMITED_ANN, [(1, "ANN")]),
        ("never", {"approver_type": PERSON}, UNLIMITED_ANN, [(1, "ANN"), (2, "CID")]),
        (
            "within_limit",
            {"approver_type": PERSON, "limit_type": DIRECT},
            UNLIMITED_ANN,
            [(1, "EVA")],
        ),
        ("as_bc", {"approver_type": PERSON, "limit_type": DIRECT}, UNLIMITED_ANN, [(1, "ANN")]),
        ("within_limit", {"limit_type": DIRECT}, ADMIN_ANN, [(1, "EVA")]),
        ("as_bc", {"limit_type": DIRECT}, ADMIN_ANN, [(1, "ANN")]),
        ("within_limit", {"limit_type": SPECIFIC, "specific_approver": "ANN"}, {}, [(1, "EVA")]),
        ("never", {"limit_type": SPECIFIC, "specific_approver": "ANN"}, {}, [(1, "EVA")]),
        ("as_bc", {"limit_type": SPECIFIC, "specific_approver": "ANN"}, {}, [(1, "ANN")]),
        ("within_limit", {"approver_type": GROUP, "group": "G"}, {}, [(1, "BOB")]),
        ("never", {"approver_type": GROUP, "group": "G"}, {}, [(1, "BOB")]),
        ("as_bc", {"approver_type": GROUP, "group": "G"}, {}, [(1, "ANN"), (1, "BOB")]),
    ],
)
def test_own_authority_counts_only_where_the_workflow_says_so(self_approval, fields, ann, expected):
    setup = cast(ann=ann)
    setup.groups = {"G": [("ANN", 1), ("BOB", 1)]}
    document = order(salesperson_purchaser_code="A")

    assert planned(setup, document, self_approval=self_approval, **fields) == expected


def test_where_own_authority_never_counts_an_administrator_with_authority_closes_the_chain():
    top = {"purchase_limit": None, "approver": ""}

    assert planned(
        cast(ann=top, finn={"purchase_limit": None}), order(5000), self_approval="never"
    ) == [(1, "ANN"), (2, "FINN")]
    with pytest.raises(NoQualifiedApprover):
        planned(cast(ann=top), order(5000), self_approval="never")


def test_a_user_who_is_his_own_approver_is_sufficient_only_as_in_business_central():
    setup = cast(ann={"approver": "ANN"})

    assert planned(setup, definition=workflow(options=BC)) == [(1, "ANN")]
    with pytest.raises(ApproverChainLoops):
        planned(setup)


# --- who is left out -----------------------------------------------------------------------


def test_an_editor_in_the_chain_is_passed_over_and_the_chain_goes_on():
    edited = order(500, editors=frozenset({"BOB"}))

    assert planned(cast(), edited) == [(1, "ANN"), (2, "CID")]
    assert skipped(cast(), edited) == [("BOB", "editor")]
    assert planned(cast(), edited, options=BC) == [(1, "ANN"), (2, "BOB")]


def test_an_editor_at_the_top_is_replaced_by_an_administrator_with_authority():
    edited = order(5000, editors=frozenset({"CID"}))

    assert planned(cast(finn={"purchase_limit": None}), edited)[-1] == (3, "FINN")
    with pytest.raises(NoQualifiedApprover):
        planned(cast(), edited)


def test_the_requester_may_edit_the_own_document_and_still_submit_it():
    assert planned(cast(), order(editors=frozenset({"ANN"}))) == [(1, "ANN"), (2, "BOB")]


def test_a_person_named_twice_is_asked_once():
    document = order(salesperson_purchaser_code="B")
    fields = {"approver_type": PERSON, "limit_type": SPECIFIC, "specific_approver": "BOB"}

    assert planned(cast(), document, **fields) == [(1, "BOB")]
    assert skipped(cast(), document, **fields) == [("BOB", "asked already")]
    assert planned(cast(), document, **fields, one_approval_per_person=False) == [
        (1, "BOB"),
        (2, "BOB"),
    ]


def test_if_nobody_remains_the_first_administrator_other_than_the_requester_is_asked():
    fields = {"limit_type": SPECIFIC, "specific_approver": "ANN"}

    assert planned(cast(ann={"administrator": True}), **fields) == [(1, "EVA")]
    assert planned(cast(), order(editors=frozenset({"EVA"})), **fields) == [(1, "FINN")]


def test_if_nobody_remains_and_there_is_no_administrator_sending_is_refused():
    setup = cast(eva={"administrator": False}, finn={"administrator": False})

    with pytest.raises(NoQualifiedApprover):
        planned(setup, limit_type=SPECIFIC, specific_approver="ANN")


# --- a stage that wants so many signatures -------------------------------------------------

TWO = {"approver_type": GROUP, "group": "G", "stage_rule": "2"}


def with_group(*members, **changes):
    setup = cast(**changes)
    setup.groups = {"G": list(members)}
    return setup


@pytest.mark.parametrize(
    ("members", "editors", "expected"),
    [
        ([("BOB", 1), ("CID", 1)], [], [(1, "BOB"), (1, "CID")]),
        ([("ANN", 1), ("BOB", 1)], [], [(1, "BOB"), (1, "EVA")]),
        ([("BOB", 1), ("CID", 1)], ["BOB", "CID"], [(1, "EVA"), (1, "FINN")]),
        ([("ANN", 1), ("BOB", 1), ("CID", 1)], [], [(1, "BOB"), (1, "CID")]),
        ([("ANN", 1), ("EVA", 1)], [], [(1, "EVA"), (1, "FINN")]),
        ([("BOB", 1), ("ANN", 2), ("CID", 2)], [], [(1, "BOB"), (2, "CID"), (2, "EVA")]),
        ([("ANN", 1), ("BOB", 2)], [], [(1, "EVA"), (2, "BOB")]),
        ([("BOB", 1)], [], [(1, "BOB")]),
    ],
)
@pytest.mark.parametrize("once", [True, False])
def test_administrators_sign_for_members_who_may_not(members, editors, expected, once):
    document = order(editors=frozenset(editors))
    asked = planned(with_group(*members), document, **TWO, one_approval_per_person=once)

    assert sorted(asked) == expected


def test_without_enough_administrators_two_signatures_are_not_to_be_had():
    setup = with_group(("ANN", 1), ("EVA", 1), finn={"administrator": False})

    with pytest.raises(NoQualifiedApprover):
        planned(setup, **TWO)


@pytest.mark.parametrize("stage_rule", ["all", "any"])
def test_all_or_any_means_those_who_may_be_asked(stage_rule):
    setup = with_group(("ANN", 1), ("BOB", 1))

    assert planned(setup, **{**TWO, "stage_rule": stage_rule}) == [(1, "BOB")]


# --- authority -----------------------------------------------------------------------------


def covered(limit, amount, **overrides):
    """Whether a purchaser with that limit ends the chain alone, before unlimited Cid."""
    bob = replace(BOB, purchase_limit=limit)
    document = order(amount, salesperson_purchaser_code="B", **overrides.pop("document", {}))
    fields = {"approver_type": PERSON, "limit_type": CHAIN, **overrides}
    return planned(Setup(bob, CID, EVA), document, **fields) == [(1, "BOB")]


@pytest.mark.parametrize(
    ("limit", "amount", "enough"),
    [
        (1000, "1000", True),
        (1000, "1000.01", False),
        (1000, "1000.0001", False),
        (0, "0", False),
        (0, "0.01", False),
        (None, "999999999", True),
        (1000, "-1000", True),
        (1000, "-1000.01", False),
        (0, "-5", False),
    ],
)
def test_a_limit_covers_up_to_and_including_itself_and_zero_covers_nothing(limit, amount, enough):
    assert covered(None if limit is None else Decimal(limit), amount) is enough


def test_in_business_central_every_negative_amount_is_below_every_limit():
    assert covered(Decimal(1000), "-5000", negative_amounts="as_bc")
    assert not covered(Decimal(0), "-5000", negative_amounts="as_bc")


def test_the_amount_in_local_currency_is_compared_whatever_the_currency():
    foreign = {"currency": "USD", "amount_lcy": Decimal(1000)}

    assert covered(Decimal(1000), "1200", document=foreign)
    assert not covered(Decimal(1000), "900", document={**foreign, "amount_lcy": Decimal(1001)})


@pytest.mark.parametrize(("basis", "enough"), [("excluding_vat", True), ("including_vat", False)])
def test_the_amount_basis_of_the_workflow_decides_about_vat(basis, enough):
    vat = {"amount_including_vat": Decimal(1089), "amount_including_vat_lcy": Decimal(1089)}

    assert covered(Decimal(1000), "900", document=vat, amount_basis=basis) is enough


@pytest.mark.parametrize(
    ("area", "document_type", "field"),
    [
        (Area.PURCHASE, DocumentType.QUOTE, "request_limit"),
        (Area.PURCHASE, DocumentType.ORDER, "purchase_limit"),
        (Area.PURCHASE, DocumentType.CREDIT_MEMO, "purchase_limit"),
        (Area.SALES, DocumentType.QUOTE, "sales_limit"),
        (Area.SALES, DocumentType.ORDER, "sales_limit"),
    ],
)
def test_each_kind_of_document_has_its_limit(area, document_type, field):
    nothing = person("ANN", 0, approver="CID")
    setup = Setup(replace(nothing, **{field: Decimal(500)}), CID)
    document = order(500, area=area, document_type=document_type)

    assert planned(setup, document, area=area, document_type=document_type) == [(1, "ANN")]
    setup.people["ANN"] = replace(person("ANN", None, approver="CID"), **{field: Decimal("499.99")})
    assert planned(setup, document, area=area, document_type=document_type)[-1] == (2, "CID")
