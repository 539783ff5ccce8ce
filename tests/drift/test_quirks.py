"""What the documentation says about quirks is what the conformance harness does."""

import re
from dataclasses import fields
from pathlib import Path

from conformance.improved import IMPROVED
from workflow.options import CompanyOptions, WorkflowOptions

QUIRKS = (Path(__file__).parents[2] / "docs" / "quirks.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (Q\d+) \|(.*)\|$", QUIRKS, re.MULTILINE))


def test_the_documentation_has_a_row_for_every_quirk():
    assert list(ROWS) == [f"Q{number}" for number in range(1, 28)]


def test_the_improved_quirks_are_the_same_in_both_places():
    assert {quirk for quirk, row in ROWS.items() if "*improved*" in row} == set(IMPROVED)


def test_every_option_of_a_workflow_or_the_company_is_explained():
    options = {field.name for kind in (WorkflowOptions, CompanyOptions) for field in fields(kind)}
    without_quirk = {
        "email_on_release",
        "attach_pdf",
        "notify_sender_on_reject",
        "overdue_workflow",
        "working_days_only",
        "delegation_to_requester",
    }

    assert {name for name in options - without_quirk if f"`{name}`" not in QUIRKS} == set()
