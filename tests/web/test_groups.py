"""Workflow user groups on the pages."""

import pytest

from tests.people import workflow
from tests.web.forms import save
from web.refusals import status_of
from workflow.errors import GroupNotFound
from workflow.statuses import ApproverType

BUYERS = "/setup/groups/edit/BUYERS"


@pytest.fixture
def buyers(company):
    with company.uow() as uow:
        uow.users.set_group("BUYERS", [("BOB", 1), ("CID", 2)])
        uow.commit()


def members(company):
    with company.uow(readonly=True) as uow:
        return uow.users.group_members("BUYERS")


def test_a_group_is_made_with_its_members(browser, company):
    eva = browser("EVA")
    token = eva.token("/setup/groups/new?code=BUYERS")
    page = eva.open("/setup/groups/new?code=BUYERS").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = eva.send(
        BUYERS, token=token, seen=seen, **{"member-0": "bob", "member-1": "DEE", "sequence-1": "1"}
    )
    assert answer.status_code == 303
    assert members(company) == [("BOB", 1), ("DEE", 1)]
    assert "BOB (1), DEE (1)" in eva.open("/setup/groups").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"member-1": "ZED"}, "There is no user ZED"),
        ({"member-1": "BOB"}, "is named twice"),
        ({"sequence-1": "x"}, "is not a whole number"),
        ({"sequence-1": "0"}, "is below 1"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(browser, company, buyers, changes, words):
    answer = save(browser("EVA"), BUYERS, **changes)
    assert answer.status_code in {404, 422}
    assert words in answer.text
    assert f'value="{next(iter(changes.values()))}"' in answer.text
    assert members(company) == [("BOB", 1), ("CID", 2)]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(browser, company, buyers):
    eva = browser("EVA")
    assert save(eva, BUYERS, seen="old").status_code == 409
    assert members(company) == [("BOB", 1), ("CID", 2)]


def test_deleting_a_group_names_the_workflows_that_ask_it(browser, company, buyers):
    with company.uow() as uow:
        asking = workflow(code="PG", approver_type=ApproverType.USER_GROUP, group="BUYERS")
        uow.workflows.add_version(asking)
        uow.commit()
    eva, path = browser("EVA"), "/setup/groups/delete/BUYERS"
    assert "PG" in eva.open(path).text
    assert eva.send(path).status_code == 303
    assert members(company) == []
    assert eva.open(path).status_code == status_of(GroupNotFound("BUYERS")) == 404


def test_groups_are_for_who_sees_the_setup(browser, buyers):
    assert browser("ANN").open(BUYERS).status_code == 403
