"""``countersign demo``, ``serve``, ``worker`` and ``run``: what works without being asked."""

from pathlib import Path
from typing import Annotated

import typer

from app import passes
from app.bootstrap import Application
from app.cli import failures, options, output, rehearsing
from app.cli.moments import local
from app.cli.options import DryRun, Json, example
from app.cli.rehearsing import At
from app.plain import plain
from app.rehearsals import delegation_plan, delivery_plan, overdue_plan, reminder_plan
from notifications.webhook_delivery import WebhookReport
from workflow.service.running import RunReport

commands = typer.Typer()
runs = options.group("One pass, then exit: for cron and for tests.")

Once = Annotated[bool, typer.Option("--once", help="Do it once, then exit.")]


@commands.command(
    rich_help_panel=options.RUNNING, **example("countersign demo", "countersign demo --once")
)
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play one order, then exit.")] = False,
    data: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the company is made.")
    ] = None,
) -> None:
    """Start a company to play with, and a mail server that catches its mail."""
    from app.demo import run_demo  # noqa: PLC0415 - only the demo needs its mail server
    from app.demo.folders import FolderNotUsable  # noqa: PLC0415

    try:
        run_demo(once=once, data=data)
    except FolderNotUsable as error:
        failures.tell_refusal(error)
        raise typer.Exit(failures.OUTSIDE) from error


@commands.command(
    rich_help_panel=options.RUNNING,
    **example(
        "countersign worker", "countersign worker --once", "countersign worker --metrics-port 9101"
    ),
)
def worker(
    once: Once = False,
    metrics_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Serve /metrics on this port; else it has none."),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen for that.")
    ] = "127.0.0.1",
    as_json: Json = False,
) -> None:
    """Deliver mail, remind and hand over, until it is stopped."""
    from app import logs  # noqa: PLC0415 - one pass tells what it did itself
    from app.worker import run_worker  # noqa: PLC0415 - only the worker needs its scheduler
    from app.worker_metrics import metrics_served  # noqa: PLC0415

    if once and metrics_port is not None:
        raise typer.BadParameter("With --once it ends before anybody could ask for metrics.")
    if not once:
        logs.set_up_logging()
    with options.opened(output.note if once else logs.say) as app:
        metrics = metrics_served(app, metrics_host, metrics_port) if metrics_port else None
        report = run_worker(app, once=once, beside=metrics)
    if report is not None:
        facts = {
            "received": report.received,
            "mailbox_trouble": report.mailbox_trouble,
            "reminded": report.reminded.done,
            "handed_over": report.handed_over.done,
            "mail": report.mail,
            "webhooks": report.webhooks,
            "purged": report.purged.rows,
        }
        sentence = (
            f"{report.reminded.done} reminded, {report.handed_over.done} handed over,"
            f" {_mail(report.mail)}"
        )
        if report.webhooks != WebhookReport():
            sentence = f"{sentence} {_webhooks(report.webhooks)}"
        if report.archive_trouble:
            output.note(report.archive_trouble)
        output.show_result(facts, sentence, as_json=as_json)
        _end(app, report.mail)
        if report.mailbox_trouble:
            output.note(report.mailbox_trouble, "  → Check the settings: countersign mail inbox")
            raise typer.Exit(failures.OUTSIDE)


