"""Files handed in for import: what each one is, and everything in them, or a refusal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Final

from workflow.interchange.captions import OURS, columns_of
from workflow.interchange.column_mappings import (
    OWN_MARKS,
    ColumnMapping,
    FileKind,
    own_mapping,
    recognised,
    with_pairs,
)
from workflow.interchange.csv_files import Table, column_name, read_table
from workflow.interchange.documents_file import Overrides, parse_each_document
from workflow.interchange.electronic import is_electronic, parse_electronic_document
from workflow.interchange.errors import ImportRefused
from workflow.interchange.limits_file import LimitRules, limit_rules
from workflow.interchange.local_amounts import at_the_rate
from workflow.interchange.numbers import NumberFormat
from workflow.interchange.records import ImportedDocument, ImportedUser
from workflow.interchange.rows import MappedTable, check_pairs, mapped
from workflow.interchange.users_file import parse_each_user, parse_users
from workflow.phrases import listed
from workflow.phrases import phrase as _
from workflow.statuses import Area


@dataclass(frozen=True, kw_only=True)
class GivenFile:
    """A file somebody hands in."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How files are to be read, as the person says."""

    mappings: Collection[ColumnMapping] = ()  # header sets known besides our own
    pairs: Mapping[str, str] = field(default_factory=dict)  # ours = theirs
    number_format: NumberFormat = NumberFormat.POINT
    delimiter: str | None = None  # None: told from the header
    area: Area | None = None
    requester: str = ""
    local_currency: str = ""
    rates: Mapping[str, Decimal] = field(default_factory=dict)  # 1 of it in local currency

    @property
    def columns(self) -> dict[str, str]:
        """The pairs, theirs as headers are compared."""
        return {ours: column_name(theirs) for ours, theirs in self.pairs.items()}


DEFAULT_OPTIONS = ImportOptions()


def users_in(
    file: GivenFile, options: ImportOptions = DEFAULT_OPTIONS, limits: GivenFile | None = None
) -> tuple[ImportedUser, ...]:
    """Read a users file, with the limits of a second file if there is one."""
    table = _mapped_table(file, options, {FileKind.USERS})
    check_pairs(options.columns, [table])
    return parse_users(table, _limit_rules(limits, options))


def each_user_in(
    file: GivenFile, options: ImportOptions = DEFAULT_OPTIONS
) -> tuple[tuple[ImportedUser, ...], tuple[ImportRefused, ...]]:
    """The users of the rows that can be read, and what is wrong with each of the others."""
    return parse_each_user(_mapped_table(file, options, {FileKind.USERS}))


def documents_in(
    files: Sequence[GivenFile], options: ImportOptions = DEFAULT_OPTIONS
) -> tuple[ImportedDocument, ...]:
    """Read documents from tables, their line files and electronic documents, all or nothing."""
    documents, refused = each_document_in(files, options)
    if refused:
        raise refused[0]
    return documents


def each_document_in(
    files: Sequence[GivenFile], options: ImportOptions = DEFAULT_OPTIONS
) -> tuple[tuple[ImportedDocument, ...], tuple[ImportRefused, ...]]:
    """The documents that can be read, and what is wrong with each of the others.

    Raises:
        ImportRefused: of a table as a whole.
    """
    electronic = [file for file in files if is_electronic(file.data)]
    in_text = [file for file in files if not is_electronic(file.data)]
    tables = [
        _mapped_table(file, options, {FileKind.DOCUMENTS, FileKind.LINES}) for file in in_text
    ]
    check_pairs(options.columns, tables)
    headers = [table for table in tables if table.mapping.kind is FileKind.DOCUMENTS]
    lines = [table for table in tables if table.mapping.kind is FileKind.LINES]
    overrides = Overrides(
        area=options.area, requester=options.requester, local_currency=options.local_currency
    )
    in_rows, refused = parse_each_document(headers, lines, overrides)
    reads = [
        *(partial(at_the_rate, document, options.rates) for document in in_rows),
        *(partial(_electronic, file, options) for file in electronic),
    ]
    documents: list[ImportedDocument] = []
    for read in reads:
        try:
            documents.append(read())
        except ImportRefused as error:
            refused.append(error)
    return tuple(documents), tuple(refused)


def _electronic(file: GivenFile, options: ImportOptions) -> ImportedDocument:
    document = parse_electronic_document(file.data, file=file.name, area=options.area)
    document = replace(document, requester=options.requester)
    document = _in_local_currency(document, options.local_currency)
    return at_the_rate(document, options.rates)


def _in_local_currency(document: ImportedDocument, local_currency: str) -> ImportedDocument:
    if document.currency != local_currency:
        return document
    return replace(
        document,
        currency="",
        amount_lcy=document.amount,
        amount_including_vat_lcy=document.amount_including_vat,
    )


def _limit_rules(file: GivenFile | None, options: ImportOptions) -> LimitRules | None:
    if file is None:
        return None
    table = read_table(file.data, file=file.name)
    return limit_rules(table, options.number_format)


_KINDS: Final = {
    FileKind.USERS: _("users"),
    FileKind.DOCUMENTS: _("documents"),
    FileKind.LINES: _("lines"),
}


def _mapped_table(
    file: GivenFile, options: ImportOptions, kinds: Collection[FileKind]
) -> MappedTable:
    """Read a table and find out how its columns are called."""
    table = read_table(file.data, file=file.name, delimiter=options.delimiter)
    mapping = recognised(table.header, options.mappings) or _own(table, options.columns)
    if mapping is None or mapping.kind not in kinds:
        raise _not_among(kinds, table, mapping)
    mapping = with_pairs(mapping, options.columns, table.header)
    return mapped(table, mapping, options.number_format)


def _own(table: Table, pairs: Mapping[str, str]) -> ColumnMapping | None:
    """Recognise our own column names and captions, those given by `--map` included."""
    named = {ours for ours, theirs in pairs.items() if theirs in table.header}
    for kind, marks in OWN_MARKS.items():
        ours = OURS[kind]
        names = named.union(ours[column] for column in table.header if column in ours)
        if marks <= names:
            others = [column for column in table.header if column not in pairs.values()]
            return own_mapping(kind, columns_of(kind, others, table.file))
    return None


def _not_among(
    kinds: Collection[FileKind], table: Table, mapping: ColumnMapping | None
) -> ImportRefused:
    wanted = listed([_KINDS[kind] for kind in sorted(kinds)], _(" or "))
    if mapping:
        return ImportRefused(
            _("is a file of {kind}, not of {wanted}", kind=_KINDS[mapping.kind], wanted=wanted),
            file=table.file,
        )
    shown = ", ".join(table.header[:8])
    reason = _(
        "its columns are not those of {wanted}: {shown}; name them with --map ours=theirs",
        wanted=wanted,
        shown=shown,
    )
    return ImportRefused(reason, file=table.file, row=1)
