"""Tables in CSV files, read strictly: every row has every cell, or the file is refused."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow.interchange.errors import ImportRefused
from workflow.interchange.formulas import imported
from workflow.phrases import listed
from workflow.phrases import phrase as _

DELIMITERS = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NUL = "\0"  # no database takes it
HAS_NUL = _("has a NUL character")


@dataclass(frozen=True, kw_only=True)
class Caps:
    """How much of a file is too much."""

    size: int = 64 * 1024 * 1024
    rows: int = 200_000
    columns: int = 100
    cell: int = 10_000


DEFAULT_CAPS = Caps()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row; the number is the one a spreadsheet shows, the header being row 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file read into rows; headers are trimmed and in lower case."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(
    data: bytes, *, file: str, delimiter: str | None = None, caps: Caps = DEFAULT_CAPS
) -> Table:
    """Read a CSV file, or refuse it at the first thing that is not as it should be."""
    if len(data) > caps.size:
        raise ImportRefused(
            _("is larger than {value} MiB", value=caps.size // 1024 // 1024), file=file
        )
    text = _decoded(data, file)
    records = _records(text, delimiter or _delimiter(text, file), file)
    header = _header(next(records, (1, []))[1], file, caps)
    return Table(file=file, header=header, rows=tuple(_rows(records, header, file, caps)))


def column_name(name: str) -> str:
    """Write a column name the way headers are compared: composed, trimmed, in lower case."""
    return unicodedata.normalize("NFC", name).strip().lower()


def _decoded(data: bytes, file: str) -> str:
    content = data.removeprefix(BYTE_ORDER_MARK)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise ImportRefused(
            _("is not UTF-8; save the file as CSV UTF-8"), file=file, row=row
        ) from None
    return text


def _delimiter(text: str, file: str) -> str:
    """Tell from the header which of the three delimiters the file uses."""
    header = next(iter(text.splitlines()), "")
    bare = "".join(header.split('"')[::2])  # what stands between quotes separates nothing
    found = [delimiter for delimiter in DELIMITERS if delimiter in bare]
    if len(found) > 1:
        names = listed([DELIMITERS[delimiter] for delimiter in found], _(" and "))
        raise ImportRefused(
            _("has {names} in its header; say which one separates", names=names), file=file, row=1
        )
    return found[0] if found else ","


def _records(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Give the records with their row numbers; wrong quotes are refused."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ImportRefused(
                _("is not well-formed CSV ({error})", error=error), file=file, row=row
            ) from None
        yield row, record


def _header(names: list[str], file: str, caps: Caps) -> tuple[str, ...]:
    if any(NUL in name for name in names):
        raise ImportRefused(
            _("{has_nul}; this is not a text file", has_nul=HAS_NUL), file=file, row=1
        )
    header = tuple(map(column_name, names))
    if not any(header):
        raise ImportRefused(_("has no header row"), file=file)
    if len(header) > caps.columns:
        raise ImportRefused(
            _("has more than {columns} columns", columns=caps.columns), file=file, row=1
        )
    for name, count in Counter(header).items():
        if not name:
            raise ImportRefused(_("a column has no name"), file=file, row=1)
        if count > 1:
            raise ImportRefused(_("the column stands there twice"), file=file, row=1, column=name)
    return header


def _rows(
    records: Iterator[tuple[int, list[str]]], header: tuple[str, ...], file: str, caps: Caps
) -> Iterator[Row]:
    for number, record in records:
        if number > caps.rows + 1:
            raise ImportRefused(_("has more than {rows} rows", rows=caps.rows), file=file)
        if not record:
            continue  # an empty line, often the last
        if len(record) != len(header):
            reason = _(
                "the row has {value} cells, the header has {value2}",
                value=len(record),
                value2=len(header),
            )
            raise ImportRefused(reason, file=file, row=number)
        cells = dict(zip(header, map(imported, record), strict=True))
        _refuse_bad_cells(cells, file, number, caps)
        yield Row(number=number, cells=cells)


def _refuse_bad_cells(cells: Mapping[str, str], file: str, row: int, caps: Caps) -> None:
    for column, value in cells.items():
        if NUL in value:
            raise ImportRefused(HAS_NUL, file=file, row=row, column=column)
        if len(value) > caps.cell:
            reason = _("is longer than {cell} characters", cell=caps.cell)
            raise ImportRefused(reason, file=file, row=row, column=column, value=value)
