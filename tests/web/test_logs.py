"""Approval entries of all documents, the overdue log, and the log of the setup."""

from datetime import timedelta
from html import unescape

import pytest

from tests.people import actor, order
from tests.web.forms import save
from web.pages import logs
from web.setup_words import WHAT
from workflow.events import SetupEvent
from workflow.service import running, setting_up


@pytest.fixture
def eva(browser):
    return browser("EVA")


def titles(page):
    return [number for number in ("PO-1", "PO-2") if f"order {number}" in page.text]


def test_entries_are_filtered_by_each_column(eva, sent):
    sent("PO-1")
    sent("PO-2")
    assert titles(eva.open("/setup/entries")) == ["PO-1", "PO-2"]
    assert titles(eva.open("/setup/entries?approver=CID")) == ["PO-2"]
    assert titles(eva.open("/setup/entries?approver=CID&status=open")) == []
    assert titles(eva.open("/setup/entries?requester=BOB")) == []
    assert titles(eva.open("/setup/entries?status=no-such")) == ["PO-1", "PO-2"]


def test_overdue_entries_are_those_that_wait_and_were_due_before_today(browser, sent, clock):
    sent("PO-1")
    assert titles(browser("EVA").open("/setup/entries?overdue=1")) == []
    clock.forward(hours=30)
    assert titles(browser("EVA").open("/setup/entries?overdue=1")) == ["PO-1"]


def test_pages_follow_each_other_without_gap_or_repetition(eva, sent, monkeypatch):
    monkeypatch.setattr(logs, "ROWS", 2)
    sent("PO-1")  # Ann and Bob
    sent("PO-2")  # Ann, Bob and Cid
    path, seen = "/setup/entries", []
    while path:
        text = unescape(eva.open(path).text)
        rows = text.split("<tbody>")[1].split("</tbody>")[0]
        seen += [line for line in rows.split("<tr>") if "/documents/" in line]
        path = text.split("before=")[1].split('"')[0] if "before=" in text else ""
        path = path and f"/setup/entries?before={path}"
    assert len(seen) == len(set(seen)) == 5


def test_every_change_of_the_setup_is_in_the_log_with_old_and_new(eva):
    save(eva, "/setup/users/edit/BOB", purchase_limit="1500")
    text = unescape(eva.open("/setup/log").text)
    assert "Approval user BOB changed" in text
    assert "Purchase Amount Approval Limit: 1000 → 1500" in text
    assert "Eva" in text
    assert "BOB changed" not in eva.open("/setup/log?subject=CID").text
    assert "BOB changed" in eva.open("/setup/log?subject=BOB").text


def test_every_kind_of_setup_event_has_words():
    assert set(WHAT) == {kind.__name__ for kind in SetupEvent.__subclasses__()}


def test_who_was_reminded_is_in_the_overdue_log(eva, sent, company):
    sent("PO-1")
    later = actor("SYSTEM", day=actor().today + timedelta(days=3), background=True)
    running.run_overdue(company.uow(), [order(number="PO-1").key], later)
    text = unescape(eva.open("/setup/overdue").text)
    assert "purchase order PO-1, 3 days late" in text
    assert "Bob" in text


@pytest.mark.parametrize("path", ["/setup/entries", "/setup/overdue", "/setup/log"])
def test_logs_are_for_who_sees_the_setup(browser, path):
    assert browser("ANN").open(path).status_code == 403


def test_the_log_survives_what_is_typed_into_it(eva):
    assert eva.open("/setup/log?subject=%00x").status_code == 200
    assert eva.open("/setup/log?before=-1").status_code == 404


def test_a_group_and_a_workflow_are_logged_too(eva, company):
    setting_up.set_group(company.uow(), "BUYERS", [("BOB", 1)], company.actor("EVA"))
    setting_up.disable_workflow(company.uow(), "PO", company.actor("EVA"))
    text = eva.open("/setup/log").text
    assert "Group BUYERS changed" in text
    assert "Workflow PO disabled" in text
