"""Files somebody hands in, and the mapping files that come with the program."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from workflow.interchange.column_mappings import ColumnMapping
from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile
from workflow.interchange.mapping_files import mapping_from
from workflow.phrases import phrase as _

LARGEST_FILE: Final = 200 * 1024 * 1024


def given_file(path: Path) -> GivenFile:
    """The whole file.

    Raises:
        ImportRefused: it is too large to be read at once.
    """
    if path.stat().st_size > LARGEST_FILE:
        megabytes = LARGEST_FILE // 1024**2
        raise ImportRefused(
            _("is larger than {megabytes} MB; divide it", megabytes=megabytes), file=path.name
        )
    return GivenFile(name=path.name, data=path.read_bytes())


@cache
def known_mappings() -> tuple[ColumnMapping, ...]:
    """Whose columns we recognise without being told."""
    folder = files("workflow.interchange") / "mappings"
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return tuple(
        mapping_from(file.read_text(encoding="utf-8"), file=file.name)
        for file in found
        if file.name.endswith(".toml")
    )
