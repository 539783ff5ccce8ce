"""``--at TIME`` and ``--dry-run`` of the scheduled runs: who would get what, when and why."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from app.bootstrap import Application
from app.cli import failures, history, options, output
from app.cli.values import NotUnderstood
from app.rehearsals import Planned
from workflow.service.running import RunReport

At = Annotated[
    str,
    typer.Option("--at", metavar="TIME", help="As if it were then: 2026-11-27T08:30."),
]


@contextmanager
def opened_at(text: str, *, dry_run: bool) -> Iterator[Application]:
    """The application at that moment; without a zone it is the company's clock.

    Raises:
        NotUnderstood: no moment, or one ahead of the clock for what is really done.
    """
    with options.opened() as app:
        if not text:
            yield app
            return
        moment = _moment(text, app)
        if not dry_run and moment > app.clock():
            raise NotUnderstood(
                "A run cannot be ahead of the clock; --dry-run shows what it will do"
            )
        with replace(app, clock=lambda: moment) as then:
            yield then


def show(
    app: Application,
    plan: Sequence[Planned],
    report: RunReport | None = None,
    *,
    as_json: bool,
) -> None:
    """One line for each email; what would be refused is told behind it."""
    zone = app.settings.timezone
    rows = [
        {
            "who": one.who,
            "message": one.message,
            "documents": one.documents,
            "when": one.when.astimezone(zone),
            "why": _why(one),
        }
        for one in sorted(plan, key=lambda one: (one.when, one.who))
    ]
    output.show_rows(rows, as_json=as_json, empty="Nobody would be told anything.")
    for refusal in report.refused if report else ():
        failures.tell_refusal(refusal.error, about=str(refusal.document))


def _moment(text: str, app: Application) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstood(f"--at: {text!r} is no moment, for example 2026-11-27T08:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=app.settings.timezone)


def _why(planned: Planned) -> str:
    if planned.email is not None:
        return f"email {planned.email} waits to be sent"
    return "; ".join(dict.fromkeys(map(history.in_words, planned.events)))
