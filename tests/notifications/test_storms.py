"""Too much mail is held, and administrators hear once what they can do about it."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from db.engine import open_database
from db.tables import emails
from db.unit_of_work import SqlUnitOfWork
from example_events import ANN, BOB, CID, ENTRY, about, requested
from mail_post import Post
from notifications.delivery import DeliveryReport
from notifications.storms import CEILINGS, HOUR, Ceiling
from workflow.events import RequestRejected

TO_BOB = requested()
TO_ANN = RequestRejected(**about("BOB", "ANN"), entry=ENTRY, comment="Too dear")
A_PERSON = CEILINGS[0].emails


@pytest.fixture
def post(database_url):
    engine = open_database(database_url)
    with SqlUnitOfWork(engine) as work:
        for person in (ANN, BOB, replace(CID, administrator=True)):
            work.users.save(person)
        work.commit()
    yield Post(engine)
    engine.dispose()


@pytest.fixture
def server(mail_server):
    return mail_server(tls=False, sign_in=False)


@pytest.fixture
def setup(server):
    return server.setup(send_as="noreply@contoso.com", allow_sender_substitution=True)


def made_before(post, ago: timedelta, count: int, recipient: str = "BOB") -> None:
    """So many emails of some time ago, all of them sent."""
    made = {
        "recipient": recipient,
        "message": "approval_requested",
        "requester": "ANN",
        "created_at": post.now - ago,
        "state": "sent",
        "attempts": 1,
        "counted": 1,
        "uncertain": False,
        "variant": "first",
    }
    rows = [made | {"message_id": f"<{recipient}.{ago}.{n}@contoso.com>"} for n in range(count)]
    with post.engine.begin() as connection:
        connection.execute(sa.insert(emails), rows)


def new_states(post) -> dict[str, list[str]]:
    """By recipient, of what was made by the passes."""
    found: dict[str, list[str]] = {}
    for row in post.rows():
        if row.message_id.startswith("<event."):
            found.setdefault(row.recipient, []).append(str(row.state))
    return found


def test_a_program_that_repeats_itself_does_not_fill_a_mailbox(post, server, setup):
    post.queue(*[TO_BOB] * (A_PERSON + 15))
    report = post.deliver(setup)
    others = post.queue(TO_ANN)  # and the warning, which was recorded meanwhile
    post.deliver(setup)

    assert report == DeliveryReport(sent=A_PERSON)
    assert post.outbox.held() == post.outbox.held("BOB") == 15
    assert others == 2
    assert new_states(post)["ANN"] == new_states(post)["CID"] == ["sent"]


def test_administrators_are_told_once_and_with_the_commands(post, server, setup):
    for _ in range(3):
        post.queue(*[TO_BOB] * A_PERSON)
        post.now += timedelta(minutes=10)
    post.queue()
    post.deliver(setup)

    (warning,) = [mail for mail in server.received if mail.recipients == ["cid@contoso.com"]]
    letter = message_from_bytes(warning.raw, policy=policy.SMTP)
    text = letter.get_body(("plain",)).get_content()
    assert "More than 60 emails to BOB" in text
    assert "countersign outbox release --held" in text
    assert "countersign outbox cancel --held" in text


def test_another_storm_on_another_day_is_told_again(post, setup):
    post.queue(*[TO_BOB] * (A_PERSON + 1))
    post.now += timedelta(days=1)
    post.queue(*[TO_BOB] * (A_PERSON + 1))
    post.queue()

    assert len(new_states(post)["CID"]) == 2


@pytest.mark.parametrize("ceiling", [one for one in CEILINGS if not one.per_person])
def test_all_mail_together_has_its_ceilings(post, ceiling):
    made_before(post, ceiling.within - timedelta(minutes=1), ceiling.emails - 1, recipient="DEE")
    post.queue(TO_BOB, TO_ANN)
    post.queue()

    states = [state for states in new_states(post).values() for state in states]
    assert sorted(states) == ["held", "queued", "queued"]
    assert new_states(post)["CID"] == ["queued"]


@pytest.mark.parametrize(
    "ago", [HOUR, timedelta(days=-365)], ids=["an hour ago", "by a clock a year ahead"]
)
def test_what_was_made_at_another_time_does_not_count(post, ago):
    made_before(post, ago, A_PERSON)
    post.queue(TO_BOB)

    assert new_states(post)["BOB"] == ["queued"]


def test_a_mail_server_that_was_away_for_days_is_no_storm(post, server, setup):
    for _ in range(4):
        post.queue(*[TO_BOB] * (A_PERSON - 10))
        post.now += timedelta(hours=5)

    assert post.deliver(setup) == DeliveryReport(sent=4 * (A_PERSON - 10))


def test_held_mail_is_released_and_not_held_again(post, server, setup):
    post.queue(*[TO_BOB] * (A_PERSON + 5))
    post.deliver(setup)
    released = post.outbox.release_held(post.now, "BOB")

    assert released == 5
    assert post.deliver(setup) == DeliveryReport(sent=5)
    assert post.outbox.held() == 0


def test_held_mail_to_one_person_is_canceled_and_never_sent(post, server, setup):
    post.queue(*[TO_BOB] * (A_PERSON + 5), *[TO_ANN] * (A_PERSON + 3))
    post.deliver(setup)
    canceled = post.outbox.cancel_held("BOB")
    post.now += timedelta(days=30)

    assert canceled == 5
    assert post.deliver(setup).sent == 0
    assert post.outbox.held() == 3
    assert new_states(post)["BOB"].count("canceled") == 5


def test_a_canceled_email_can_still_be_sent_again(post, server, setup):
    post.queue(TO_BOB)
    canceled = post.outbox.cancel(1)
    before = post.deliver(setup)
    again = post.outbox.retry(1, post.now)

    assert (canceled, again) == (True, 1)
    assert before == DeliveryReport()
    assert post.deliver(setup) == DeliveryReport(sent=1)


def test_what_was_sent_cannot_be_canceled(post, server, setup):
    post.queue(TO_BOB)
    post.deliver(setup)

    assert not post.outbox.cancel(1)


def test_the_ceilings_are_those_the_readme_names():
    assert (
        Ceiling(emails=60, within=HOUR, per_person=True),
        Ceiling(emails=1000, within=HOUR),
        Ceiling(emails=10_000, within=timedelta(days=1)),
    ) == CEILINGS
