"""From a recorded event to a delivered email, on a real database and with a real mail server."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
import sqlalchemy as sa

from db.engine import open_database
from db.outbox import SqlOutbox
from db.tables import event_inbox
from example_events import ANN, AT, BOB, CID, COMPANY, DEE, People, about, overdue, requested
from mail_post import DOMAIN, LEASE, Post
from notifications.delivery import DeliveryReport
from notifications.mail_setup import MailSetup
from notifications.outbox import bundle_notifications, expand_events, message_id
from notifications.ports import NewNotification, RecordedEvent
from notifications.timetable import Timetable
from notifications.transports import SmtpTransport
from notifications.writing import write_email
from workflow.events import CommentAdded, Event, RequestRejected
from workflow.notification_setup import NotificationMethod, NotificationSetup, NotificationType
from workflow.schedules import NotificationSchedule, Recurrence, time_of

REJECTED = RequestRejected(**about("BOB", "ANN"), entry=overdue().entry, comment="Too dear")


@pytest.fixture
def post(sqlite_database):
    engine = open_database(sqlite_database, synchronous="OFF")
    yield Post(engine)
    engine.dispose()


@pytest.fixture
def server(mail_server):
    return mail_server(tls=False, sign_in=False)


@pytest.fixture
def setup(server):
    return server.setup(send_as="noreply@contoso.com", allow_sender_substitution=True)


def headers(received) -> dict[str, str]:
    parsed = message_from_bytes(received.raw)
    return {name: str(make_header(decode_header(value))) for name, value in parsed.items()}


# The way through ------------------------------------------------------------------------------


def test_a_request_arrives_in_the_name_of_the_requester(post, server, setup):
    assert post.queue(requested()) == 1
    report = post.deliver(setup)

    assert report == DeliveryReport(sent=1)
    (received,) = server.received
    sent = headers(received)
    assert received.recipients == ["bob@contoso.com"]
    assert sent["From"] == '"Ann Lee" <ann@contoso.com>'
    assert sent["To"] == '"Bob Bos" <bob@contoso.com>'
    assert sent["Subject"].startswith("Approve: €12,450.50 · Bakker Staal B.V.")
    assert sent["Content-Language"] == "en"
    assert sent["X-Approval-Document"] == "purchase/order/106001"
    (row,) = post.rows()
    assert (row.state, row.rule, row.message_id) == ("sent", "requester", sent["Message-ID"])
    assert post.reasons() == ["2.0.0 queued as 4711"]


def test_the_outcome_comes_from_the_company(post, server, setup):
    post.queue(requested(), REJECTED)
    post.deliver(setup)

    outcome, _request = sorted(map(headers, server.received), key=lambda sent: sent["To"])
    assert outcome["From"] == "noreply@contoso.com"
    assert outcome["To"] == '"Ann Lee" <ann@contoso.com>'
    assert "References" not in outcome  # the first mail to Ann


def test_later_mail_to_a_person_joins_his_thread(post, server, setup):
    post.record(requested(), overdue())
    for _ in range(2):
        expand_events(post.outbox, now=post.now, limit=1)
        bundle_notifications(post.outbox, now=post.now, domain=DOMAIN)
    post.deliver(setup)

    request, reminder = map(headers, server.received)
    assert reminder["In-Reply-To"] == reminder["References"] == request["Message-ID"]
    assert reminder["Subject"] == f"Re: {request['Subject']}"


def test_running_a_pass_again_tells_nobody_twice(post, server, setup):
    post.queue(requested())
    again = expand_events(post.outbox, now=post.now)
    post.deliver(setup)

    assert (again.events, again.notifications, again.problems) == (0, 0, ())
    assert bundle_notifications(post.outbox, now=post.now, domain=DOMAIN) == 0
    assert post.deliver(setup) == DeliveryReport()
    assert len(server.received) == 1


def test_every_reader_of_an_event_gets_his_own_email(post, server, setup):
    post.queue(CommentAdded(**about("CID", "ANN", "BOB", "DEE"), text="Which hall?"))
    post.deliver(setup)

    assert sorted(received.recipients[0] for received in server.received) == [
        "ann@contoso.com",
        "bob@contoso.com",
        "dee@contoso.com",
    ]


def test_reminders_to_one_person_are_one_email(post, server, setup):
    post.record(overdue("1"), requested(), overdue("2"))
    expand_events(post.outbox, now=post.now)
    made = bundle_notifications(post.outbox, now=post.now, domain=DOMAIN)
    post.deliver(setup)

    assert made == 2
    reminder = next(row for row in post.rows() if row.message == "approval_overdue")
    assert reminder.subject == "2 overdue approvals wait for you"
    assert reminder.from_address == "ann@contoso.com"  # both requests are hers


def test_a_list_over_several_requesters_is_in_nobodys_name(post, server, setup):
    post.queue(overdue("1"), overdue("2", requester="CID"))
    post.deliver(setup)

    (row,) = post.rows()
    assert row.requester == ""
    assert row.from_address == "noreply@contoso.com"


def test_the_database_keeps_an_event_nobody_can_place_and_goes_on(post):
    class WithOneUnknown(SqlOutbox):
        def unexpanded(self, limit, after=0):
            return [
                RecordedEvent(id=0, event=Event(at=AT, actor="ANN")),
                *super().unexpanded(limit, after),
            ]

    post.record(requested())
    expanded = expand_events(WithOneUnknown(post.engine), now=post.now)

    assert (expanded.events, expanded.notifications) == (1, 1)
    assert expanded.problems == ("event 0: No message is defined for Event.",)


def test_an_expanded_event_leaves_the_inbox(post):
    post.queue(requested())

    with post.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(event_inbox)) == 0


def test_a_message_id_is_repeatable_and_says_nothing_about_people(post):
    post.record(requested())
    expand_events(post.outbox, now=post.now)
    (told,) = post.outbox.due_notifications(post.now, 10)
    later = replace(told.recorded.event, at=AT + timedelta(seconds=1))
    others = [
        replace(told, recipient="CID"),
        replace(told, message="request_delegated"),
        # A restored database may give the number of an event a second time.
        replace(told, recorded=replace(told.recorded, event=later)),
    ]

    assert message_id([told], DOMAIN) == message_id([told], DOMAIN)
    assert message_id([told], DOMAIN) not in {message_id([other], DOMAIN) for other in others}
    assert "bob" not in message_id([told], DOMAIN).lower()


# When it does not go well ---------------------------------------------------------------------


def test_without_a_mail_server_the_queue_is_kept(post):
    post.queue(requested())
    for nothing in (None, MailSetup()):
        report = post.deliver(nothing)

        assert report.stopped.startswith("Mail is not set up")
        assert post.states() == ["queued"]
    assert post.reasons() == []


def test_a_busy_server_gets_the_same_bytes_again_a_minute_later(post, server, setup):
    post.queue(requested())
    server.replies["DATA"] = ["451 4.3.0 try later"]
    first = post.deliver(setup)
    at_once = post.deliver(setup)
    written = post.rows()[0].raw
    post.people = People(replace(ANN, full_name="Ann Smith"), BOB)
    post.now += timedelta(seconds=75)
    later = post.deliver(setup)

    assert (first.retried, first.stopped) == (1, "")
    assert at_once == DeliveryReport()
    assert later == DeliveryReport(sent=1)
    assert server.received[0].raw == written
    assert post.rows()[0].attempts == 2


def test_a_refused_email_says_why_and_the_next_one_is_sent(post, server, setup):
    post.queue(requested(), REJECTED)
    server.replies["RCPT"] = ["550 5.1.1 no such user"]
    report = post.deliver(setup)

    assert report == DeliveryReport(sent=1, refused=1)
    assert sorted(post.states()) == ["refused", "sent"]
    assert any("no such user" in reason for reason in post.reasons())


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([ANN], "BOB is not in the approval user setup: add the user with an E-Mail."),
        (
            [replace(BOB, email=" ")],
            "Fill in E-Mail of BOB in the approval user setup: it is empty",
        ),
        ([replace(BOB, email="bob")], "E-Mail of BOB in the approval user setup: 'bob' is no addr"),
    ],
)
def test_a_person_without_an_address_is_refused_alone(post, server, setup, people, sentence):
    post.people = People(*people, CID, DEE)
    post.queue(CommentAdded(**about("CID", "DEE", "BOB"), text="Which hall?"))
    report = post.deliver(setup)

    assert report == DeliveryReport(sent=1, refused=1)
    assert any(sentence in reason for reason in post.reasons())


def test_each_person_is_looked_up_once_for_the_emails_of_a_batch(post, server, setup):
    asked = []
    people = post.people

    class Asked:
        def user(self, user_id):
            asked.append(user_id)
            return people.user(user_id)

    post.people = Asked()
    post.queue(requested(), requested())
    report = post.deliver(setup)

    assert report == DeliveryReport(sent=2)
    assert "BOB" in asked
    assert len(asked) == len(set(asked))


def test_an_email_that_cannot_be_written_stops_no_other(post, server, setup):
    post.record(requested())
    (recorded,) = post.outbox.unexpanded(1)
    nonsense = NewNotification(recipient="BOB", message="no_such", requester="", due_at=AT)
    good = replace(nonsense, message="approval_requested")
    post.outbox.expand({recorded.id: [nonsense, good]})
    bundle_notifications(post.outbox, now=post.now, domain=DOMAIN)
    report = post.deliver(setup)

    assert report == DeliveryReport(sent=1, corrupt=1)
    assert post.states() == ["corrupt", "sent"]
    assert "no_such/subject.txt" in post.reasons()[0]


def test_trouble_with_the_account_stops_the_pass_and_keeps_the_queue(post, server, setup):
    post.queue(requested(), REJECTED, CommentAdded(**about("CID", "DEE"), text="Hm"))
    server.replies["MAIL"] = ["550 5.7.501 account blocked"]
    stopped = post.deliver(setup)
    states = post.states()
    post.now += timedelta(hours=3)
    paused = post.deliver(setup)
    post.now += timedelta(hours=2)
    afterwards = post.deliver(setup)

    assert stopped.retried == 1
    assert "blocked" in stopped.stopped
    assert paused == DeliveryReport(stopped=stopped.stopped, resumes_at=stopped.resumes_at)
    assert states == ["queued"] * 3
    assert afterwards == DeliveryReport(sent=3)


def test_trouble_with_the_account_never_gives_an_email_up(post, server, setup):
    post.queue(requested())
    for _ in range(10):
        server.replies["MAIL"] = ["550 5.7.501 account blocked"]
        post.deliver(setup)
        post.now += timedelta(hours=5)

    assert post.states() == ["queued"]
    assert post.deliver(setup) == DeliveryReport(sent=1)


def test_a_server_that_is_away_stops_the_pass(post, unused_port):
    post.queue(requested(), REJECTED)
    report = post.deliver(
        MailSetup(server="127.0.0.1", port=unused_port, send_as="noreply@contoso.com")
    )

    assert report.retried == 1
    assert "could not be reached" in report.stopped
    assert post.states() == ["queued", "queued"]


def test_an_email_is_given_up_after_a_day(post, server, setup):
    post.queue(requested())
    for _ in range(8):
        server.replies["DATA"] = ["451 4.3.0 try later"]
        post.deliver(setup)
        post.now += timedelta(hours=5)

    assert post.states() == ["refused"]
    assert post.reasons()[-1].startswith("Given up after a day: 4.3.0 try later")
    assert server.received == []


def test_a_request_whose_answer_was_lost_is_sent_once_more_after_ten_minutes(post, server, setup):
    post.queue(requested())
    server.drop = "after_accepting"
    first = post.deliver(setup)
    (waiting,) = post.rows()
    post.now += timedelta(minutes=9)
    too_early = post.deliver(setup)
    post.now += timedelta(minutes=2)
    second = post.deliver(setup)
    post.now += timedelta(days=1)
    never_again = post.deliver(setup)

    assert first.uncertain == second.uncertain == 1
    assert (waiting.state, waiting.next_attempt_at) == ("uncertain", AT + timedelta(minutes=10))
    assert too_early == never_again == DeliveryReport()
    one, two = server.received
    assert one.raw == two.raw
    assert post.states() == ["uncertain"]


def test_other_mail_whose_answer_was_lost_waits_for_a_person(post, server, setup):
    post.queue(REJECTED)
    server.drop = "after_accepting"
    report = post.deliver(setup)
    post.now += timedelta(days=1)

    assert report == DeliveryReport(uncertain=1)
    assert post.deliver(setup) == DeliveryReport()
    assert post.states() == ["uncertain"]
    assert len(server.received) == 1


def test_mail_without_a_sender_waits_until_the_setup_names_one(post, server, setup):
    post.queue(REJECTED)
    waits = post.deliver(replace(setup, send_as=""))
    reasons = post.reasons()
    post.now += timedelta(minutes=2)

    assert waits == DeliveryReport(retried=1)
    assert reasons == ["This mail has no sender: fill Send As in the mail setup."]
    assert post.deliver(setup) == DeliveryReport(sent=1)


def test_a_defect_of_our_own_stops_no_other_email(post, server, setup):
    class Defective(SmtpTransport):
        def submit(self, letter, before_end):
            if letter.recipients == ("ann@contoso.com",):
                raise ZeroDivisionError("our fault")
            return super().submit(letter, before_end)

    post.queue(requested(), REJECTED)
    report = post.deliver(setup, Defective(setup))

    assert report == DeliveryReport(sent=1, corrupt=1)
    assert "ZeroDivisionError: our fault" in post.reasons()


def test_a_database_that_fails_makes_no_email_corrupt(post, server, setup):
    class Unreachable(People):
        def user(self, user_id):
            raise sa.exc.OperationalError(user_id, {}, Exception("database is locked"))

    post.queue(requested())
    post.people = Unreachable()
    with pytest.raises(sa.exc.OperationalError):
        post.deliver(setup)

    assert post.states() == ["queued"]


# Several workers ------------------------------------------------------------------------------


def died_while_sending(post, setup):
    """A worker was about to send the end of the letter, and was never heard of again."""
    (email,) = post.outbox.claim(post.now, owner="dead", lease=LEASE, limit=1)
    written = write_email(
        email,
        directory=post.people,
        setup=setup,
        company=COMPANY,
        date=post.now,
        server_has_smtputf8=True,
    )
    assert post.outbox.write({email.id: written}, owner="dead")
    assert post.outbox.hand_over(email.id, owner="dead", now=post.now, lease=LEASE).held
    post.now += LEASE + timedelta(seconds=1)


def test_a_request_of_a_dead_worker_is_sent_by_the_next_one(post, server, setup):
    post.queue(requested())
    died_while_sending(post, setup)

    assert post.deliver(setup) == DeliveryReport(uncertain=1, sent=1)
    assert server.received[0].raw == post.rows()[0].raw
    assert post.rows()[0].uncertain


def test_other_mail_of_a_dead_worker_may_have_left_and_is_uncertain(post, server, setup):
    post.queue(REJECTED)
    died_while_sending(post, setup)

    assert post.deliver(setup) == DeliveryReport(uncertain=1)
    assert server.received == []
    assert "may have been sent" in post.reasons()[0]


def test_the_operator_can_send_it_again(post, server, setup):
    post.queue(REJECTED)
    died_while_sending(post, setup)
    post.deliver(setup)
    post.outbox.retry(post.rows()[0].id, post.now)

    assert post.deliver(setup) == DeliveryReport(sent=1)


def test_a_worker_that_lost_its_lease_changes_nothing(post, server, setup):
    class Overtaken(SmtpTransport):
        def submit(self, letter, before_end):
            post.now += 2 * LEASE
            assert post.outbox.claim(post.now, owner="two", lease=LEASE, limit=1)
            return super().submit(letter, before_end)

    post.queue(requested())
    report = post.deliver(setup, Overtaken(setup))

    assert report == DeliveryReport()
    assert server.received == []  # the end of the letter was not sent any more
    assert [(row.state, row.owner) for row in post.rows()] == [("sending", "two")]


def test_a_slow_server_makes_the_worker_claim_anew_and_nothing_is_sent_twice(post, server, setup):
    class Slow(SmtpTransport):
        def submit(self, letter, before_end):
            post.now += 0.6 * LEASE
            assert post.outbox.claim(post.now, owner="two", lease=LEASE, limit=9) == []
            return super().submit(letter, before_end)

    post.queue(requested(), REJECTED, CommentAdded(**about("CID", "DEE"), text="Hm"))
    report = post.deliver(setup, Slow(setup))

    assert report == DeliveryReport(sent=3)
    assert len({headers(received)["Message-ID"] for received in server.received}) == 3


class AskedToStop(Exception):
    """What a transport may raise to end the pass."""


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, AskedToStop])
def test_a_worker_that_is_interrupted_puts_its_claims_back(post, server, setup, interruption):
    class Interrupted(SmtpTransport):
        def submit(self, _letter, _before_end):
            raise interruption

    post.queue(requested(), REJECTED)
    with pytest.raises(interruption):
        post.deliver(setup, Interrupted(setup))

    assert post.states() == ["queued", "queued"]


# Notes instead of emails ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "emails_made"),
    [
        ([], 1),
        ([NotificationSetup(type=NotificationType.APPROVAL, method=NotificationMethod.NOTE)], 0),
        ([NotificationSetup(type=NotificationType.OVERDUE, method=NotificationMethod.NOTE)], 1),
        (
            [
                NotificationSetup(type=NotificationType.APPROVAL, method=NotificationMethod.NOTE),
                NotificationSetup(user="BOB", type=NotificationType.APPROVAL),
            ],
            1,
        ),
    ],
    ids=["no setup", "everybody gets notes", "notes of another type", "one person gets emails"],
)
def test_who_wants_notes_is_not_mailed(post, rows, emails_made):
    post.record(requested())
    expand_events(post.outbox, now=post.now, timetable=Timetable(setup=rows))

    assert bundle_notifications(post.outbox, now=post.now, domain=DOMAIN) == emails_made
    assert not post.outbox.unexpanded(1)


# Schedules ------------------------------------------------------------------------------------


def daily(at: str) -> Timetable:
    schedule = NotificationSchedule(recurrence=Recurrence.DAILY, time=time_of(at))
    return Timetable(setup=[NotificationSetup(type=NotificationType.APPROVAL, schedule=schedule)])


def test_a_changed_schedule_counts_for_new_notifications_only(post, server, setup):
    post.record(requested())  # on Friday at 13:02
    expand_events(post.outbox, now=post.now, timetable=daily("13:30"))
    post.record(requested())
    expand_events(post.outbox, now=post.now, timetable=daily("13:00"))

    made = []
    for minutes in (0, 28, 3 * 24 * 60):
        post.now = AT + timedelta(minutes=minutes)
        made.append(bundle_notifications(post.outbox, now=post.now, domain=DOMAIN))
        post.deliver(setup)

    assert made == [0, 1, 1]
    assert len(server.received) == 2


def test_an_event_that_waited_for_its_worker_is_due_when_it_would_have_been(post):
    post.record(requested())
    post.now += timedelta(days=4)
    expand_events(post.outbox, now=post.now, timetable=daily("13:30"))

    assert bundle_notifications(post.outbox, now=post.now, domain=DOMAIN) == 1


def test_a_digest_whose_fate_is_unknown_is_sent_once_more_because_it_asks(post, server, setup):
    for _ in range(2):
        post.record(requested())
    expand_events(post.outbox, now=post.now, timetable=daily("15:00"))
    post.now = AT + timedelta(hours=2)
    bundle_notifications(post.outbox, now=post.now, domain=DOMAIN)
    server.drop = "after_dot"
    assert post.deliver(setup).uncertain == 1
    server.drop = ""
    post.now += timedelta(minutes=10)

    assert post.deliver(setup) == DeliveryReport(sent=1)
    (received,) = server.received
    assert headers(received)["Message-ID"] == post.rows()[0].message_id


def test_everything_that_is_due_to_one_person_is_in_one_digest_whatever_the_batch(post):
    for _ in range(5):
        post.record(requested())
    post.record(REJECTED, REJECTED)
    expand_events(post.outbox, now=post.now, timetable=daily("15:00"))
    post.now = AT + timedelta(hours=2)

    made = []
    while one := bundle_notifications(post.outbox, now=post.now, domain=DOMAIN, limit=3):
        made.append(one)
    assert made == [1, 1]
    assert [(row.recipient, row.message) for row in post.rows()] == [
        ("ANN", "digest"),
        ("BOB", "digest"),
    ]
