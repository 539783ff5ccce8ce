"""A copy of a document as a PDF, for the mail to a vendor or customer.

The same copy always gives the same bytes. The font is part of the program and of every file, so
that names look the same everywhere.
"""

import unicodedata
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from fpdf import FPDF, Align, FontFace
from fpdf.enums import TableBordersLayout, VAlign, XPos, YPos
from fpdf.fonts import TTFFont

from notifications.document_sheets import Fact, Sheet
from notifications.letters_drawn import stands_alone
from notifications.mail_settings import SetupError
from workflow.errors import LettersNotPrintable

FONT: Final = "Noto Sans"
STYLES: Final = {"": "NotoSans-Regular.ttf", "B": "NotoSans-Bold.ttf"}
UNKNOWN: Final = "?"  # for letters the font lacks, which would be boxes

FONTS_BEGIN: Final = frozenset({b"\0\1\0\0", b"OTTO", b"true", b"ttcf"})
MOST_NAMED: Final = 20  # of the letters that are missing

MARGIN: Final = 20.0  # millimetres, as everything here
LABEL_WIDTH: Final = 45.0
COLUMN_WIDTHS: Final = (25, 70, 18, 28, 29)
TOTAL_WIDTHS: Final = (140, 29)
QUIET: Final = 90  # a grey that still has contrast
RULE: Final = 170
SMALL, NORMAL, LARGE = 8, 9, 16  # points


def pdf_of(sheet: Sheet, *, exact: bool = False) -> bytes:
    """The copy on as many pages as it needs; each has the heads of the columns.

    *exact*, no letter may be missing; else a question mark stands in its place.

    Raises:
        LettersNotPrintable, FontNotUsable
    """
    page = _Pages(sheet, exact=exact)
    page.add_page()
    _draw_head(page, sheet)
    _draw_lines(page, sheet)
    _draw_totals(page, sheet.totals)
    drawn = bytes(page.output())
    if exact and page.missing:
        raise LettersNotPrintable(", ".join(page.missing[:MOST_NAMED]))
    return drawn


class FontNotUsable(SetupError):
    """A font file of the settings cannot be read."""

    def __init__(self, file: str, error: Exception) -> None:
        super().__init__(f"The font file {file} in COUNTERSIGN_PDF_FONTS cannot be used: {error}")
        self.next_step = "Name a TrueType or OpenType file that this program may read."


def _check_is_font(file: str) -> None:
    with Path(file).open("rb") as opened:
        if opened.read(4) not in FONTS_BEGIN:
            raise ValueError("it is no font")


class _Pages(FPDF):
    """Pages of A4 with the font, and at the foot of each where one is."""

    def __init__(self, sheet: Sheet, *, exact: bool) -> None:
        super().__init__(format="A4")
        self._sheet = sheet
        for style, file in STYLES.items():
            with as_file(files("templates") / "fonts" / file) as path:
                self.add_font(FONT, style, path)
        self._add_further_fonts(sheet.fonts, exact=exact)
        self.missing: list[str] = []  # letters that no font has, in their order
        self._letters = frozenset(
            letter
            for font in self.fonts.values()
            if isinstance(font, TTFFont)
            for letter in font.cmap
        )
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.set_creation_date(sheet.made_at)
        self.set_lang(sheet.language)
        self.set_title(sheet.title)
        self.set_author(sheet.company)
        self.set_draw_color(RULE)

    def footer(self) -> None:
        self.set_y(-MARGIN + 5)
        self.write_in(SMALL, quiet=True)
        self.cell(0, 5, self.shown(f"{self._sheet.company} · {self._sheet.title}"))
        place = self._sheet.page.format(page=self.page_no(), pages="{nb}")
        self.set_x(MARGIN)
        self.cell(0, 5, place, align=Align.R)

    def write_in(self, size: int, *, bold: bool = False, quiet: bool = False) -> None:
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(QUIET if quiet else 0)

    def shown(self, text: str) -> str:
        """The text in letters that the fonts have."""
        return "".join(map(self._drawn, unicodedata.normalize("NFC", text)))

    def _drawn(self, letter: str) -> str:
        if ord(letter) in self._letters and stands_alone(letter):
            return letter
        if letter not in self.missing:
            self.missing.append(letter)
        return UNKNOWN

    def _add_further_fonts(self, fonts: Sequence[str], *, exact: bool) -> None:
        """For letters that our own font lacks; each is used for bold text as well."""
        usable = []
        for number, file in enumerate(fonts, start=1):
            try:
                _check_is_font(file)
                self.add_font(f"Further {number}", "", file)
            except Exception as error:  # the libraries have no class for what a file can be
                if exact:
                    self._close_fonts()
                    raise FontNotUsable(file, error) from error
                continue
            usable.append(f"Further {number}")
        self.set_fallback_fonts(usable, exact_match=False)

    def _close_fonts(self) -> None:
        """Drawing would do it."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def paragraph(self, height: float, text: str) -> None:
        """The rest of the line, and more lines where one is not enough."""
        self.multi_cell(
            0, height, self.shown(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )


def _draw_head(page: _Pages, sheet: Sheet) -> None:
    page.write_in(NORMAL, bold=True)
    page.paragraph(6, sheet.company)
    page.ln(8)
    page.write_in(LARGE, bold=True)
    page.paragraph(8, sheet.title)
    page.ln(4)
    for fact in (sheet.party, *sheet.facts):
        _draw_fact(page, fact)
    page.ln(6)


def _draw_fact(page: _Pages, fact: Fact) -> None:
    page.write_in(NORMAL, quiet=True)
    page.cell(LABEL_WIDTH, 5.5, fact.label)
    page.write_in(NORMAL)
    page.paragraph(5.5, fact.value)


def _draw_lines(page: _Pages, sheet: Sheet) -> None:
    page.write_in(NORMAL)
    with page.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        col_widths=COLUMN_WIDTHS,
        headings_style=FontFace(emphasis="BOLD"),
        line_height=5,
        padding=(1.2, 1, 1.2, 1),
        text_align=("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT"),
        v_align=VAlign.T,
    ) as table:
        table.row(sheet.columns)
        for line in sheet.lines:
            texts = (line.item_no, line.description, line.quantity, line.unit_price, line.amount)
            table.row([page.shown(text) for text in texts])
    page.ln(4)


def _draw_totals(page: _Pages, totals: Sequence[Fact]) -> None:
    """All on one page."""
    with page.unbreakable() as block:
        for fact in totals:
            block.write_in(NORMAL, bold=fact is totals[-1])
            block.cell(TOTAL_WIDTHS[0], 6, fact.label, align=Align.R)
            block.cell(TOTAL_WIDTHS[1], 6, fact.value, align=Align.R)
            block.ln()
