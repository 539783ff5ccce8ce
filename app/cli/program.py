"""The program ``countersign``: all its commands, in the order in which a person needs them."""

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from app.cli import (
    accounts,
    api_keys,
    company,
    database,
    decisions,
    documents,
    documents_emailed,
    documents_shown,
    groups,
    handling,
    held_mail,
    mail,
    mail_accounts,
    mail_doctor,
    mail_grants,
    mail_guide,
    mail_testing,
    mailbox,
    notifications,
    options,
    outbox,
    parties,
    quotes,
    requesting,
    retention,
    running,
    users,
    webhooks,
    wording,
    workflow_exchange,
    workflows,
)
from app.cli.failures import Program

program = typer.Typer(
    cls=Program,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Approvals for purchase and sales documents, with email that really comes from the person"
        " who asks."
    ),
)

documents.commands.add_typer(documents_shown.commands)
documents.commands.add_typer(quotes.commands)
documents.commands.add_typer(documents_emailed.commands)
workflows.commands.add_typer(workflow_exchange.commands)
mail.commands.add_typer(mail_guide.commands)
mail.commands.add_typer(mail_testing.commands)
mail.commands.add_typer(mail_doctor.commands)
mail.commands.add_typer(mail_accounts.commands)
mail.commands.add_typer(mail_grants.commands)
mail.commands.add_typer(mailbox.commands)
mail.commands.add_typer(wording.commands, name="wording")
outbox.commands.add_typer(held_mail.commands)
program.add_typer(running.commands)
program.add_typer(database.commands, name="db", rich_help_panel=options.RUNNING)
program.add_typer(running.runs, name="run", rich_help_panel=options.RUNNING)
program.add_typer(retention.commands, name="retention", rich_help_panel=options.RUNNING)
program.add_typer(users.commands, name="users", rich_help_panel=options.SETUP)
program.add_typer(accounts.commands, name="accounts", rich_help_panel=options.SETUP)
program.add_typer(api_keys.commands, name="api-keys", rich_help_panel=options.SETUP)
program.add_typer(groups.commands, name="groups", rich_help_panel=options.SETUP)
program.add_typer(workflows.commands, name="workflows", rich_help_panel=options.SETUP)
program.add_typer(parties.commands, name="parties", rich_help_panel=options.SETUP)
program.add_typer(notifications.commands, name="notifications", rich_help_panel=options.SETUP)
program.add_typer(company.commands, name="company", rich_help_panel=options.SETUP)
program.add_typer(documents.commands, name="documents", rich_help_panel=options.DOCUMENTS)
program.add_typer(requesting.commands)
program.add_typer(decisions.commands)
program.add_typer(handling.commands)
program.add_typer(mail.commands, name="mail", rich_help_panel=options.MAIL)
program.add_typer(outbox.commands, name="outbox", rich_help_panel=options.MAIL)
program.add_typer(webhooks.commands, name="webhooks", rich_help_panel=options.MAIL)


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    try:
        typer.echo(version("countersign"))
    except PackageNotFoundError:
        typer.echo("not installed")
    raise typer.Exit


@program.callback()
def settings(
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Nothing of its own: every command reads the settings itself."""


def main() -> None:
    program(prog_name="countersign")
