"""Workflows on the pages: sentences, settings, enabling, versions, files."""

from dataclasses import fields
from html import unescape

import pytest

from notifications.workflow_words import CHOICES, WORKFLOW_WORDS
from tests.people import workflow
from tests.web.conftest import HERE
from tests.web.forms import form_of, save
from web.workflow_views import HINTS, kind_of_field
from workflow.definitions import Conditions, WorkflowDefinition
from workflow.options import BC, Clock, WorkflowOptions

PO = "/setup/workflows/edit/PO"
IMPORT = "/setup/workflows/import"


@pytest.fixture
def eva(browser):
    return browser("EVA")


@pytest.fixture
def latest(company):
    def found(code="PO"):
        with company.uow(readonly=True) as uow:
            return uow.workflows.latest(code)

    return found


def is_enabled(company, code="PO"):
    with company.uow(readonly=True) as uow:
        return uow.workflows.is_enabled(code)


def test_every_setting_has_a_caption_and_says_what_it_is_for():
    kinds = (WorkflowDefinition, Conditions, WorkflowOptions)
    names = {field.name for kind in kinds for field in fields(kind)}
    assert set(WORKFLOW_WORDS) == names - {"code", "version", "conditions", "options"}
    assert all(words.about.endswith(".") for words in WORKFLOW_WORDS.values())


def test_every_choice_has_a_caption():
    values = {
        value.value
        for name in WORKFLOW_WORDS
        if kind_of_field(name) == "select" and name != "document_type"
        for value in HINTS[name]
    }
    assert values == set(CHOICES)


def test_the_list_says_what_each_workflow_does(eva):
    text = unescape(eva.open("/setup/workflows").text)
    assert "Purchase order: the requester's approver chain, up to a sufficient limit." in text


def test_a_workflow_is_made_from_a_template_once(eva, latest, company):
    page = "/setup/workflows"
    answer = eva.send(page, template="MS-PIAPW", code="BILLS")
    assert answer.headers["location"] == "/setup/workflows/edit/BILLS"
    assert latest("BILLS").document_type == "invoice"
    assert not is_enabled(company, "BILLS")
    again = eva.send(page, template="MS-POAPW", code="BILLS")
    assert again.status_code == 422


def test_saving_what_is_shown_makes_no_new_version(eva, latest):
    eva.send(PO, **{**form_of(eva, PO), "step": "disable"})
    assert save(eva, PO, step="save").status_code == 303
    assert latest() == workflow()


def test_an_enabled_workflow_is_disabled_before_it_is_changed(eva, latest, company):
    assert save(eva, PO, step="save", due="5D").status_code == 422
    save(eva, PO, step="disable")
    assert not is_enabled(company)
    assert save(eva, PO, step="save", due="5D", min_amount="250.50").status_code == 303
    assert latest().due == "5D"
    assert str(latest().conditions.min_amount) == "250.50"
    assert latest().version == 2
    save(eva, PO, step="enable")
    assert is_enabled(company)


def test_versions_are_shown_with_what_changed(eva):
    save(eva, PO, step="disable")
    save(eva, PO, step="save", due="5D", clock=Clock.SENT.value)
    text = unescape(eva.open("/setup/workflows/versions/PO").text)
    assert "Due Date Formula: <del>-</del> → <ins>5D</ins>" in text
    assert "When the request is sent" in text


def test_why_a_workflow_cannot_be_enabled_is_said(eva, company):
    eva.send("/setup/workflows", template="MS-BPOAPW", code="BLANKET")
    answer = save(eva, "/setup/workflows/edit/BLANKET", step="enable")
    assert answer.status_code == 422
    assert "group is empty" in answer.text
    assert not is_enabled(company, "BLANKET")


@pytest.mark.parametrize(
    ("field", "value"), [("min_amount", "a lot"), ("stage_rule", "some"), ("clock", "later")]
)
def test_what_is_wrong_stands_beside_its_field(eva, latest, field, value):
    save(eva, PO, step="disable")
    answer = save(eva, PO, step="save", **{field: value})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert latest() == workflow()


def test_all_choices_as_business_central_at_once(eva, latest):
    save(eva, PO, step="disable")
    save(eva, PO, step="bc")
    assert latest().options == BC


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(eva, company):
    assert save(eva, PO, step="disable", seen="old").status_code == 409
    assert is_enabled(company)


def test_a_used_workflow_is_not_deleted_an_unused_one_is(eva, latest, sent):
    sent()
    path = "/setup/workflows/delete/PO"
    save(eva, PO, step="disable")
    assert eva.send(path).status_code == 422
    eva.send("/setup/workflows", template="MS-PIAPW", code="BILLS")
    assert eva.send("/setup/workflows/delete/BILLS").status_code == 303
    assert latest("BILLS") is None


def upload(browser, data):
    return browser.client.post(
        IMPORT,
        data={"token": browser.token(IMPORT), "step": "plan"},
        files={"file": ("w.yaml", data)},
        headers={"Origin": HERE},
    )


def test_a_file_is_planned_and_then_taken_in_as_a_whole(eva, latest, company):
    exported = eva.open("/setup/workflows/export").content
    assert "unchanged" in upload(eva, exported).text
    save(eva, PO, step="disable")
    plan = upload(eva, exported.replace(b"due: ''", b"due: 9D"))
    assert "<ins>9D</ins>" in plan.text
    assert latest().due == ""

    class Shown:
        def open(self, _path):
            return plan

    sent_back = {**form_of(Shown(), IMPORT), "step": "apply"}
    wrong = eva.client.post(IMPORT, data={**sent_back, "plan": "x"}, headers={"Origin": HERE})
    assert wrong.status_code == 409
    assert latest().due == ""
    taken = eva.client.post(IMPORT, data=sent_back, headers={"Origin": HERE})
    assert taken.status_code == 303
    assert latest().due == "9D"


def test_a_file_that_is_none_is_refused(eva):
    assert upload(eva, b"workflows: 5").status_code == 422


def test_only_who_sets_up_changes_workflows(browser, company):
    assert browser("ANN").open(PO).status_code == 403
