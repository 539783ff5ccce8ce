"""Taking in users and documents from files: a plan first, then all of it or nothing."""

from datetime import date
from decimal import Decimal

import pytest

from memory_store import office
from people import CAST, actor, order, workflow
from workflow.errors import FieldLocked
from workflow.interchange.errors import ImportRefused
from workflow.interchange.records import ImportedDocument, ImportedUser, whole_amount_line
from workflow.options import ChangeWhilePending, WorkflowOptions
from workflow.service import deciding, handling, requesting
from workflow.service.document_plans import Fate, plan_documents
from workflow.service.importing import document_from, import_documents, import_users
from workflow.statuses import Area, DocumentStatus, DocumentType

EVA = actor("EVA")
ERP = actor("ERP")


def user(user_id, row=2, **fields):
    return ImportedUser(user_id=user_id, fields=fields, row=row, source="users.csv")


def document(number="PO-1", amount=500, **overrides):
    amount = Decimal(amount)
    fields = {
        "number": number,
        "area": Area.PURCHASE,
        "document_type": DocumentType.ORDER,
        "document_date": date(2026, 3, 2),
        "due_date": None,
        "amount": amount,
        "amount_including_vat": amount,
        "currency": "",
        "amount_lcy": amount,
        "amount_including_vat_lcy": amount,
        "salesperson_purchaser_code": "",
        "counterparty_no": "V-10",
        "counterparty_name": "",
        "requester": "ANN",
        "external_document_no": "",
        "description": "",
        "lines": (whole_amount_line(amount, "chairs"),),
        "row": 2,
        "source": "orders.csv",
    }
    return ImportedDocument(**{**fields, **overrides})


# --- users ---------------------------------------------------------------------------------


def test_users_are_added_changed_or_left_alone(uow):
    file = [
        user("NEW", purchase_limit=Decimal(5)),
        user("BOB", purchase_limit=Decimal(2000)),
        user("CID", purchase_limit=None),
    ]

    plan = import_users(uow, file, EVA)

    assert (plan.added, plan.changed, plan.unchanged) == (("NEW",), ("BOB",), ("CID",))
    assert uow.stored.people["BOB"].purchase_limit == 2000
    assert uow.stored.people["BOB"].substitute == "DEE"  # the file had no such column


def test_a_dry_run_gives_the_same_plan_and_stores_nothing(uow):
    file = [user("NEW"), user("BOB", purchase_limit=None)]
    before = uow.snapshot()

    planned = import_users(uow, file, EVA, dry_run=True)

    assert uow.snapshot() == before
    assert import_users(uow, file, EVA) == planned
    assert import_users(uow, file, EVA).unchanged == ("NEW", "BOB")


def test_one_bad_row_refuses_the_whole_file_and_is_named(uow):
    before = uow.snapshot()

    with pytest.raises(ImportRefused, match=r"users\.csv, row 3: .* less than zero"):
        import_users(uow, [user("NEW"), user("BOB", 3, sales_limit=Decimal(-1))], EVA)
    assert uow.snapshot() == before


def test_two_people_can_swap_their_codes_in_one_file(uow):
    code = "salesperson_purchaser_code"
    import_users(uow, [user("CID", **{code: "C"})], EVA)
    import_users(uow, [user("BOB", **{code: "C"}), user("CID", **{code: "B"})], EVA)

    assert uow.stored.people["BOB"].salesperson_purchaser_code == "C"
    assert uow.stored.people["CID"].salesperson_purchaser_code == "B"


def test_a_code_two_people_would_have_is_refused_with_its_row(uow):
    with pytest.raises(ImportRefused, match=r"row 7: The B .* already assigned"):
        import_users(uow, [user("CID", 7, salesperson_purchaser_code="B")], EVA)


def test_nobody_raises_the_own_authority_with_a_file(uow):
    with pytest.raises(ImportRefused, match="cannot raise the authority"):
        import_users(uow, [user("EVA", purchase_limit=None)], EVA)


