"""``countersign groups``: workflow user groups, whose members are asked in their order."""

from typing import Annotated

import typer

from app.cli import names, options, output
from app.cli.options import AsMe, Json, example
from app.cli.values import NotUnderstood
from workflow.service import setting_up

commands = options.group("Workflow user groups: several people asked for one approval.")


@commands.command("list", **example("countersign groups list"))
def list_groups(as_json: Json = False) -> None:
    """List the groups with their members, in the order in which they are asked."""
    with options.opened() as app, app.uow(readonly=True) as uow:
        rows = [
            {
                "group": code,
                "members": [_shown(*member) for member in uow.users.group_members(code)],
            }
            for code in uow.users.groups()
        ]
    output.show_rows(rows, as_json=as_json, empty="There are no groups yet.")


@commands.command("set", **example("countersign groups set BUYERS bob:1 cid:1 dee:2"))
def set_members(
    code: Annotated[str, typer.Argument(metavar="CODE")],
    members: Annotated[
        list[str],
        typer.Argument(metavar="MEMBER:SEQ", help="Who has an equal number is asked together."),
    ],
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Give a group these members, and no others; without a number each comes after the last."""
    with options.opened() as app:
        found = [
            (names.user_named(app, user), sequence_no) for user, sequence_no in _members(members)
        ]
        actor = app.actor(names.administrator_named(app, by))
        setting_up.set_group(app.uow(), code, found, actor)
    shown = [_shown(*member) for member in found]
    sentence = f"{code} has the members {', '.join(shown)}."
    output.show_result({"group": code, "members": shown}, sentence, as_json=as_json)


@commands.command(**example("countersign groups delete BUYERS"))
def delete(
    code: Annotated[str, typer.Argument(metavar="CODE")], by: AsMe = "", as_json: Json = False
) -> None:
    """Delete a group; a workflow that names it asks nobody any more."""
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        setting_up.delete_group(app.uow(), code, actor)
    output.show_result({"deleted": code}, f"Group {code} is deleted.", as_json=as_json)


def _members(words: list[str]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for word in words:
        user, separator, text = word.rpartition(":")
        if not separator:
            user, text = word, str(1 + max((number for _, number in found), default=0))
        if not (text.isascii() and text.isdigit()):
            raise NotUnderstood(f"{word!r} is not a member, for example bob or bob:1")
        found.append((user, int(text)))
    return found


def _shown(user: str, sequence_no: int) -> str:
    return f"{user}:{sequence_no}"
