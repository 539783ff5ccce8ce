"""``countersign accounts``: who may sign in at the pages."""

from dataclasses import replace
from typing import Annotated

import typer

from app.bootstrap import Application
from app.cli import names, options, output
from app.cli.options import Json, example
from app.cli.passwords_typed import new_password
from web.passwords import hashed
from workflow.user_accounts import AccountNotFound, Role, UserAccount

commands = options.group("Who may sign in at the pages, and with which roles.")

User = Annotated[str, typer.Argument(metavar="USER", help="User id, in any case.")]
Roles = Annotated[
    list[Role] | None, typer.Option("--role", help="What more the person may do; repeat.")
]


@commands.command(
    "set",
    **example(
        "countersign accounts set cid --role workflow_administrator",
        "countersign accounts set bob --password < password.txt",
    ),
)
def set_account(
    user: User,
    role: Roles = None,
    password: Annotated[
        bool, typer.Option("--password", help="Give a new one; the first is asked for anyway.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Give a user an account; passwords are asked for, or read from standard input."""
    with options.opened() as app:
        user_id = names.user_named(app, user)
        account = app.user_accounts.find(user_id) or UserAccount(user_id=user_id)
        account = replace(account, disabled=False)
        if role is not None:
            account = replace(account, roles=frozenset(role))
        if password or not account.can_sign_in:
            account = replace(account, password_hash=hashed(new_password()))
        app.user_accounts.save(account)
    output.show_result(_shown(account), f"{user_id} can sign in.", as_json=as_json)


@commands.command("list", **example("countersign accounts list"))
def list_accounts(as_json: Json = False) -> None:
    """List the accounts."""
    with options.opened() as app:
        rows = [_shown(account) for account in app.user_accounts.all()]
    output.show_rows(rows, as_json=as_json, empty="There are no accounts yet.")


@commands.command(**example("countersign accounts disable bob"))
def disable(user: User, as_json: Json = False) -> None:
    """Keep a person from signing in; whoever is signed in with it is no more."""
    with options.opened() as app:
        account = replace(_stored(app, user), disabled=True)
        app.user_accounts.save(account)
    output.show_result(
        _shown(account), f"{account.user_id} cannot sign in any more.", as_json=as_json
    )


def _stored(app: Application, user: str) -> UserAccount:
    user_id = names.user_named(app, user)
    account = app.user_accounts.find(user_id)
    if account is None:
        raise AccountNotFound(user_id)
    return account


def _shown(account: UserAccount) -> dict[str, object]:
    """Never the password."""
    return {
        "user_id": account.user_id,
        "password": "set" if account.password_hash else "not set",
        "entra": account.entra_object,
        "roles": ", ".join(sorted(account.roles)),
        "disabled": account.disabled,
    }
