"""Answers of people: what they wrote themselves, and which mail is none."""

from pathlib import Path

import pytest

from notifications.received.answers import NotAnAnswer, answer_in
from notifications.received.mails import NotReadable, read_mail
from workflow.comments import BY_MAIL, MAX_LENGTH

OURS = "<event.12.0123456789abcdef0123@contoso.com>"


def mail(body="Which hall?", *, headers="", subject="Re: Approve", sender="bob@contoso.com"):
    head = f"From: {sender}\nSubject: {subject}\nIn-Reply-To: {OURS}\nMessage-ID: <1@b>\n"
    return read_mail(f"{head}{headers}\n{body}".encode())


def html(body):
    return mail(body, headers="Content-Type: text/html; charset=utf-8\n")


def reason(received):
    with pytest.raises(NotAnAnswer) as caught:
        answer_in(received)
    return str(caught.value)


QUOTED = "> Ann asks you to approve purchase order 106001.\n> Hall 4\n"


@pytest.mark.parametrize(
    "introduction",
    [
        "On Tue, 24 Nov 2026 at 09:12, Ann Lee <ann@contoso.com> wrote:\n",
        "On Tue, 24 Nov 2026 at 09:12, Ann Lee with a long name\n<ann@contoso.com> wrote:\n",
        "Op di 24 nov 2026 om 09:12 schreef Ann Lee <ann@contoso.com>:\n",
        "Op 24-11-2026 om 09:12 schreef\nAnn Lee\n<ann@contoso.com>:\n",
        "Am Di., 24. Nov. 2026 um 09:12 Uhr schrieb Ann Lee <ann@contoso.com>:\n",
        "Le mar. 24 nov. 2026 à 09:12, Ann Lee <ann@contoso.com> a écrit :\n",
        "-----Original Message-----\nFrom: Ann Lee\n",
        "-----Oorspronkelijk bericht-----\nVan: Ann Lee\n",
        "-----Message d\N{RIGHT SINGLE QUOTATION MARK}origine-----\nDe : Ann Lee\n",
        "________________________________\nFrom: Ann Lee\nSent: Tuesday\nSubject: Approve\n",
        "Van: Ann Lee\nVerzonden: dinsdag\nAan: Bob\nOnderwerp: Goedkeuren\n",
        "*Von:* Ann Lee\n*Gesendet:* Dienstag\n*An:* Bob\n*Betreff:* Genehmigen\n",
        "De : Ann Lee\nEnvoyé : mardi\nÀ : Bob\nObjet : Approuver\n",
        "-- \nBob Bos\nContoso\n",
    ],
)
def test_only_what_stands_above_the_quotation_counts(introduction):
    answer = answer_in(mail(f"Which hall?\n\nAnd when?\n\n{introduction}\n{QUOTED}"))

    assert answer.text == "Which hall?\n\nAnd when?"
    assert answer.answered == (OURS,)
    assert answer.sender == "bob@contoso.com"


def test_what_stands_between_quoted_lines_is_kept():
    answer = answer_in(mail("> Hall 4?\nNo, hall 5.\n> When?\nMonday.\n"))

    assert answer.text == "No, hall 5.\nMonday."


@pytest.mark.parametrize(
    "line",
    [
        "On Monday Ann wrote: go on.",
        "Op termijn schreef ik dit af.",
        "From: here to there it is far.",
        "Sent it yesterday.",
    ],
)
def test_ordinary_sentences_are_no_quotation(line):
    assert answer_in(mail(f"{line}\nThat is all.")).text == f"{line}\nThat is all."


@pytest.mark.parametrize("line", ["Sent from my iPhone", "Verstuurd vanaf mijn iPad"])
def test_what_the_device_adds_is_left_out(line):
    assert answer_in(mail(f"Fine.\n\n{line}\n")).text == "Fine."


def test_an_answer_in_html_only_becomes_text():
    answer = answer_in(
        html(
            "<html><head><style>p{}</style></head><body><p>Caf&eacute; &lt;4&gt;?</p>"
            "<div>Second<br>third</div><!-- hidden --><script>alert(1)</script>"
            '<div class="gmail_quote">On 24 Nov 2026, Ann wrote:<br><blockquote>'
            "<p>Ann asks</p></blockquote></div></body></html>"
        )
    )

    assert answer.text == "Café <4>?\n\nSecond\nthird"


def test_of_text_and_html_the_text_counts_and_attachments_do_not():
    body = (
        "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
        "--c\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: base64\n\n"
        "Q2Fm6Q==\n--c\nContent-Type: text/html\n\n<p>other</p>\n--c--\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nfile\n--b--\n"
    )

    assert answer_in(mail(body, headers="Content-Type: multipart/mixed; boundary=b\n")).text == (
        "Café"
    )


def test_a_long_answer_is_cut_and_says_so():
    text = answer_in(mail("word " * 10_000)).text

    assert len(BY_MAIL + text) == MAX_LENGTH
    assert text.endswith("[…]")


def test_spaces_that_do_not_break_part_words_too():
    assert answer_in(mail("Not\u00a0approved: 1\u00a0000")).text == "Not approved: 1 000"


def test_characters_that_steer_or_hide_are_left_out():
    assert answer_in(mail("a\x00b\x1b[31m\u202ec\u200bd")).text == "ab[31mcd"


