"""No room is left: what cannot be stored did not happen, and goes on when there is room again."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app import passes
from faults.office import Office, wait_for
from faults.post_box import PostBox
from workflow.statuses import DocumentStatus

MEGABYTE = 1 << 20
ROOM = 8 * MEGABYTE


def pages(office) -> int:
    with sqlite3.connect(office.url.removeprefix("sqlite:///")) as connection:
        (count,) = connection.execute("PRAGMA page_count").fetchone()
    connection.close()
    return count


@contextmanager
def no_more_than(office, count):
    """The file gets no more pages than that."""
    engine = office.application.engine

    def limited(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count={count}")

    engine.dispose()
    event.listen(engine, "connect", limited)
    try:
        yield
    finally:
        event.remove(engine, "connect", limited)
        engine.dispose()


def has_room(act) -> bool:
    try:
        act()
    except OperationalError as error:
        if error.orig.sqlite_errorname not in {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}:
            raise
        return False
    return True


def send_until_full(office, numbers) -> list[str]:
    sent = []
    for number in numbers:
        if not has_room(lambda number=number: office.send(number)):
            return sent
        sent.append(number)
    raise AssertionError("It never was full.")


def test_a_full_file_refuses_whole_steps_and_keeps_what_was_done(in_a_file, accounted):
    numbers = [f"PO-{number}" for number in range(60)]
    in_a_file.receive(*numbers)
    with no_more_than(in_a_file, pages(in_a_file) + 20):
        sent = send_until_full(in_a_file, numbers)

    assert sent
    for number in numbers:
        pending = DocumentStatus.PENDING_APPROVAL if number in sent else DocumentStatus.OPEN
        assert in_a_file.status(number) is pending
    in_a_file.send(numbers[len(sent)])
    in_a_file.deliver_the_rest()
    assert in_a_file.account().emails == len(sent) + 1
    accounted(in_a_file)


@pytest.mark.parametrize("room", [0, 1, 2, 4, 8, 16])
def test_a_disk_that_fills_while_mail_goes_out_loses_none(in_a_file, post_box, accounted, room):
    for number in range(10):
        in_a_file.ask(f"PO-{number}")
    with no_more_than(in_a_file, pages(in_a_file) + room):
        assert not has_room(lambda: passes.deliver(in_a_file.application))
    assert len(post_box.letters()) < 10
    in_a_file.deliver_the_rest()

    assert in_a_file.account().emails == 10
    accounted(in_a_file)


# --- a real one ----------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    if os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("Only root can make a small disk of its own.")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"No small disk can be made here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    filling = folder / "filling"
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return filling


@pytest.mark.faults
def test_a_worker_on_a_full_disk_goes_on_when_there_is_room(
    sqlite_database, small_disk, tmp_path, accounted
):
    database = small_disk / "countersign.db"
    shutil.copyfile(sqlite_database.removeprefix("sqlite:///"), database)
    with PostBox(tmp_path / "letters") as box, Office(f"sqlite:///{database}", box) as office:
        office.receive("PO-1", "PO-2", "PO-3")
        office.send("PO-1")
        with office.process("worker") as worker:
            wait_for(box.letters)
            filling = fill(small_disk)
            assert not all(has_room(lambda n=n: office.send(n)) for n in ("PO-2", "PO-3"))
            with pytest.raises(AssertionError):
                wait_for(lambda: worker.poll() is not None, seconds=6)  # it lives on

            filling.unlink()
            for number in ("PO-2", "PO-3"):
                office.send(number)  # nothing happens where it was sent before
            wait_for(lambda: len(box.letters()) == 3)
        accounted(office)
