"""The README's table of commands is what the program offers."""

from pathlib import Path

import pytest

from app.cli import reference

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_lists_every_command_with_its_help():
    text = README.read_text(encoding="utf-8")

    assert reference.BLOCK.search(text), "README.md has no <!-- commands --> … <!-- end -->"
    assert text == reference.refreshed(text), "run: python -m app.cli.reference README.md"


def test_a_changed_table_is_noticed():
    text = "before\n<!-- commands -->\nold\n<!-- end -->\nafter"

    assert "| `countersign users import` |" in reference.refreshed(text)
    assert reference.refreshed(text).startswith("before\n<!-- commands -->\n| command |")
    assert reference.refreshed(text).endswith("<!-- end -->\nafter")


@pytest.mark.parametrize("typed", ["countersign send", "countersign outbox retry"])
def test_the_table_names_commands_as_they_are_typed(typed):
    assert f"| `{typed}` | " in reference.table()