def test_the_thread_is_searched_from_the_newest_mail_on():
    raw = b"From: b@x.nl\nIn-Reply-To: <3@x>\nReferences: <1@x> <2@x>\n <3@x>\n\nyes\n"

    assert answer_in(read_mail(raw)).answered == ("<3@x>", "<2@x>", "<1@x>")


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ("Auto-Submitted: auto-replied\n", "automatically"),
        ("Auto-Submitted: auto-generated (rejected)\n", "automatically"),
        ("Precedence: Bulk\n", "bulk"),
        ("Precedence: auto_reply\n", "auto_reply"),
        ("Return-Path: <>\n", "no return path"),
        ("List-Id: <all.contoso.com>\n", "mailing list"),
        ("X-Autoreply: yes\n", "automatic reply"),
    ],
)
def test_automatic_mail_is_no_answer(headers, why):
    assert why in reason(mail(headers=headers))


@pytest.mark.parametrize(
    "subject",
    [
        "Automatisch antwoord: Re: Approve",
        "Afwezig: vakantie",
        "Automatic reply: Approve",
        "Out of Office: Approve",
        "RE: Out of the office",
        "Automatische Antwort: Approve",
        "=?utf-8?b?QWJ3ZXNlbmhlaXRzbm90aXo6IEFwcHJvdmU=?=",
        "=?iso-8859-1?q?R=E9ponse_automatique_:_Approve?=",
        "Absence du bureau",
    ],
)
def test_notices_of_absence_are_no_answers(subject):
    assert "automatic reply" in reason(mail(subject=subject))


def test_marks_that_only_ask_for_no_answers_say_nothing_about_this_mail():
    headers = "Auto-Submitted: no\nX-Auto-Response-Suppress: OOF\nPrecedence: first-class\n"

    assert answer_in(mail(headers=headers)).text == "Which hall?"


def test_a_read_receipt_is_no_answer():
    raw = (Path(__file__).parent / "read_receipt.eml").read_bytes()

    assert "report" in reason(read_mail(raw))


@pytest.mark.parametrize(
    "sender",
    [
        "ann@contoso.com, bob@contoso.com",
        "bob@contoso.com\nFrom: cid@contoso.com",
        "Bob",
        "",
        "(" * 3_000,
        "=?utf-8?q?bob=40contoso.com?=",
    ],
)
def test_whoever_wrote_it_must_be_one_person(sender):
    assert "which one person" in reason(mail(sender=sender))


@pytest.mark.parametrize("body", ["", QUOTED, "-- \nBob", "\n\n> x\n\n", "\u200b\u202e"])
def test_without_new_words_there_is_no_answer(body):
    assert "nothing new" in reason(mail(body))


def test_mail_that_answers_nothing_is_no_answer():
    assert reason(read_mail(b"From: b@x.nl\n\nhello\n")) == "it answers no mail"


# Hostile mail: these would take minutes if any step looked at the same text again and again -----


@pytest.mark.parametrize(
    "body",
    [
        "x" * 20_000_000,
        "x\n" + ">" * 5_000_000,
        "x\n" + "> " * 1_000_000 + "\n" + ">\n" * 1_000_000,
        "x\n" + "On 1 \n" * 1_000_000,
        "x\n" + "On 1 " * 1_000_000,
        "x\n" + "From: \n" * 1_000_000,
        "x\n" + "_____\n" * 1_000_000,
    ],
    ids=["20 MB", "one quote", "quotes", "openings", "one opening", "headers", "rules"],
)
def test_a_quote_bomb_is_an_answer_like_any_other(body):
    assert answer_in(mail(body)).text.startswith("x")


@pytest.mark.parametrize("bomb", ["<a ", "<", "<!--", "</", "<style>", "&#", "<blockquote>", "<p>"])
def test_an_html_bomb_is_read_once(bomb):
    assert answer_in(html("<p>yes</p>" + bomb * 300_000)).text.startswith("yes")


def test_ten_thousand_parts_within_parts_are_not_opened():
    parts = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(10_000)
    )

    with pytest.raises(NotReadable, match="more parts"):
        mail(headers=parts)


def test_a_hundred_thousand_parts_are_not_opened():
    with pytest.raises(NotReadable, match="more parts"):
        mail("--b\n\nx\n" * 100_000, headers="Content-Type: multipart/mixed; boundary=b\n")


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "zip", "\x00", "utf-99"])
def test_a_charset_nobody_writes_mail_in_is_read_as_utf_8(charset):
    headers = f"Content-Type: text/plain; charset={charset}\n"

    assert answer_in(mail("a-" * 1_000, headers=headers)).text.startswith("a-a-")


def test_a_subject_with_hidden_line_breaks_stays_one_line():
    received = mail(subject="=?utf-8?q?Re:_x=0D=0ABcc:_evil@example.com?=")

    assert received.subject == "Re: x Bcc: evil@example.com"


@pytest.mark.parametrize("subject", ["=?utf-8?b?=A?=", "=?x?q?=ff?=", "=?utf-8?b?" + "A" * 9_999])
def test_a_broken_encoded_word_is_shown_as_it_is_or_can_be(subject):
    assert mail(subject=subject).subject.isprintable()


def test_a_file_that_is_no_mail_is_said_to_be_none():
    with pytest.raises(NotReadable, match="no header"):
        read_mail(b"\x89PNG\r\n\x1a\n")
