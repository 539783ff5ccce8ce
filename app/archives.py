"""A folder of compressed files with what was deleted, and a list of them with their checksums."""

import gzip
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.plain import plain
from workflow.retention import ArchiveFile, ArchiveNotWritable, Batch, Records, Row

ONLY_THE_OWNER: Final = 0o700
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class ArchiveFolder:
    """One file for each batch: a line of JSON for each row."""

    folder: Path

    def write(self, number: int, records: Records, rows: Sequence[Row]) -> ArchiveFile:
        """On the disk when it returns: what is deleted after that is not lost in a power cut.

        Raises:
            ArchiveNotWritable
        """
        lines = (json.dumps(plain(row), ensure_ascii=False, separators=(",", ":")) for row in rows)
        packed = gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)
        name = f"{number:06}-{records}.jsonl.gz"
        self._put(name, packed)
        return ArchiveFile(name=name, sha256=_sha256(packed))

    def write_manifest(self, batches: Sequence[Batch]) -> None:
        """All that was ever archived, as the database knows it.

        Raises:
            ArchiveNotWritable
        """
        text = json.dumps({"files": plain(batches)}, ensure_ascii=False, indent=2)
        self._put(MANIFEST, f"{text}\n".encode())

    def trouble(self, batches: Sequence[Batch]) -> list[str]:
        """Files that are missing, or are not what was written."""
        return [found for batch in batches if batch.file and (found := self._trouble(batch))]

    def _trouble(self, batch: Batch) -> str:
        try:
            packed = (self.folder / batch.file).read_bytes()
        except FileNotFoundError:
            return f"{batch.file} is missing."
        except OSError as error:
            return f"{batch.file} cannot be read: {error.strerror}"
        return "" if _sha256(packed) == batch.sha256 else f"{batch.file} has been changed."

    def _put(self, name: str, content: bytes) -> None:
        """The whole file or none."""
        try:
            self.folder.mkdir(mode=ONLY_THE_OWNER, parents=True, exist_ok=True)
            unfinished = self.folder / f".{name}"
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.folder / name)
            _keep_names(self.folder)
        except OSError as error:
            raise ArchiveNotWritable(self.folder, error.strerror) from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _keep_names(folder: Path) -> None:
    """A new name is on the disk when its folder is; Windows cannot and need not be told so."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
