"""``countersign mail inbox`` and ``mail read``: bounces and answers that come back."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli import mail, names, options, output, values
from app.cli.mail_help import DescribedMailbox, in_words
from app.cli.options import AsMe, Json, example
from app.receiving import TakenIn, read_mailbox, take_in
from notifications.mail_setup import SetupError
from notifications.received.mailbox_setup import (
    DESCRIPTIONS,
    UNCHANGED_PASSWORD,
    MailboxSetup,
    changed,
)
from notifications.received.mails import READ_BYTES
from notifications.sayings import sentence as _
from notifications.setup_history import SetupSubject, setup_changed

commands = typer.Typer()

FORGOTTEN_WITH_ITS_SERVER: Final = _(
    "Warning: The password was given for another server and is forgotten: give the one for this"
    " server with `countersign mail inbox password=-`."
)


class NoMailbox(SetupError):
    """There is nothing to fetch mail from."""

    def __init__(self) -> None:
        super().__init__(_("No mailbox is set up from which mail is fetched."))
        self.next_step = _(
            "countersign mail inbox server=…, or name files: countersign mail read FILE"
        )


@commands.command(
    cls=DescribedMailbox,
    **example(
        "countersign mail inbox",
        "countersign mail inbox server=imap.example.com user_name=erp@example.com",
        "countersign mail inbox password=- < password.txt",
        "countersign mail inbox server=outlook.office365.com authentication=oauth2",
        "countersign mail inbox answers_to=approvals@example.com",
    ),
)
def inbox(
    settings: Annotated[list[str] | None, typer.Argument(metavar="[KEY=VALUE]")] = None,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Show or change the mailbox that bounces and answers are fetched from."""
    given = {key: mail.typed_in(key, text) for key, text in values.pairs(settings or []).items()}
    with options.opened() as app:
        if not given:
            stored = app.mailboxes.load_without_password() or MailboxSetup()
            facts = _shown(stored, has_password=app.mailboxes.has_password(), as_json=as_json)
            output.show_facts(facts, as_json=as_json)
            return
        actor = names.operator(app, by)
        anew = given.get("password", UNCHANGED_PASSWORD) != UNCHANGED_PASSWORD
        stored = (
            app.mailboxes.load_without_password() if anew else app.mailboxes.load()
        ) or MailboxSetup()
        after = changed(stored, given)
        app.mailboxes.save(after, setup_changed(stored, after, SetupSubject.MAILBOX, actor))
    facts = _shown(after, has_password=bool(after.password), as_json=as_json)
    output.show_result(facts, in_words(_("The mailbox is changed.")), as_json=as_json)
    if stored.password and not after.password:
        output.note(in_words(FORGOTTEN_WITH_ITS_SERVER))


@commands.command(**example("countersign mail read", "countersign mail read bounce.eml maildir/"))
def read(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]", exists=True, help="Mails, or folders of .eml files."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take in bounces and answers: from files, else from the mailbox that is set up."""
    with options.opened() as app:
        if files:
            done = [take_in(app, _beginning(file), file.name) for file in _all_of(files)]
        else:
            setup = app.mailboxes.load_without_password()
            if setup is None or not setup.server:
                raise NoMailbox
            done = read_mailbox(app)
    output.show_rows(
        [_row(one) for one in done], as_json=as_json, empty=in_words(_("There is no new mail."))
    )


def _shown(setup: MailboxSetup, *, has_password: bool, as_json: bool) -> dict[str, object]:
    """Every setting; of the password only whether there is one."""
    values = {name: getattr(setup, name) for name in DESCRIPTIONS}
    known = _("set") if has_password else _("not set")
    return values | {"password": str(known) if as_json else in_words(known)}


def _row(taken: TakenIn) -> dict[str, object]:
    return asdict(taken)


def _all_of(files: list[Path]) -> list[Path]:
    found: list[Path] = []
    for file in files:
        found += sorted(file.glob("*.eml")) if file.is_dir() else [file]
    return found


def _beginning(file: Path) -> bytes:
    """No more than is read of a mail."""
    with file.open("rb") as opened:
        return opened.read(READ_BYTES)
