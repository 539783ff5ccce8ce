"""What docs/coverage.md says is there, is there."""

import re
from dataclasses import fields
from pathlib import Path

from app.cli import reference
from app.cli.schedules import READERS as SCHEDULE_FIELDS
from notifications.setting_descriptions import described
from web.api.table import table as operations
from web.application import PAGES
from workflow.interchange.column_mappings import KNOWN_COLUMNS, FileKind
from workflow.interchange.typed import UNLIMITED
from workflow.interchange.workflow_settings import settings_of
from workflow.notification_setup import NotificationMethod
from workflow.options import CompanyOptions
from workflow.workflow_templates import TEMPLATES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([^`]+)`", TEXT)
COMMANDS = [name for name in NAMED if name.startswith("countersign ")]
PATHS = [name for name in NAMED if name.startswith("/")]
CALLS = [name for name in NAMED if re.match("[A-Z]+ /", name)]
FILES = [name for name in NAMED if name.startswith("docs/")]
WORDS = [name for name in NAMED if name not in {*COMMANDS, *PATHS, *CALLS, *FILES, "--replace"}]


def test_every_command_that_is_named_exists():
    there = {typed for typed, _ in reference.commands()}

    assert len(COMMANDS) > 50
    assert set(COMMANDS) - there == set()


def test_every_page_that_is_named_exists():
    there = {route.path for page in PAGES for route in page.router.routes if "GET" in route.methods}

    assert len(PATHS) > 12
    assert set(PATHS) - there == set()


def test_every_operation_that_is_named_exists_and_every_one_that_changes_something_is_named():
    there = set(re.findall(r"`([A-Z]+ /[^`]+)`", operations()))
    changing = {one for one in there if not one.startswith("GET")}

    assert set(CALLS) - there == set()
    assert changing - set(CALLS) == set()


def test_every_setting_that_is_named_exists():
    workflow = settings_of(TEMPLATES[0].workflow())
    company = {field.name for field in fields(CompanyOptions)}
    there = {*KNOWN_COLUMNS[FileKind.USERS], *workflow, *company, *described("en")}
    there |= {UNLIMITED, *NotificationMethod, *SCHEDULE_FIELDS}

    assert set(WORDS) - there == set()


def test_every_row_says_where_or_that_it_is_not():
    rows = [
        line for line in TEXT.splitlines() if line.startswith("| ") and "Countersign" not in line
    ]

    assert len(rows) > 60
    for row in rows:
        _, _, here, api, _ = (cell.strip() for cell in row.split("|"))
        assert here
        assert api
