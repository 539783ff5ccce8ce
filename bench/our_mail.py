"""``python -m bench.our_mail``: our side, from recorded events to sent emails, by the real passes.

The requests are sent for approval before the clock starts; what is timed is one pass over the
mail, as the worker runs it: events → notifications → emails → claim, write, hand over, mark.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from jinja2 import ChoiceLoader, DictLoader

from app import passes
from app.bootstrap import Application
from app.settings import Settings
from bench import short_letter, story
from db.schema import upgrade
from db.tables import emails
from notifications import rendering
from notifications.letters import compose
from notifications.mail_setup import MailSetup
from notifications.ports import EmailState
from notifications.senders import MailKind, Requester, choose_sender
from workflow.approval_users import ApprovalUser
from workflow.documents import Document, DocumentLine
from workflow.events import ApprovalRequested
from workflow.service import handling, requesting

ACCOUNT = "countersign@example.com"


def application(url: str) -> Application:
    return Application(
        Settings(
            database_url=url,
            secret_key="bench",
            timezone=ZoneInfo("Europe/Amsterdam"),
            language="en",
            currency="EUR",
        )
    )


def mail_setup(port: int) -> MailSetup:
    return MailSetup(
        server="127.0.0.1", port=port, user_name=ACCOUNT, allow_sender_substitution=True
    )


def with_the_short_letter() -> None:
    """Instead of our own templates; everything around them stays."""
    words = {
        "subject.txt": short_letter.SUBJECT,
        "body.txt": short_letter.TEXT,
        "body.html": short_letter.HTML,
    }
    short = DictLoader({f"approval_requested/{name}": text for name, text in words.items()})
    environment = rendering.environment("en")
    environment.loader = ChoiceLoader([short, environment.loader])


def order(i: int) -> Document:
    price = Decimal(short_letter.price(i))
    lines = tuple(
        DocumentLine(
            line_no=n * 10000,
            description=f"Item {n}",
            quantity=Decimal(2),
            unit_price=price,
            amount=2 * price,
        )
        for n in range(1, short_letter.LINES + 1)
    )
    amount = sum((line.amount for line in lines), Decimal(0))
    return replace(
        story.order(short_letter.number(i)),
        requester=short_letter.requester(i),
        amount=amount,
        amount_including_vat=amount,
        amount_lcy=amount,
        amount_including_vat_lcy=amount,
        counterparty_name=short_letter.vendor(i),
        lines=lines,
    )


def set_up(ours: Application, port: int) -> None:
    story.set_up(ours.engine)
    ours.mail_setups.save(mail_setup(port))
    uow = ours.uow()
    with uow:
        for i in range(short_letter.PEOPLE):
            asks, decides = short_letter.requester(i), short_letter.approver(i)
            uow.users.save(person(decides, approver="EVA"))
            uow.users.save(person(asks, approver=decides))
        uow.commit()


def person(user: str, approver: str) -> ApprovalUser:
    limit = Decimal(1)
    email = f"{user.lower()}@example.com"
    return ApprovalUser(user_id=user, approver=approver, email=email, purchase_limit=limit)


def ask(ours: Application, first: int, end: int) -> None:
    uow = ours.uow()
    for i in range(first, end):
        actor = story.actor(short_letter.requester(i))
        with uow:
            handling.receive(uow, order(i), actor)
            uow.commit()
        requesting.send_approval_request(uow, story.key(short_letter.number(i)), actor)


def warm_up(ours: Application, letters: int) -> None:
    """They were sent long ago: a thousand letters an hour are no storm, some more would be."""
    ask(ours, 0, letters)
    passes.deliver(ours)
    with ours.engine.begin() as connection:
        connection.execute(sa.update(emails).values(created_at=story.AT - timedelta(days=2)))


def sent(ours: Application) -> int:
    with ours.engine.connect() as connection:
        count: int = connection.scalar(
            sa.select(sa.func.count()).where(emails.c.state == EmailState.SENT)
        )
        return count


def own_letter_by_parts(ours: Application, port: int) -> dict[str, float]:
    """Our own letter, without the database: seconds for its words, its bytes and the server."""
    spent = dict.fromkeys(("render", "compose", "submit"), 0.0)

    def timed(part: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        result = work()
        spent[part] += time.perf_counter() - started
        return result

    known = {person.user_id: person for person in ours.directory.all()}
    people = SimpleNamespace(user=known.get)
    setup = mail_setup(port)
    asks = known[short_letter.requester(0)]
    sender = choose_sender(setup, MailKind.WORKFLOW, Requester.of(asks), server_has_smtputf8=True)
    events = [one.event for one in ours.outbox.unexpanded(100_000)]
    with ours.transport_of(setup) as transport:
        for number, event in enumerate(e for e in events if isinstance(e, ApprovalRequested)):
            to = known[event.entry.approver]
            facts = {"recipient": to, "directory": people, "company": ours.company}
            words = timed(
                "render",
                partial(
                    rendering.render, "approval_requested", [event], requester=asks.user_id, **facts
                ),
            )
            letter = timed(
                "compose",
                partial(
                    compose,
                    sender=sender,
                    to_name=to.name,
                    to_address=to.email,
                    subject=words.subject,
                    text=words.text,
                    html=words.html,
                    message_id=f"<{number}@example.com>",
                    date=story.AT,
                    language=words.language,
                ),
            )
            timed("submit", partial(transport.submit, letter))
    return spent


# --- several workers -----------------------------------------------------------------------

Worker = subprocess.Popen[str]


@contextmanager
def further_workers(url: str, number: int) -> Iterator[list[Worker]]:
    """Further workers, ready to begin."""
    command = [sys.executable, "-m", "bench.our_mail", url, "0", "--waits"]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        others = [
            stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
            for _ in range(number)
        ]
        for other in others:
            told_by(other)  # it is ready
        yield others


def tell(other: Worker) -> None:
    assert other.stdin is not None
    other.stdin.write("go\n")
    other.stdin.flush()


def told_by(other: Worker) -> float:
    assert other.stdout is not None
    return float(other.stdout.readline())


def deliver_when_told(url: str) -> None:
    """Its own CPU time is told when nothing is due any more."""
    with_the_short_letter()
    with application(url) as ours:
        ours.mail_setups.load()  # connected, as a worker is that runs
        print(0, flush=True)
        sys.stdin.readline()
        cpu = time.process_time()
        passes.deliver(ours)
        print(time.process_time() - cpu, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("port", type=int)
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--warm-up", type=int, default=20)
    parser.add_argument("--by-parts", action="store_true", help="our own letter, part by part")
    parser.add_argument("--workers", type=int, default=1, help="processes that deliver")
    parser.add_argument("--waits", action="store_true", help="be one of them, when told to")
    options = parser.parse_args()
    if options.waits:
        deliver_when_told(options.url)
        return
    upgrade(options.url)
    if not options.by_parts:
        with_the_short_letter()
    with application(options.url) as ours:
        set_up(ours, options.port)
        warm_up(ours, options.warm_up)
        total = options.warm_up + options.letters
        ask(ours, options.warm_up, total)
        if options.by_parts:
            print(json.dumps(own_letter_by_parts(ours, options.port)))
            return
        with further_workers(options.url, options.workers - 1) as others:
            started, cpu = time.perf_counter(), time.process_time()
            for other in others:
                tell(other)
            report = passes.deliver(ours)
            cpu = time.process_time() - cpu + sum(map(told_by, others))
            seconds = time.perf_counter() - started
        if (number := sent(ours)) != total:
            sys.exit(f"{number} letters of {total} were sent: {report}")
    print(json.dumps({"seconds": seconds, "cpu": cpu}))


if __name__ == "__main__":
    main()
