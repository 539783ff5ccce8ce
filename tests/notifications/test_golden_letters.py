"""Every kind of letter in every language, byte for byte as it was when somebody last looked at it.

After a change that was meant, write the files anew and read what git says about them:

    pytest tests/notifications/test_golden_letters.py --rewrite-golden
    git diff tests/notifications/golden

The files can be opened in a mail program. Only the PDF is left out, which differs
between versions of a compression library and has tests of its own.
"""

import re
import time
from pathlib import Path

import pytest

from written_letters import FIRST_OF_EACH, LANGUAGES, written_letter

GOLDEN = Path(__file__).with_name("golden")
REWRITE = "pytest tests/notifications/test_golden_letters.py --rewrite-golden"
LETTERS = sorted((name, language) for name in FIRST_OF_EACH for language in LANGUAGES)


PDF = re.compile(rb"(Content-Type: application/pdf.*?\r\n\r\n)[A-Za-z0-9+/=\r\n]+", re.DOTALL)


def letter(name: str, language: str) -> bytes:
    return PDF.sub(rb"\1(the PDF)\r\n\r\n", written_letter(*FIRST_OF_EACH[name], language))


def golden_file(name: str, language: str) -> Path:
    return GOLDEN / f"{name}.{language}.eml"


@pytest.mark.parametrize(("name", "language"), LETTERS)
def test_a_letter_is_what_it_was(name, language, request):
    file = golden_file(name, language)
    written = letter(name, language)
    if request.config.getoption("--rewrite-golden"):
        file.write_bytes(written)

    assert file.exists(), f"if it is new: {REWRITE}"
    # As lines, so that a failure shows what differs.
    assert written.split(b"\r\n") == file.read_bytes().split(b"\r\n"), f"if it was meant: {REWRITE}"


def test_no_file_is_left_of_a_letter_that_is_gone():
    assert {file.name for file in GOLDEN.iterdir()} == {
        golden_file(name, language).name for name, language in LETTERS
    }, "delete what is left over by hand"


def test_the_files_stay_of_a_size_that_somebody_reads():
    assert sum(file.stat().st_size for file in GOLDEN.iterdir()) < 1_500_000


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/St_Johns"])
def test_a_letter_does_not_depend_on_where_the_machine_stands(zone, monkeypatch):
    here = [letter(*which) for which in LETTERS]
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", zone)
        elsewhere.setenv("LC_ALL", "tr_TR.UTF-8")
        elsewhere.setenv("LANGUAGE", "tr")
        time.tzset()
        there = [letter(*which) for which in LETTERS]
    time.tzset()

    assert there == here
