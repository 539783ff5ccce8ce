"""Two administrators at the same moment: what the one did is not undone by the other."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from db.unit_of_work import SqlUnitOfWork
from workflow.definitions import WorkflowDefinition
from workflow.errors import (
    Conflict,
    WorkflowDuplicate,
    WorkflowEnabledIsLocked,
    WorkflowInUse,
    WorkflowNotFound,
)
from workflow.options import CompanyOptions, Selection
from workflow.service import deciding, requesting, setting_up
from workflow.statuses import Area, DocumentType

A_MOMENT = 0.3  # long enough to reach what another transaction holds
PATIENCE = 20

NEW = WorkflowDefinition(
    code="NEW", area=Area.PURCHASE, document_type=DocumentType.INVOICE, due="1D"
)


@pytest.fixture
def meanwhile(engine):
    """``with meanwhile(step) as results:`` starts *step* in a transaction of its own.

    It goes on while the block does something else, and is over when the block is left.
    """

    @contextmanager
    def start(step, *arguments):
        results = []

        def work():
            try:
                results.append(step(SqlUnitOfWork(engine), *arguments))
            except Exception as error:  # noqa: BLE001 - whatever it was, the test looks at it
                results.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(A_MOMENT)
        yield results
        thread.join(PATIENCE)
        assert not thread.is_alive()

    return start


# --- users and groups ----------------------------------------------------------------------


def test_a_lowered_limit_stays_when_somebody_else_changes_another_field(company, meanwhile, actor):
    with company:
        setting_up.set_user(company, "BOB", {"purchase_limit": Decimal(0)}, actor("CID"))
        change = {"email": "bob@example.com"}
        with meanwhile(setting_up.set_user, "BOB", change, actor("CID")):
            company.commit()

    with company:
        bob = company.users.user("BOB")
    assert (bob.purchase_limit, bob.email) == (0, "bob@example.com")


def test_a_removed_user_comes_back_only_without_authority(company, meanwhile, actor):
    with company:
        setting_up.remove_user(company, "BOB", actor("CID"))
        change = {"email": "bob@example.com"}
        with meanwhile(setting_up.set_user, "BOB", change, actor("CID")):
            company.commit()

    with company:
        assert company.users.user("BOB").purchase_limit == 0  # as for anybody who is new


def test_what_was_read_before_the_lock_is_read_again(company, engine, actor):
    with company:
        assert company.users.user("BOB").purchase_limit == 1000
    other = SqlUnitOfWork(engine)
    setting_up.set_user(other, "BOB", {"purchase_limit": Decimal(5)}, actor("CID"))

    with company:
        company.users.user("ANN")
        company.lock_setup()
        assert company.users.user("BOB").purchase_limit == 5


def test_a_group_has_the_members_of_one_of_two_who_set_it(company, meanwhile, actor):
    setting_up.set_group(company, "BOARD", [("ANN", 1)], actor("CID"))
    with company:
        setting_up.set_group(company, "BOARD", [("BOB", 1)], actor("CID"))
        with meanwhile(setting_up.set_group, "BOARD", [("CID", 1)], actor("CID")):
            company.commit()

    with company:
        assert company.users.group_members("BOARD") == [("CID", 1)]


def test_choices_of_the_company_do_not_undo_each_other(company, meanwhile, actor):
    def without_overdue(uow):
        with uow:
            uow.lock_setup()
            options = replace(uow.company(), overdue_workflow=False)
            setting_up.set_company(uow, options, actor("CID"))
            uow.commit()

    with company:
        setting_up.set_company(company, CompanyOptions(working_days_only=False), actor("CID"))
        with meanwhile(without_overdue):
            company.commit()

    with company:
        assert company.company() == CompanyOptions(working_days_only=False, overdue_workflow=False)


# --- workflows -----------------------------------------------------------------------------


def test_a_workflow_enabled_meanwhile_is_not_disabled_by_a_new_version(company, meanwhile, actor):
    setting_up.save_workflow(company, NEW, actor("CID"))

    def save(uow):
        changed = replace(NEW, due="9D")
        return setting_up.save_workflow(uow, changed, actor("CID"), replacing=True)

    with company:
        setting_up.enable_workflow(company, "NEW", actor("CID"))
        with meanwhile(save) as results:
            company.commit()

    assert [type(result) for result in results] == [WorkflowEnabledIsLocked]
    with company:
        assert company.workflows.is_enabled("NEW")


def test_of_two_who_save_a_workflow_both_get_a_version(company, meanwhile, actor):
    def save(uow, due):
        definition = replace(NEW, due=due)
        return setting_up.save_workflow(uow, definition, actor("CID"), replacing=True)

    with company:
        save(company, "8D")
        with meanwhile(save, "9D") as results:
            company.commit()

    assert [result.version for result in results] == [2]


def test_of_two_workflows_for_the_same_documents_one_is_enabled(company, meanwhile, actor):
    for code in ("NEW", "NEWER"):
        setting_up.save_workflow(company, replace(NEW, code=code), actor("CID"))
    with company:
        setting_up.enable_workflow(company, "NEW", actor("CID"))
        with meanwhile(setting_up.enable_workflow, "NEWER", actor("CID")) as results:
            company.commit()

    assert [type(result) for result in results] == [WorkflowDuplicate]


def test_a_workflow_is_not_deleted_under_a_request_that_is_being_sent(
    company, received, meanwhile, actor
):
    key = received(amount=Decimal(500))

    def delete(uow):
        setting_up.disable_workflow(uow, "PO", actor("CID"))
        setting_up.delete_workflow(uow, "PO", actor("CID"))

    with company:
        company.documents.get(key)
        company.workflows.enabled(Area.PURCHASE, DocumentType.ORDER)
        with meanwhile(delete) as results:
            requesting.send_approval_request(company, key, actor("ANN"))
            company.commit()

    assert [type(result) for result in results] == [WorkflowInUse]
    deciding.approve(company, key, actor("BOB"))


def test_a_deleted_workflow_made_again_has_versions_that_no_archive_names(company, actor):
    setting_up.save_workflow(company, NEW, actor("CID"))
    setting_up.delete_workflow(company, "NEW", actor("CID"))
    again = setting_up.save_workflow(company, replace(NEW, due="2D"), actor("CID"))

    with company:
        assert again.version == 2
        assert company.workflows.version("NEW", 1) == NEW  # what the archive names stays
        assert company.workflows.all()[0] == again


# --- conflicts -----------------------------------------------------------------------------


def test_what_somebody_else_stored_first_is_a_conflict_in_words(uow):
    with uow:
        uow.workflows.add_version(NEW)
        uow.commit()

    def store_it_again():
        with uow:
            uow.workflows.add_version(NEW)

    with pytest.raises(Conflict, match="Somebody else changed"):
        store_it_again()


def test_a_request_whose_workflow_is_not_there_is_not_stored(company, received, actor):
    key = received(amount=Decimal(500))

    def send():
        with company:
            document = company.documents.get(key)
            requesting.send_approval_request(company, key, actor("ANN"))
            document = company.documents.get(key)
            document.run.workflow_version = 9
            company.documents.save(document)

    with pytest.raises(Conflict):
        send()
    with company, pytest.raises(WorkflowNotFound):
        company.workflows.version("PO", 9)


def test_of_two_who_wait_for_each_other_one_is_told_of_a_conflict(engine, received):
    keys = [received("PO-1"), received("PO-2")]
    both_began = threading.Barrier(2)
    outcomes = []

    def look_at(first, second):
        try:
            with SqlUnitOfWork(engine) as uow:
                uow.documents.get(first)
                if engine.dialect.name == "postgresql":  # on SQLite one waits for the other
                    both_began.wait()
                uow.documents.get(second)
            outcomes.append("done")
        except Conflict as conflict:
            outcomes.append(conflict.code)

    threads = [threading.Thread(target=look_at, args=order) for order in (keys, keys[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert sorted(outcomes) in (["CONFLICT", "done"], ["done", "done"])
    assert engine.dialect.name == "sqlite" or "CONFLICT" in outcomes


def test_selections_in_opposite_orders_do_not_wait_for_each_other(
    company, received, meanwhile, actor
):
    keys = [received(number, amount=Decimal(500)) for number in ("PO-1", "PO-2", "PO-3")]
    with company:
        company.set_company(CompanyOptions(selection=Selection.ALL_OR_NOTHING))
        company.commit()

    def send_all(uow):
        def send(key):
            return requesting.send_approval_request(uow, key, actor("ANN"))

        return [one.document for one in deciding.decide_many(uow, keys[::-1], send)]

    with company:
        company.documents.get(keys[0])
        with meanwhile(send_all) as results:
            company.documents.get(keys[2])  # not held by the one that waits for the first
            company.commit()

    assert results == [keys[::-1]]
