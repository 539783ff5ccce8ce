"""Approval users, groups, workflows and parties come back as they were saved."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
import sqlalchemy as sa

from workflow.approval_users import ApprovalUser
from workflow.counterparties import Counterparty
from workflow.definitions import Conditions, WorkflowDefinition, WorkflowKind
from workflow.errors import WorkflowNotFound
from workflow.notification_setup import NotificationMethod, NotificationSetup, NotificationType
from workflow.options import BC
from workflow.schedules import MonthlyDate, NotificationSchedule, Recurrence
from workflow.service import deciding, requesting
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType

ZOE = ApprovalUser(
    user_id="ZOË",
    full_name="Zoë de Vries",
    email="zoe@example.com",
    phone="+31 20 1234567",
    salesperson_purchaser_code="ZV",
    approver="CID",
    substitute="DEE",
    substitute_from=date(2026, 1, 1),
    substitute_to=date(2026, 2, 1),
    sales_limit=Decimal("500.25"),
    purchase_limit=None,
    request_limit=Decimal(7),
    administrator=True,
    language="nl",
    time_zone="Europe/Amsterdam",
)
QUOTES = WorkflowDefinition(
    code="QUOTES",
    description="Quotes over 100",
    area=Area.SALES,
    document_type=DocumentType.QUOTE,
    kind=WorkflowKind.EXTERNAL,
    conditions=Conditions(min_amount=Decimal("100.5"), currency="", needs_lines=False),
    approver_type=ApproverType.USER_GROUP,
    limit_type=ApproverLimitType.SPECIFIC,
    specific_approver="CID",
    group="BOARD",
    due="1M+CM",
    delegate_after="2D",
    credit_limit_check=True,
    response_user="BOT",
    options=replace(BC, stage_rule="2"),
)


# --- users and groups ----------------------------------------------------------------------


def test_a_user_comes_back(uow):
    with uow:
        uow.users.save(ZOE)
        uow.commit()

    with uow:
        assert uow.users.user("ZOË") == ZOE
        assert uow.users.user_with_code("ZV") == ZOE
        assert uow.users.all() == [ZOE]


def test_a_saved_user_is_seen_at_once(company):
    with company:
        bob = company.users.user("BOB")
        company.users.save(replace(bob, approver="DEE"))

        assert company.users.user("BOB").approver == "DEE"


def test_a_removed_user_is_gone_at_once(company):
    with company:
        company.users.user("BOB")
        company.users.remove("BOB")

        assert company.users.user("BOB") is None


def test_nobody_is_found_by_an_empty_code(company):
    with company:
        assert company.users.user_with_code("") is None


def test_a_code_belongs_to_one_user(uow):
    with uow:
        uow.users.save(ZOE)
        with pytest.raises(sa.exc.IntegrityError):
            uow.users.save(replace(ZOE, user_id="OTHER"))


def test_administrators_come_by_user_id(company):
    with company:
        company.users.save(ApprovalUser(user_id="ADA", administrator=True))

        assert [user.user_id for user in company.users.administrators()] == ["ADA", "CID"]


def test_a_group_keeps_its_order_and_can_be_set_again(uow):
    with uow:
        uow.users.set_group("BOARD", [("CID", 2), ("BOB", 1), ("ANN", 2)])
        uow.users.set_group("BOARD", [("CID", 3), ("BOB", 1), ("ANN", 2)])

        assert uow.users.group_members("BOARD") == [("BOB", 1), ("ANN", 2), ("CID", 3)]
        assert uow.users.groups() == ["BOARD"]


def test_a_group_without_members_is_gone(uow):
    with uow:
        uow.users.set_group("BOARD", [("CID", 1)])
        uow.users.set_group("BOARD", [])
        uow.users.set_group("NEVER", [])

        assert uow.users.groups() == []
        assert uow.users.group_members("BOARD") == []


# --- workflows -----------------------------------------------------------------------------


def test_a_workflow_comes_back(uow):
    with uow:
        uow.workflows.add_version(QUOTES)
        uow.commit()

    with uow:
        assert uow.workflows.version("QUOTES", 1) == QUOTES
        assert uow.workflows.latest("QUOTES") == QUOTES
        assert not uow.workflows.is_enabled("QUOTES")


def test_an_old_version_stays(uow):
    newer = replace(QUOTES, version=2, description="Quotes over 200")
    with uow:
        uow.workflows.add_version(QUOTES)
        uow.workflows.enable("QUOTES", enabled=True)
        uow.workflows.add_version(newer)

        assert uow.workflows.version("QUOTES", 1) == QUOTES
        assert uow.workflows.all() == [newer]
        assert uow.workflows.is_enabled("QUOTES")


def test_a_stored_version_cannot_be_stored_again(uow):
    with uow:
        uow.workflows.add_version(QUOTES)
        with pytest.raises(sa.exc.IntegrityError):
            uow.workflows.add_version(replace(QUOTES, description="other"))


def test_only_enabled_workflows_for_such_documents_are_found(uow):
    with uow:
        for code in ("B", "A", "DISABLED"):
            uow.workflows.add_version(replace(QUOTES, code=code))
        for code in ("B", "A"):
            uow.workflows.enable(code, enabled=True)

        found = uow.workflows.enabled(Area.SALES, DocumentType.QUOTE)
        assert [workflow.code for workflow in found] == ["A", "B"]
        assert uow.workflows.enabled(Area.PURCHASE, DocumentType.QUOTE) == []


def test_a_removed_workflow_is_not_found_but_its_versions_are(uow):
    with uow:
        uow.workflows.add_version(QUOTES)
        uow.workflows.enable("QUOTES", enabled=True)
        uow.workflows.remove("QUOTES")

        assert uow.workflows.latest("QUOTES") is None
        assert uow.workflows.all() == []
        assert uow.workflows.enabled(Area.SALES, DocumentType.QUOTE) == []
        assert uow.workflows.version("QUOTES", 1) == QUOTES
        with pytest.raises(WorkflowNotFound):
            uow.workflows.version("QUOTES", 2)


def test_a_removed_code_can_be_used_for_another_workflow(uow):
    with uow:
        uow.workflows.add_version(QUOTES)
        uow.workflows.enable("QUOTES", enabled=True)
        uow.workflows.remove("QUOTES")
        other = replace(QUOTES, version=uow.workflows.last_version("QUOTES") + 1)
        uow.workflows.add_version(other)

        assert other.version == 2
        assert uow.workflows.latest("QUOTES") == other
        assert not uow.workflows.is_enabled("QUOTES")
        assert uow.workflows.last_version("NEVER") == 0


def test_a_workflow_that_was_used_has_runs_also_when_they_are_over(company, received, actor):
    key = received(amount=Decimal(800))
    with company:
        assert not company.workflows.has_runs("PO")
    requesting.send_approval_request(company, key, actor("ANN"))
    deciding.approve(company, key, actor("BOB"))

    with company:
        assert company.workflows.has_runs("PO")


# --- notification setup --------------------------------------------------------------------


def test_a_persons_notification_setup_goes_with_the_person(uow):
    own = NotificationSetup(
        user="BOB", type=NotificationType.APPROVAL, method=NotificationMethod.NOTE
    )
    default = NotificationSetup(type=NotificationType.OVERDUE)
    with uow:
        uow.users.save(ApprovalUser(user_id="BOB"))
        uow.users.set_notification_setup(own)
        uow.users.set_notification_setup(default)

        assert set(uow.users.notification_setup()) == {own, default}
        uow.users.remove("BOB")
        assert uow.users.notification_setup() == [default]


@pytest.mark.parametrize(
    "schedule",
    [
        NotificationSchedule(),
        NotificationSchedule(
            recurrence=Recurrence.WEEKLY, time=time(8, 30), weekdays=frozenset({1, 7})
        ),
        NotificationSchedule(
            recurrence=Recurrence.MONTHLY, monthly=MonthlyDate.CUSTOM, day_of_month=31
        ),
    ],
    ids=str,
)
def test_a_schedule_comes_back_as_it_was_stored(uow, schedule):
    row = NotificationSetup(type=NotificationType.APPROVAL, schedule=schedule)
    with uow:
        uow.users.set_notification_setup(replace(row, schedule=NotificationSchedule()))
        uow.users.set_notification_setup(row)
        uow.commit()

    with uow:
        assert uow.users.notification_setup() == [row]


# --- parties -------------------------------------------------------------------------------


def test_a_counterparty_comes_back(uow):
    customer = Counterparty(
        area=Area.SALES,
        number="10000",
        name="Adatum",
        restricted=True,
        credit_limit_lcy=Decimal("1000.50"),
        exposure_lcy=Decimal("0.0001"),
    )
    with uow:
        uow.parties.save_counterparty(replace(customer, name="before"))
        uow.parties.save_counterparty(customer)

        assert uow.parties.counterparty(Area.SALES, "10000") == customer
        assert uow.parties.counterparty(Area.PURCHASE, "10000") is None


def test_restricted_items_are_named_in_the_order_asked_for(uow):
    with uow:
        for number in ("A", "B", "B", "C"):
            uow.parties.restrict_item(number, restricted=True)
        uow.parties.restrict_item("C", restricted=False)

        assert uow.parties.restricted_items(["C", "B", "X", "A", "B"]) == ["B", "A"]
        assert uow.parties.restricted_items([]) == []
