"""``countersign users``: the approval user setup."""

from pathlib import Path
from typing import Annotated, Final

import typer

from app.bootstrap import Application
from app.cli import import_options, names, options, output, values
from app.cli.bounced_mail import bounce_warnings
from app.cli.import_options import Decimals, Map
from app.cli.options import AsMe, DryRun, InFile, Json, Pairs, example
from app.cli.user_help import DescribedFields
from app.import_files import given_file
from workflow.approval_users import ApprovalUser, LimitField
from workflow.errors import UserNotFound
from workflow.interchange.files import users_in
from workflow.interchange.numbers import NumberFormat
from workflow.interchange.user_values import user_readers
from workflow.service import importing, setting_up
from workflow.setup_checks import check_setup

commands = options.group("The approval user setup: who approves what, and who stands in.")

MOST_WARNINGS: Final = 5  # after a change; a big import has hundreds
User = Annotated[str, typer.Argument(metavar="USER", help="User id, in any case.")]
IN_LISTS: Final = (
    "user_id",
    "full_name",
    "email",
    "approver",
    "substitute",
    *LimitField,
    "administrator",
)


@commands.command("import", **example("countersign users import employees.csv --dry-run"))
def import_file(  # noqa: PLR0913 - one parameter for each option
    file: InFile,
    limits_by_level: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A second file with limits by level."),
    ] = None,
    mapping: Map = None,
    decimal: Decimals = NumberFormat.POINT,
    dry_run: DryRun = False,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Add or change users from a CSV file: all of it, or nothing."""
    limits = given_file(limits_by_level) if limits_by_level else None
    read = import_options.reading(mapping, decimal)
    users = users_in(given_file(file), read, limits)
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        with output.progress("Users", len(users)) as row_done:
            plan = importing.import_users(
                app.uow(), users, actor, dry_run=dry_run, progress=row_done
            )
        import_options.show_plan("users", plan, dry_run=dry_run, as_json=as_json)
        _warn(app)


@commands.command("list", **example("countersign users list"))
def list_users(as_json: Json = False) -> None:
    """List the users with their approver, substitute and limits."""
    with options.opened() as app:
        rows = [shown(user) for user in app.directory.all()]
    if not as_json:
        rows = [{name: row[name] for name in IN_LISTS} for row in rows]
    output.show_rows(rows, as_json=as_json, empty="There are no users yet.")


@commands.command(**example("countersign users show bob"))
def show(user: User, as_json: Json = False) -> None:
    """Show everything about one user."""
    with options.opened() as app:
        stored = _stored(app, user)
        bounced = "; ".join(one.text for one in bounce_warnings(app, [stored]))
    output.show_facts(shown(stored) | {"bounced": bounced}, as_json=as_json)


@commands.command(
    "set",
    cls=DescribedFields,
    **example(
        "countersign users set BOB email=bob@example.com approver=CID",
        "countersign users set BOB purchase_limit=1000 sales_limit=unlimited",
    ),
)
def set_fields(user: User, fields: Pairs, by: AsMe = "", as_json: Json = False) -> None:
    """Add a user, or change fields of one."""
    changes = values.read_values(values.pairs(fields), user_readers())
    with options.opened() as app:
        for role in {"approver", "substitute"} & set(changes):
            changes[role] = names.anybody_named(app, str(changes[role]))
        user_id = names.anybody_named(app, user)
        actor = app.actor(names.administrator_named(app, by))
        changed = setting_up.set_user(app.uow(), user_id, changes, actor)
        output.show_result(shown(changed), f"{user_id} is set up.", as_json=as_json)
        _warn(app)


@commands.command(**example("countersign users remove bob"))
def remove(
    user: User,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also while requests wait for this person.")
    ] = False,
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Take a user out of the setup; requests that name him stay."""
    with options.opened() as app:
        user_id = names.user_named(app, user)
        actor = app.actor(names.administrator_named(app, by))
        setting_up.remove_user(app.uow(), user_id, actor, anyway=anyway)
        output.show_result({"removed": user_id}, f"{user_id} is removed.", as_json=as_json)
        _warn(app)


@commands.command(**example("countersign users check"))
def check(as_json: Json = False) -> None:
    """List what is wrong with the setup: missing people, circles, low limits, mail that bounces."""
    with options.opened() as app:
        users = app.directory.all()
        warnings = check_setup(users) + bounce_warnings(app, users)
    rows = [{"user": one.user_id, "field": one.field, "warning": one.text} for one in warnings]
    output.show_rows(rows, as_json=as_json, empty="Nothing is wrong with the setup.")


def shown(user: ApprovalUser) -> dict[str, object]:
    """A user by field; what has no upper bound says so."""
    limits = {name.value: values.UNLIMITED for name in LimitField if getattr(user, name) is None}
    return {**vars(user), **limits}


def _stored(app: Application, text: str) -> ApprovalUser:
    user_id = names.user_named(app, text)
    for user in app.directory.all():
        if user.user_id == user_id:
            return user
    raise UserNotFound(text)


def _warn(app: Application) -> None:
    """Defects of the setup are shown on every change."""
    warnings = check_setup(app.directory.all())
    output.note(*(f"Warning: {warning.text}." for warning in warnings[:MOST_WARNINGS]))
    if len(warnings) > MOST_WARNINGS:
        more = len(warnings) - MOST_WARNINGS
        output.note(f"… and {more} more: `countersign users check` lists them all.")
