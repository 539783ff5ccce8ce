"""Mail that comes back: Ann asked Bob about PO-1, and mail servers and people answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app import passes
from app.bootstrap import Application
from app.catcher import Catcher
from app.receiving import read_mailbox, take_in
from app.settings import read_settings
from app.worker import work_once
from db import tables
from mailbox_server import mailbox_server
from notifications.mail_setup import MailSetup
from notifications.received.ports import Result
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.errors import DocumentNotFound
from workflow.events import CommentAdded, MailBounced, MailDecidedNothing
from workflow.service import deciding, handling, mailing, requesting, setting_up
from workflow.service.answering import comment_on_closed
from workflow.service.deciding import comment
from workflow.statuses import Area, DocumentStatus, DocumentType
from workflow.workflow_templates import template

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
PO_1 = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "PO-1")
PEOPLE = {
    "ANN": {"approver": "BOB"},
    "BOB": {"approver": "CID", "purchase_limit": Decimal(1000)},
    "CID": {"purchase_limit": None, "administrator": True},
    "DEE": {},
}


@pytest.fixture
def catcher(tmp_path):
    with Catcher(tmp_path / "mails") as running:
        yield running


@pytest.fixture
def application(sqlite_database, catcher):
    """Ann's request to Bob is under way, and mail can be sent."""
    settings = read_settings(database_url=sqlite_database, secret_key="long enough for a key")  # noqa: S106
    with Application(settings, clock=lambda: TUESDAY) as application:
        uow, setup = application.uow(), application.actor("SETUP")
        for user_id, fields in PEOPLE.items():
            email = f"{user_id.lower()}@example.com"
            setting_up.set_user(uow, user_id, {**fields, "email": email}, setup)
        setting_up.save_workflow(uow, template("POAPW").workflow(), setup)
        setting_up.enable_workflow(uow, "POAPW", setup)
        amount = Decimal(400)
        order = Document(
            key=PO_1,
            amount=amount,
            amount_including_vat=amount,
            amount_lcy=amount,
            amount_including_vat_lcy=amount,
            lines=(DocumentLine(line_no=10000, amount=amount),),
        )
        handling.receive(uow, order, application.actor("ANN"))
        requesting.send_approval_request(uow, PO_1, application.actor("ANN"))
        application.mail_setups.save(
            MailSetup(
                server=catcher.host,
                port=catcher.port,
                send_as="noreply@example.com",
                allow_sender_substitution=True,
            )
        )
        yield application


@pytest.fixture
def asked(application, catcher):
    """The Message-ID of what Bob was sent."""
    passes.deliver(application)
    (mail,) = catcher.mails()
    return mail.message["Message-ID"]


def answer(to, body="akkoord", *, sender="Bob Ray <BOB@example.com>", number=1, headers=""):
    return (
        f"From: {sender}\r\nSubject: Re: Approve\r\nMessage-ID: <{number}@bob>\r\n"
        f"In-Reply-To: {to}\r\n{headers}\r\n{body}\r\n\r\n"
        "Op di 24 nov 2026 om 09:12 schreef Ann <ann@example.com>:\r\n> Approve PO-1?\r\n"
    ).encode()


def report(of, *, action="failed", status="5.1.1", number=1):
    return (
        f"From: mailer-daemon@example.com\r\nMessage-ID: <{number}@mta>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; bob@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {of}\r\n--b--\r\n"
    ).encode()


