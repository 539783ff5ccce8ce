"""``countersign webhooks``: other programs hear of what happens, and may answer."""

from typing import Annotated, Final

import typer

from app.bootstrap import Application
from app.cli import names, options, output
from app.cli.failures import REFUSED
from app.cli.options import DryRun, Json, example
from notifications import webhook_setup
from notifications.webhook_messages import KNOWN_TYPES
from notifications.webhooks import DeliveryReading, Endpoint
from workflow.actors import Actor

commands = options.group("Tell other programs of what happens, signed by Standard Webhooks.")

ONCE: Final = "Keep the secret now: it is not shown again."
SHOWN: Final = 50

Number = Annotated[int, typer.Argument(metavar="ID", min=1)]
By = Annotated[
    str, typer.Option("--as", metavar="USER", help="Who changes it; else COUNTERSIGN_USER.")
]


@commands.command(
    **example(
        "countersign webhooks add https://flows.example.com/in --event entry.opened",
        "countersign webhooks add https://flows.example.com/in --answers-as FLOW",
    )
)
def add(
    url: Annotated[str, typer.Argument(metavar="URL")],
    event: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE", help=f"Repeat; else all. {', '.join(KNOWN_TYPES)}."),
    ] = None,
    answers_as: Annotated[
        str,
        typer.Option(metavar="USER", help="It may answer requests of workflows with this user."),
    ] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Send events to an address, and show the secret that signs them."""
    with options.opened() as app:
        endpoint, secret = webhook_setup.add(
            app.webhook_endpoints,
            app.uow(),
            _actor(app, by),
            url=url,
            types=event or (),
            acts_as=names.anybody_named(app, answers_as),
            allowed=app.settings.allowed_webhook_targets,
        )
    facts = {**_row(endpoint), "secret": secret}
    output.show_result(facts, f"Endpoint {endpoint.id}, secret {secret}", as_json=as_json)
    output.note(ONCE)


@commands.command(name="list", **example("countersign webhooks list"))
def list_endpoints(as_json: Json = False) -> None:
    """List the endpoints."""
    with options.opened() as app:
        rows = [_row(endpoint) for endpoint in app.webhook_endpoints.all()]
    output.show_rows(rows, as_json=as_json, empty="There are no webhook endpoints.")


@commands.command(**example("countersign webhooks show 1"))
def show(number: Number, as_json: Json = False) -> None:
    """Show an endpoint, and why it is disabled if it is."""
    with options.opened() as app:
        endpoint = webhook_setup.found(app.webhook_endpoints, number)
    output.show_facts(_row(endpoint) | _more(endpoint), as_json=as_json)


@commands.command(**example("countersign webhooks rotate 1"))
def rotate(number: Number, by: By = "", as_json: Json = False) -> None:
    """Give an endpoint a new secret; for a day the old one signs too."""
    with options.opened() as app:
        secret = webhook_setup.rotate(app.webhook_endpoints, app.uow(), _actor(app, by), number)
    output.show_result(
        {"id": number, "secret": secret}, f"Endpoint {number}, secret {secret}", as_json=as_json
    )
    output.note(ONCE)


@commands.command(**example("countersign webhooks disable 1"))
def disable(number: Number, by: By = "", as_json: Json = False) -> None:
    """Send nothing to an endpoint until it is enabled; what waits is kept."""
    with options.opened() as app:
        webhook_setup.disable(app.webhook_endpoints, app.uow(), _actor(app, by), number)
    _done(number, "disabled", as_json=as_json)


@commands.command(**example("countersign webhooks enable 1"))
def enable(number: Number, by: By = "", as_json: Json = False) -> None:
    """Send to an endpoint again, also what waited for it."""
    with options.opened() as app:
        webhook_setup.enable(app.webhook_endpoints, app.uow(), _actor(app, by), number)
    _done(number, "enabled", as_json=as_json)


@commands.command(**example("countersign webhooks remove 1 --yes"))
def remove(
    number: Number,
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", help="Without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Forget an endpoint and all its deliveries."""
    if not yes and not typer.confirm(f"Forget endpoint {number} and its deliveries?", err=True):
        output.note("Nothing was changed.")
        raise typer.Exit(REFUSED)
    with options.opened() as app:
        webhook_setup.remove(app.webhook_endpoints, app.uow(), _actor(app, by), number)
    _done(number, "removed", as_json=as_json)


@commands.command(**example("countersign webhooks deliveries 1"))
def deliveries(
    number: Number,
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = SHOWN,
    as_json: Json = False,
) -> None:
    """List what was sent to an endpoint, and what came of it."""
    with options.opened() as app:
        webhook_setup.found(app.webhook_endpoints, number)
        rows = [_delivery(one) for one in app.webhook_endpoints.deliveries(number, limit)]
    output.show_rows(rows, as_json=as_json, empty="Nothing was sent to it yet.")


@commands.command(
    **example(
        "countersign webhooks replay 12",
        "countersign webhooks replay --from 100 --to 180 --endpoint 1 --dry-run",
    )
)
def replay(  # noqa: PLR0913 - one option each
    delivery: Annotated[int | None, typer.Argument(metavar="[DELIVERY]", min=1)] = None,
    first: Annotated[
        int | None, typer.Option("--from", metavar="EVENT", min=1, help="The first event.")
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to", metavar="EVENT", min=1, help="The last event.")
    ] = None,
    endpoint: Annotated[
        int | None, typer.Option(metavar="ID", min=1, help="Only to this endpoint.")
    ] = None,
    by: By = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Send a delivery again under the same id, or everything about some events."""
    is_range = first is not None and last is not None
    if (delivery is None) is not is_range or (delivery is not None and endpoint is not None):
        raise typer.BadParameter("Name one delivery, or events with --from and --to.")
    with options.opened() as app:
        actor, uow = _actor(app, by), app.uow()
        if first is None or last is None or delivery is not None:
            webhook_setup.replay(app.webhook_endpoints, uow, actor, delivery or 0, dry_run=dry_run)
            count = 1
        else:
            count = webhook_setup.replay_range(
                app.webhook_endpoints, uow, actor, first, last, only=endpoint, dry_run=dry_run
            )
    would = "would be" if dry_run else "will be"
    sentence = f"{count} {'delivery' if count == 1 else 'deliveries'} {would} sent again."
    output.show_result({"deliveries": count, "dry_run": dry_run}, sentence, as_json=as_json)


def _actor(app: Application, by: str) -> Actor:
    return app.actor(names.administrator_named(app, by))


def _done(number: int, what: str, *, as_json: bool) -> None:
    output.show_result(
        {"id": number, "done": what}, f"Endpoint {number} is {what}.", as_json=as_json
    )


def _row(endpoint: Endpoint) -> dict[str, object]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": ", ".join(endpoint.types) or "all",
        "answers_as": endpoint.acts_as,
        "enabled": endpoint.enabled,
    }


def _more(endpoint: Endpoint) -> dict[str, object]:
    return {
        "disabled_why": endpoint.disabled_why,
        "created_at": endpoint.created_at,
        "created_by": endpoint.created_by,
        "failing_since": endpoint.failing_since,
        "old_secret_until": endpoint.old_secret_until,
    }


def _delivery(one: DeliveryReading) -> dict[str, object]:
    return {
        "id": one.id,
        "event": one.event_id,
        "type": one.type,
        "subject": one.subject,
        "state": one.state,
        "attempts": one.attempts,
        "status": one.last_status,
        "ms": one.last_duration_ms,
        "last_at": one.last_at,
        "next_at": one.next_attempt_at,
        "text": one.last_text or "",
        "webhook_id": one.webhook_id,
    }
