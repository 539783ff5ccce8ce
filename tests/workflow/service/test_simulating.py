"""Who would approve such a document: the answer is what sending one does, in any organisation."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from memory_store import office
from organisations import amounts, groups, organisations, workflows
from people import actor, order
from workflow.errors import WorkflowError
from workflow.service import requesting
from workflow.statuses import Area


def answer_or_refusal(ask):
    try:
        return ask()
    except WorkflowError as refusal:
        return refusal.message


@given(organisations(), groups, workflows("P", Area.PURCHASE), amounts, st.sampled_from("AB"))
def test_a_document_that_was_tried_is_sent_to_the_same_people(
    people, members, definition, amount, code
):
    such = order(amount, salesperson_purchaser_code=code)
    uow = office(definition, people=people, groups={"G": members})
    tried = answer_or_refusal(lambda: requesting.who_would_approve_such(uow, such, actor()))
    assert uow.stored.documents == {}, "nothing is stored by trying"

    uow.stored.documents = {such.key: deepcopy(such)}
    sent = answer_or_refusal(lambda: requesting.send_approval_request(uow, such.key, actor()))
    if isinstance(sent, str):
        assert tried == sent
        return
    entries = uow.document(such.key).run.entries
    planned = [(one.sequence_no, one.user, one.reason) for one in tried.plan.approvers]
    assert [(one.sequence_no, one.approver, one.reason) for one in entries] == planned
