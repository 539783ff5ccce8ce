"""Endpoints for webhooks: changed, or switched off."""

from dataclasses import dataclass

from workflow.events.base import DocumentEvent, SetupEvent
from workflow.events.facts import FieldChange


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(SetupEvent):
    """An endpoint for webhooks was added, changed or removed; ``subject`` is its server."""

    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(SetupEvent, DocumentEvent):
    """An endpoint took nothing for days, or wants no more: nothing is sent to it any more.

    ``document`` is the one whose message showed it, ``requester`` empty: it is nobody's request.
    """

    host: str  # the rest of its address may hold a secret
    endpoint: int  # its number
    gone: bool  # it said so itself
