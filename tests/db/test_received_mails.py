"""What came in is remembered once, together with what it caused."""

import threading

import pytest
import sqlalchemy as sa

from db.received_mails import SqlReceivedMails, TakenInBefore, remembering
from db.tables import emails, received_mails
from db.unit_of_work import SqlUnitOfWork
from notifications.received.bounces import Action, Bounce
from notifications.received.ports import Received, ReceivedMails, Result
from workflow.service.bouncing import record_bounce

BOUNCE = Bounce(
    originals=("<1@example.com>",),
    recipient="bob@example.com",
    action=Action.FAILED,
    status="5.1.1",
    diagnostic="no such user",
)


@pytest.fixture
def incoming(engine):
    return SqlReceivedMails(engine)


@pytest.fixture
def mail(actor):
    return Received(
        message_id="<a@b>", at=actor("ANN").at, sender="", result=Result.IGNORED, text="spam"
    )


@pytest.fixture
def bounced(actor):
    return Received(
        message_id="<b@b>",
        at=actor("ANN").at,
        sender="postmaster@example.com",
        result=Result.BOUNCED,
        text="5.1.1",
        email_id=1,
    )


def test_it_is_what_the_mail_asks_for(incoming):
    asked: ReceivedMails = incoming

    assert not asked.is_known("<a@b>")


def test_a_mail_is_remembered_once(incoming, mail):
    assert incoming.remember(mail)
    assert not incoming.remember(mail)
    assert incoming.is_known("<a@b>")


def test_our_email_is_found_with_its_document(incoming, queued_email):
    queued_email("<1@example.com>")

    ours = incoming.ours(["<x@y>", "<1@example.com>", "<2@example.com>"])

    assert (ours.id, ours.recipient, ours.message) == (1, "BOB", "approval_requested")
    assert [str(key) for key in ours.documents] == ["purchase/order/FOR-EVENTS"]
    assert incoming.ours([]) is None
    assert incoming.ours(["<x@y>"]) is None


def test_the_first_mail_named_counts_when_several_are_ours(incoming, queued_email):
    queued_email("<1@example.com>")
    queued_email("<2@example.com>")

    assert incoming.ours(["<2@example.com>", "<1@example.com>"]).id == 2


def record(uow, actor, received):
    uow.on_commit(remembering(received, BOUNCE))
    record_bounce(
        uow,
        [],
        actor("MAIL"),
        recipient="BOB",
        to_address="bob@example.com",
        message="approval_requested",
        status="5.1.1",
        diagnostic="no such user",
    )


def test_a_bounce_is_stored_with_the_mail_that_reported_it(
    engine, uow, queued_email, actor, bounced
):
    queued_email()
    record(uow, actor, bounced)

    with engine.connect() as connection:
        row = connection.execute(sa.select(emails)).one()
        kept = connection.execute(sa.select(received_mails)).one()
    assert (row.bounced_at, row.bounce_status) == (bounced.at, "5.1.1")
    assert (kept.email_id, kept.result) == (1, Result.BOUNCED)


def test_two_processes_that_read_the_same_mail_store_its_effect_once(
    engine, queued_email, actor, bounced
):
    queued_email()
    refused = []

    def take_in():
        try:
            record(SqlUnitOfWork(engine), actor, bounced)
        except TakenInBefore as error:
            refused.append(error)

    threads = [threading.Thread(target=take_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with engine.connect() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(received_mails))
    assert (count, len(refused)) == (1, 3)
