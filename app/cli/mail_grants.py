"""``countersign mail grants``: whose address may be used, and what the mail server last said."""

from typing import Final

import typer

from app.bootstrap import Application
from app.cli import options, output
from app.cli.moments import local
from app.cli.options import Json, example
from db.readings import SenderVerdict
from notifications.addresses import normalised
from notifications.mail_setup import MailSetup
from notifications.senders import MailKind, NoSender, Requester, choose_sender
from workflow.approval_users import ApprovalUser

commands = typer.Typer()

ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
NEVER_TRIED: Final = "not tried yet"


@commands.command(name="grants", **example("countersign mail grants"))
def grants(as_json: Json = False) -> None:
    """Show for each user the address mail carries, why, and the mail server's last verdict."""
    with options.opened() as app:
        setup = app.mail_setups.load_without_secrets() or MailSetup()
        resting = app.outbox.resting_senders(app.clock())
        verdicts = app.read.sender_verdicts()
        rows = [_row(app, user, setup, resting, verdicts) for user in app.directory.all()]
    output.show_rows(rows, as_json=as_json, empty="There are no approval users yet.")
    if any(row["verdict"] == REFUSED for row in rows):
        output.note(
            "Where a person's address was refused, the mail administrator grants Send As on that "
            "mailbox to the mail account; `countersign outbox retry` then sends the mail again."
        )


def _row(
    app: Application,
    user: ApprovalUser,
    setup: MailSetup,
    resting: frozenset[tuple[str, str]],
    verdicts: dict[str, SenderVerdict],
) -> dict[str, object]:
    """The verdict is on the person's own address if that was tried, else on the one in From."""
    requester = Requester.of(user)
    try:
        sender = choose_sender(setup, MailKind.WORKFLOW, requester, resting=resting)
        carried, rule, note = sender.from_address, str(sender.rule), " ".join(sender.warnings)
    except NoSender as refusal:
        carried, rule, note = "", "", str(refusal)
    own = normalised(user.email)
    judged = own if own in verdicts else carried
    verdict = verdicts.get(judged)
    return {
        "user": user.user_id,
        "from": carried,
        "rule": rule,
        "judged": judged,
        "verdict": _word(verdict),
        "at": local(app, verdict.at) if verdict else None,
        "said": f"{verdict.code} {verdict.text}" if verdict else "",
        "note": note,
    }


def _word(verdict: SenderVerdict | None) -> str:
    if verdict is None:
        return NEVER_TRIED
    return ACCEPTED if verdict.accepted else REFUSED