@commands.command(
    rich_help_panel=options.RUNNING,
    **example("countersign serve", "countersign serve --host 0.0.0.0 --port 8080"),
)
def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="On which port.")] = 8000,
    without_worker: Annotated[
        bool,
        typer.Option("--without-worker", help="Leave mail and runs to `countersign worker`."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Run everything in one process: pages, API and the worker."""
    from app import logs  # noqa: PLC0415
    from app.serving import serve  # noqa: PLC0415 - only this command needs a web server

    logs.set_up_logging()
    with options.opened(logs.say) as app:
        if as_json:
            output.show_json({"address": f"http://{host}:{port}"})
        serve(app, host, port, works=not without_worker)


@runs.command(
    **example(
        "countersign run delivery", "countersign run delivery --at 2026-11-27T17:00 --dry-run"
    )
)
def delivery(at: At = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Write the emails that are due and submit them to the mail server."""
    with rehearsing.opened_at(at, dry_run=dry_run) as app:
        if dry_run:
            rehearsing.show(app, delivery_plan(app), as_json=as_json)
            return
        report = passes.deliver(app)
    output.show_result(plain(report), _mail(report), as_json=as_json)
    _end(app, report)


@runs.command(**example("countersign run webhooks"))
def webhooks(as_json: Json = False) -> None:
    """Post what is due to the webhook endpoints."""
    with options.opened() as app:
        report = passes.post_webhooks(app)
    output.show_result(plain(report), _webhooks(report), as_json=as_json)
    if report.stopped:
        output.note(report.stopped)
        raise typer.Exit(failures.OUTSIDE)


@runs.command(
    **example("countersign run overdue", "countersign run overdue --at 2026-11-27T08:30 --dry-run")
)
def overdue(at: At = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Remind approvers of what is overdue, as their workflows say; escalate what stays late."""
    with rehearsing.opened_at(at, dry_run=dry_run) as app:
        if dry_run:
            plan, report = overdue_plan(app)
            rehearsing.show(app, plan, report, as_json=as_json)
            return
        report = passes.remind(app)
        _show(report, f"reminded, {report.escalated} escalated", as_json=as_json, escalated=True)


@runs.command(
    **example(
        "countersign run reminders", "countersign run reminders --at 2026-11-27T08:30 --dry-run"
    )
)
def reminders(at: At = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Remind approvers of what is due soon, as their workflows say."""
    with rehearsing.opened_at(at, dry_run=dry_run) as app:
        if dry_run:
            plan, report = reminder_plan(app)
            rehearsing.show(app, plan, report, as_json=as_json)
            return
        _show(passes.remind_ahead(app), "reminded", as_json=as_json)


@runs.command(
    **example("countersign run delegation", "countersign run delegation --dry-run --json")
)
def delegation(at: At = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Hand over the requests that waited as long as their workflow allows."""
    with rehearsing.opened_at(at, dry_run=dry_run) as app:
        if dry_run:
            plan, report = delegation_plan(app)
            rehearsing.show(app, plan, report, as_json=as_json)
            return
        _show(passes.hand_over(app), "handed over", as_json=as_json)


def _show(report: RunReport, what: str, *, as_json: bool, escalated: bool = False) -> None:
    refused = [{"document": one.document, **failures.facts(one.error)} for one in report.refused]
    counts = {"escalated": report.escalated} if escalated else {}
    facts = {"done": report.done, **counts, "refused": refused}
    output.show_result(facts, f"{report.done} {what}.", as_json=as_json)
    for one in report.refused:
        failures.tell_refusal(one.error, about=str(one.document))
    if refused:
        raise typer.Exit(failures.REFUSED)


def _mail(report: passes.MailReport) -> str:
    sent = report.delivery
    counts = {
        "sent": sent.sent,
        "to be tried again": sent.retried,
        "refused": sent.refused,
        "uncertain": sent.uncertain,
        "corrupt": sent.corrupt,
        "superseded": sent.superseded,
    }
    told = [f"{count} {word}" for word, count in counts.items() if count or word == "sent"]
    return f"mail: {', '.join(told)}."


def _webhooks(report: WebhookReport) -> str:
    counts = {
        "delivered": report.delivered,
        "to be tried again": report.retried,
        "failed": report.failed,
    }
    told = [f"{count} {word}" for word, count in counts.items() if count or word == "delivered"]
    return f"webhooks: {', '.join(told)}."


def _end(app: Application, report: passes.MailReport) -> None:
    """Trouble with the server or the account is a problem outside; a refused mail a refusal."""
    output.note(*report.problems)
    if report.delivery.waits:
        output.note(f"{report.delivery.waits} The rest follows.")
    if report.delivery.stopped:
        output.note(report.delivery.stopped)
        if report.delivery.resumes_at is not None:
            until = output.cell(local(app, report.delivery.resumes_at))
            output.note(f"  → The mail account is left alone until {until}.")
        raise typer.Exit(failures.OUTSIDE)
    if report.delivery.refused or report.delivery.corrupt or report.problems:
        output.note("  → `countersign outbox list` shows why.")
        raise typer.Exit(failures.REFUSED)
