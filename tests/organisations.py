"""Made-up organisations for the property tests: any approver graph, however foolish."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from people import MONDAY, order, person, workflow
from workflow.approval_users import ApprovalUser
from workflow.counterparties import Counterparty
from workflow.definitions import Conditions, WorkflowKind
from workflow.options import (
    BC,
    AmountBasis,
    ChangeWhilePending,
    Clock,
    Notices,
    Reapproval,
    Requirement,
    SelfApproval,
    UnknownCustomer,
    WorkflowOptions,
)
from workflow.statuses import ApproverLimitType, ApproverType, Area

NAMES = ("ANN", "BOB", "CID", "DEE", "EVA", "FINN")
users = st.sampled_from(NAMES)
limits = st.sampled_from([Decimal(0), Decimal(100), Decimal(1000), None])
amounts = st.sampled_from(["500", "100", "100.01", "1000", "1000.01", "5000", "-5000", "0"])
days = st.integers(-1, 5).map(lambda n: MONDAY + timedelta(days=n))
names = st.sampled_from([*NAMES, *NAMES, "", "GONE"])


@st.composite
def approval_users(draw, name) -> ApprovalUser:
    others = names.filter(lambda other: other != name)
    above = NAMES[(NAMES.index(name) + 1) % len(NAMES)]  # often, so that chains are long
    fields = {
        "approver": draw(st.just(above) | others),
        "substitute": draw(others),
        "substitute_from": draw(st.none() | days),
        "salesperson_purchaser_code": draw(st.sampled_from(["A", "B", ""])),
        "administrator": draw(st.booleans()),
    }
    kinds = ("sales_limit", "purchase_limit", "request_limit")
    return replace(person(name, **fields), **{kind: draw(limits) for kind in kinds})


@st.composite
def organisations(draw) -> list[ApprovalUser]:
    """Up to six people, each with any of the others, or a stranger, as approver."""
    gone = draw(st.sets(users, max_size=2))
    people = [draw(approval_users(name)) for name in NAMES if name not in gone]
    codes = [user.salesperson_purchaser_code for user in people]
    return [
        replace(user, salesperson_purchaser_code="") if code in codes[:index] else user
        for index, (user, code) in enumerate(zip(people, codes, strict=True))
    ]


groups = st.lists(
    st.tuples(users, st.integers(1, 2)), max_size=4, unique_by=lambda member: member[0]
)

product_options = st.builds(
    WorkflowOptions,
    self_approval=st.sampled_from([SelfApproval.WITHIN_LIMIT, SelfApproval.NEVER]),
    clock=st.sampled_from(Clock),
    reject_reason=st.sampled_from(Requirement),
    change_while_pending=st.sampled_from(ChangeWhilePending),
    reapproval=st.sampled_from(Reapproval),
    notices=st.sampled_from(Notices),
    stage_rule=st.sampled_from(["all", "any", "2"]),
    amount_basis=st.sampled_from(AmountBasis),
    unknown_customer=st.sampled_from(UnknownCustomer),
)
bc_options = st.just(BC)


@st.composite
def workflows(draw, code, area, options=product_options):
    external = draw(st.integers(0, 9)) == 7
    return workflow(
        code=code,
        area=area,
        kind=WorkflowKind.EXTERNAL if external else WorkflowKind.APPROVAL,
        conditions=Conditions(max_amount=draw(st.none() | st.just(Decimal(4000)))),
        approver_type=draw(st.sampled_from(ApproverType)),
        limit_type=draw(st.sampled_from(ApproverLimitType)),
        specific_approver=draw(users),
        group="G",
        due=draw(st.sampled_from(["", "2D"])),
        delegate_after=draw(st.sampled_from(["1D", "1D", "2D", ""])),
        credit_limit_check=area is Area.SALES and draw(st.booleans()),
        response_user=draw(users),
        options=draw(options),
    )


@st.composite
def documents(draw, number, area):
    """An order with or without VAT, in local or foreign currency, perhaps awaiting prepayment."""
    amount = Decimal(draw(amounts))
    vat = draw(st.sampled_from([Decimal(1), Decimal("1.21")]))
    rate = draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(2)]))
    return order(
        amount,
        number,
        area=area,
        currency="" if rate == 1 else "USD",
        amount_including_vat=round(amount * vat, 4),
        amount_lcy=round(amount * rate, 4),
        amount_including_vat_lcy=round(amount * vat * rate, 4),
        salesperson_purchaser_code=draw(st.sampled_from(["A", "A", "B", ""])),
        counterparty_no="C-1",
        prepayment_unpaid=draw(st.integers(0, 4)) == 3,
        editors=draw(st.frozensets(users, max_size=2)),
    )


customers = st.builds(
    Counterparty,
    area=st.just(Area.SALES),
    number=st.just("C-1"),
    credit_limit_lcy=st.sampled_from([Decimal(0), Decimal(1000)]),
)
