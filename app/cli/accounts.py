"""``countersign accounts``: who may sign in at the pages."""

from typing import Annotated, Any

import typer

from app.bootstrap import Application
from app.cli import names, options, output
from app.cli.options import AsMe, Json, example
from app.cli.passwords_typed import new_password
from app.settings import PREFIX, WrongSettings
from web.entra_names import entra_names
from web.passwords import hashed
from web.paths import password_link_path
from web.signing_in import new_secret, secret_id
from workflow.service import accounts
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
        "countersign accounts set bob --entra TENANT-ID/OBJECT-ID",
    ),
)
def set_account(  # noqa: PLR0913 - one parameter for each option
    user: User,
    role: Roles = None,
    no_roles: Annotated[bool, typer.Option("--no-roles", help="Take all roles away.")] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Give a new one; the first is asked for anyway.")
    ] = False,
    entra: Annotated[
        str | None,
        typer.Option(
            metavar="TENANT/OBJECT", help="Who it is at Microsoft Entra; empty: nobody there."
        ),
    ] = None,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Give a user an account; passwords are asked for, or read from standard input."""
    with options.opened() as app:
        user_id = names.user_named(app, user)
        before = app.user_accounts.find(user_id) or UserAccount(user_id=user_id)
        values: dict[str, Any] = {}
        if role is not None or no_roles:
            values["roles"] = frozenset(() if no_roles else role or ())
        if entra is not None:
            values |= entra_names(entra)
        can_sign_in = before.password_hash or values.get("entra_object", before.entra_object)
        if password or not can_sign_in:
            values["password_hash"] = hashed(new_password())
        actor = app.actor(names.administrator_named(app, by))
        account = accounts.set_account(app.uow(), user_id, values, actor)
    can = "cannot sign in: the account is disabled" if account.disabled else "can sign in"
    output.show_result(_shown(account), f"{user_id} {can}.", as_json=as_json)


@commands.command("list", **example("countersign accounts list"))
def list_accounts(as_json: Json = False) -> None:
    """List the accounts."""
    with options.opened() as app:
        rows = [_shown(account) for account in app.user_accounts.all()]
    output.show_rows(rows, as_json=as_json, empty="There are no accounts yet.")


@commands.command(**example("countersign accounts link bob"))
def link(user: User, by: AsMe = "", as_json: Json = False) -> None:
    """Make a link with which the person sets a password: it works once, for 24 hours."""
    with options.opened() as app:
        base = app.settings.base_url
        if not base:
            raise WrongSettings(f"{PREFIX}BASE_URL: is needed for links, and is not set")
        actor = app.actor(names.administrator_named(app, by))
        user_id = names.user_named(app, user)
        if app.user_accounts.find(user_id) is None:
            accounts.set_account(app.uow(), user_id, {}, actor)
        secret = new_secret()
        made = accounts.make_password_link(app.uow(), user_id, secret_id(secret), actor)
    address = base + password_link_path(secret)
    output.show_result(
        {"user_id": user_id, "link": address, "valid_until": made.valid_until},
        address,
        as_json=as_json,
    )


@commands.command(**example("countersign accounts disable bob"))
def disable(user: User, by: AsMe = "", as_json: Json = False) -> None:
    """Keep a person from signing in; whoever is signed in with it is no more."""
    account = _set_disabled(user, by, disabled=True)
    output.show_result(
        _shown(account), f"{account.user_id} cannot sign in any more.", as_json=as_json
    )


@commands.command(**example("countersign accounts enable bob"))
def enable(user: User, by: AsMe = "", as_json: Json = False) -> None:
    """Let a person sign in again."""
    account = _set_disabled(user, by, disabled=False)
    output.show_result(_shown(account), f"{account.user_id} can sign in again.", as_json=as_json)


@commands.command(**example("countersign accounts remove bob"))
def remove(user: User, by: AsMe = "", as_json: Json = False) -> None:
    """Take an account away; the person stays in the approval user setup."""
    with options.opened() as app:
        user_id = _stored(app, user).user_id
        actor = app.actor(names.administrator_named(app, by))
        accounts.remove_account(app.uow(), user_id, actor)
    output.show_result({"removed": user_id}, f"{user_id} has no account.", as_json=as_json)


def _set_disabled(user: str, by: str, *, disabled: bool) -> UserAccount:
    with options.opened() as app:
        user_id = _stored(app, user).user_id
        actor = app.actor(names.administrator_named(app, by))
        return accounts.set_account(app.uow(), user_id, {"disabled": disabled}, actor)


def _stored(app: Application, user: str) -> UserAccount:
    """Also of a person who has left the setup."""
    user_id = names.anybody_named(app, user)
    alike = [one for one in app.user_accounts.all() if one.user_id.casefold() == user_id.casefold()]
    account = app.user_accounts.find(user_id) or (alike[0] if len(alike) == 1 else None)
    if account is None:
        raise AccountNotFound(user)
    return account


def _shown(account: UserAccount) -> dict[str, object]:
    """Never the password."""
    entra = f"{account.entra_tenant}/{account.entra_object}" if account.entra_object else ""
    return {
        "user_id": account.user_id,
        "password": "set" if account.password_hash else "not set",
        "entra": entra,
        "roles": ", ".join(sorted(account.roles)),
        "disabled": account.disabled,
    }
