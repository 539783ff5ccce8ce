"""Documents by email, with a real database and mail server: from whom, to whom, or why not."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from db.engine import open_database
from db.outbox import SqlOutbox
from db.tables import email_attempts, emails
from db.unit_of_work import SqlUnitOfWork
from db.wordings import SqlWordings
from example_events import (
    ANN,
    AT,
    BOB,
    COMPANY,
    COPY,
    DOCUMENT,
    People,
    about,
    delegated,
    emailed,
    requested,
)
from notifications.delivery import deliver_due
from notifications.mail_setup import MailSetup
from notifications.outbox import bundle_notifications, expand_events
from notifications.ports import EmailState
from notifications.timetable import Timetable
from notifications.transports import SmtpTransport
from people import order
from workflow.events import DocumentEvent
from workflow.interchange.electronic import parse_electronic_document
from workflow.notification_setup import NotificationMethod, NotificationSetup, NotificationType
from workflow.statuses import Area, AttachmentKind

DENIED = "554 5.2.252 SendAsDenied; erp@contoso.com not allowed to send as orders@contoso.com"


@dataclass
class Post:
    """The outbox of one test."""

    engine: sa.Engine
    setup: MailSetup
    people: People = field(default_factory=People)

    def send(self, event: DocumentEvent, number: str = "PO-1", *, notes_for_all: bool = False):
        """Record the event, make its email and try to deliver it."""
        self.record(event, number)
        note = NotificationSetup(
            user=None, type=NotificationType.APPROVAL, method=NotificationMethod.NOTE
        )
        timetable = Timetable(setup=[note] if notes_for_all else [])
        expand_events(self.outbox, now=AT, timetable=timetable)
        bundle_notifications(self.outbox, now=AT, domain="contoso.com")
        return self.deliver()

    def record(self, event: DocumentEvent, number: str) -> None:
        with SqlUnitOfWork(self.engine) as work:
            document = order(number=number)
            work.documents.add(document)
            document = work.documents.get(document.key)
            work.record(document, [event])
            work.documents.save(document)
            work.commit()

    def deliver(self):
        with SmtpTransport(self.setup, timeout=5) as transport:
            return deliver_due(
                self.outbox,
                transport,
                clock=lambda: AT,
                owner="one",
                lease=timedelta(minutes=10),
                directory=self.people,
                setup=self.setup,
                company=COMPANY,
                wordings=SqlWordings(self.engine),
            )

    @property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.engine)

    def row(self):
        with self.engine.connect() as connection:
            return connection.execute(sa.select(emails)).one()

    def answer(self) -> str:
        with self.engine.connect() as connection:
            return connection.execute(sa.select(email_attempts.c.text)).scalar_one()


@pytest.fixture
def server(mail_server):
    return mail_server(tls=False, sign_in=False)


@pytest.fixture
def post(sqlite_database, server):
    engine = open_database(sqlite_database, synchronous="OFF")
    setup = server.setup(
        send_as="orders@contoso.com",
        sender_name="Contoso Purchasing",
        allow_sender_substitution=True,
    )
    yield Post(engine, setup)
    engine.dispose()


def read(received):
    return message_from_bytes(received.raw, policy=modern)


def attached(received) -> dict[str, bytes]:
    return {
        part.get_filename(): part.get_payload(decode=True)
        for part in read(received).iter_attachments()
    }


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


# To the vendor --------------------------------------------------------------------------------


def test_the_vendor_gets_the_order_from_send_as_as_a_pdf_in_his_language(post, server):
    report = post.send(emailed())

    (received,) = server.received
    message = read(received)
    assert report.sent == 1
    assert received.recipients == ["orders@bakker.example"]
    assert message["From"] == "Contoso Purchasing <orders@contoso.com>"
    assert message["To"] == '"Bakker Staal B.V." <orders@bakker.example>'
    assert message["Subject"] == "Contoso: inkooporder 106001"
    assert message["Content-Language"] == "nl"
    assert message["Reply-To"] is None
    ((name, pdf),) = attached(received).items()
    assert name == "inkooporder-106001.pdf"
    assert "Inkooporder 106001" in text_of(pdf)
    assert "Totaal incl. btw € 15.065,11" in text_of(pdf)
    assert post.row().rule == "send_as"


def test_what_is_stored_is_what_was_sent(post, server):
    post.send(emailed())

    assert post.row().raw.rstrip(b"\r\n") == server.received[0].raw.rstrip(b"\r\n")


def test_the_letter_tells_an_outsider_nothing_about_the_inside(post, server):
    post.send(emailed(language="en"))

    message = read(server.received[0])
    words = message.as_string() + message.get_body(("plain",)).get_content()
    for inside in ("countersign", "Ann", "Bob", "ann@", "approval", "local currency", "X-Approval"):
        assert inside not in words, inside


def test_the_company_s_language_is_used_where_the_vendor_has_none(post, server):
    post.send(emailed(language=""))

    assert read(server.received[0])["Subject"] == "Contoso: purchase order 106001"


def test_the_ubl_goes_with_it_where_it_is_wanted(post, server):
    whole = replace(DOCUMENT, amount=COPY.lines[0].amount * 7)
    post.send(
        emailed(document=whole, language="en", attachments=(AttachmentKind.PDF, AttachmentKind.UBL))
    )

    files = attached(server.received[0])
    assert list(files) == ["purchase-order-106001.pdf", "purchase-order-106001.xml"]
    back = parse_electronic_document(
        files["purchase-order-106001.xml"], file="x", area=Area.PURCHASE
    )
    assert (back.number, len(back.lines)) == ("106001", 7)
    assert "UBL" in read(server.received[0]).get_body(("plain",)).get_content()


def test_notes_instead_of_emails_are_for_users_and_stop_no_document(post):
    assert post.send(emailed(), notes_for_all=True).sent == 1


# Never under another name ---------------------------------------------------------------------


def test_a_refused_sender_ends_it_with_the_grant_that_is_missing(post, server, signs_in):
    server.replies["DATA"] = [DENIED]

    report = post.send(emailed())
    post.deliver()

    assert (report.refused, server.received) == (1, [])
    assert post.row().state == EmailState.REFUSED
    assert post.row().next_attempt_at is None
    assert post.row().from_address == "orders@contoso.com"
    assert "grant Send As on the mailbox orders@contoso.com" in post.answer()


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
def test_it_makes_no_difference_when_the_server_refuses_the_sender(post, server, stage):
    server.replies[stage] = [DENIED]

    post.send(emailed())

    assert post.row().state == EmailState.REFUSED
    assert server.received == []


def test_the_next_document_is_not_sent_under_another_name_either(post, mail_server, signs_in):
    server = mail_server()
    server.replies["DATA"] = [DENIED]
    post.setup = server.setup(**signs_in, send_as="orders@contoso.com")
    post.send(emailed(), "PO-1")

    report = post.send(emailed(), "PO-2")

    assert (report.refused, report.sent, server.received) == (1, 0, [])
    assert server.commands.count("DATA") == 1  # the second was not even tried


def test_without_send_as_the_account_sends_it_and_never_the_requester(post, mail_server, signs_in):
    server = mail_server()
    post.setup = server.setup(**signs_in, allow_sender_substitution=True)

    post.send(emailed())

    assert read(server.received[0])["From"] == "erp@contoso.com"
    assert post.row().rule == "user_name"


def test_without_sign_in_and_send_as_whoever_emails_it_sends_it(post, server):
    post.setup = replace(post.setup, send_as="")

    post.send(emailed())

    assert read(server.received[0])["From"] == "Bob Bos <bob@contoso.com>"


def test_without_sign_in_and_send_as_the_requester_does_not_send_it(post, server):
    post.setup = replace(post.setup, send_as="")

    report = post.send(emailed(**about("ANN")))

    assert (report.retried, server.received) == (1, [])
    assert "fill Send As" in post.answer()


def test_an_address_that_is_none_is_refused_with_what_to_correct(post, server):
    report = post.send(emailed(to_address="bakker"))

    assert (report.refused, server.received) == (1, [])
    assert "correct email of Bakker Staal B.V." in post.answer()


# With the request for approval ----------------------------------------------------------------


@pytest.mark.parametrize("event", [requested(), delegated()], ids=["requested", "delegated"])
def test_who_is_to_approve_gets_the_same_pdf_where_the_workflow_attaches_it(post, server, event):
    post.people = People(ANN, replace(BOB, language="nl"))
    post.people.people["DEE"] = replace(BOB, user_id="DEE", language="nl")
    post.send(replace(event, copy=COPY))

    asked = [one for one in server.received if attached(one)]
    ((name, pdf),) = attached(asked[0]).items()
    assert len(asked) == 1
    assert name == "inkooporder-106001.pdf"
    assert "Totaal incl. btw € 15.065,11" in text_of(pdf)
    assert read(asked[0])["From"].endswith("@contoso.com>")


def test_without_the_option_nothing_is_attached(post, server):
    post.send(requested())

    assert attached(server.received[0]) == {}
    assert read(server.received[0]).get_content_type() == "multipart/alternative"
