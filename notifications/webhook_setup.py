"""Changing the endpoints for webhooks: who may, and what is recorded of it."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from notifications.webhook_messages import KNOWN_TYPES
from notifications.webhook_signing import new_secret
from notifications.webhook_targets import host_of, target_of
from notifications.webhooks import DeliveryReading, DisabledWhy, Endpoint, WebhookEndpoints
from workflow.actors import Actor
from workflow.errors import WorkflowError
from workflow.events import FieldChange, WebhookChanged
from workflow.phrases import word
from workflow.ports import UnitOfWork
from workflow.service.rights import check_may_set_up

BOTH_SECRETS: Final = timedelta(hours=24)


class EndpointNotFound(WorkflowError):
    code = "WEBHOOK_NOT_FOUND"
    template = "There is no webhook endpoint {}."
    advice = "`countersign webhooks list` shows the endpoints there are."


class DeliveryNotFound(WorkflowError):
    code = "DELIVERY_NOT_FOUND"
    template = "There is no delivery {}."
    advice = "`countersign webhooks deliveries ID` shows those of an endpoint."


class NotToBeReplayed(WorkflowError):
    code = "NOT_TO_BE_REPLAYED"
    template = "Delivery {} is {}, and so cannot be sent again."
    advice = "Wait until it was sent; one of a disabled endpoint waits until that is enabled."


class UnknownEventType(WorkflowError):
    code = "WEBHOOK_TYPE"
    template = "There is no event type {}."
    advice = "`countersign webhooks add --help` names them all."


def add(  # noqa: PLR0913 - what an endpoint consists of
    endpoints: WebhookEndpoints,
    uow: UnitOfWork,
    actor: Actor,
    *,
    url: str,
    types: Iterable[str] = (),
    acts_as: str = "",
    allowed: Collection[str] = (),
) -> tuple[Endpoint, str]:
    """The endpoint, and its secret, which is shown this once.

    Raises:
        NotAdministrator, WrongUrl, TargetRefused, UnknownEventType
    """
    _check(uow, actor)
    target_of(url, allowed)
    wanted = _known(types)
    endpoint = Endpoint(
        id=0,
        url=url,
        types=wanted,
        acts_as=acts_as,
        enabled=True,
        disabled_why=None,
        created_at=actor.at,
        created_by=actor.user,
    )
    changes = {"url": url.partition("?")[0], "types": ",".join(wanted), "acts_as": acts_as}
    secret = new_secret()
    number = endpoints.add(endpoint, secret, _changed(url, actor, changes))
    return found(endpoints, number), secret


def change(  # noqa: PLR0913 - what an endpoint consists of
    endpoints: WebhookEndpoints,
    uow: UnitOfWork,
    actor: Actor,
    endpoint_id: int,
    *,
    url: str,
    types: Iterable[str],
    acts_as: str,
    allowed: Collection[str] = (),
) -> None:
    """What waits goes to the new address; the secret stays.

    Raises:
        NotAdministrator, EndpointNotFound, WrongUrl, TargetRefused, UnknownEventType
    """
    _check(uow, actor)
    target_of(url, allowed)
    before, wanted = found(endpoints, endpoint_id), _known(types)
    changes = _differences(before, replace(before, url=url, types=wanted, acts_as=acts_as))
    if not changes:
        return
    changed = WebhookChanged(at=actor.at, actor=actor.user, subject=host_of(url), changes=changes)
    if not endpoints.change(endpoint_id, url=url, types=wanted, acts_as=acts_as, changed=changed):
        raise EndpointNotFound(endpoint_id)


def rotate(endpoints: WebhookEndpoints, uow: UnitOfWork, actor: Actor, endpoint_id: int) -> str:
    """A new secret; for a day messages carry the old signature beside the new one.

    Raises:
        NotAdministrator, EndpointNotFound
    """
    _check(uow, actor)
    endpoint = found(endpoints, endpoint_id)
    secret = new_secret()
    changed = _changed(endpoint.url, actor, {"secret": "new"})
    if not endpoints.rotate(endpoint_id, secret, actor.at + BOTH_SECRETS, changed):
        raise EndpointNotFound(endpoint_id)
    return secret


def enable(endpoints: WebhookEndpoints, uow: UnitOfWork, actor: Actor, endpoint_id: int) -> None:
    """
    Raises:
        NotAdministrator, EndpointNotFound
    """
    _check(uow, actor)
    endpoint = found(endpoints, endpoint_id)
    if not endpoint.enabled:
        endpoints.enable(endpoint_id, _changed(endpoint.url, actor, {"enabled": "yes"}))


def disable(endpoints: WebhookEndpoints, uow: UnitOfWork, actor: Actor, endpoint_id: int) -> None:
    """
    Raises:
        NotAdministrator, EndpointNotFound
    """
    _check(uow, actor)
    endpoint = found(endpoints, endpoint_id)
    if endpoint.enabled:
        changed = _changed(endpoint.url, actor, {"enabled": "no"})
        endpoints.disable(endpoint_id, DisabledWhy.BY_HAND, changed)


def remove(endpoints: WebhookEndpoints, uow: UnitOfWork, actor: Actor, endpoint_id: int) -> None:
    """
    Raises:
        NotAdministrator, EndpointNotFound
    """
    _check(uow, actor)
    endpoint = found(endpoints, endpoint_id)
    endpoints.remove(endpoint_id, _changed(endpoint.url, actor, {"removed": "yes"}))


def replay(
    endpoints: WebhookEndpoints,
    uow: UnitOfWork,
    actor: Actor,
    delivery_id: int,
    *,
    dry_run: bool = False,
) -> DeliveryReading:
    """
    Raises:
        NotAdministrator, DeliveryNotFound, NotToBeReplayed
    """
    _check(uow, actor)
    delivery = endpoints.delivery(delivery_id)
    if delivery is None:
        raise DeliveryNotFound(delivery_id)
    if not endpoints.replay(delivery_id, actor.at, dry_run=dry_run):
        raise NotToBeReplayed(delivery_id, word(delivery.state))
    return delivery


def replay_range(  # noqa: PLR0913 - what one replay consists of
    endpoints: WebhookEndpoints,
    uow: UnitOfWork,
    actor: Actor,
    first: int,
    last: int,
    *,
    only: int | None = None,
    dry_run: bool = False,
) -> int:
    """Everything about these events to every enabled endpoint that wants it, or to one of them.

    Raises:
        NotAdministrator, EndpointNotFound
    """
    _check(uow, actor)
    chosen = endpoints.all() if only is None else [found(endpoints, only)]
    return sum(
        endpoints.replay_range(first, last, actor.at, endpoint=one, dry_run=dry_run)
        for one in chosen
        if one.enabled
    )


def found(endpoints: WebhookEndpoints, endpoint_id: int) -> Endpoint:
    """
    Raises:
        EndpointNotFound
    """
    endpoint = endpoints.find(endpoint_id)
    if endpoint is None:
        raise EndpointNotFound(endpoint_id)
    return endpoint


def _known(types: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(sorted(set(types)))
    for name in wanted:
        if name not in KNOWN_TYPES:
            raise UnknownEventType(name)
    return wanted


def _differences(before: Endpoint, after: Endpoint) -> tuple[FieldChange, ...]:
    """Of a new address only that it is new, where the difference is in what may be secret."""
    shown = {
        "url": (before.url.partition("?")[0], after.url.partition("?")[0]),
        "types": (",".join(before.types), ",".join(after.types)),
        "acts_as": (before.acts_as, after.acts_as),
    }
    return tuple(
        FieldChange(field=name, before=texts[0], after=texts[1])
        for name, texts in shown.items()
        if getattr(before, name) != getattr(after, name)
    )


def _check(uow: UnitOfWork, actor: Actor) -> None:
    with uow:
        check_may_set_up(uow, actor)


def _changed(url: str, actor: Actor, after: dict[str, str]) -> WebhookChanged:
    changes = tuple(
        FieldChange(field=name, before="", after=value) for name, value in after.items() if value
    )
    return WebhookChanged(at=actor.at, actor=actor.user, subject=host_of(url), changes=changes)
