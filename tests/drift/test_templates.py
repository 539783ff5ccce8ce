"""Messages, templates and their translations say the same."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import meta

from example_events import EVERY_MESSAGE
from notifications import messages
from notifications.messages import ASKING, DIGEST, MERGED
from notifications.rendering import Context, environment
from notifications.translations import LANGUAGES, SOURCE_LANGUAGE
from refusal_kinds import refusal_kinds
from web.api.problems import title_of
from workflow.enabling import DEFECTS
from workflow.setup_checks import TEMPLATES as TEMPLATES_OF_WARNINGS

ROOT = Path(__file__).parents[2]
EMAIL = ROOT / "templates" / "email"
PARTS = ["body.html", "body.txt", "subject.txt"]
FOLDERS = sorted(path.name for path in EMAIL.iterdir() if path.name != "_base")
TEMPLATES = sorted(str(path.relative_to(EMAIL)) for path in EMAIL.rglob("*.*"))
WEB = ROOT / "templates" / "web"
PAGES = sorted(str(path.relative_to(WEB)) for path in WEB.rglob("*.html"))
UNESCAPED = r"\|\s*safe\b|autoescape|Markup"
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*(?:!r)?\}")
GLOBALS = {"parts"}  # the macros, which every base template imports


def named_in_code() -> set[str]:
    """Every message that messages_for can return."""
    source = Path(messages.__file__).read_text()
    return set(re.findall(r'_(?:to_all|about|outside|remark|warning)\(.*"(\w+)"\)', source))


def test_every_message_has_its_folder_and_every_folder_its_message():
    assert named_in_code() | {DIGEST} == set(FOLDERS), (
        "add or remove a folder under templates/email"
    )


def test_every_message_has_an_example_that_the_tests_render():
    assert {message.message for message, _ in EVERY_MESSAGE} == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_has_subject_text_and_html(folder):
    assert sorted(path.name for path in (EMAIL / folder).iterdir()) == PARTS


def test_special_messages_exist():
    assert set(FOLDERS) >= ASKING | MERGED


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_name_only_what_they_are_given(template):
    words = environment(SOURCE_LANGUAGE)
    tree = words.parse((EMAIL / template).read_text())
    given = set(Context.__dataclass_fields__) | set(words.globals) | GLOBALS

    assert meta.find_undeclared_variables(tree) <= given


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_switch_no_escaping_off(template):
    assert not re.search(UNESCAPED, (EMAIL / template).read_text())


@pytest.mark.parametrize("template", PAGES)
def test_pages_switch_no_escaping_off_and_hold_no_script_or_style_of_their_own(template):
    source = (WEB / template).read_text()

    assert not re.search(UNESCAPED, source)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=\"/static/)", source)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_html_has_every_sentence_of_the_text(folder):
    def sentences(name: str) -> set[str]:
        source = (EMAIL / folder / name).read_text()
        return {
            str(found[2]) for found in environment(SOURCE_LANGUAGE).extract_translations(source)
        }

    assert sentences("body.txt")
    assert sentences("body.txt") <= sentences("body.html")


# Translations ---------------------------------------------------------------------------------


def refusals() -> set[str]:
    """What pages, the API and the command line say of a refusal."""
    texts = {text for kind in refusal_kinds() for text in (kind.template, kind.advice)}
    titles = {title_of(kind.code) for kind in refusal_kinds()}
    return {text for text in texts if re.search("[a-z]{2}", text)} | titles


def msgids() -> set[str | tuple[str, ...]]:
    jinja = {"trimmed": "true", "silent": "false"}
    sources = [
        (EMAIL, [("**.txt", "jinja2.ext:babel_extract"), ("**.html", "jinja2.ext:babel_extract")]),
        (ROOT / "templates" / "web", [("**.html", "jinja2.ext:babel_extract")]),
        (ROOT / "notifications", [("**.py", "python")]),
        (ROOT / "web", [("**.py", "python")]),
        (ROOT / "workflow", [("**.py", "python")]),
        (ROOT / "db", [("**.py", "python")]),
        (ROOT / "app", [("**.py", "python")]),
    ]
    return (
        refusals()
        | set(TEMPLATES_OF_WARNINGS)
        | set(DEFECTS)
        | {
            found[2]
            for folder, methods in sources
            for found in extract_from_dir(
                folder,
                methods,
                {"**.txt": jinja, "**.html": jinja},
                directory_filter=lambda name: "__pycache__" not in name,
            )
        }
    )


def catalogue(language: str) -> Catalog:
    path = ROOT / "templates" / "locale" / language / "LC_MESSAGES" / "countersign.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_and_no_translation_is_left_over(language):
    translated = {message.id for message in catalogue(language) if message.id}

    assert translated == msgids(), f"repair templates/locale/{language}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_empty_or_uncertain(language):
    unfinished = [
        message.id
        for message in catalogue(language)
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]

    assert unfinished == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_the_english(language):
    for message in catalogue(language):
        if not message.id:
            continue  # the head of the file
        english = forms(message.id)
        for number, form in enumerate(forms(message.string)):
            wanted = PLACEHOLDER.findall(english[min(number, len(english) - 1)])
            assert sorted(PLACEHOLDER.findall(form)) == sorted(wanted), form


def test_dutch_has_one_word_for_each_concept():
    words = " ".join(form for message in catalogue("nl") for form in forms(message.string))

    other_words = r"goedkeurder|verzoek|indien|geweiger|plaatsvervanger|middels|dient te|\bje\b"
    assert re.findall(other_words, words) == []


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_every_language_folder_is_a_language_we_offer():
    folders = {path.name for path in (ROOT / "templates" / "locale").iterdir()}

    assert folders == set(TRANSLATED)
