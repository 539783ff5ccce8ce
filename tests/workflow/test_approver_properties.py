"""What holds for every approver chain, in any organisation, for any amount (I-03 to I-09)."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from organisations import NAMES, documents, groups, organisations, workflows
from people import Setup, actor, person
from workflow.approvers import ApproverPlan, plan_approvers
from workflow.cases import Case
from workflow.definitions import WorkflowKind
from workflow.errors import WorkflowError
from workflow.options import BC
from workflow.requests import approver_plan, send_approval_request
from workflow.statuses import ApproverLimitType, ApproverType, Area

papers = documents("PO-1", Area.PURCHASE)
people_and_groups = st.builds(lambda people, members: (people, members), organisations(), groups)
product = workflows("P", Area.PURCHASE).map(
    lambda one: replace(one, kind=WorkflowKind.APPROVAL, credit_limit_check=False)
)
business_central = product.map(lambda one: replace(one, options=BC))
any_workflow = product | business_central
picky = settings(suppress_health_check=[HealthCheck.filter_too_much])
moneys = st.decimals(min_value=0, max_value=10_000, places=2)


def planned(document, definition, people, members=()):
    """The plan, or the class of the refusal."""
    setup = Setup(*people, groups={"G": list(members)})
    try:
        return plan_approvers(document, definition, "ANN", setup)
    except WorkflowError as refusal:
        return type(refusal)


def priced(document, amount):
    """The same document with that amount everywhere."""
    fields = ("amount", "amount_lcy", "amount_including_vat", "amount_including_vat_lcy")
    line = replace(document.lines[0], unit_price=amount, amount=amount)
    return replace(document, lines=(line,), **dict.fromkeys(fields, amount))


@given(people_and_groups, any_workflow, papers)
def test_every_approver_graph_gives_a_plan_or_a_refusal_with_a_name(company, definition, document):
    """I-08, circles included."""
    found = planned(document, definition, *company)

    if isinstance(found, ApproverPlan):
        assert found.approvers
        known = {user.user_id for user in company[0]}
        own = {"ANN"} if definition.compares_limits else set()
        assert {one.user for one in found.approvers} <= known | own
    else:
        assert found.code not in {"", WorkflowError.code}


@picky
@given(people_and_groups, product, papers)
def test_nobody_is_planned_who_may_not_decide(company, definition, document):
    """I-10 and I-17 before anything is sent."""
    found = planned(document, definition, *company)
    assume(isinstance(found, ApproverPlan))

    names = [one.user for one in found.approvers]
    assert len(names) == len(set(names))
    asked = [one.user for one in found.approvers if one.reason != "requester"]
    assert not {"ANN", *document.editors} & set(asked)


@given(people_and_groups, product, papers, moneys, moneys)
def test_a_higher_amount_never_shortens_the_chain(company, definition, document, one, other):
    """I-04; a refusal is longer than every chain."""
    low, high = sorted((one, other))
    cheap = planned(priced(document, low), definition, *company)
    dear = planned(priced(document, high), definition, *company)

    if isinstance(dear, ApproverPlan) and definition.limit_type is ApproverLimitType.CHAIN:
        assert isinstance(cheap, ApproverPlan)
        assert len(cheap.approvers) <= len(dear.approvers)


@picky
@given(people_and_groups, product, papers, st.data())
def test_somebody_above_the_first_sufficient_approver_changes_nothing(
    company, definition, document, data
):
    """I-05."""
    people, members = company
    chain = replace(
        definition, approver_type=ApproverType.APPROVER, limit_type=ApproverLimitType.CHAIN
    )
    found = planned(document, chain, people, members)
    assume(isinstance(found, ApproverPlan))
    assume(found.approvers[-1].reason == "sufficient")
    top = found.approvers[-1].user
    above = data.draw(st.sampled_from(NAMES).filter(lambda name: name != top))
    higher = [replace(user, approver=above) if user.user_id == top else user for user in people]

    assert planned(document, chain, higher, members) == found


@given(people_and_groups, any_workflow, papers, st.sampled_from(["", "USD", "JPY"]))
def test_the_currency_does_not_matter_where_the_local_amount_is_the_same(
    company, definition, document, currency
):
    """I-06."""
    other = replace(document, currency=currency, amount=document.amount * 100)

    assert planned(other, definition, *company) == planned(document, definition, *company)


@given(people_and_groups, product, papers)
def test_a_credit_of_the_same_amount_needs_the_same_people(company, definition, document):
    """I-07."""
    credit = replace(
        document,
        amount=-document.amount,
        amount_lcy=-document.amount_lcy,
        amount_including_vat=-document.amount_including_vat,
        amount_including_vat_lcy=-document.amount_including_vat_lcy,
    )

    assert planned(credit, definition, *company) == planned(document, definition, *company)


@given(st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2), papers, product)
def test_a_limit_covers_itself_and_not_a_cent_more(limit, document, definition):
    """I-03."""
    chain = replace(
        definition,
        approver_type=ApproverType.APPROVER,
        limit_type=ApproverLimitType.CHAIN,
        options=replace(definition.options, self_approval="never"),
    )
    people = [person("ANN", approver="BOB"), person("BOB", limit, approver="CID"), person("CID")]
    people[2] = person("CID", None)
    document = replace(document, editors=frozenset())

    def last(amount):
        return planned(priced(document, amount), chain, people).approvers[-1].user

    assert last(limit) == "BOB"
    assert last(limit + Decimal("0.01")) == "CID"


@given(people_and_groups, any_workflow, papers)
def test_sending_asks_whom_the_plan_named_or_is_refused_for_the_same_reason(
    company, definition, document
):
    """I-09."""
    people, members = company
    setup = Setup(*people, groups={"G": members})
    case = Case(document=document, workflow=definition, actor=actor(), setup=setup)
    said = attempt(approver_plan, case)
    sent = attempt(send_approval_request, case)

    if isinstance(said, ApproverPlan):
        planned_ones = [(one.user, one.sequence_no, one.reason) for one in said.approvers]
        assert planned_ones == [(e.approver, e.sequence_no, e.reason) for e in document.run.entries]
    else:
        assert sent == said


def attempt(do, case):
    """The answer, or the message of the refusal."""
    try:
        return do(case)
    except WorkflowError as refusal:
        return str(refusal)


@given(people_and_groups, product, papers, st.permutations(NAMES))
def test_renaming_everybody_renames_the_plan(company, definition, document, order_of_names):
    """Nothing depends on how people are called, as long as nobody is chosen by name."""
    people, members = company
    new = {"": "", "GONE": "GONE", "ANN": "ANN"}
    rest = [name for name in order_of_names if name != "ANN"]
    new |= dict(zip([name for name in NAMES if name != "ANN"], rest, strict=True))
    renamed = [
        replace(
            user,
            user_id=new[user.user_id],
            approver=new[user.approver],
            substitute=new[user.substitute],
            administrator=False,
        )
        for user in people
    ]
    plain = [replace(user, administrator=False) for user in people]
    flat = [(name, 1 + index) for index, (name, _) in enumerate(members)]
    other = replace(definition, specific_approver=new[definition.specific_approver])
    moved = replace(document, editors=frozenset(new[name] for name in document.editors))

    found = planned(document, definition, plain, flat)
    again = planned(moved, other, renamed, [(new[name], number) for name, number in flat])
    if isinstance(found, ApproverPlan):
        assert [new[one.user] for one in found.approvers] == [one.user for one in again.approvers]
    else:
        assert found is again
