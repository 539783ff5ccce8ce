"""The clock is wrong for a while: nothing is lost, and nothing waits for the year it showed."""

from datetime import timedelta

import pytest

from app import passes, submitting
from notifications.ports import EmailState

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
JUMPS = {
    "an hour ahead": HOUR,
    "an hour behind": -HOUR,
    "a day ahead": DAY,
    "a day behind": -DAY,
    "a year ahead": YEAR,
    "a year behind": -YEAR,
    "in 1970": timedelta(days=-20_000),
}
jumps = pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)


@jumps
def test_a_clock_that_was_wrong_while_all_went_well(in_a_file, post_box, accounted, jump):
    in_a_file.ask("PO-1")
    in_a_file.later += jump
    in_a_file.ask("PO-2")
    passes.deliver(in_a_file.application)
    in_a_file.later -= jump
    in_a_file.ask("PO-3")
    in_a_file.deliver_the_rest()

    assert len(post_box.letters()) == 3
    accounted(in_a_file)


@jumps
def test_a_clock_that_was_wrong_while_the_mail_server_was_gone(
    in_a_file, post_box, accounted, jump
):
    post_box.stop()
    in_a_file.later += jump
    in_a_file.ask("PO-1")
    passes.deliver(in_a_file.application)
    in_a_file.later -= jump
    post_box.start()
    in_a_file.deliver_the_rest()

    assert in_a_file.application.read.outbox_counts() == {EmailState.SENT: 1}
    accounted(in_a_file)


@jumps
def test_a_clock_that_was_wrong_while_a_worker_died(in_a_file, post_box, accounted, jump):
    in_a_file.later += jump
    in_a_file.ask("PO-1")
    passes.make_emails(in_a_file.application)
    claimed = in_a_file.application.outbox.claim(
        in_a_file.now(), owner="who dies", lease=submitting.LEASE, limit=10
    )
    assert len(claimed) == 1
    in_a_file.later -= jump
    in_a_file.deliver_the_rest()

    assert len(post_box.letters()) == 1
    accounted(in_a_file)