def test_users_are_imported_by_administrators_and_the_operator(uow):
    file = [user("DEE", purchase_limit=Decimal(5))]

    with pytest.raises(ImportRefused, match="BOB"):
        import_users(uow, file, actor("BOB"))
    assert import_users(uow, file, actor("OPERATOR")).changed == ("DEE",)


# --- documents -----------------------------------------------------------------------------


def test_documents_are_added_changed_or_left_alone(uow):
    import_documents(uow, [document()], ERP)
    file = [document(), document("PO-2")]

    plan = import_documents(uow, file, ERP)

    assert plan.added == ("purchase/order/PO-2",)
    assert plan.unchanged == ("purchase/order/PO-1",)
    changed = import_documents(uow, [document(amount=700)], ERP)
    assert changed.changed == ("purchase/order/PO-1",)
    assert uow.document(order().key).lines[0].amount == 700


def test_a_newer_version_of_a_released_document_opens_it(uow, key):
    import_documents(uow, [document()], ERP)
    requesting.send_approval_request(uow, key, actor())
    deciding.approve(uow, key, actor("BOB"))
    import_documents(uow, [document()], ERP)
    assert uow.document(key).status is DocumentStatus.RELEASED

    import_documents(uow, [document(amount=600)], ERP)
    assert uow.document(key).status is DocumentStatus.OPEN


def test_a_newer_version_of_a_pending_document_refuses_the_file(uow, key):
    requesting.send_approval_request(uow, key, actor())
    before = uow.snapshot()

    with pytest.raises(ImportRefused, match=r"orders\.csv, row 2: Status must be equal"):
        import_documents(uow, [document("PO-2"), document(amount=600)], ERP)
    assert uow.snapshot() == before


# --- what a newer version changes and what it leaves alone ----------------------------------


def test_a_newer_version_does_not_undo_a_prepayment(uow, key):
    import_documents(uow, [document()], ERP)
    handling.change_document(uow, key, EVA, {"prepayment_unpaid": True})
    requesting.send_approval_request(uow, key, actor())
    deciding.approve(uow, key, actor("BOB"))

    import_documents(uow, [document(description="chairs")], ERP)

    assert uow.document(key).prepayment_unpaid
    assert uow.document(key).status is DocumentStatus.PENDING_PREPAYMENT


def test_a_newer_version_may_name_another_purchaser(uow, key):
    import_documents(uow, [document()], ERP)
    plan = import_documents(uow, [document(salesperson_purchaser_code="B")], ERP)

    assert plan.changed == ("purchase/order/PO-1",)
    assert uow.document(key).salesperson_purchaser_code == "B"
    again = import_documents(uow, [document(salesperson_purchaser_code="B")], ERP)
    assert again.unchanged == ("purchase/order/PO-1",)


def test_while_somebody_is_asked_another_purchaser_refuses_the_file(uow, key):
    import_documents(uow, [document()], ERP)
    requesting.send_approval_request(uow, key, actor())

    with pytest.raises(ImportRefused, match=r"orders\.csv, row 2: .*Purchaser Code"):
        import_documents(uow, [document(salesperson_purchaser_code="B")], ERP)
    assert uow.document(key).salesperson_purchaser_code == ""


def test_lines_that_do_not_add_up_to_the_total_get_one_more_and_stay_as_they_are(uow, key):
    file = [document(amount=450, lines=(whole_amount_line(Decimal(500), "chairs"),))]
    import_documents(uow, file, ERP)

    assert [line.amount for line in uow.document(key).lines] == [500, -50]
    assert import_documents(uow, file, ERP).unchanged == ("purchase/order/PO-1",)


# --- documents of other parties ------------------------------------------------------------


def received(number="F-77", **overrides):
    """An electronic document: its number is the other party's, and there are no rows."""
    theirs = {"row": None, "source": "invoice.xml", "external_document_no": number}
    return document(number, **{**theirs, **overrides})