def words_of(message):
    """The text and the HTML, on one line each."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    assert len(parts) == 2
    return [" ".join(part.get_payload(decode=True).decode().split()) for part in parts]


def events(application, kind):
    return [one.event for one in application.read.events_of(PO_1) if isinstance(one.event, kind)]


# Answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["akkoord", "Approved!", "approve", "reject", "afgekeurd"])
def test_an_answer_is_a_comment_and_never_a_decision(application, asked, words):
    taken = take_in(application, answer(asked, words), "1.eml")

    assert taken.result is Result.COMMENT
    (comment,) = events(application, CommentAdded)
    assert (comment.actor, comment.by_mail) == ("BOB", True)
    assert comment.text == f"(By email; the sender is not verified.) {words}"
    assert comment.tell == ("ANN",)
    assert [entry.approver for entry in application.read.requests_to_approve("BOB")] == ["BOB"]
    with application.uow() as uow:
        assert uow.documents.get(PO_1).status is DocumentStatus.PENDING_APPROVAL


def receipts(catcher):
    return [mail for mail in catcher.mails() if "Not decided" in mail.message["Subject"]]


def test_who_answers_as_if_he_decided_hears_that_he_did_not(application, asked, catcher):
    take_in(application, answer(asked, "Hi Ann,\r\n\r\nApproved."), "1.eml")
    passes.deliver(application)

    (receipt,) = receipts(catcher)
    assert receipt.recipients == ("bob@example.com",)
    assert "noreply@example.com" in receipt.message["From"], "in nobody's name"
    for words in words_of(receipt.message):
        assert "has not decided anything" in words
        assert "countersign approve purchase/order/PO-1 --as BOB --request 1" in words


def test_there_is_one_receipt_a_day_for_each_person_and_document(application, asked, catcher):
    for number in (1, 2):
        take_in(application, answer(asked, number=number), f"{number}.eml")
    tomorrow = replace(application, clock=lambda: TUESDAY + timedelta(days=1))
    take_in(tomorrow, answer(asked, number=3), "3.eml")
    passes.deliver(tomorrow)

    assert len(receipts(catcher)) == 2
    assert len(events(application, CommentAdded)) == 3


@pytest.mark.parametrize(
    ("words", "sender", "headers"),
    [
        ("Which hall?", "bob@example.com", ""),
        ("akkoord", "dee@example.com", ""),
        ("approved", "ann@example.com", ""),
        ("akkoord", "bob@example.com", "Auto-Submitted: auto-replied\r\n"),
    ],
    ids=["a question", "who is not asked", "the requester", "a program"],
)
def test_nobody_else_gets_a_receipt(application, asked, catcher, words, sender, headers):
    take_in(application, answer(asked, words, sender=sender, headers=headers), "1.eml")
    passes.deliver(application)

    assert receipts(catcher) == []


def test_who_has_decided_meanwhile_gets_no_receipt(application, asked, catcher):
    take_in(application, answer(asked), "1.eml")
    deciding.approve(application.uow(), PO_1, application.actor("BOB"))
    passes.deliver(application)

    assert receipts(catcher) == []


def test_a_comment_typed_as_if_it_decided_gets_no_receipt(application, asked, catcher):
    comment(application.uow(), PO_1, application.actor("BOB"), "akkoord")
    passes.deliver(application)

    assert receipts(catcher) == []


def test_the_requester_hears_of_the_answer(application, asked, catcher):
    take_in(application, answer(asked, "Which hall?"), "1.eml")
    passes.deliver(application)

    told = catcher.mails()[-1]
    assert told.recipients == ("ann@example.com",)
    assert "Which hall?" in str(told.message)


def test_words_that_came_by_mail_are_never_sent_in_the_requesters_name(application, asked, catcher):
    """Whoever has a mail of ours could invent the rest."""
    invented = answer(asked, "The CFO agreed", sender="ann@example.com")
    take_in(application, invented, "1.eml")
    passes.deliver(application)

    told = catcher.mails()[-1]
    assert told.recipients == ("bob@example.com",)
    assert "noreply@example.com" in told.message["From"]
    assert "The CFO agreed" in str(told.message)


# Answers of vendors ---------------------------------------------------------------------------


@pytest.fixture
def sent_out(application, asked, catcher):
    """The Message-ID of what the vendor was sent."""
    uow = application.uow()
    deciding.approve(uow, PO_1, application.actor("BOB"))
    mailing.email_document(uow, PO_1, application.actor("DEE"), to_address="zoe@desks.example")
    passes.deliver(application)
    (mail,) = [one for one in catcher.mails() if one.recipients == ("zoe@desks.example",)]
    return mail.message["Message-ID"]


ZOE = "Zoe <zoe@desks.example>"
FROM_ZOE = "(By email from zoe@desks.example, outside the company; the sender is not verified.) "


def test_what_a_vendor_answers_is_kept_and_the_requester_hears_of_it(
    application, sent_out, catcher
):
    taken = take_in(application, answer(sent_out, "Approved, but next week.", sender=ZOE), "1.eml")
    passes.deliver(application)

    assert taken.result is Result.COMMENT
    assert taken.text == "zoe@desks.example comments on purchase/order/PO-1"
    (kept,) = events(application, CommentAdded)
    assert (kept.actor, kept.tell) == ("MAIL", ("ANN",))
    (stored,) = application.read.comments_of(PO_1)
    assert stored.text == kept.text == f"{FROM_ZOE}Approved, but next week."
    told = catcher.mails()[-1]
    assert told.recipients == ("ann@example.com",)
    assert "noreply@example.com" in told.message["From"]
    for words in words_of(told.message):
        assert "zoe@desks.example answered the email with the document" in words
        assert "Approved, but next week." in words
        assert "Nobody has checked who wrote it." in words


def test_who_answers_a_vendors_mail_is_outside_also_with_a_users_address(application, sent_out):
    take_in(application, answer(sent_out, "akkoord", sender="bob@example.com"), "1.eml")

    (kept,) = events(application, CommentAdded)
    assert (kept.actor, kept.from_address) == ("MAIL", "bob@example.com")
    assert events(application, MailDecidedNothing) == []


def test_when_the_requester_is_gone_who_sent_it_out_hears_of_the_answer(application, sent_out):
    setting_up.remove_user(application.uow(), "ANN", application.actor("SETUP"))

    take_in(application, answer(sent_out, "Next week?", sender=ZOE), "1.eml")

    assert events(application, CommentAdded)[0].tell == ("DEE",)


@pytest.mark.parametrize("ended", [handling.post, handling.delete])
def test_what_a_vendor_answers_after_the_document_is_gone_is_kept_with_it(
    application, sent_out, catcher, ended
):
    ended(application.uow(), PO_1, application.actor("DEE"))
    before = application.read.events_of(PO_1)
    mail = answer(sent_out, "It has left our house.", sender=ZOE)
    taken = take_in(application, mail, "1.eml")
    again = take_in(application, mail, "1.eml")
    passes.deliver(application)

    assert (taken.result, again.result) == (Result.COMMENT, Result.IGNORED)
    (kept,) = events(application, CommentAdded)
    assert (kept.actor, kept.tell) == ("MAIL", ("ANN",))
    assert kept.text == f"{FROM_ZOE}It has left our house."
    last = application.read.events_of(PO_1)[-1]
    assert (last.event, last.seq) == (kept, before[-1].seq + 1)
    told = [mail for mail in catcher.mails() if mail.recipients == ("ann@example.com",)]
    assert any("It has left our house." in str(words_of(mail.message)) for mail in told)


def test_an_answer_about_a_document_that_never_was_is_kept_nowhere(application):
    with pytest.raises(DocumentNotFound):
        comment_on_closed(
            application.uow(), PO_1, application.actor("MAIL"), "Hello", address="zoe@desks.example"
        )


@pytest.mark.parametrize(
    "raw",
    [
        lambda _: answer("<another@example.com>", "Re: purchase order PO-1", sender=ZOE),
        lambda to: answer(to, "Thank you", sender=ZOE, headers="Auto-Submitted: auto-replied\r\n"),
    ],
    ids=["only the subject fits", "a program"],
)
def test_other_mail_of_a_vendor_is_no_comment(application, sent_out, raw):
    taken = take_in(application, raw(sent_out), "1.eml")

    assert taken.result is Result.IGNORED
    assert events(application, CommentAdded) == []


def test_an_answer_to_mail_about_the_setup_is_ignored_and_stops_nothing(application, asked):
    with application.engine.begin() as connection:
        connection.execute(sa.update(tables.events).values(subject="ann@example.com"))

    taken = take_in(application, answer(asked), "1.eml")
    reported = take_in(application, report(asked), "2.eml")

    assert taken.text == "only mail about one document can be answered"
    assert reported.result is Result.BOUNCED


def test_a_request_that_bounced_is_sent_again_to_the_corrected_address(application, asked, catcher):
    take_in(application, report(asked), "1.eml")
    corrected = {"email": "bob@example.net"}
    setting_up.set_user(application.uow(), "BOB", corrected, application.actor("SETUP"))
    (bounced,) = application.read.outbox_list()
    application.outbox.retry(bounced.id, TUESDAY)
    passes.deliver(application)

    assert ("bob@example.net",) in [mail.recipients for mail in catcher.mails()]
    assert application.outbox.retry(bounced.id, TUESDAY) is None


def test_a_second_fetch_does_nothing(application, asked):
    take_in(application, answer(asked), "1.eml")
    again = take_in(application, answer(asked), "1.eml")

    assert (again.result, again.text) == (Result.IGNORED, "it was taken in before")
    assert len(events(application, CommentAdded)) == 1


def test_a_mail_without_a_number_counts_once_too(application, asked):
    raw = answer(asked).replace(b"Message-ID: <1@bob>\r\n", b"")
    take_in(application, raw, "1.eml")
    take_in(application, raw, "2.eml")

    assert len(events(application, CommentAdded)) == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (lambda to: answer(to, sender="eve@example.org"), "no user's address"),
        (lambda to: answer(to, headers="Auto-Submitted: auto-replied\r\n"), "automatically"),
        (lambda _: answer("<another@example.com>"), "no email of ours"),
        (lambda to: answer(to, ""), "nothing new"),
        (lambda _: b"\x89PNG", "no header"),
        (lambda _: report("<another@example.com>"), "no email of ours"),
        (lambda to: report(to, action="delivered", status="2.0.0"), "delivered"),
    ],
    ids=["a stranger", "automatic", "other thread", "empty", "no mail", "other bounce", "arrived"],
)
def test_other_mail_is_ignored_with_the_reason_and_told_once(application, asked, raw, why):
    first = take_in(application, raw(asked), "1.eml")
    second = take_in(application, raw(asked), "1.eml")

    assert first.result is Result.IGNORED
    assert why in first.text
    assert "before" in second.text or second.text == first.text
    assert events(application, CommentAdded) == events(application, MailBounced) == []


def test_our_own_mail_is_not_an_answer_to_ourselves(application, asked):
    taken = take_in(application, answer(asked).replace(b"<1@bob>", asked.encode()), "1.eml")

    assert taken.text == "we sent it ourselves"


def test_of_several_people_with_one_address_it_is_the_one_who_was_asked(application, asked):
    shared = {"email": "bob@example.com"}
    setting_up.set_user(application.uow(), "ALF", shared, application.actor("SETUP"))

    take_in(application, answer(asked), "1.eml")

    assert events(application, CommentAdded)[0].actor == "BOB"


def test_a_colleague_may_answer_too(application, asked):
    take_in(application, answer(asked, "I know", sender="dee@example.com"), "1.eml")

    assert events(application, CommentAdded)[0].actor == "DEE"


def test_an_answer_about_a_document_that_is_gone_is_ignored(application, asked):
    handling.delete(application.uow(), PO_1, application.actor("ANN"))

    assert take_in(application, answer(asked), "1.eml").result is Result.IGNORED


# Bounces --------------------------------------------------------------------------------------


def test_a_bounce_marks_the_email_and_is_told_on_the_document(application, asked):
    taken = take_in(application, report(asked), "1.eml")

    assert taken.result is Result.BOUNCED
    (email,) = application.read.outbox_list()
    assert (email.bounced_at, email.bounce_status) == (TUESDAY, "5.1.1")
    assert email.bounce_diagnostic == "550 5.1.1 no such user"
    (event,) = events(application, MailBounced)
    assert (event.recipient, event.to_address) == ("BOB", "bob@example.com")
    assert (event.status, event.message) == ("5.1.1", "approval_requested")
    assert event.tell == ("ANN", "CID")


def test_who_asked_and_the_administrators_hear_that_a_mail_came_back(application, asked, catcher):
    take_in(application, report(asked), "1.eml")
    passes.deliver(application)
    told = [mail for mail in catcher.mails() if "Not delivered" in mail.message["Subject"]]
    take_in(application, report(told[0].message["Message-ID"], number=2), "2.eml")
    passes.deliver(application)

    assert sorted(mail.recipients for mail in told) == [("ann@example.com",), ("cid@example.com",)]
    assert all("noreply@example.com" in mail.message["From"] for mail in told)
    assert len(catcher.mails()) == 3, "a bounce of that mail is recorded and told nobody"


def test_a_bounce_counts_once(application, asked):
    take_in(application, report(asked), "1.eml")
    take_in(application, report(asked), "1.eml")

    assert len(events(application, MailBounced)) == 1


def test_a_delay_marks_nothing(application, asked):
    taken = take_in(application, report(asked, action="delayed", status="4.4.1"), "1.eml")

    assert taken.result is Result.DELAYED
    assert application.read.outbox_list()[0].bounced_at is None
    assert events(application, MailBounced) == []


def test_a_bounce_about_a_document_that_is_gone_still_marks_the_email(application, asked):
    handling.delete(application.uow(), PO_1, application.actor("ANN"))
    take_in(application, report(asked), "1.eml")

    assert application.read.outbox_list()[-1].bounced_at == TUESDAY


def test_an_address_counts_as_bad_until_a_later_mail_has_arrived(application, asked, catcher):
    take_in(application, report(asked), "1.eml")
    (bounce,) = application.read.bounces(TUESDAY)

    later = replace(application, clock=lambda: TUESDAY + timedelta(hours=1))
    take_in(later, answer(asked, "Hello", sender="ann@example.com", number=2), "2.eml")
    passes.deliver(later)

    assert (bounce.to_address, bounce.status) == ("bob@example.com", "5.1.1")
    assert [mail.recipients for mail in catcher.mails()].count(("bob@example.com",)) == 2
    assert len(application.read.bounces(TUESDAY + timedelta(hours=2))) == 1
    assert application.read.bounces(TUESDAY + timedelta(hours=26)) == []


# Threads --------------------------------------------------------------------------------------


def test_later_mail_about_the_document_hangs_under_the_first(application, asked, catcher):
    for number, words in enumerate(("One", "Two"), start=1):
        raw = answer(asked, words, sender="ann@example.com", number=number)
        take_in(application, raw, f"{number}.eml")
        passes.deliver(application)

    first, second, third = (mail.message for mail in catcher.mails())
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]
    titles = {
        mail["Subject"].partition(": ")[2].removeprefix("Approve: ") for mail in (first, second)
    }
    assert len(titles) == 1


def test_each_person_has_a_thread_of_his_own(application, asked, catcher):
    take_in(application, answer(asked, "Which hall?"), "1.eml")
    passes.deliver(application)

    to_ann = catcher.mails()[-1].message
    assert to_ann["In-Reply-To"] is None


# The mailbox ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server():
    with mailbox_server() as running:
        yield running


@pytest.fixture
def mailbox(server, application):
    setup = replace(server.new_folder(), answers_to="approvals@example.com")
    application.mailboxes.save(setup)
    return setup


def test_without_a_mailbox_nothing_is_fetched(application):
    assert read_mailbox(application) == []


def test_what_is_unread_in_the_mailbox_is_taken_in_once(application, asked, mailbox, server):
    server.put(mailbox, answer(asked), report(asked), b"Subject: spam\r\n\r\nbuy\r\n")

    first, second = read_mailbox(application), read_mailbox(application)

    assert [one.result for one in first] == [Result.COMMENT, Result.BOUNCED, Result.IGNORED]
    assert second == []
    assert server.count(mailbox.folder, "UNSEEN") == 0


def test_the_worker_reads_the_mailbox(application, asked, mailbox, server):
    server.put(mailbox, answer(asked, "Which hall?"))

    work = work_once(application)

    assert [one.result for one in work.received] == [Result.COMMENT]
    assert work.mail.delivery.sent == 1


def test_a_mailbox_in_trouble_keeps_no_mail_from_being_sent(application, mailbox):
    application.mailboxes.save(replace(mailbox, folder="Nowhere"))

    assert work_once(application).mail.delivery.sent == 1


def test_mail_asks_for_answers_to_the_mailbox(application, mailbox, catcher):
    passes.deliver(application)

    (mail,) = catcher.mails()
    assert mail.message["From"] == "ANN <ann@example.com>"
    assert mail.message["Reply-To"] == "approvals@example.com"
    said = "An answer to this email becomes a comment on the document. It decides nothing."
    assert all(said in words for words in words_of(mail.message))


def test_a_vendor_is_asked_to_answer_to_the_mailbox_too(application, mailbox, sent_out, catcher):
    mail = next(one for one in catcher.mails() if one.recipients == ("zoe@desks.example",))

    assert mail.message["From"] == "noreply@example.com"
    assert mail.message["Reply-To"] == "approvals@example.com"
    assert not any("comment" in words for words in words_of(mail.message))


def test_a_mailbox_that_is_switched_off_asks_for_no_answers(application, mailbox, catcher):
    application.mailboxes.save(replace(mailbox, server=""))
    passes.deliver(application)

    (mail,) = catcher.mails()
    assert mail.message["Reply-To"] is None
    assert not any("becomes a comment" in words for words in words_of(mail.message))


def test_the_password_of_the_mailbox_cannot_be_read_in_the_database(application, mailbox):
    with application.engine.connect() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM inbound_mailbox").all()

    assert mailbox.password not in str(row)
    assert application.mailboxes.load() == mailbox
