"""The approval user setup in a file: who everybody is, who approves for them, and up to what."""

import csv
import io
from collections.abc import Callable, Iterable

from workflow.approval_users import ApprovalUser
from workflow.interchange.captions import UNLIMITED
from workflow.interchange.column_mappings import KNOWN_COLUMNS, FileKind
from workflow.interchange.csv_files import BYTE_ORDER_MARK
from workflow.interchange.errors import ImportRefused, NotReadable
from workflow.interchange.formulas import exported
from workflow.interchange.limits_file import LIMITS, LimitRules
from workflow.interchange.numbers import NumberFormat, day, limit
from workflow.interchange.records import ImportedUser, UserField
from workflow.interchange.rows import MappedRow, MappedTable, code
from workflow.interchange.user_values import typed_row
from workflow.phrases import phrase as _

YES = {"true", "yes", "1", "ja"}
NO = {"false", "no", "0", "", "nee"}
FREE_TEXT = {"full_name"}
DATES = {"substitute_from", "substitute_to"}


def parse_users(table: MappedTable, limits: LimitRules | None = None) -> tuple[ImportedUser, ...]:
    """Read all users, or refuse the file at its first bad row."""
    _refuse_without_ids(table)
    if limits:
        limits.refuse_idle_rules(table.table)
    users = tuple(_user(row, limits) for row in table.rows())
    _refuse_repeated_users(users, table)
    return users


def parse_each_user(
    table: MappedTable,
) -> tuple[tuple[ImportedUser, ...], tuple[ImportRefused, ...]]:
    """The rows that can be read, and what is wrong with each of the others.

    Raises:
        ImportRefused: of the file as a whole.
    """
    _refuse_without_ids(table)
    users: list[ImportedUser] = []
    refused: list[ImportRefused] = []
    for row in table.rows():
        try:
            users.append(_user(row, None))
        except ImportRefused as error:
            refused.append(error)
    _refuse_repeated_users(tuple(users), table)
    return tuple(users), tuple(refused)


def write_users(users: Iterable[ApprovalUser], written: NumberFormat) -> bytes:
    """A file that spreadsheets open as a table and run nothing of; ``parse_users`` reads it."""
    columns = KNOWN_COLUMNS[FileKind.USERS]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    for user in users:
        row = typed_row(user, written)
        writer.writerow([exported(row[name]) for name in columns])
    return BYTE_ORDER_MARK + text.getvalue().encode("utf-8")


def _refuse_without_ids(table: MappedTable) -> None:
    if not table.mapping.has("user_id"):
        raise ImportRefused(_("the column is missing"), file=table.file, row=1, column="user_id")


def _user(row: MappedRow, limits: LimitRules | None) -> ImportedUser:
    user_id = row.code("user_id")
    if not user_id:
        raise row.refused("user_id", _("is empty"), value="")
    fields = {name: _field(row, name) for name in _given(row)}
    _read_unlimited(row, fields)
    if limits:
        fields.update(limits.limits_of(row.row.cells))
    _refuse_backward_period(row, fields)
    return ImportedUser(user_id=user_id, fields=fields, row=row.row.number, source=row.file)


def _read_unlimited(row: MappedRow, fields: dict[str, UserField]) -> None:
    """Business Central marks who is unlimited in a column of its own, and leaves the limit at 0."""
    for mark, name in UNLIMITED.items():
        if not row.mapping.has(mark) or not row.read(mark, _yes_or_no):
            continue
        if fields.get(name):
            reason = _("says unlimited, but the limit is {limit}", limit=fields[name])
            raise row.refused(mark, reason)
        fields[name] = None


def _given(row: MappedRow) -> list[str]:
    known = KNOWN_COLUMNS[FileKind.USERS]
    return [name for name in known if name != "user_id" and row.mapping.has(name)]


def _field(row: MappedRow, name: str) -> UserField:
    return row.read(name, _reader(row, name))


def _reader(row: MappedRow, name: str) -> Callable[[str], UserField]:
    if name in LIMITS:
        return lambda text: limit(text, row.number_format)
    if name in DATES:
        return lambda text: day(text) if text else None
    if name == "administrator":
        return _yes_or_no
    return str if name in FREE_TEXT else code


def _yes_or_no(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise NotReadable(_("is neither true nor false"))


def _refuse_backward_period(row: MappedRow, fields: dict[str, UserField]) -> None:
    start, end = fields.get("substitute_from"), fields.get("substitute_to")
    if start and end and str(end) < str(start):
        raise row.refused("substitute_to", _("is before {start}", start=start), value=str(end))


def _refuse_repeated_users(users: tuple[ImportedUser, ...], table: MappedTable) -> None:
    first_rows: dict[str, int] = {}
    for user in users:
        first = first_rows.setdefault(user.user_id.casefold(), user.row)
        if first != user.row:
            column = table.mapping.column_named("user_id")
            raise ImportRefused(
                _("stands in row {first} too", first=first),
                file=table.file,
                row=user.row,
                column=column,
                value=user.user_id,
            )
