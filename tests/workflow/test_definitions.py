"""Which documents a workflow concerns, and what it needs before it may be enabled."""

from decimal import Decimal

import pytest

from people import Setup, cast, order, workflow
from workflow.date_formulas import BadDateFormula, NegativeDateFormula
from workflow.definitions import Conditions, WorkflowKind
from workflow.documents import DocumentLine
from workflow.enabling import check_complete, check_unique, warnings
from workflow.errors import WorkflowDuplicate, WorkflowIncomplete, WorkflowNotFound
from workflow.options import PRODUCT
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType
from workflow.workflow_templates import TEMPLATES, template

MATCHES = [
    ({}, True),
    ({"min_amount": Decimal(500)}, True),
    ({"min_amount": Decimal("500.01")}, False),
    ({"max_amount": Decimal(500)}, True),
    ({"max_amount": Decimal("499.99")}, False),
    ({"currency": "USD"}, True),
    ({"currency": ""}, False),
    ({"counterparty_no": "V-10"}, True),
    ({"counterparty_no": "V-11"}, False),
    ({"salesperson_purchaser_code": "B"}, True),
    ({"salesperson_purchaser_code": "C"}, False),
    ({"line_type": "item"}, True),
    ({"line_type": "account"}, True),
    ({"line_type": "resource"}, False),
    ({"item_no": "CHAIR"}, True),
    ({"line_type": "account", "item_no": "CHAIR"}, False),
]


@pytest.mark.parametrize(("conditions", "expected"), MATCHES)
def test_a_document_has_to_meet_every_condition_and_one_line_the_line_conditions(
    conditions, expected
):
    lines = (
        DocumentLine(line_no=1, item_no="CHAIR"),
        DocumentLine(line_no=2, line_type="account", item_no="8100"),
    )
    document = order(500, currency="USD", salesperson_purchaser_code="B", lines=lines)

    assert Conditions(**conditions).match(document, PRODUCT) is expected


@pytest.mark.parametrize(("needs_lines", "expected"), [(True, False), (False, True)])
def test_a_document_without_lines_is_a_matter_of_the_workflow(needs_lines, expected):
    conditions = Conditions(needs_lines=needs_lines)

    assert conditions.match(order(lines=()), PRODUCT) is expected


@pytest.mark.parametrize(
    ("conditions", "absolute", "as_bc"),
    [({"min_amount": Decimal(500)}, True, False), ({"max_amount": Decimal(499)}, False, True)],
)
def test_a_negative_amount_counts_by_its_size_except_as_in_business_central(
    conditions, absolute, as_bc
):
    def matches(negative_amounts):
        definition = workflow(
            conditions=Conditions(**conditions), negative_amounts=negative_amounts
        )
        return definition.matches(order(-500))

    assert (matches("absolute"), matches("as_bc")) == (absolute, as_bc)


@pytest.mark.parametrize(
    ("conditions", "local", "as_bc"),
    [
        ({"min_amount": Decimal(1000)}, True, False),
        ({"max_amount": Decimal(1000)}, False, True),
        ({"min_amount": Decimal(1000), "currency": "KWD"}, False, False),
        ({"max_amount": Decimal(1000), "currency": "KWD"}, True, True),
    ],
)
def test_amounts_of_conditions_are_local_or_in_the_currency_they_name(conditions, local, as_bc):
    """Nine hundred dinars are thousands of euros, which somebody has to approve."""

    def matches(condition_amounts):
        definition = workflow(
            conditions=Conditions(**conditions), condition_amounts=condition_amounts
        )
        return definition.matches(order(900, currency="KWD", amount_lcy=Decimal(2700)))

    assert (matches("local"), matches("as_bc")) == (local, as_bc)


def test_a_workflow_is_for_one_kind_of_document():
    assert workflow().matches(order())
    assert not workflow().matches(order(area=Area.SALES))
    assert not workflow().matches(order(document_type=DocumentType.INVOICE))


# --- enabling ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"limit_type": ApproverLimitType.SPECIFIC}, "specific_approver is empty"),
        ({"approver_type": ApproverType.USER_GROUP}, "group is empty"),
        ({"kind": WorkflowKind.EXTERNAL}, "response_user is empty"),
        ({"credit_limit_check": True}, "only sales documents"),
    ],
)
def test_a_workflow_with_something_missing_cannot_be_enabled(fields, missing):
    with pytest.raises(WorkflowIncomplete, match=missing):
        check_complete(workflow(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"limit_type": ApproverLimitType.SPECIFIC, "specific_approver": "CID"},
        {"approver_type": ApproverType.USER_GROUP, "group": "G"},
        {"kind": WorkflowKind.EXTERNAL, "response_user": "BOB"},
        {"due": "5D", "delegate_after": "2D"},
        {"area": Area.SALES, "credit_limit_check": True},
    ],
)
def test_a_complete_workflow_can_be_enabled(fields):
    check_complete(workflow(**fields))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"due": "soon"}, BadDateFormula),
        ({"due": "-1D"}, NegativeDateFormula),
        ({"delegate_after": "-1D"}, NegativeDateFormula),
    ],
)
def test_a_workflow_whose_dates_make_no_sense_cannot_be_enabled(fields, error):
    with pytest.raises(error):
        check_complete(workflow(**fields))


def test_two_enabled_workflows_do_not_start_on_the_same_documents():
    other = workflow(code="OTHER")

    with pytest.raises(WorkflowDuplicate, match="Purchase Header: workflow OTHER"):
        check_unique(workflow(), [other])
    check_unique(workflow(), [workflow()])  # itself
    check_unique(workflow(conditions=Conditions(currency="USD")), [other])
    with pytest.raises(WorkflowDuplicate, match="Sales Header"):
        check_unique(workflow(area=Area.SALES), [workflow(code="S", area=Area.SALES)])


def test_names_that_are_not_set_up_yet_are_warned_about():
    setup = Setup(*cast().by_id(), groups={"G": [("BOB", 1), ("GONE", 2)]})
    specific = workflow(limit_type=ApproverLimitType.SPECIFIC, specific_approver="GONE")
    group = {"approver_type": ApproverType.USER_GROUP}

    assert warnings(workflow(), setup) == []
    assert "specific approver GONE" in warnings(specific, setup)[0]
    assert warnings(workflow(**group, group="G"), setup) == [
        "Member GONE of group G is not in the approval user setup."
    ]
    assert "has no members" in warnings(workflow(**group, group="NONE"), setup)[0]


# --- templates -----------------------------------------------------------------------------


def test_there_is_a_template_for_each_kind_of_document_in_each_area():
    plain = [(one.area, one.document_type) for one in TEMPLATES if not one.credit_limit_check]

    assert sorted(plain) == sorted((area, kind) for area in Area for kind in DocumentType)


@pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.code)
def test_a_workflow_from_a_template_lacks_only_its_group(one):
    definition = one.workflow()

    assert template(one.code) is template(definition.code.lower()) is one
    if one.approver_type is ApproverType.USER_GROUP:
        with pytest.raises(WorkflowIncomplete, match="group is empty"):
            check_complete(definition)
    else:
        check_complete(definition)


def test_an_unknown_template_is_refused():
    with pytest.raises(WorkflowNotFound):
        template("MS-NOTHING")
