"""The company's own words at the command line, and in the mail that is sent."""

import sqlite3
from contextlib import closing

import pytest

from app.catcher import Catcher
from notifications.examples import examples_of
from notifications.rendering import message_names
from notifications.wording import TEXT_LIMIT

WORDING = ("mail", "wording")
REQUEST_EN = ("approval_requested", "--language", "en")


@pytest.fixture
def mailed(done, company, tmp_path):
    """Sends PO-1 to Bob and delivers it: what arrived."""

    def send():
        with Catcher(tmp_path / "mails") as catcher:
            done("mail", "setup", f"server={catcher.host}", f"port={catcher.port}")
            done("mail", "setup", "send_as=noreply@example.com", "allow_sender_substitution=yes")
            done("send", "PO-1", "--as", "ann")
            done("run", "delivery")
            (mail,) = catcher.mails()
        return mail.message

    return send


def body(message, kind):
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_an_intro_and_a_footer_are_in_the_mail_that_is_sent(done, mailed):
    done(*WORDING, "intro", "approval_requested", "Questions? Call 2911.", "--language", "en")
    done(*WORDING, "footer", "all", "-", "--language", "en", stdin="Contoso\n{{ 7 * 191 }} <b>\n")

    message = mailed()

    text, html = body(message, "plain"), body(message, "html")
    assert text.index("asks for your approval") < text.index("Questions? Call 2911.")
    assert text.index("Questions? Call 2911.") < text.index("Please decide by")
    assert text.endswith("\n\nContoso\n{{ 7 * 191 }} <b>\n")
    assert "Questions? Call 2911." in html
    assert '<p dir="auto"' in html
    assert "Contoso<br>{{ 7 * 191 }} &lt;b&gt;" in html


def test_the_other_language_keeps_its_built_in_words(done, mailed):
    done(*WORDING, "intro", "all", "Vragen? Bel 2911.", "--language", "nl")

    assert "2911" not in body(mailed(), "plain")


def test_words_are_listed_and_removed(done, typed):
    done(*WORDING, "intro", "all", "Hello.", "--language", "en")
    done(*WORDING, "footer", "all", "Bye.", "--language", "en")

    assert [row["text"] for row in done(*WORDING, "list", "--json").json] == ["Bye.", "Hello."]
    removed = done(*WORDING, "remove", "all", "--language", "en", "--part", "intro")
    assert "Removed from all in en: intro." in removed.out
    done(*WORDING, "remove", "all", "--language", "en")
    assert "built-in words" in done(*WORDING, "list").err
    again = typed(*WORDING, "remove", "all", "--language", "en")
    assert again.exit_code == 1
    assert "wording list" in again.err


def test_an_approver_who_is_no_administrator_may_not_change_words(company, typed):
    refused = typed(*WORDING, "intro", "all", "Hello.", "--language", "en", "--as", "bob")

    assert refused.exit_code == 1
    assert typed(*WORDING, "list", "--json").json == []


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("intro", "invoice_paid", "Hello.", "--language", "en"), 2, "approval_requested"),
        (("intro", "all", "Hello.", "--language", "fr"), 2, "en, nl"),
        (("intro", "all", "\u202e \n", "--language", "en"), 1, "empty"),
        (("footer", "all", "W" * (TEXT_LIMIT + 1), "--language", "en"), 1, "1001 characters"),
        (("preview", "all", "--language", "en"), 2, "There is no mail"),
    ],
)
def test_what_no_letter_can_carry_is_refused(typed, words, exit_code, said):
    refused = typed(*WORDING, *words)

    assert refused.exit_code == exit_code
    assert said in refused.err


def test_a_preview_shows_the_letter_with_the_own_words(done, tmp_path):
    done(*WORDING, "intro", "approval_requested", "Vragen? Bel 2911.", "--language", "nl")
    file = tmp_path / "letter.html"

    shown = done(*WORDING, "preview", "approval_requested", "--language", "nl", "--html", file)

    assert shown.out.startswith("Goedkeuren: ")
    assert "Vragen? Bel 2911." in shown.out
    assert "Vragen? Bel 2911." in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("message", sorted(message_names()))
def test_every_letter_has_a_preview(done, message):
    assert len(examples_of(message)) >= 3  # in local and foreign currency, and with nothing filled
    for language in ("en", "nl"):
        assert len(done(*WORDING, "preview", message, "--language", language).out) > 100


# --- templates -------------------------------------------------------------------------------

GOOD = "Please: {{ event.document.title }}, {{ event.document.amount }}. {{ sent_by }}\n"


@pytest.fixture
def folder(tmp_path):
    """Writes a folder of templates."""

    def write(**sources):
        made = tmp_path / "templates"
        made.mkdir(exist_ok=True)
        for name, source in sources.items():
            (made / name.replace("_", ".")).write_text(source, encoding="utf-8")
        return made

    return write


def test_a_template_is_tried_stored_shown_and_removed(done, folder):
    given = (*WORDING, "override", "approval_requested", folder(body_txt=GOOD), "--language", "en")

    dry = done(*given, "--dry-run")
    assert "nothing is changed" in dry.out
    assert done(*WORDING, "list", "--json").json == []
    done(*given)
    shown = done(*WORDING, "preview", *REQUEST_EN)
    assert "Please: purchase order PO-1, €400.00. Sent by" in shown.out
    (row,) = done(*WORDING, "list", "--json").json
    assert (row["part"], row["text"]) == ("override", "version 1, in use: body.txt")
    done(*WORDING, "remove", *REQUEST_EN)
    assert "asks for your approval" in done(*WORDING, "preview", *REQUEST_EN).out


def test_a_template_is_in_the_mail_that_is_sent(done, mailed, folder):
    done(*WORDING, "override", "approval_requested", folder(body_txt=GOOD), "--language", "en")

    assert body(mailed(), "plain").startswith("Please: purchase order PO-1, €400.00.")


def test_a_template_that_broke_later_is_said_by_the_preview(done, folder, sqlite_database):
    done(*WORDING, "override", "approval_requested", folder(body_txt=GOOD), "--language", "en")
    with closing(sqlite3.connect(sqlite_database.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE mail_overrides SET text = '{{ colour }}'")
        connection.commit()

    shown = done(*WORDING, "preview", *REQUEST_EN)

    assert "asks for your approval" in shown.out
    assert "does not work" in shown.err
    assert "'colour' is undefined" in shown.err


def test_a_broken_template_is_refused_with_its_line(done, typed, folder):
    made = folder(body_txt="Hello\n{{ colour }}\n")

    refused = typed(*WORDING, "override", "approval_requested", made, "--language", "en")

    assert refused.exit_code == 1
    assert "body.txt line 2: 'colour' is undefined" in refused.err
    assert "Nothing was changed" in refused.err
    assert done(*WORDING, "list", "--json").json == []


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({}, "has nothing in it"),
        ({"readme_md": "x"}, "readme.md"),
        ({"body_txt": " \n"}, "is empty"),
        ({"body_txt": "x" * 90_001}, "90000 bytes"),
    ],
)
def test_a_folder_that_holds_no_templates_is_refused(typed, folder, sources, said):
    refused = typed(
        *WORDING, "override", "approval_requested", folder(**sources), "--language", "en"
    )

    assert refused.exit_code == 1
    assert said in refused.err


def test_only_an_administrator_gives_templates(company, typed, folder):
    given = ("override", "approval_requested", folder(body_txt=GOOD), "--language", "en")

    assert typed(*WORDING, *given, "--as", "bob").exit_code == 1
    assert typed(*WORDING, "list", "--json").json == []
