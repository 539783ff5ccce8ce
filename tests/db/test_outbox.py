"""No email is lost, none is made twice, and no two workers send the same one."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.tables import email_attempts, notifications
from notifications.ports import (
    Attempt,
    AttemptEnd,
    EmailState,
    Finishing,
    HandedOver,
    NewEmail,
    NewNotification,
    Outbox,
    WrittenEmail,
)
from workflow.service import requesting

LEASE = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
WRITTEN = WrittenEmail(
    to_address="bob@example.com",
    subject="Approve: PO-1 — fietsen",
    rule="requester",
    from_address="ann@example.com",
    sender_address="app@example.com",
    reply_to="ann@example.com",
    envelope_from="app@example.com",
    smtputf8=True,
    raw=b"From: \xc3\xa9\r\n\0",
)


@pytest.fixture
def now(actor):
    return actor("ANN").at


@pytest.fixture
def attempt(now):
    return Attempt(
        at=now,
        duration=timedelta(milliseconds=250),
        stage="rcpt",
        code=451,
        enhanced="4.7.1",
        text="try later",
    )


@pytest.fixture
def claim(outbox, now):
    def one(owner, *, at=now, limit=10):
        return outbox.claim(at, owner=owner, lease=LEASE, limit=limit)

    return one


def told(recipient, now, message="approval_requested"):
    return NewNotification(recipient=recipient, message=message, requester="ANN", due_at=now)


# --- notifications -------------------------------------------------------------------------


def test_it_is_what_the_mail_asks_for(outbox):
    asked: Outbox = outbox

    assert asked.next_due() is None


def test_expanding_an_event_twice_tells_nobody_twice(engine, company, outbox, received, actor, now):
    requesting.send_approval_request(company, received(), actor("ANN"))
    (recorded,) = outbox.unexpanded(10)
    for recipients in (["BOB"], ["BOB", "DEE"], []):
        outbox.expand({recorded.id: [told(recipient, now) for recipient in recipients]})

    assert outbox.unexpanded(10) == []
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(notifications)) == 2


def test_events_are_told_in_their_order(company, outbox, received, actor):
    for number in ("PO-1", "PO-2", "PO-3"):
        requesting.send_approval_request(company, received(number), actor("ANN"))

    numbers = [recorded.event.document.number for recorded in outbox.unexpanded(2)]
    assert numbers == ["PO-1", "PO-2"]


def test_due_notifications_come_by_recipient_with_their_event(
    company, outbox, received, actor, now
):
    requesting.send_approval_request(company, received(), actor("ANN"))
    (recorded,) = outbox.unexpanded(10)
    later = replace(told("EVE", now), due_at=now + SECOND)
    outbox.expand({recorded.id: [told("DEE", now), told("BOB", now), later]})
    due = outbox.due_notifications(now, 10)

    assert [one.recipient for one in due] == ["BOB", "DEE"]
    assert due[0].recorded == recorded
    assert [one.recipient for one in outbox.due_notifications(now, 1)] == ["BOB"]


def test_a_notification_becomes_part_of_one_email_only(
    company, outbox, received, actor, now, claim
):
    requesting.send_approval_request(company, received(), actor("ANN"))
    outbox.expand(
        {outbox.unexpanded(1)[0].id: [told("BOB", now), told("BOB", now, "comment_added")]}
    )
    first, second = outbox.due_notifications(now, 10)
    email = NewEmail(
        message_id="<1@x>", recipient="BOB", message="m", requester="", notifications=(first.id,)
    )
    both = replace(email, message_id="<2@x>", notifications=(first.id, second.id))

    assert outbox.bundle([email], now)
    assert not outbox.bundle([both], now)
    assert outbox.due_notifications(now, 10) == [second]
    assert [one.message_id for one in claim("A")] == ["<1@x>"]


def test_an_email_that_cannot_be_made_undoes_none_beside_it(
    company, outbox, received, actor, now, claim
):
    requesting.send_approval_request(company, received(), actor("ANN"))
    (recorded,) = outbox.unexpanded(1)
    outbox.expand({recorded.id: [told("BOB", now), told("DEE", now)]})
    bob, dee = outbox.due_notifications(now, 10)
    email = NewEmail(
        message_id="<1@x>", recipient="BOB", message="m", requester="", notifications=(bob.id,)
    )
    taken = replace(email, message_id="<2@x>", notifications=(bob.id, dee.id))

    assert outbox.bundle([email, taken], now) == 1
    assert outbox.due_notifications(now, 10) == [dee]
    assert [one.message_id for one in claim("A")] == ["<1@x>"]


def test_trouble_with_one_event_does_not_undo_those_before_it(
    company, outbox, received, actor, now
):
    for number in ("PO-1", "PO-2", "PO-3"):
        requesting.send_approval_request(company, received(number), actor("ANN"))
    first, second, third = (recorded.id for recorded in outbox.unexpanded(3))
    impossible = replace(told("BOB", now), recipient=None)

    with pytest.raises(sa.exc.IntegrityError):
        outbox.expand({first: [told("BOB", now)], second: [impossible], third: [told("BOB", now)]})
    assert [recorded.id for recorded in outbox.unexpanded(3)] == [second, third]
    assert len(outbox.due_notifications(now, 10)) == 1


def test_a_message_id_is_used_once(company, outbox, received, actor, now):
    requesting.send_approval_request(company, received(), actor("ANN"))
    outbox.expand({outbox.unexpanded(1)[0].id: [told("BOB", now), told("DEE", now)]})
    bob, dee = outbox.due_notifications(now, 10)
    email = NewEmail(
        message_id="<1@x>", recipient="BOB", message="m", requester="", notifications=(bob.id,)
    )

    assert outbox.bundle([email], now)
    assert not outbox.bundle([replace(email, notifications=(dee.id,))], now)


# --- claims --------------------------------------------------------------------------------


def test_a_claimed_email_comes_whole(queued_email, claim, now):
    notification = queued_email("<1@x>")
    (email,) = claim("A")

    assert (email.message_id, email.recipient, email.requester) == ("<1@x>", "BOB", "ANN")
    assert (email.created_at, email.attempts, email.uncertain_before) == (now, 0, False)
    assert email.written is None
    assert email.notifications == (notification,)


def test_what_one_has_claimed_nobody_else_gets(queued_email, claim):
    queued_email()
    claim("A")

    assert claim("B") == []


def test_an_email_that_is_not_due_is_not_claimed(queued_email, claim, now):
    queued_email()

    assert claim("A", at=now - SECOND) == []


def test_the_oldest_are_claimed_first(queued_email, claim):
    for number in range(3):
        queued_email(f"<{number}@x>")

    assert [email.message_id for email in claim("A", limit=2)] == ["<0@x>", "<1@x>"]


def test_released_claims_are_free_again(queued_email, outbox, claim):
    queued_email()
    claim("A")
    outbox.release_claims("B")
    assert claim("B") == []
    outbox.release_claims("A")

    (email,) = claim("B")
    assert not email.uncertain_before


def test_after_the_lease_another_takes_over(queued_email, outbox, claim, attempt, now):
    queued_email()
    (first,) = claim("A")
    (second,) = claim("B", at=now + LEASE)

    assert not second.uncertain_before  # nothing had been written, so nothing was sent
    assert not outbox.finish(
        first.id, owner="A", end=AttemptEnd(state=EmailState.SENT, attempt=attempt)
    )
    assert outbox.finish(
        second.id, owner="B", end=AttemptEnd(state=EmailState.SENT, attempt=attempt)
    )


def test_what_was_only_written_when_the_worker_died_was_not_sent(queued_email, outbox, claim, now):
    queued_email()
    (first,) = claim("A")
    assert outbox.write({first.id: WRITTEN}, owner="A")
    (second,) = claim("B", at=now + LEASE)

    assert second.in_hand_since is None
    assert second.written == WRITTEN


def test_what_was_handed_over_when_the_worker_died_may_have_been_sent(
    queued_email, outbox, claim, now
):
    queued_email()
    (first,) = claim("A")
    outbox.write({first.id: WRITTEN}, owner="A")
    assert outbox.hand_over(first.id, owner="A", now=now + SECOND, lease=LEASE).held
    outbox.release_claims("A")

    assert claim("B", at=now + LEASE) == []  # it has a new lease from when it was handed over
    (second,) = claim("B", at=now + SECOND + LEASE)
    assert second.in_hand_since == now + SECOND


def both_claimed(queued_email, claim):
    queued_email("<1@x>")
    queued_email("<2@x>")
    return claim("A")


def hand_over_and_finish(outbox, first, second, attempt, now, owner="A"):
    sent = AttemptEnd(state=EmailState.SENT, attempt=attempt)
    return outbox.hand_over(
        second.id,
        owner=owner,
        now=now,
        lease=LEASE,
        finishing=Finishing(email_id=first.id, end=sent),
    )


def test_a_letter_is_finished_with_the_hand_over_of_the_next_one(
    queued_email, outbox, claim, attempt, now, reads
):
    first, second = both_claimed(queued_email, claim)
    assert outbox.hand_over(first.id, owner="A", now=now, lease=LEASE).held
    done = hand_over_and_finish(outbox, first, second, attempt, now)

    assert done == HandedOver(held=True, finished=True)
    (sent,) = reads.outbox_list(state=EmailState.SENT)
    assert (sent.id, sent.attempts) == (first.id, 1)
    with outbox._engine.connect() as connection:
        (noted,) = connection.execute(sa.select(email_attempts)).all()
    assert (noted.email_id, noted.at, noted.duration_ms) == (first.id, now, 250)
    assert (noted.stage, noted.code, noted.enhanced, noted.text) == (
        *("rcpt", 451, "4.7.1"),
        "try later",
    )
    (in_hand,) = claim("B", at=now + LEASE)
    assert (in_hand.id, in_hand.in_hand_since) == (second.id, now)


def test_a_lost_lease_of_either_does_not_stop_the_other(
    queued_email, outbox, claim, attempt, now, reads
):
    first, second = both_claimed(queued_email, claim)
    taken = claim("B", at=now + LEASE, limit=1)
    assert [email.id for email in taken] == [first.id]
    only_held = hand_over_and_finish(outbox, first, second, attempt, now + LEASE)
    only_finished = hand_over_and_finish(outbox, second, first, attempt, now + LEASE)

    assert only_held == HandedOver(held=True, finished=False)
    assert only_finished == HandedOver(held=False, finished=True)
    (sent,) = reads.outbox_list(state=EmailState.SENT)
    assert (sent.id, sent.attempts) == (second.id, 1)
    with outbox._engine.connect() as connection:
        assert connection.scalars(sa.select(email_attempts.c.email_id)).all() == [second.id]


def test_an_error_while_one_is_finished_leaves_both_as_they_were(
    queued_email, outbox, claim, attempt, now
):
    first, second = both_claimed(queued_email, claim)
    outbox.hand_over(first.id, owner="A", now=now, lease=LEASE)
    with pytest.raises(sa.exc.IntegrityError):
        hand_over_and_finish(outbox, first, second, replace(attempt, stage=None), now)

    again = {email.id: email.in_hand_since for email in claim("B", at=now + LEASE)}
    assert again == {first.id: now, second.id: None}


def test_a_worker_that_comes_late_can_neither_write_nor_hand_over(queued_email, outbox, claim, now):
    queued_email()
    (first,) = claim("A")
    (second,) = claim("B", at=now + LEASE)

    assert not outbox.write({first.id: WRITTEN}, owner="A")
    assert not outbox.hand_over(first.id, owner="A", now=now, lease=LEASE).held
    assert outbox.write({second.id: WRITTEN}, owner="B")


def test_the_bytes_are_written_once(queued_email, outbox, claim):
    queued_email()
    (email,) = claim("A")
    outbox.write({email.id: WRITTEN}, owner="A")
    other = replace(WRITTEN, raw=b"other", subject="other")
    assert not outbox.write({email.id: other}, owner="A")
    outbox.release_claims("A")

    assert claim("A")[0].written == WRITTEN


def test_many_workers_never_get_the_same_email(queued_email, outbox, claim):
    emails = 24
    for number in range(emails):
        queued_email(f"<{number}@x>")
    start = threading.Barrier(4)
    got = []

    def work(owner):
        start.wait()
        while batch := claim(owner, limit=2):
            got.extend(email.id for email in batch)

    workers = [threading.Thread(target=work, args=(owner,)) for owner in "ABCD"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    # On PostgreSQL a worker may find everything locked and go home before the others are done.
    got += [email.id for email in claim("E", limit=emails)]
    assert len(got) == len(set(got)) == emails


# --- what becomes of them ------------------------------------------------------------------


def test_a_finished_email_is_not_claimed_again(queued_email, outbox, claim, attempt, now):
    queued_email()
    (email,) = claim("A")
    assert outbox.finish(
        email.id, owner="A", end=AttemptEnd(state=EmailState.SENT, attempt=attempt)
    )

    assert claim("A", at=now + LEASE) == []
    assert not outbox.finish(
        email.id, owner="A", end=AttemptEnd(state=EmailState.SENT, attempt=attempt)
    )


def test_a_retry_waits_for_its_time(queued_email, outbox, claim, attempt, now):
    queued_email()
    (email,) = claim("A")
    again_at = now + SECOND
    outbox.finish(
        email.id,
        owner="A",
        end=AttemptEnd(state=EmailState.QUEUED, attempt=attempt, next_attempt_at=again_at),
    )

    assert outbox.next_due() == again_at
    assert claim("A") == []
    (again,) = claim("A", at=again_at)
    assert (again.attempts, again.uncertain_before) == (1, False)


def test_an_uncertain_email_that_is_tried_again_stays_uncertain(
    queued_email, outbox, claim, attempt, now, reads
):
    queued_email()
    (email,) = claim("A")
    end = AttemptEnd(state=EmailState.UNCERTAIN, attempt=attempt, next_attempt_at=now)
    outbox.finish(email.id, owner="A", end=end)
    (waiting,) = reads.outbox_list(state=EmailState.UNCERTAIN)
    (again,) = claim("A")
    outbox.release_claims("A")

    assert waiting.next_attempt_at == now
    assert again.uncertain_before
    assert reads.outbox_counts() == {EmailState.UNCERTAIN: 1}


def test_an_uncertain_email_waits_for_the_operator(queued_email, outbox, claim, attempt, now):
    queued_email()
    (email,) = claim("A")
    outbox.finish(email.id, owner="A", end=AttemptEnd(state=EmailState.UNCERTAIN, attempt=attempt))
    assert claim("A", at=now + LEASE) == []
    assert outbox.retry(email.id, now)

    assert claim("A")[0].uncertain_before


def failed(outbox, claim, attempt, state=EmailState.REFUSED, **more):
    """The number of an email that was tried once, in vain."""
    (email,) = claim("A")
    outbox.finish(email.id, owner="A", end=AttemptEnd(state=state, attempt=attempt, **more))
    return email.id


@pytest.mark.parametrize("state", [EmailState.REFUSED, EmailState.CORRUPT])
def test_a_failed_email_is_sent_again_as_another_one(
    queued_email, outbox, claim, attempt, now, state, reads
):
    notification = queued_email("<1@example.com>")
    first = failed(outbox, claim, attempt, state)
    assert claim("A") == []
    again = outbox.retry(first, now)
    (email,) = claim("A")

    assert (email.id, email.message_id) == (again, "<1.2@example.com>")
    assert (email.written, email.attempts, email.recipient) == (None, 0, "BOB")
    assert email.notifications == (notification,)
    assert reads.outbox_show(first).email.state == state
    shown = reads.outbox_show(again)
    assert (shown.email.variant, shown.email.first_id, shown.kin) == ("again", first, (first,))
    assert [event.kind for event in shown.events] == ["DocumentReceived"]


def test_an_email_is_not_sent_again_while_another_one_is_in_its_place(
    queued_email, outbox, claim, attempt, now
):
    queued_email("<1@example.com>")
    first = failed(outbox, claim, attempt)
    second = outbox.retry(first, now)
    assert outbox.retry(first, now) is None
    assert failed(outbox, claim, attempt) == second

    third = outbox.retry(first, now)
    (email,) = claim("A")
    assert (email.id, email.message_id) == (third, "<1.3@example.com>")


def test_an_uncertain_email_keeps_its_bytes(queued_email, outbox, claim, attempt, now):
    queued_email()
    (email,) = claim("A")
    outbox.write({email.id: WRITTEN}, owner="A")
    end = AttemptEnd(state=EmailState.UNCERTAIN, attempt=attempt)
    outbox.finish(email.id, owner="A", end=end)

    assert outbox.retry(email.id, now) == email.id
    assert claim("A")[0].written == WRITTEN


def test_an_email_that_stands_in_is_made_with_the_mark_of_the_first(
    queued_email, outbox, claim, attempt, reads
):
    queued_email("<1@example.com>")
    first = failed(outbox, claim, attempt, stands_in=True)
    (email,) = claim("A", at=attempt.at + SECOND)

    assert email.message_id == "<1.2@example.com>"
    assert reads.outbox_show(email.id).email.variant == "fallback"
    assert reads.outbox_show(first).kin == (email.id,)


# --- held ----------------------------------------------------------------------------------


def test_a_held_email_waits_until_it_is_released(queued_email, outbox, claim, now, reads):
    queued_email()
    assert outbox.hold(1)
    assert reads.outbox_counts() == {EmailState.HELD: 1}
    assert outbox.next_due() is None
    assert claim("A", at=now + LEASE) == []
    assert not outbox.hold(1)
    assert outbox.retry(1, now) is None

    assert outbox.release(1, now)
    assert not outbox.release(1, now)
    assert len(claim("A")) == 1


def test_an_email_that_is_being_sent_cannot_be_held(queued_email, outbox, claim):
    queued_email()
    claim("A")

    assert not outbox.hold(1)


def test_an_uncertain_email_that_waits_can_be_held(queued_email, outbox, claim, attempt, now):
    queued_email()
    first = failed(outbox, claim, attempt, EmailState.UNCERTAIN, next_attempt_at=now)
    assert outbox.hold(first)
    assert outbox.release(first, now)

    assert claim("A")[0].uncertain_before


def test_what_was_sent_is_not_queued_again(queued_email, outbox, claim, attempt, now):
    queued_email()
    (email,) = claim("A")
    assert outbox.retry(email.id, now) is None  # while it is being sent
    outbox.finish(email.id, owner="A", end=AttemptEnd(state=EmailState.SENT, attempt=attempt))

    assert not outbox.retry(email.id, now)


def test_the_outbox_shows_every_attempt(queued_email, outbox, claim, attempt, now, reads):
    queued_email()
    (email,) = claim("A")
    outbox.write({email.id: WRITTEN}, owner="A")
    outbox.finish(
        email.id,
        owner="A",
        end=AttemptEnd(state=EmailState.QUEUED, attempt=attempt, next_attempt_at=now),
    )
    claim("A")
    last = replace(attempt, stage="sent", code=250, enhanced=None, text="ok")
    outbox.finish(email.id, owner="A", end=AttemptEnd(state=EmailState.SENT, attempt=last))
    details = reads.outbox_show(email.id)

    assert details.attempts == (attempt, last)
    assert details.written == WRITTEN
    assert [event.kind for event in details.events] == ["DocumentReceived"]
    assert reads.outbox_list() == [details.email]
    assert (details.email.state, details.email.last_text) == (EmailState.SENT, "ok")
    assert reads.outbox_counts() == {EmailState.SENT: 1}
    assert reads.outbox_list(state=EmailState.QUEUED) == []
    assert reads.outbox_show(99) is None
