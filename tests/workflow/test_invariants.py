"""Whoever does whatever, in any organisation: the invariants hold after every step.

Hypothesis makes up an organisation, workflows and documents and lets people do things at random.
What is checked stands in ``tests/invariants.py``; a step that is refused must change nothing.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import invariants
from memory_store import office
from organisations import (
    amounts,
    bc_options,
    customers,
    documents,
    groups,
    limits,
    organisations,
    product_options,
    users,
    workflows,
)
from people import MONDAY, actor, order
from workflow.definitions import WorkflowKind
from workflow.errors import WorkflowError
from workflow.external import ExternalAnswer
from workflow.options import COMPANY_BC, COMPANY_PRODUCT
from workflow.service import deciding, handling, requesting, running, setting_up
from workflow.statuses import Area, DocumentStatus

STEPS = 30
KEYS = [
    order(number="PO-1").key,
    order(number="PO-2").key,
    order(number="SO-1", area=Area.SALES).key,
]
keys = st.sampled_from(KEYS)
picks = st.integers(0, 5)
reasons = st.sampled_from(["", "because", "because"])
OPEN, PENDING = DocumentStatus.OPEN, DocumentStatus.PENDING_APPROVAL
RELEASED, WAITING = DocumentStatus.RELEASED, DocumentStatus.PENDING_PREPAYMENT

edits = st.one_of(
    st.fixed_dictionaries({"amount": amounts.map(Decimal)}),
    st.fixed_dictionaries(
        {"currency": st.sampled_from(["", "USD"])}, optional={"amount_lcy": amounts.map(Decimal)}
    ),
    st.fixed_dictionaries(
        {"counterparty_no": st.sampled_from(["C-1", "C-2"]), "description": st.just("x")}
    ),
    st.fixed_dictionaries({"description": st.sampled_from(["x", "y"])}),
    st.fixed_dictionaries({"prepayment_unpaid": st.booleans(), "location": st.just("")}),
)


def remark(uow, key, by):
    deciding.comment(uow, key, by, "a remark")


DECISIONS = [deciding.approve, deciding.reject, deciding.delegate]
DECIDERS = ["administrator", "administrator", "requester", "anybody"]
ANYTHING = [
    *DECISIONS,
    requesting.send_approval_request,
    requesting.raise_approval_event,
    requesting.cancel_approval_request,
    handling.release,
    handling.reopen,
    handling.post,
    remark,
]
OPERATOR = "OPERATOR"  # in no setup: may change it
changes = st.one_of(
    st.builds(lambda to: {"purchase_limit": to, "sales_limit": to}, limits),
    st.builds(lambda to: {"administrator": to}, st.booleans()),
    st.sampled_from(["remove", "enable", "disable"]),
)


def chosen(things, pick):
    return things[pick % len(things)]


class Company(RuleBasedStateMachine):
    """Up to six people, two workflows and three documents."""

    company = COMPANY_PRODUCT

    def __init__(self):
        super().__init__()
        self.today = MONDAY
        self.hour = 0

    def start(self, people, members, definitions, papers, customer, requesters):
        self.uow = office(
            *definitions,
            people=people,
            documents=papers,
            groups={"G": members},
            company=self.company,
        )
        self.uow.stored.counterparties = {(Area.SALES, "C-1"): customer}
        for pick, requester in enumerate(requesters):
            self.does(requesting.send_approval_request, KEYS[pick], self.actor(requester))

    def actor(self, user, *, background=False):
        """Somebody acting now; every act has a moment of its own."""
        self.hour += 1
        acting = actor(user, self.today, background=background)
        return replace(acting, at=acting.at + timedelta(seconds=self.hour))

    def does(self, do, *args, **more):
        """Take a step, and check everything; where it is refused, nothing is stored."""
        before, refused = self.uow.stored, None  # every commit makes a new one
        try:
            do(self.uow, *args, **more)
        except WorkflowError as error:
            refused = error
            assert self.uow.stored is before, "a refused step stored something"
        if self.uow.stored is not before:
            step = invariants.Step(before=before, after=self.uow.stored, today=self.today)
            for check in invariants.ALL:
                check(step)
        return refused

    # --- what there is to do ---------------------------------------------------------------

    @property
    def papers(self):
        return self.uow.stored.documents

    def with_status(self, *statuses):
        return sorted(key for key, one in self.papers.items() if one.status in statuses)

    @property
    def asked(self):
        """Every open request: its document and its approver."""
        runs = [(key, one.run) for key, one in sorted(self.papers.items()) if one.run is not None]
        return [
            (key, entry.approver) for key, run in runs for entry in run.entries if entry.is_open
        ]

    # --- requesting ------------------------------------------------------------------------

    @precondition(lambda self: self.with_status(OPEN))
    @rule(pick=picks, user=users)
    def send(self, pick, user):
        """Invariant I-09: who would approve is who is asked, or the same refusal."""
        key = chosen(self.with_status(OPEN), pick)
        planned, said = None, None
        try:
            planned = requesting.who_would_approve(self.uow, key, self.actor(user)).plan
        except WorkflowError as error:
            said = error
        refused = self.does(requesting.send_approval_request, key, self.actor(user))
        assert (type(refused), str(refused)) == (type(said), str(said))
        if planned is not None:
            asked = [(e.sequence_no, e.approver, e.reason) for e in self.papers[key].run.entries]
            assert asked == [(one.sequence_no, one.user, one.reason) for one in planned.approvers]

    @precondition(lambda self: self.with_status(PENDING))
    @rule(pick=picks, user=users)
    def send_again(self, pick, user):
        key = chosen(self.with_status(PENDING), pick)
        before = self.uow.stored

        assert self.does(requesting.send_approval_request, key, self.actor(user)) is None
        assert self.uow.stored is before, "sending a pending document did something"

    # --- deciding --------------------------------------------------------------------------

    @precondition(lambda self: self.asked)
    @rule(pick=picks)
    def approve(self, pick):
        key, approver = chosen(self.asked, pick)
        self.does(deciding.approve, key, self.actor(approver))

    @precondition(lambda self: self.asked)
    @rule()
    def approve_everything(self):
        for key, approver in self.asked:
            self.does(deciding.approve, key, self.actor(approver), approver=approver)

    @precondition(lambda self: self.asked)
    @rule(pick=picks, who=st.sampled_from(DECIDERS), user=users, comment=reasons)
    def approve_in_somebodys_place(self, pick, who, user, comment):
        """Again and again: the same person tries to decide for every approver of a document."""
        key, _ = chosen(self.asked, pick)
        if who == "administrator":
            user = chosen(self.administrators, pick)
        elif who == "requester":
            user = self.papers[key].run.requester
        for _ in range(3):
            approver = next((name for asked, name in self.asked if asked == key), None)
            by = self.actor(user)
            self.does(deciding.approve, key, by, approver=approver, comment=comment)

    @property
    def administrators(self):
        people = self.uow.stored.people.values()
        return sorted(user.user_id for user in people if user.administrator) or ["EVA"]

    @precondition(lambda self: self.asked)
    @rule(pick=picks, user=st.none() | users)
    def delegate(self, pick, user):
        key, approver = chosen(self.asked, pick)
        by = self.actor(user or approver)
        self.does(deciding.delegate, key, by, approver=approver)

    @precondition(lambda self: self.with_status(PENDING))
    @rule(pick=picks, user=st.none() | users, how=st.sampled_from(["cancel", "reject", "delete"]))
    def end(self, pick, user, how):
        key = chosen(self.with_status(PENDING), pick)
        by = self.actor(user or self.papers[key].run.requester)
        if how == "cancel":
            self.does(requesting.cancel_approval_request, key, by)
        elif how == "delete":
            self.does(handling.delete, key, by)
        elif self.asked:
            key, approver = chosen(self.asked, pick)
            by = self.actor(user or approver)
            comment = "" if pick == 0 else "no"
            self.does(deciding.reject, key, by, approver=approver, comment=comment)

    @rule(key=keys, user=users, approver=st.none() | users, do=st.sampled_from(ANYTHING))
    def try_anything(self, key, user, approver, do):
        more = {"approver": approver} if do in DECISIONS else {}
        self.does(do, key, self.actor(user), **more)

    @precondition(lambda self: self.external)
    @rule(pick=picks, user=st.none() | users, answer=st.sampled_from(ExternalAnswer))
    def answer_of_an_external_flow(self, pick, user, answer):
        key, flow = chosen(self.external, pick)
        by = self.actor(user or flow.response_user)
        self.does(deciding.answer_external, key, by, answer)

    @property
    def external(self):
        runs = [(key, self.papers[key].run) for key in self.with_status(PENDING)]
        versions = self.uow.stored.versions
        flows = [(key, versions[run.workflow_code, run.workflow_version]) for key, run in runs]
        return [(key, flow) for key, flow in flows if flow.kind is WorkflowKind.EXTERNAL]

    # --- handling --------------------------------------------------------------------------

    @rule(key=keys, user=users, edit=edits, erp=st.booleans())
    def edit(self, key, user, edit, erp):
        do = handling.update_from_erp if erp else handling.change_document
        self.does(do, key, self.actor(user), edit)

    @precondition(lambda self: self.with_status(RELEASED, WAITING))
    @rule(
        pick=picks,
        user=users,
        do=st.sampled_from([handling.reopen, handling.reopen, handling.post]),
    )
    def use(self, pick, user, do):
        key = chosen(self.with_status(RELEASED, WAITING), pick)
        self.does(do, key, self.actor(user))

    @precondition(lambda self: len(self.papers) < len(KEYS))
    @rule(key=keys, amount=amounts)
    def receive(self, key, amount):
        new = order(amount, key.number, area=key.area, counterparty_no="C-1")
        self.does(handling.receive, new, self.actor("ERP"))

    # --- the setup -------------------------------------------------------------------------

    @precondition(lambda self: self.asked)
    @rule(pick=picks, what=st.sampled_from(["lower", "remove", "edit", "edit"]), edit=edits)
    def something_changes_meanwhile(self, pick, what, edit):
        """To an approver who is asked, or by him to the document."""
        key, approver = chosen(self.asked, pick)
        match what:
            case "lower":
                nothing = dict.fromkeys(("purchase_limit", "sales_limit"), Decimal(0))
                self.does(setting_up.set_user, approver, nothing, self.actor(OPERATOR))
            case "remove":
                self.does(setting_up.remove_user, approver, self.actor(OPERATOR), anyway=True)
            case "edit":
                self.does(handling.change_document, key, self.actor(approver), edit)

    @rule(
        by=users | st.just(OPERATOR), user=users, change=changes, code=st.sampled_from(["P", "S"])
    )
    def change_the_setup(self, by, user, change, code):
        by = self.actor(by)
        match change:
            case dict():
                self.does(setting_up.set_user, user, change, by)
            case "remove":
                self.does(setting_up.remove_user, user, by, anyway=True)
            case "enable":
                self.does(setting_up.enable_workflow, code, by)
            case "disable":
                self.does(setting_up.disable_workflow, code, by)

    # --- time ------------------------------------------------------------------------------

    @precondition(lambda self: self.asked)
    @rule(days=st.integers(1, 5))
    def days_pass(self, days):
        for _ in range(days):
            self.today += timedelta(days=1)
            for run in 2 * [running.run_overdue, running.run_delegation]:  # twice is once
                for key in KEYS:
                    self.does(run, [key], self.actor("SYSTEM", background=True))


def started_with(options):
    """The step that makes up a company whose workflows have such options."""
    return initialize(
        people=organisations(),
        members=groups,
        definitions=st.tuples(
            workflows("P", Area.PURCHASE, options), workflows("S", Area.SALES, options)
        ),
        papers=st.tuples(*(documents(key.number, key.area) for key in KEYS)),
        customer=customers,
        requesters=st.lists(users, max_size=3),
    )


class ProductCompany(Company):
    """Workflows with any options the product recommends."""

    begin = started_with(product_options)(Company.start)


class BusinessCentralCompany(Company):
    """The profile bc, where the product's own separation of duties is switched off."""

    company = COMPANY_BC
    begin = started_with(bc_options)(Company.start)


class TestProduct(ProductCompany.TestCase):
    settings = settings(stateful_step_count=STEPS)


class TestBusinessCentral(BusinessCentralCompany.TestCase):
    settings = settings(stateful_step_count=STEPS)


@pytest.mark.faults
class TestProductForLong(ProductCompany.TestCase):
    settings = settings(stateful_step_count=STEPS)


@pytest.mark.faults
class TestBusinessCentralForLong(BusinessCentralCompany.TestCase):
    settings = settings(stateful_step_count=STEPS)
