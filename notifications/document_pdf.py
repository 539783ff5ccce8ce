"""A copy of a document as a PDF, for the mail to a vendor or customer.

The same copy always gives the same bytes. The font is part of the program and of every file, so
that names look the same everywhere.
"""

import unicodedata
from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Final

from fpdf import FPDF, Align, FontFace
from fpdf.enums import TableBordersLayout, VAlign, XPos, YPos
from fpdf.fonts import TTFFont

from notifications.document_sheets import Fact, Sheet

FONT: Final = "Noto Sans"
STYLES: Final = {"": "NotoSans-Regular.ttf", "B": "NotoSans-Bold.ttf"}
UNKNOWN: Final = "?"  # for letters the font lacks, which would be boxes

MARGIN: Final = 20.0  # millimetres, as everything here
LABEL_WIDTH: Final = 45.0
COLUMN_WIDTHS: Final = (25, 70, 18, 28, 29)
TOTAL_WIDTHS: Final = (140, 29)
QUIET: Final = 90  # a grey that still has contrast
RULE: Final = 170
SMALL, NORMAL, LARGE = 8, 9, 16  # points


def pdf_of(sheet: Sheet) -> bytes:
    """The copy on as many pages as it needs; each has the heads of the columns."""
    page = _Pages(sheet)
    page.add_page()
    _draw_head(page, sheet)
    _draw_lines(page, sheet)
    _draw_totals(page, sheet.totals)
    return bytes(page.output())


class _Pages(FPDF):
    """Pages of A4 with the font, and at the foot of each where one is."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self._sheet = sheet
        for style, file in STYLES.items():
            with as_file(files("templates") / "fonts" / file) as path:
                self.add_font(FONT, style, path)
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
        """The text in letters that the font has."""
        return "".join(
            letter if ord(letter) in self._letters else UNKNOWN
            for letter in unicodedata.normalize("NFC", text)
        )

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
