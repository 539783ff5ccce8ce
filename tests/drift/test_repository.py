"""Nothing in the repository depends on the machine it was written on."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THIS_FILE = Path(__file__).relative_to(ROOT)
MACHINE_PATH = re.compile(
    r"(?<![\w.~/:}-])/(?:(?:root|work)(?=[/\s\"'`),;]|$)|home/\w)", re.MULTILINE
)
REGISTRY_HOST = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com))\b")


def texts() -> dict[str, str]:
    """Every text file that is, or is about to be, in the repository."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git repository: which files belong to it is unknown")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = {Path(name) for name in listing.stdout.split("\0") if name} - {THIS_FILE}
    return {str(path): text for path in paths if (text := text_of(ROOT / path)) is not None}


def text_of(path: Path) -> str | None:
    try:
        return path.read_text()
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
        return None


def lines_with(pattern: re.Pattern[str], files: dict[str, str]) -> list[str]:
    return sorted(
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}"
        for name, text in files.items()
        for found in pattern.finditer(text)
    )


def test_no_file_names_a_folder_of_one_machine():
    assert lines_with(MACHINE_PATH, texts()) == []


def test_no_file_names_a_package_registry():
    assert lines_with(REGISTRY_HOST, texts()) == []


@pytest.mark.parametrize(
    "text", ["cd {}work/x", "'{}root'", "path={}home/ann/x", "({}root/.venv)", "see {}work"]
)
def test_a_folder_of_one_machine_is_recognised(text):
    assert MACHINE_PATH.search(text.format("/"))


@pytest.mark.parametrize(
    "text", ["{}workflow", "db{}work/x", "https://example.org{}home/x", ".{}root/x", "{}homepage"]
)
def test_an_ordinary_path_is_not_taken_for_a_folder_of_one_machine(text):
    assert not MACHINE_PATH.search(text.format("/"))
