"""``countersign documents show``: a document with its approvals, comments and history."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import typer

from app.bootstrap import Application
from app.cli import names, options, output
from app.cli.documents_emailed import emailed
from app.cli.history import in_words, via_of
from app.cli.options import Json, Number, example
from workflow.documents import Document, DocumentKey
from workflow.errors import DocumentNotFound
from workflow.readings import EntryReading
from workflow.releasing import is_restricted
from workflow.service.outcomes import own_workflow_enabled
from workflow.statuses import EntryStatus

commands = typer.Typer()

Rows = Sequence[Mapping[str, object]]


@commands.command(**example("countersign documents show PO-1"))
def show(number: Number, as_json: Json = False) -> None:
    """Show a document: status, who decided and who is to come, comments and history."""
    with options.opened() as app:
        key = names.document_named(app, number)
        events = [one.event for one in app.read.events_of(key)]
        history = history_of(app, key)
        with app.uow(readonly=True) as uow:
            document = uow.documents.find(key)
            if document is None and not history:
                raise DocumentNotFound(key)
            restricted = document is not None and is_restricted(
                document, workflow_enabled=own_workflow_enabled(uow, document)
            )
        parts: dict[str, Rows] = {
            "approvals": _approvals(app, key),
            "comments": _comments(app, key),
            "history": history,
        }
        header = _gone(key) if document is None else _header(document, app.settings.currency)
    if document is not None:
        header["restricted"] = restricted
        header["emailed"] = emailed(events, app.settings.timezone)
    if as_json:
        output.show_json({**header, **parts})
        return
    output.show_facts(header, as_json=False)
    for title, rows in parts.items():
        if rows:
            output.say("", output.caption(title))
            output.show_rows(rows, as_json=False, empty="")


def history_of(app: Application, key: DocumentKey) -> Rows:
    return [
        {
            "at": one.at.astimezone(app.settings.timezone),
            "who": one.actor,
            "what": f"{in_words(one.event)}{via_of(one.event)}",
        }
        for one in app.read.events_of(key)
    ]


def _gone(key: DocumentKey) -> dict[str, object]:
    return {"document": key, "status": "posted or deleted; its approvals are in the archive"}


def _header(document: Document, local_currency: str) -> dict[str, object]:
    return {
        "document": document.key,
        "status": document.status,
        "amount": document.amount,
        "amount_including_vat": document.amount_including_vat,
        "currency": document.currency or local_currency,
        "amount_lcy": document.amount_lcy,
        "requester": document.run.requester if document.run else document.requester,
        "workflow": document.run.workflow_code if document.run else "",
        "document_date": document.document_date,
        "due_date": document.due_date,
        "counterparty": f"{document.counterparty_no} {document.counterparty_name}".strip(),
        "salesperson_purchaser_code": document.salesperson_purchaser_code,
        "external_document_no": document.external_document_no,
        "description": document.description,
        "lines": len(document.lines),
    }


def _approvals(app: Application, key: DocumentKey) -> Rows:
    zone = app.settings.timezone
    return [_approval(entry, zone) for entry in app.read.entries_of(key)]


def _approval(entry: EntryReading, zone: ZoneInfo) -> dict[str, object]:
    """Who was asked and who really decided; the requester's own entry is "submitted" (Q11)."""
    submitted = entry.approver == entry.requester and entry.status is EntryStatus.APPROVED
    return {
        "request": entry.run_no,
        "sequence": entry.sequence_no,
        "approver": entry.approver,
        "in_place_of": "" if entry.authority_of == entry.approver else entry.authority_of,
        "why": entry.reason,
        "status": "submitted" if submitted else entry.status,
        "due_date": entry.due_date,
        "decided_by": entry.decided_by,
        "decided_at": entry.last_modified_at.astimezone(zone) if entry.decided_by else None,
    }


def _comments(app: Application, key: DocumentKey) -> Rows:
    return [
        {
            "request": one.run_no,
            "at": one.at.astimezone(app.settings.timezone),
            "who": one.user,
            "text": one.text,
        }
        for one in app.read.comments_of(key)
    ]
