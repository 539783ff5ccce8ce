"""``countersign mail sign-in`` and ``rotate-key``: the secrets of the mail account."""

import typer

from app.cli import names, options, output
from app.cli.options import AsMe, Json, example
from db.secret_rotation import rotate_secrets
from notifications.addresses import same_address
from notifications.mail_setup import Authentication, MailSetup, SetupError
from notifications.oauth_app import Right
from notifications.received.mailbox_setup import MailboxAuthentication

commands = typer.Typer()


class NobodySignsIn(SetupError):
    """The setup asks for no sign-in in a browser."""

    def __init__(self) -> None:
        super().__init__("In this mail setup nobody has to sign in in a browser.")
        self.next_step = "countersign mail setup authentication=oauth2 oauth_flow=device_code"


@commands.command(name="sign-in", **example("countersign mail sign-in"))
def sign_in(by: AsMe = "", as_json: Json = False) -> None:
    """Sign in for the mail account in a browser, on this or another device (OAuth 2.0)."""
    with options.opened() as app:
        names.operator(app, by)
        setup = app.mail_setups.load() or MailSetup()
        if setup.app_signs_in or setup.authentication is not Authentication.OAUTH2:
            raise NobodySignsIn
        account = app.tokens.of(setup)
        mailbox = app.mailboxes.load_without_password()
        reads = mailbox is not None and mailbox.authentication is MailboxAuthentication.OAUTH2
        begun = account.begin_sign_in(*([Right.READ] if reads else []))
        output.note(
            f"Open {begun.address} and enter the code {begun.code} within {begun.minutes} minutes.",
            f"Sign in there as {setup.user_name}. This command waits; Ctrl-C ends it.",
        )
        name = account.finish_sign_in(begun)
    output.show_result({"signed_in": name}, f"Signed in as {name}.", as_json=as_json)
    if name and not same_address(name, setup.user_name):
        output.note(
            f"Warning: User Name is {setup.user_name}; if {name} is another mailbox, "
            "the mail server will refuse it."
        )


@commands.command(name="rotate-key", **example("countersign mail rotate-key"))
def rotate_key(as_json: Json = False) -> None:
    """Encrypt every stored secret again with the first secret key."""
    with options.opened() as app:
        count = rotate_secrets(app.engine, app.secret_keys)
    sentence = f"{count} secrets are encrypted with the first secret key."
    output.show_result({"rotated": count}, sentence, as_json=as_json)
    output.note("The other keys are of no use any more, except for older backups.")
