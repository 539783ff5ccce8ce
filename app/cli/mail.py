"""``countersign mail``: the account that submits mail, and whose address a mail will carry."""

from typing import Annotated, Final

import typer

from app.cli import names, options, output, values
from app.cli.options import Json, Pairs, example
from app.cli.values import NotUnderstood
from notifications.mail_setup import DESCRIPTIONS, MailNotSetUp, MailSetup, changed
from notifications.senders import MailKind, Requester, Sender, choose_sender, explain

commands = options.group("The mail account, and in whose name mail is sent.")

HIDDEN: Final = "***"
KEYS: Final = "Settings: " + " ".join(DESCRIPTIONS) + "."


@commands.command(
    help=f"Change settings of the mail account.\n\n{KEYS}",
    **example(
        "countersign mail setup server=smtp.example.com port=587 secure=yes",
        "countersign mail setup authentication=basic user_name=erp@example.com",
        "countersign mail setup password=- < password.txt",
        "countersign mail setup allow_sender_substitution=yes",
    ),
)
def setup(settings: Pairs, as_json: Json = False) -> None:
    given = values.pairs(settings)
    if given.get("password") == "-":
        given["password"] = _typed_in()
    with options.opened() as app:
        # A password that cannot be read any more is no reason not to give a new one.
        stored = (
            app.mail_setups.load_without_password()
            if "password" in given
            else app.mail_setups.load()
        )
        after, warnings = changed(stored or MailSetup(), given)
        app.mail_setups.save(after)
    output.show_result(shown(after), "The mail setup is changed.", as_json=as_json)
    output.note(*(f"Warning: {warning}" for warning in warnings))


@commands.command(**example("countersign mail show", "countersign mail show ann"))
def show(
    user: Annotated[
        str, typer.Argument(metavar="USER", help="Whose requests: which address, and why.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show the mail account; or which address mail about a person's requests will carry."""
    if user:
        _explain(user, as_json=as_json)
        return
    with options.opened() as app:
        mail = app.mail_setups.load() or MailSetup()
    output.show_facts(shown(mail), as_json=as_json)
    if not mail.server:
        output.note(str(MailNotSetUp()))


def shown(mail: MailSetup) -> dict[str, object]:
    """Every setting; of the password only that there is one."""
    return {
        name: (HIDDEN if mail.has_password else "") if name == "password" else getattr(mail, name)
        for name in DESCRIPTIONS
    }


def _explain(text: str, *, as_json: bool) -> None:
    with options.opened() as app:
        user_id = names.user_named(app, text)
        person = app.directory.user(user_id)
        mail = app.mail_setups.load() or MailSetup()
    requester = Requester(
        user_id=user_id,
        name=person.name if person else user_id,
        email=person.email if person else "",
    )
    sender = choose_sender(mail, MailKind.WORKFLOW, requester)
    sentence = explain(sender, mail)
    output.show_result(_facts(sender, sentence), sentence, as_json=as_json)
    output.note(*(f"Warning: {warning}" for warning in sender.warnings))


def _facts(sender: Sender, sentence: str) -> dict[str, object]:
    return {
        "rule": sender.rule,
        "from": sender.from_address,
        "sender": sender.sender_address,
        "reply_to": sender.reply_to,
        "envelope_from": sender.envelope_from,
        "warnings": sender.warnings,
        "explanation": sentence,
    }


def _typed_in() -> str:
    """The password from standard input, so that it stands in no list of processes."""
    password = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    if not password:
        raise NotUnderstood("password=- reads a password from standard input, which is empty")
    return password
