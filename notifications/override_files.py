"""A company's own templates as an administrator hands them in: a folder with a file for each."""

from pathlib import Path
from typing import Final

from notifications.overrides import PARTS
from notifications.wording import WordingRefused
from workflow.wording import Override

SOURCE_LIMIT: Final = 90_000  # bytes of one file


def read_override(folder: Path, message: str, language: str) -> Override:
    """
    Raises:
        WordingRefused: no such files, others beside them, or one that is no text.
    """
    found = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    if not found or found - set(PARTS):
        others = ", ".join(sorted(found - set(PARTS))) or "nothing"
        raise WordingRefused(
            f"{folder} has {others} in it.", f"Only {', '.join(PARTS)}, or some of them."
        )
    sources = [_source(folder / part) if part in found else "" for part in PARTS]
    subject, text, html = sources
    return Override(message=message, language=language, subject=subject, text=text, html=html)


def _source(path: Path) -> str:
    raw = path.read_bytes()[: SOURCE_LIMIT + 1]
    if len(raw) > SOURCE_LIMIT:
        raise WordingRefused(f"{path.name} has more than {SOURCE_LIMIT} bytes.", "Shorten it.")
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WordingRefused(f"{path.name} is not UTF-8 text.", "Save it as UTF-8.") from None
    if not source.strip() or "\0" in source:
        raise WordingRefused(f"{path.name} is empty or no text.", "Leave it out, or fill it.")
    return source
