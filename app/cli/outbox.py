"""``countersign outbox``: how far each email is, and why one was not delivered."""

from typing import Annotated

import typer

from app.bootstrap import Application
from app.cli import names, options, output
from app.cli.moments import local
from app.cli.options import AsMe, Json, example
from notifications import operating
from notifications.accounts import account_of
from notifications.operating import email_numbered
from notifications.ports import Attempt, EmailState
from notifications.readings import EmailDetails, EmailReading
from notifications.restored import ADVICE

commands = options.group("Emails: sent, waiting, refused.")

EmailId = Annotated[int, typer.Argument(metavar="ID", min=1)]


@commands.command("list", **example("countersign outbox list --state refused"))
def list_emails(
    state: Annotated[EmailState | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 100,
    as_json: Json = False,
) -> None:
    """List emails, the newest first."""
    with options.opened() as app:
        rows = [_row(app, email) for email in app.read.outbox_list(state=state, limit=limit)]
        waiting = len(app.outbox.unexpanded(limit=1))
        trouble = _trouble(app)
    output.show_rows(rows, as_json=as_json, empty="There are no such emails.")
    output.note(*trouble)
    if waiting and not as_json:
        output.note("More emails will be written by `countersign run delivery` or the worker.")


@commands.command(**example("countersign outbox show 12", "countersign outbox show 12 --raw"))
def show(
    email_id: EmailId,
    raw: Annotated[bool, typer.Option("--raw", help="The mail as it goes over the wire.")] = False,
    as_json: Json = False,
) -> None:
    """Show an email: its sender and the rule that chose it, and every attempt to deliver it."""
    with options.opened() as app:
        details = email_numbered(app.read, email_id)
        header = _header(app, details)
        attempts = [_attempt(app, one) for one in details.attempts]
    if raw and details.written is not None:
        output.say(*details.written.raw.decode(errors="replace").splitlines())
        return
    if as_json:
        output.show_json({**header, "attempts": attempts})
        return
    output.show_facts(header, as_json=False)
    output.say("")
    output.show_rows(attempts, as_json=False, empty="Nobody has tried to send it yet.")


@commands.command(**example("countersign outbox retry 12"))
def retry(email_id: EmailId, by: AsMe = "", as_json: Json = False) -> None:
    """Send an email again: an uncertain one unchanged, one that failed written afresh."""
    with options.opened() as app:
        queued = operating.retry(app.read, app.outbox, email_id, names.operator(app, by))
    facts = {"id": queued, "state": EmailState.QUEUED, "in_place_of": email_id}
    if queued == email_id:
        del facts["in_place_of"]
        sentence = f"Email {email_id} is sent again."
    else:
        sentence = f"Email {queued} is sent in the place of {email_id}."
    output.show_result(facts, sentence, as_json=as_json)


def _trouble(app: Application) -> list[str]:
    """Why nothing is sent at the moment, and until when."""
    told = []
    if doubt := app.guard.state().suspicion:
        told.append(f"{doubt} {ADVICE}")
    setup = app.mail_setups.load_without_secrets()
    pause = app.outbox.pause_of(account_of(setup), app.clock()) if setup else None
    if pause is not None:
        until = output.cell(local(app, pause.until))
        told.append(f"The mail account is left alone until {until}: {pause.text}")
    return told


def _attempt(app: Application, attempt: Attempt) -> dict[str, object]:
    return {
        "at": local(app, attempt.at),
        "stage": attempt.stage,
        "code": attempt.code,
        "enhanced": attempt.enhanced,
        "answer": attempt.text,
    }


def _row(app: Application, email: EmailReading) -> dict[str, object]:
    return {
        "id": email.id,
        "state": email.state,
        "message": email.message,
        "recipient": email.recipient,
        "from": email.from_address,
        "rule": email.rule,
        "subject": email.subject,
        "attempts": email.attempts,
        "next_attempt_at": local(app, email.next_attempt_at),
        "last_answer": email.last_text,
        "bounced": f"{email.bounce_status} {email.bounce_diagnostic}".strip(),
    }


def _header(app: Application, details: EmailDetails) -> dict[str, object]:
    email, written = details.email, details.written
    return {
        **_row(app, email),
        "message_id": email.message_id,
        "created_at": local(app, email.created_at),
        "bounced_at": local(app, email.bounced_at),
        "requester": email.requester,
        "to": email.to_address,
        "sender": written.sender_address if written else "",
        "reply_to": written.reply_to if written else "",
        "envelope_from": written.envelope_from if written else "",
        "variant": email.variant,
        "kin": list(details.kin),
        "about": [event.kind for event in details.events],
    }
