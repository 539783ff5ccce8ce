"""The mail server's process is killed while it takes a letter; the worker goes on."""

import pytest
from sqlalchemy import event

from app import passes
from faults.office import PATIENCE
from notifications.ports import EmailState


@pytest.mark.parametrize(
    ("dies", "times"), [("within", 1), ("after", 2)], ids=["within the letter", "after its end"]
)
def test_a_mail_server_that_dies(in_a_file, post_box, accounted, dies, times):
    post_box.stop()
    post_box.start(dies)
    in_a_file.ask("PO-1")

    @event.listens_for(in_a_file.application.engine, "commit")
    def wait(_: object) -> None:
        """At the one before the letter's end, so that this end comes after the server's."""
        if post_box.is_dying:
            post_box.wait_until_dead(PATIENCE)

    passes.deliver(in_a_file.application)
    post_box.wait_until_dead(PATIENCE)
    before = in_a_file.account()
    assert before.uncertain == (dies == "after")

    post_box.start()
    in_a_file.deliver_the_rest()

    assert len(post_box.letters()) == times
    accounted(in_a_file)


def test_a_mail_server_that_is_gone_for_a_day_gets_everything_when_it_is_back(
    in_a_file, post_box, accounted
):
    post_box.stop()
    for number in range(5):
        in_a_file.ask(f"PO-{number}")
        in_a_file.deliver_the_rest()
    post_box.start()
    in_a_file.deliver_the_rest()

    assert len(post_box.letters()) == 5
    assert in_a_file.application.read.outbox_counts() == {EmailState.SENT: 5}
    accounted(in_a_file)
