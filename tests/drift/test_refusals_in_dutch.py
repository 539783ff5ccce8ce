"""Whatever is refused is refused wholly in the reader's language."""

import ast
import re
from pathlib import Path

import pytest

from notifications.translations import translations_for
from refusal_kinds import PACKAGES, refusal_kinds
from workflow.documents import DocumentKey
from workflow.errors import WorkflowError
from workflow.interchange.errors import ImportRefused
from workflow.interchange.files import GivenFile, documents_in, users_in
from workflow.phrases import Phrase
from workflow.statuses import Area, DocumentType

ROOT = Path(__file__).parents[2]
KINDS = refusal_kinds()
NAMES = {kind.__name__ for kind in KINDS} | {"NotReadable"}
SOURCES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package.__name__).rglob("*.py")
    if "migrations" not in path.parts
)
ELSEWHERE = {"file", "column", "value"}  # arguments that are names, and somebody else's words
dutch = translations_for("nl").gettext


def raised(path):
    """What the program puts into refusals, and where."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in NAMES or name == "refused":
                yield from node.args[1:] if name == "refused" else node.args
                yield from (one.value for one in node.keywords if one.arg not in ELSEWHERE)


def words_in(node):
    """English that would be shown as it is: text with a blank in it, also between values."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and " " in node.value.strip()
    if isinstance(node, ast.JoinedStr):
        texts = [part.value for part in node.values if isinstance(part, ast.Constant)]
        return any(re.search(r"[a-z]{2,} ?", text) and " " in text for text in texts)
    return False


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_refusal_is_given_words_that_cannot_be_translated(path):
    found = [ast.unparse(node) for node in raised(path) if words_in(node)]

    assert found == [], "wrap them: from workflow.phrases import phrase as _"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_message_and_advice_of_every_refusal_are_dutch_where_the_reader_is(kind):
    for english in (kind.template, kind.advice):
        if re.search("[a-z]{2}", english):
            assert dutch(english) != english
    assert WorkflowError.in_words is kind.in_words


def refusal_of(do, *args, **more):
    with pytest.raises(WorkflowError) as refused:
        do(*args, **more)
    return refused.value.in_words(dutch)


def test_a_document_is_named_in_dutch_within_the_sentence():
    title = DocumentKey(Area.PURCHASE, DocumentType.CREDIT_MEMO, "PC-1").title

    assert (title, title.in_words(dutch)) == ("Purchase credit memo PC-1", "Inkoopcreditnota PC-1")
    assert isinstance(title, Phrase)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "x.csv: heeft geen kopregel"),
        (b"user_id,user_id\n", "x.csv, rij 1, user_id: de kolom staat er twee keer"),
        (b"user_id;full_name,x\n", "x.csv, rij 1: heeft komma's en puntkomma's in de kopregel;"),
        (b"user_id\nBOB,x\n", "x.csv, rij 2: de rij heeft 2 cellen, de kopregel 1"),
        (b"user_id,full_nam\n", "x.csv, rij 1, full_nam: de kolom is niet bekend; bedoelde u"),
        (b"user_id,sales_limit\nBOB,many\n", 'x.csv, rij 2, sales_limit: "many" is geen getal in'),
        (b"user_id\nBOB\nBOB\n", 'x.csv, rij 3, user_id: "BOB" staat ook in rij 2'),
        (b"a,b\n", "x.csv, rij 1: de kolommen zijn niet die van gebruikers: a, b;"),
    ],
)
def test_what_is_wrong_with_a_file_of_users_is_said_in_dutch(content, said):
    assert refusal_of(users_in, GivenFile(name="x.csv", data=content)).startswith(said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "x: is een PDF-document; ondersteund zijn UBL 2 Order, Invoice,"),
        (b"<a/>", "x: is XML van een onbekend soort (de wortel is a); ondersteund zijn"),
        (b"user_id\nBOB\n", "x: is een bestand met gebruikers, niet met documenten of regels"),
    ],
)
def test_what_is_wrong_with_a_file_of_documents_is_said_in_dutch(content, said):
    assert refusal_of(documents_in, [GivenFile(name="x", data=content)]).startswith(said)


def test_a_refusal_within_an_import_stays_dutch_and_one_line():
    refused = ImportRefused(Phrase("is before {value}", value="a\nb" * 300), file="x", row=2)

    assert "\n" not in refused.in_words(dutch)
    assert refused.in_words(dutch).startswith("x, rij 2: ligt vóór a b")
