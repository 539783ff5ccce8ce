"""``countersign mail grants``: whose address may be used, and what the mail server last said."""

from typing import Annotated, Final

import typer

from app.bootstrap import Application
from app.cli import mail_known, names, options, output
from app.cli.mail_help import language
from app.cli.moments import local
from app.cli.options import AsMe, Json, example
from notifications import operating
from notifications.doctor_rights import Said
from notifications.mail_setup import MailSetup
from notifications.sayings import said
from notifications.sender_rights import SenderRight, right_of

commands = typer.Typer()

Granted = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="It was refused and may be used by now: try it again."),
]
ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
NEVER_TRIED: Final = "not tried yet"


@commands.command(
    name="grants",
    **example("countersign mail grants", "countersign mail grants --granted ann@contoso.com"),
)
def grants(granted: Granted = None, by: AsMe = "", as_json: Json = False) -> None:
    """Show for each user the address mail carries, why, and the mail server's last verdict."""
    with options.opened() as app:
        if granted is not None:
            operating.use_again(app.outbox, granted, names.operator(app, by))
        setup = app.mail_setups.load_without_secrets() or MailSetup()
        known = mail_known.known(app)
        rights = {user.user_id: right_of(user, setup, known) for user in app.directory.all()}
        rows = [_row(app, user, right) for user, right in rights.items()]
    if as_json or not rights:
        output.show_rows(rows, as_json=as_json, empty="There are no approval users yet.")
    else:
        _tell(rights, setup)
    if any(right.refused for right in rights.values()):
        output.note(
            "Where a person's address was refused, the mail administrator grants Send As on that "
            "mailbox to the mail account. `countersign mail grants --granted ADDRESS` then lets "
            "mail use it again, and `countersign outbox retry` sends what was refused."
        )


def _tell(rights: dict[str, SenderRight], setup: MailSetup) -> None:
    """Sentences: they fit on any screen, and no address is cut."""
    width = max(map(len, rights))
    for user, right in rights.items():
        first, *others = (said(line, language()) for line in right.lines(setup))
        output.say(f"{user:<{width}}  {first}", *(f"{'':<{width}}  {line}" for line in others))


def _row(app: Application, user: str, right: SenderRight) -> dict[str, object]:
    verdict = right.verdict
    return {
        "user": user,
        "from": right.address,
        "rule": right.rule or "",
        "judged": right.judged,
        "verdict": _word(verdict),
        "at": local(app, verdict.at) if verdict else None,
        "said": f"{verdict.code} {verdict.text}" if verdict else "",
        "note": right.note,
    }


def _word(verdict: Said | None) -> str:
    if verdict is None:
        return NEVER_TRIED
    return ACCEPTED if verdict.accepted else REFUSED
