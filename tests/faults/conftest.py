"""A company with a mail server that are broken in every way; what was found is shown at the end."""

from collections.abc import Iterator

import pytest
from rich.console import Console
from rich.table import Table

from faults.office import Office
from faults.post_box import PostBox

SHOWN = "account"
HEADINGS = {
    "events": "events",
    "accounted": "accounted for",
    "emails": "emails",
    "letters": "letters",
    "lost": "lost",
    "twice": "came twice",
    "uncertain": "uncertain",
    "twice_without_saying": "twice unsaid",
}


@pytest.fixture
def post_box(tmp_path) -> Iterator[PostBox]:
    with PostBox(tmp_path / "letters") as box:
        yield box


@pytest.fixture
def office(database_url, post_box) -> Iterator[Office]:
    with Office(database_url, post_box) as office:
        yield office


@pytest.fixture
def in_a_file(sqlite_database, post_box) -> Iterator[Office]:
    with Office(sqlite_database, post_box) as office:
        yield office


@pytest.fixture
def accounted(record_property):
    """Compares what was recorded with what came, and keeps it for the report."""

    def check(office: Office) -> None:
        account = office.account().check()
        record_property(SHOWN, account.row())

    return check


def pytest_terminal_summary(terminalreporter) -> None:
    rows = [
        (report.nodeid.partition("::")[2], value)
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == SHOWN and report.when == "call"
    ]
    if not rows:
        return
    table = Table(title="Faults: events recorded = emails accounted for")
    table.add_column("what happened", overflow="fold")
    for heading in HEADINGS.values():
        table.add_column(heading, justify="right")
    for test, account in rows:
        words = test.removeprefix("test_").replace("_", " ").replace("[", ": ").removesuffix("]")
        table.add_row(words, *(str(account[name]) for name in HEADINGS))
    sums = [str(sum(account[name] for _, account in rows)) for name in HEADINGS]
    table.add_row("together", *sums, style="bold")
    console = Console(width=120)
    with console.capture() as written:
        console.print(table)
    terminalreporter.write_line("")
    terminalreporter.write_line(written.get())
