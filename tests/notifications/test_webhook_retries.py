"""When a webhook is sent again, and when it or its endpoint is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.webhook_retries import ending_of, wait_asked_for
from notifications.webhooks import ClaimedDelivery, DeliveryState, DisabledWhy, Posted

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOURS = [5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]


def claimed(attempts=0, failing_since=None, webhook_id="msg_1"):
    return ClaimedDelivery(
        id=1,
        webhook_id=webhook_id,
        event_id=1,
        type="document.released",
        body=b"{}",
        attempts=attempts,
        endpoint_id=1,
        url="https://flows.example.com/",
        secrets=("whsec_AAAA",),
        failing_since=failing_since,
    )


def posted(status=None, retry_after=""):
    return Posted(at=NOW, duration_ms=3, status=status, retry_after=retry_after)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_a_delivery(status):
    assert ending_of(claimed(), posted(status), NOW).state is DeliveryState.DELIVERED


@pytest.mark.parametrize("status", [None, 100, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
def test_everything_else_is_tried_again(status):
    ending = ending_of(claimed(), posted(status), NOW)

    assert ending.state is DeliveryState.QUEUED
    assert ending.next_attempt_at > NOW
    assert ending.disabled_why is None


@pytest.mark.parametrize(("attempts", "hours"), list(enumerate(HOURS)))
def test_the_delays_are_those_of_the_standard_with_jitter(attempts, hours):
    due = ending_of(claimed(attempts), posted(500), NOW).next_attempt_at

    assert hours <= (due - NOW) / timedelta(hours=1) <= 1.2 * hours


def test_what_failed_together_does_not_come_back_together():
    due = {
        ending_of(claimed(2, webhook_id=f"msg_{number}"), posted(500), NOW).next_attempt_at
        for number in range(50)
    }

    assert len(due) == 50


def test_the_tenth_failure_is_the_last():
    ending = ending_of(claimed(len(HOURS)), posted(500), NOW)

    assert (ending.state, ending.next_attempt_at) == (DeliveryState.FAILED, None)


def test_410_disables_the_endpoint():
    ending = ending_of(claimed(), posted(410), NOW)

    assert (ending.state, ending.disabled_why) == (DeliveryState.FAILED, DisabledWhy.GONE)


@pytest.mark.parametrize("number", range(50))
def test_a_message_that_is_given_up_disables_an_endpoint_that_took_nothing_meanwhile(number):
    began = now = NOW
    for attempts in range(len(HOURS)):
        tried = claimed(attempts, began if attempts else None, webhook_id=f"msg_{number}")
        now = ending_of(tried, posted(500), now).next_attempt_at
    last = ending_of(claimed(len(HOURS), began, webhook_id=f"msg_{number}"), posted(500), now)

    assert (last.state, last.disabled_why) == (DeliveryState.FAILED, DisabledWhy.FAILING)


@pytest.mark.parametrize(("hours", "why"), [(71, None), (72, DisabledWhy.FAILING)])
def test_three_days_of_failures_disable_the_endpoint(hours, why):
    ending = ending_of(claimed(1, NOW - timedelta(hours=hours)), posted(500), NOW)

    assert ending.disabled_why is why


def test_one_that_gets_through_after_days_does_not():
    assert ending_of(claimed(1, NOW - timedelta(days=9)), posted(200), NOW).disabled_why is None


@pytest.mark.parametrize(
    ("status", "text", "seconds"),
    [
        (429, "120", 120),
        (503, " 120 ", 120),
        (503, "Mon, 02 Mar 2026 09:02:00 GMT", 120),
        (429, "Mon, 02 Mar 2026 08:00:00 GMT", 0),
        (429, "Mon, 02 Mar 2026 09:02:00", 0),
        (429, "999999999999999999999", 86400),
        (429, "-5", 0),
        (429, "soon", 0),
        (429, "²", 0),
        (500, "120", 0),
        (200, "120", 0),
    ],
)
def test_an_endpoint_may_ask_for_time_up_to_a_day(status, text, seconds):
    assert wait_asked_for(posted(status, text), NOW) == timedelta(seconds=seconds)


def test_the_longer_wait_counts():
    due = ending_of(claimed(), posted(429, "3600"), NOW).next_attempt_at

    assert due == NOW + timedelta(hours=1)