def test_a_received_document_gets_a_number_of_our_own_and_keeps_it(uow):
    assert import_documents(uow, [received()], ERP).added == ("purchase/order/IN-1",)

    again = import_documents(uow, [received(), received(amount=700)], ERP)
    assert again.added == ()
    assert uow.document(order(number="IN-1").key).amount == 700


@pytest.mark.parametrize(
    "other", [{"counterparty_no": "V-11"}, {"counterparty_name": "Lamps"}, {"number": "F-78"}]
)
def test_a_document_of_another_party_or_number_is_another_one(uow, other):
    import_documents(uow, [received()], ERP)

    assert import_documents(uow, [received(**other)], ERP).added == ("purchase/order/IN-2",)


def test_a_received_document_never_takes_the_number_of_another(uow):
    import_documents(uow, [document("IN-1", amount=1), document("IN-2", amount=2)], ERP)

    plan = import_documents(uow, [received("IN-1", amount=700)], ERP)

    assert plan.added == ("purchase/order/IN-3",)
    assert [uow.document(order(number=f"IN-{n}").key).amount for n in (1, 2)] == [1, 2]


# --- the plan ------------------------------------------------------------------------------


def test_the_plan_says_beforehand_what_the_import_does_and_stores_nothing(uow, key):
    released, posted = order(number="PO-2").key, order(number="PO-3").key
    import_documents(uow, [document(), document("PO-2"), document("PO-3"), received()], ERP)
    for sent in (key, released, posted):
        requesting.send_approval_request(uow, sent, actor())
    for approved in (released, posted):
        deciding.approve(uow, approved, actor("BOB"))
    handling.post(uow, posted, actor())
    file = [
        document(description="the same, as far as approval goes"),
        document("PO-2", amount=600),
        document("PO-3", amount=600),
        document("PO-4"),
        received(),
        received("F-99"),
    ]
    before = uow.snapshot()

    plan = plan_documents(uow, file, ERP)

    assert uow.snapshot() == before
    assert not plan.refused
    assert [one.given.number for one in plan.documents if one.reopened] == ["PO-2"]
    done = import_documents(uow, file, ERP)
    assert len(plan.of(Fate.NEW)) == len(done.added) == 2
    assert [str(one.key) for one in plan.of(Fate.CHANGED)] == list(done.changed)
    assert [str(one.key) for one in plan.of(Fate.UNCHANGED)] == list(done.unchanged)
    assert [str(one.key) for one in plan.of(Fate.CLOSED)] == list(done.closed)


def test_the_plan_names_every_document_that_is_refused(uow, key):
    requesting.send_approval_request(uow, key, actor())
    file = [document(amount=600), document("PO-2"), received(), received(amount=7)]

    plan = plan_documents(uow, file, ERP)

    assert [one.given.row for one in plan.refused] == [None, 2]
    assert [type(one.error) for one in plan.refused] == [ImportRefused, FieldLocked]


def test_that_a_request_would_end_is_planned(key):
    options = WorkflowOptions(change_while_pending=ChangeWhilePending.VOID)
    uow = office(workflow(options=options), people=CAST, documents=[order()])
    requesting.send_approval_request(uow, key, actor())

    [planned] = plan_documents(uow, [document(amount=600)], ERP).documents

    assert planned.voided
    assert uow.document(key).pending_run is not None


# --- local currency ------------------------------------------------------------------------


def test_an_amount_in_a_foreign_currency_needs_its_local_amount():
    with pytest.raises(ImportRefused, match="no amount in local currency"):
        document_from(document(currency="USD", amount_lcy=None))


def test_vat_in_local_currency_follows_the_rate_when_the_file_does_not_say():
    taken = document_from(
        document(
            amount=1000,
            currency="USD",
            amount_including_vat=Decimal(1210),
            amount_lcy=Decimal(500),
            amount_including_vat_lcy=None,
        )
    )

    assert taken.amount_including_vat_lcy == 605
