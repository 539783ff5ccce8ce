"""``countersign retention``: how long things are kept, and letting go of what is older."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app import retention
from app.cli import failures, names, options, output, values
from app.cli.options import AsMe, DryRun, Json, Pairs, example
from workflow.retention import Batch, RetentionPolicy
from workflow.service import retaining

commands = options.group("How long things are kept; who decided what is kept for ever.")

READERS = values.readers_of(RetentionPolicy)
Folder = Annotated[
    Path | None,
    typer.Option("--to", metavar="FOLDER", help="Where the archive is; else as the settings say."),
]


@commands.command(**example("countersign retention show"))
def show(as_json: Json = False) -> None:
    """Show for how long each is kept (empty: for ever), and what was archived and deleted."""
    with options.opened() as app:
        with app.uow(readonly=True) as uow:
            policy, batches = uow.records.policy(), uow.records.batches()
        archive = app.settings.archive
    gone: Counter[str] = Counter()
    for batch in batches:
        gone[batch.records] += batch.rows
    rows = [
        {"records": records, "kept_for": period or "for ever", "gone": gone[records]}
        for records, period in asdict(policy).items()
    ]
    output.show_rows(rows, as_json=as_json, empty="")
    if not as_json:
        output.note(f"Archive: {archive}")


@commands.command(
    "set",
    **example(
        "countersign retention set letters=90D emails=2Y", "countersign retention set letters="
    ),
)
def set_periods(periods: Pairs, by: AsMe = "", as_json: Json = False) -> None:
    """Say how long letters, emails, webhooks, api_answers, sessions, documents are kept."""
    typed = {name: period.strip().upper() for name, period in values.pairs(periods).items()}
    wanted = {name: str(period) for name, period in values.read_values(typed, READERS).items()}
    with options.opened() as app:
        actor = app.actor(names.administrator_named(app, by))
        policy = retaining.set_policy(app.uow(), wanted, actor)
    output.show_result(asdict(policy), "The periods are changed.", as_json=as_json)


@commands.command(
    **example("countersign retention run --dry-run", "countersign retention run --to /srv/archive")
)
def run(
    folder: Folder = None, dry_run: DryRun = False, by: AsMe = "", as_json: Json = False
) -> None:
    """Archive and delete what is older than its period; the worker does it every day."""
    with options.opened() as app:
        plan = retention.planned(app)
        if dry_run:
            output.show_rows([vars(one) for one in plan], as_json=as_json, empty="")
            return
        actor = app.actor(names.administrator_named(app, by))
        with output.progress("Archiving", sum(one.rows for one in plan)) as one_more:

            def tell(batch: Batch) -> None:
                for _ in range(batch.rows):
                    one_more()

            purged = retention.purge(app, actor=actor, folder=folder, tell=tell)
    facts = {"gone": purged.rows, "files": [one.file for one in purged.batches if one.file]}
    told = [f"{count} {records.replace('_', ' ')}" for records, count in purged.rows.items()]
    sentence = f"Gone: {', '.join(told)}." if told else "Nothing is old enough to go."
    output.show_result(facts, sentence, as_json=as_json)


@commands.command(**example("countersign retention check"))
def check(folder: Folder = None, as_json: Json = False) -> None:
    """Look whether every file of the archive is there, and as it was written."""
    with options.opened() as app:
        files, trouble = retention.trouble(app, folder)
    sentence = "The archive differs." if trouble else f"{files} files are as they were written."
    output.show_result({"files": files, "trouble": trouble}, sentence, as_json=as_json)
    if trouble:
        output.note(*trouble)
        raise typer.Exit(failures.REFUSED)
