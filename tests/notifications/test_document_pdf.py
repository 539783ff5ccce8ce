"""The PDF of a document: everything on it, in the reader's language, the same every time."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from example_events import ANN, AT, COMPANY, COPY, DOCUMENT, LINE, People
from fonts import make_font
from notifications.document_pdf import FontNotUsable, pdf_of
from notifications.document_sheets import sheet
from notifications.readers import Reader
from workflow.errors import LettersNotPrintable
from workflow.statuses import Area, DocumentType

MANY = replace(COPY, lines=tuple(replace(LINE, description=f"Beam {n:03}") for n in range(1, 101)))
NAMES = "José Søren Zoë Ελληνική Εταιρεία Кириллица €"


def pdf(language="en", document=DOCUMENT, copy=COPY, *, company=COMPANY, exact=False) -> bytes:
    reader = Reader.of(replace(ANN, language=language), company, People())
    return pdf_of(sheet(document, copy, AT, company=company, reader=reader), exact=exact)


def pages(data: bytes) -> list[str]:
    """The text of each page, as another program finds it, with plain spaces."""
    return [
        " ".join(page.extract_text().split())
        for page in PdfReader(BytesIO(data), strict=True).pages
    ]


def test_the_english_copy_has_everything_about_the_order():
    (text,) = pages(pdf())

    for part in (
        "Contoso",
        "Purchase order 106001",
        "Vendor Bakker Staal B.V.",
        "Document date 20 Nov 2026",
        "Due date 20 Dec 2026",
        "Your number Q-22",
        "Currency EUR",
        "B200 Steel beam HEA 200 12 €820.00 €9,840.00",
        "Total excl. VAT €12,450.50",
        "VAT €2,614.61",
        "Total incl. VAT €15,065.11",
        "Page 1 of 1",
    ):
        assert part in text


def test_the_dutch_copy_is_dutch():
    (text,) = pages(pdf("nl"))

    for part in (
        "Inkooporder 106001",
        "Leverancier Bakker Staal B.V.",
        "Vervaldatum 20 dec 2026",
        "Omschrijving Aantal Prijs Bedrag",
        "Totaal excl. btw € 12.450,50",
        "Totaal incl. btw € 15.065,11",
        "Pagina 1 van 1",
    ):
        assert part in text
    assert "Vendor" not in text


def test_a_sale_in_a_foreign_currency_names_the_customer_and_the_currency():
    sale = replace(DOCUMENT, area=Area.SALES, document_type=DocumentType.INVOICE, currency="USD")

    (text,) = pages(pdf(document=sale))

    assert "Sales invoice 106001" in text
    assert "Customer Bakker Staal B.V." in text
    assert "Currency USD" in text
    assert "Total incl. VAT USD 15,065.11" in text


def test_names_in_latin_greek_and_cyrillic_letters_can_be_read():
    (text,) = pages(pdf(document=replace(DOCUMENT, counterparty_name=NAMES)))

    assert NAMES in text


def test_letters_the_font_lacks_become_question_marks_and_nothing_fails():
    (text,) = pages(pdf(document=replace(DOCUMENT, counterparty_name="株式会社 Acme 👩‍👩‍👧")))

    assert "Vendor ???? Acme" in text


def test_further_fonts_have_the_letters_ours_lacks(tmp_path):
    file = make_font(tmp_path / "squares.ttf", "株式会社")
    company = replace(COMPANY, pdf_fonts=(str(file),))
    copy = replace(COPY, lines=(replace(LINE, description="株式 beam"),))

    (text,) = pages(
        pdf(
            document=replace(DOCUMENT, counterparty_name="株式会社 Zoë"),
            copy=copy,
            company=company,
            exact=True,
        )
    )

    assert "Vendor 株式会社 Zoë" in text
    assert "B200 株式 beam 12" in text


@pytest.mark.parametrize(
    ("name", "missing"),
    [("株式会社 Acme", "株, 式, 会, 社"), ("Acme ✓", "✓"), ("שלם", "ש, ל, ם")],
)
def test_an_exact_copy_is_refused_and_the_letters_are_named(name, missing):
    with pytest.raises(LettersNotPrintable) as refused:
        pdf(document=replace(DOCUMENT, counterparty_name=name), exact=True)

    assert f"cannot show {missing}:" in refused.value.message
    assert "COUNTERSIGN_PDF_FONTS" in refused.value.next_step


@pytest.mark.parametrize("word", ["שלום", "سلام", "नमस्ते"])
def test_a_font_alone_is_not_enough_for_letters_that_change_beside_others(tmp_path, word):
    file = make_font(tmp_path / "squares.ttf", "".join(dict.fromkeys(word)))
    company = replace(COMPANY, pdf_fonts=(str(file),))

    with pytest.raises(LettersNotPrintable):
        pdf(document=replace(DOCUMENT, description=word), company=company, exact=True)


def test_a_font_that_is_none_stops_only_what_goes_outside(tmp_path):
    file = tmp_path / "none.ttf"
    file.write_text("no font")
    company = replace(COMPANY, pdf_fonts=(str(file),))

    assert "Purchase order 106001" in pages(pdf(company=company))[0]
    with pytest.raises(FontNotUsable, match=r"none\.ttf"):
        pdf(company=company, exact=True)


def test_a_decomposed_name_is_put_together_again():
    (text,) = pages(pdf(document=replace(DOCUMENT, counterparty_name="Zoe\u0308")))

    assert "Vendor Zoë" in text


@pytest.mark.parametrize("hostile", ["<b>x</b> **y** {nb} %s", "a\x00b\x1b[31m\u202e", "(\\)", ""])
def test_hostile_names_are_only_text(hostile):
    (text,) = pages(pdf(document=replace(DOCUMENT, counterparty_name=hostile, description=hostile)))

    assert "Purchase order 106001" in text
    assert "\x1b" not in text


def test_many_lines_fill_pages_that_each_have_the_heads_of_the_columns():
    texts = pages(pdf(copy=MANY))

    assert len(texts) > 2
    assert all("No. Description Quantity Price Amount" in text for text in texts)
    assert all(f"Page {n} of {len(texts)}" in text for n, text in enumerate(texts, start=1))
    assert all(f"Beam {n:03}" in "".join(texts) for n in range(1, 101))
    assert "Total incl. VAT" in texts[-1]
    assert "Total incl. VAT" not in "".join(texts[:-1])


def test_the_totals_stay_together_wherever_the_lines_end():
    for count in range(25, 32):
        texts = pages(pdf(copy=replace(MANY, lines=MANY.lines[:count])))

        (with_totals,) = [text for text in texts if "Total excl. VAT" in text]
        assert "Total incl. VAT €15,065.11" in with_totals


def test_a_document_without_lines_or_dates_has_its_totals():
    bare = replace(DOCUMENT, document_date=None, external_document_no="", description="")

    (text,) = pages(pdf(document=bare, copy=replace(COPY, lines=(), due_date=None)))

    assert "Total incl. VAT €15,065.11" in text
    assert "date" not in text


def test_amounts_are_never_rounded():
    line = replace(LINE, unit_price=Decimal("0.1255"), amount=Decimal("1.5060"))

    (text,) = pages(pdf(copy=replace(COPY, lines=(line,))))

    assert "€0.1255" in text


def test_the_same_copy_gives_the_same_bytes_in_another_process_too():
    program = (
        "import hashlib, runpy, sys;"
        f"sys.path[:0] = {sys.path!r};"
        f"made = runpy.run_path({str(Path(__file__))!r})['pdf']('nl');"
        "print(hashlib.sha256(made).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }

    assert len(hashes) == 1
    assert pdf("nl") == pdf("nl")


def test_it_says_what_it_is_in_which_language_and_when_it_was_true():
    read = PdfReader(BytesIO(pdf("nl")))

    assert read.metadata.title == "Inkooporder 106001"
    assert read.metadata.author == "Contoso"
    assert read.metadata.creation_date == datetime(2026, 11, 20, 13, 2, tzinfo=UTC)
    assert read.trailer["/Root"]["/Lang"] == "nl"


def test_the_font_is_in_the_file():
    fonts = PdfReader(BytesIO(pdf())).pages[0]["/Resources"]["/Font"]

    for font in fonts.values():
        (descendant,) = font.get_object()["/DescendantFonts"]
        assert "/FontFile2" in descendant.get_object()["/FontDescriptor"]
