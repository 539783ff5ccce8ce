"""``countersign api-keys``: which programs may use the API, and for what."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.bootstrap import Application
from app.cli import names, options, output
from app.cli.options import Json, example
from web.api.keys import Wanted, new_key
from workflow.api_keys import ApiKey, Scope
from workflow.approval_users import ApprovalUser

commands = options.group("Keys with which other programs use the API.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the key, for example erp.")]


@commands.command(
    **example(
        "countersign api-keys create erp --scope documents:write --expires 2027-01-31",
        "countersign api-keys create bobs-app --as bob --scope entries:read",
    )
)
def create(
    name: Name,
    scope: Annotated[list[Scope], typer.Option("--scope", help="What it may do; repeat.")],
    by: Annotated[
        str,
        typer.Option(
            "--as", metavar="USER", help="Whom it acts as; else a program of the key's name."
        ),
    ] = "",
    expires: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first day on which it works no more."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a key and show it, once: only its hash is kept."""
    with options.opened() as app:
        wanted = Wanted(
            name=name,
            scopes=frozenset(scope),
            person=_person(app, by) if by else None,
            expires_at=_moment(app, expires),
        )
        key, text = new_key(app.api_keys, wanted, app.directory.all(), app.clock())
    if not as_json:
        output.note(f"The key {name} acts as {key.acts_as}. It is shown only now:")
    output.show_result({**_shown(key), "key": text}, text, as_json=as_json)


@commands.command("list", **example("countersign api-keys list"))
def list_keys(as_json: Json = False) -> None:
    """List the keys: whom each acts as, what it may do, and when it was used last."""
    with options.opened() as app:
        rows = [_shown(key) for key in app.api_keys.all()]
    output.show_rows(rows, as_json=as_json, empty="There are no API keys yet.")


@commands.command(**example("countersign api-keys revoke erp"))
def revoke(name: Name, as_json: Json = False) -> None:
    """Make a key worthless, at once and for ever."""
    with options.opened() as app:
        key = app.api_keys.revoke(name, app.clock())
    output.show_result(_shown(key), f"The key {name} works no more.", as_json=as_json)


def _person(app: Application, by: str) -> ApprovalUser:
    user_id = names.user_named(app, by)
    found = app.directory.user(user_id)
    return found or ApprovalUser(user_id=user_id)


def _moment(app: Application, day: datetime | None) -> datetime | None:
    """When that day begins in the company's time zone."""
    return None if day is None else day.replace(tzinfo=app.settings.timezone).astimezone(UTC)


def _shown(key: ApiKey) -> dict[str, object]:
    """Never the secret."""
    return {
        "name": key.name,
        "id": key.id,
        "acts_as": key.acts_as,
        "scopes": ", ".join(sorted(key.scopes)),
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }
