"""``countersign outbox hold | release | cancel``: deciding about mail before it is sent."""

from typing import Annotated

import typer

from app.cli import names, options, output
from app.cli.failures import REFUSED
from app.cli.options import AsMe, DryRun, Json, example
from notifications import operating
from notifications.operating import (
    CANCELED,
    RELEASED,
    NotHeld,
    NotToBeCanceled,
    decided,
    email_numbered,
)
from notifications.ports import EmailState

commands = typer.Typer()

EmailId = Annotated[int | None, typer.Argument(metavar="[ID]", min=1, show_default=False)]
Held = Annotated[bool, typer.Option("--held", help="All that are held.")]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="USER", help="With --held: only those to this recipient."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Cancel many without asking.")]


@commands.command(**example("countersign outbox hold 12"))
def hold(
    email_id: Annotated[int, typer.Argument(metavar="ID", min=1)],
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Keep a waiting email from being sent until it is released."""
    with options.opened() as app:
        operating.hold(app.read, app.outbox, email_id, names.operator(app, by))
    _show(EmailState.HELD, email_id, "held", as_json=as_json)


@commands.command(
    **example("countersign outbox release 12", "countersign outbox release --held --to bob")
)
def release(  # noqa: PLR0913 - one option each
    email_id: EmailId = None,
    held: Held = False,
    to: To = None,
    by: AsMe = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Let a held email be sent, or with --held all of them."""
    _one_or_all(email_id, held=held, to=to)
    with options.opened() as app:
        actor = names.operator(app, by)
        if email_id is None:
            recipient = _user_id(to)
            count = app.outbox.held(recipient)
            if not dry_run:
                recorded = decided(actor, RELEASED)
                count = app.outbox.release_held(actor.at, recipient, recorded)
            _show_count(EmailState.QUEUED, count, "released", dry_run=dry_run, as_json=as_json)
            return
        state = email_numbered(app.read, email_id).email.state
        if state is not EmailState.HELD:
            raise NotHeld(email_id, state)
        if not dry_run:
            operating.release(app.read, app.outbox, email_id, actor)
    _show(EmailState.QUEUED, email_id, "released", dry_run=dry_run, as_json=as_json)


@commands.command(
    **example("countersign outbox cancel 12", "countersign outbox cancel --held --dry-run")
)
def cancel(  # noqa: PLR0913 - one option each
    email_id: EmailId = None,
    held: Held = False,
    to: To = None,
    yes: Yes = False,
    by: AsMe = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Never send an email that waits or is held, or with --held all that are held."""
    _one_or_all(email_id, held=held, to=to)
    with options.opened() as app:
        actor = names.operator(app, by)
        if email_id is None:
            recipient = _user_id(to)
            count = app.outbox.held(recipient)
            if not dry_run:
                _ask_to_cancel(count, yes=yes)
                count = app.outbox.cancel_held(recipient, decided(actor, CANCELED))
            _show_count(EmailState.CANCELED, count, "canceled", dry_run=dry_run, as_json=as_json)
            return
        state = email_numbered(app.read, email_id).email.state
        if not app.outbox.cancel(email_id, decided(actor, CANCELED, email_id), dry_run=dry_run):
            raise NotToBeCanceled(email_id, state)
    _show(EmailState.CANCELED, email_id, "canceled", dry_run=dry_run, as_json=as_json)


def _one_or_all(email_id: int | None, *, held: bool, to: str | None) -> None:
    if (email_id is None) is not held or (to is not None and not held):
        raise typer.BadParameter("Name one email, or give --held for all that are held.")


def _user_id(to: str | None) -> str | None:
    """A user id is stored in capitals, an address outside as it was given."""
    return to if to is None or "@" in to else to.upper()


def _ask_to_cancel(count: int, *, yes: bool) -> None:
    if yes or not count:
        return
    if not typer.confirm(f"Never send {_emails(count)} that are held?", err=True):
        output.note("Nothing was changed.")
        raise typer.Exit(REFUSED)


def _show(
    state: EmailState, email_id: int, done: str, *, dry_run: bool = False, as_json: bool
) -> None:
    facts = {"id": email_id, "state": state, "dry_run": dry_run}
    would = "would be" if dry_run else "is"
    output.show_result(facts, f"Email {email_id} {would} {done}.", as_json=as_json)


def _show_count(state: EmailState, count: int, done: str, *, dry_run: bool, as_json: bool) -> None:
    facts = {"emails": count, "state": state, "dry_run": dry_run}
    would = "would be " if dry_run else ""
    output.show_result(facts, f"{_emails(count)} {would}{done}.", as_json=as_json)


def _emails(count: int) -> str:
    return f"{count} email" if count == 1 else f"{count} emails"
