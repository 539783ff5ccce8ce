"""What an email hangs under: the recipient's earlier ones about the same document."""

from datetime import timedelta

import pytest

from notifications.ports import Attempt, AttemptEnd, EmailState, NewEmail, NewNotification

LEASE = timedelta(minutes=5)


@pytest.fixture
def now(actor):
    return actor("ANN").at


@pytest.fixture
def email(outbox, engine, now):
    """``email("<1@x>", event_ids)``: queue an email to somebody about these events."""

    def make(message_id, *event_ids, recipient="BOB", message="approval_requested"):
        for event_id in event_ids:
            told = NewNotification(
                recipient=recipient, message=f"{message}{message_id}", requester="ANN", due_at=now
            )
            outbox.expand({event_id: [told]})
        waiting = [one.id for one in outbox.due_notifications(now, 100)]
        new = NewEmail(
            message_id=message_id,
            recipient=recipient,
            message=message,
            requester="ANN",
            notifications=tuple(waiting),
        )
        assert outbox.bundle([new], now)

    return make


@pytest.fixture
def documents(received):
    """Events 1 and 2 are about two documents."""
    received("PO-1")
    received("PO-2")


@pytest.fixture
def earlier(outbox, now):
    """What the newest email hangs under."""

    def found():
        claimed = outbox.claim(now, owner="me", lease=LEASE, limit=100)
        outbox.release_claims("me")
        return outbox.earlier(claimed)[max(one.id for one in claimed)]

    return found


@pytest.mark.usefixtures("documents")
class TestThreads:
    def test_the_first_email_hangs_under_nothing(self, email, earlier):
        email("<1@x>", 1)

        assert earlier() == ()

    def test_a_later_one_hangs_under_all_before_it(self, email, earlier):
        email("<1@x>", 1)
        email("<2@x>", 1)
        email("<3@x>", 1)

        assert earlier() == ("<1@x>", "<2@x>")

    def test_other_documents_and_other_people_have_threads_of_their_own(self, email, earlier):
        email("<1@x>", 1)
        email("<2@x>", 2)
        email("<3@x>", 1, recipient="CID")
        email("<4@x>", 2)

        assert earlier() == ("<2@x>",)

    def test_a_list_of_documents_is_part_of_no_thread(self, email, earlier):
        email("<1@x>", 1, 2)
        email("<2@x>", 1)

        assert earlier() == ()

    def test_what_never_reached_him_is_left_out(self, email, earlier, outbox, now):
        email("<1@x>", 1)
        (claimed,) = outbox.claim(now, owner="me", lease=LEASE, limit=1)
        attempt = Attempt(at=now, duration=timedelta(0), stage="rcpt", text="no")
        end = AttemptEnd(state=EmailState.REFUSED, attempt=attempt)
        outbox.finish(claimed.id, owner="me", end=end)
        email("<2@x>", 1)

        assert earlier() == ()

    def test_what_went_out_in_the_place_of_a_refused_one_is_named(
        self, email, earlier, outbox, now
    ):
        email("<1@x>", 1)
        (claimed,) = outbox.claim(now, owner="me", lease=LEASE, limit=1)
        attempt = Attempt(at=now, duration=timedelta(0), stage="data", text="no right to Send As")
        end = AttemptEnd(state=EmailState.REFUSED, attempt=attempt, stands_in=True)
        outbox.finish(claimed.id, owner="me", end=end)
        email("<2@x>", 1)

        (stand_in,) = earlier()
        assert stand_in not in {"<1@x>", "<2@x>"}
