"""When an email is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.retries import is_given_up, next_attempt_at

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ID = "<event.1.abc@contoso.com>"


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (6, 240), (40, 240)]
)
def test_the_delays_grow_to_four_hours(attempts, minutes):
    delay = next_attempt_at(NOW, attempts=attempts, message_id=ID) - NOW

    assert 0.8 * minutes <= delay / timedelta(minutes=1) <= 1.2 * minutes


def test_emails_that_failed_together_do_not_come_back_together():
    times = {next_attempt_at(NOW, attempts=2, message_id=f"<{n}@x>") for n in range(50)}

    assert len(times) == 50
    assert max(times) - min(times) > timedelta(minutes=1)


def test_the_same_question_has_the_same_answer():
    assert next_attempt_at(NOW, attempts=3, message_id=ID) == next_attempt_at(
        NOW, attempts=3, message_id=ID
    )


@pytest.mark.parametrize(
    ("hours", "attempts", "given_up"),
    [
        (23, 8, False),
        (24, 8, True),
        (24, 6, True),
        (72, 1, False),  # it waited behind others, or for the mail setup
        (72, 5, False),
    ],
)
def test_an_email_is_given_up_after_a_day_and_all_its_tries(hours, attempts, given_up):
    created = NOW - timedelta(hours=hours)

    assert is_given_up(NOW, created_at=created, attempts=attempts) is given_up


def test_a_server_that_stays_away_is_asked_for_about_a_day():
    at, attempts = NOW, 1
    while not is_given_up(at, created_at=NOW, attempts=attempts):
        at = next_attempt_at(at, attempts=attempts, message_id=ID)
        attempts += 1

    assert timedelta(hours=24) <= at - NOW < timedelta(hours=29)
