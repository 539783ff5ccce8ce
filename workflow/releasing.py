"""Releasing and reopening a document, and the gates in front of using it."""

from decimal import Decimal

from workflow.actors import Actor
from workflow.approval_entries import RunState
from workflow.authority import compared_amounts, covers
from workflow.cases import Case
from workflow.content import content_hash, terms_hash
from workflow.counterparties import Counterparty
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document
from workflow.errors import (
    AuthorityLost,
    ContentChanged,
    NothingToRelease,
    NotReleased,
    PostNeedsApproval,
    PrepaymentUnpaid,
    ReleaseNeedsApproval,
    ReopenBlocked,
    Restricted,
)
from workflow.events import DocumentEvent, DocumentFacts, DocumentReleased, DocumentReopened
from workflow.facts import common, history
from workflow.machines import DOCUMENT, fire
from workflow.mailing import email_released
from workflow.options import AuthorityCheck, BeforeRelease, Notices, Reapproval, SelfApproval
from workflow.phrases import phrase as _
from workflow.phrases import word
from workflow.statuses import DocumentStatus, DocumentType, EntryStatus, Reason


def is_restricted(document: Document, *, workflow_enabled: bool) -> bool:
    """Whether the document may not be used; derived, never stored.

    Its latest run is pending; or it was rejected, its workflow is still enabled, and the document
    has not been released since.
    """
    if document.run is None:
        return False
    if document.run.state is RunState.PENDING:
        return True
    rejected = document.run.state is RunState.REJECTED
    return rejected and workflow_enabled and document.status is DocumentStatus.OPEN


def check_restriction(document: Document, *, workflow_enabled: bool) -> None:
    """Raises Restricted: a pending or rejected request stands in the way."""
    if document.run is not None and is_restricted(document, workflow_enabled=workflow_enabled):
        source = _(
            "The restriction was imposed by the {code} workflow.", code=document.run.workflow_code
        )
        raise Restricted(document.key.title, source)


# --- after the last approval ---------------------------------------------------------------


def release_approved(case: Case, comment: str = "") -> list[DocumentEvent]:
    """The final gate: what was approved is what is released, by people who may approve it.

    Raises:
        ContentChanged, AuthorityLost, NothingToRelease
    """
    document, run = case.document, case.run
    if run.content_hash != content_hash(document):
        raise ContentChanged(document.key.title)
    _check_authority(case)
    _check_lines(document)
    run.state = RunState.APPROVED
    _release(case.document)
    asked = [entry for entry in run.entries if not run.is_own(entry)]
    how = "approved" if asked or run.external else "automatically"
    quiet = case.options.notices is Notices.REJECTION_ONLY or how == "automatically"
    released = DocumentReleased(
        **case.facts([] if quiet else case.told(run.requester)),
        status=document.status,
        how=how,
        comment=comment,
        history=history(run),
    )
    return [released, *email_released(document, case.workflow, case.counterparty, case.actor)]


def _check_authority(case: Case) -> None:
    """Somebody who agreed has a limit that covers the amount now, not only when it was sent."""
    if not case.workflow.compares_limits:
        return
    if case.options.authority_check is AuthorityCheck.AT_SEND:
        return
    approved = case.run.with_status(EntryStatus.APPROVED)
    if any(entry.reason is Reason.CREDIT_LIMIT for entry in approved):
        return
    own_counts = case.options.self_approval is not SelfApproval.NEVER
    agreed = [entry for entry in approved if own_counts or not case.run.is_own(entry)]
    highest_first = (case.setup.user(entry.authority_of) for entry in reversed(agreed))
    if not any(user and covers(user, case.document, case.workflow) for user in highest_first):
        names = ", ".join(entry.authority_of for entry in agreed)
        raise AuthorityLost(case.document.key.title, names)


def _check_lines(document: Document) -> None:
    if not document.lines:
        raise NothingToRelease(word(document.key.document_type), document.key.number)


def _release(document: Document) -> None:
    fire(DOCUMENT, "await_prepayment" if awaits_prepayment(document) else "release", document)


def awaits_prepayment(document: Document) -> bool:
    return document.prepayment_unpaid and document.key.document_type is DocumentType.ORDER


# --- by hand -------------------------------------------------------------------------------


def release_by_hand(  # noqa: PLR0913 - what a release depends on
    document: Document,
    workflow: WorkflowDefinition | None,
    actor: Actor,
    *,
    workflow_enabled: bool,
    counterparty: Counterparty | None = None,
    as_sent: DocumentFacts | None = None,
) -> list[DocumentEvent]:
    """Release a document that needs no approval; a released one stays as it is.

    *workflow* is the enabled one that matches the document, if any. *as_sent* is the document as
    its latest request showed it. An order whose prepayment is unpaid becomes Pending Prepayment.

    Raises:
        ReleaseNeedsApproval, Restricted, NothingToRelease, PrepaymentUnpaid
    """
    if document.status is DocumentStatus.RELEASED:
        return []
    if document.status is DocumentStatus.OPEN and workflow is not None:
        _check_approved_before(document, workflow, as_sent)
    check_restriction(document, workflow_enabled=workflow_enabled)
    _check_lines(document)
    if document.status is DocumentStatus.PENDING_PREPAYMENT and awaits_prepayment(document):
        raise PrepaymentUnpaid(word(document.key.document_type), document.key.number)
    _release(document)
    released = DocumentReleased(**common(document, actor), status=document.status, how="by hand")
    return [released, *email_released(document, workflow, counterparty, actor)]


def _check_approved_before(
    document: Document, workflow: WorkflowDefinition, as_sent: DocumentFacts | None
) -> None:
    """A reopened document may be released again where the workflow forgives the reopening."""
    run = document.run
    forgives = workflow.options.reapproval
    if run is None or run.state is not RunState.APPROVED or forgives is Reapproval.ALL:
        raise ReleaseNeedsApproval
    if run.content_hash == content_hash(document):
        return
    same_terms = run.terms_hash == terms_hash(document)
    if forgives is Reapproval.IF_INCREASED and same_terms and as_sent is not None:
        _, amount_lcy = compared_amounts(document, workflow)
        if _is_within(amount_lcy, run.amount_lcy) and _asks_no_more(document, as_sent):
            return
    raise ReleaseNeedsApproval


def _asks_no_more(document: Document, as_sent: DocumentFacts) -> bool:
    """In no amount: the one that is compared with limits may fall while what is paid rises."""
    return all(
        _is_within(getattr(document, name), getattr(as_sent, name))
        for name in ("amount", "amount_including_vat", "amount_lcy")
    )


def _is_within(amount: Decimal, approved: Decimal) -> bool:
    """Not farther from zero, and on the same side of it: a payment is no refund."""
    return abs(amount) <= abs(approved) and amount * approved >= 0


def reopen(document: Document, actor: Actor) -> list[DocumentEvent]:
    """Make a released document editable; an open one stays as it is.

    Raises:
        ReopenBlocked: a request is pending.
    """
    if document.status is DocumentStatus.PENDING_APPROVAL:
        raise ReopenBlocked
    if document.status is DocumentStatus.OPEN:
        return []
    fire(DOCUMENT, "reopen", document)
    return [DocumentReopened(**common(document, actor))]


# --- before it is used ---------------------------------------------------------------------


def check_use(
    document: Document, workflow: WorkflowDefinition | None, *, workflow_enabled: bool
) -> None:
    """The gate before posting and before a quote becomes another document.

    Raises:
        PostNeedsApproval: open, and an enabled workflow matches.
        Restricted: a pending or rejected request stands in the way.
    """
    if document.status is DocumentStatus.OPEN and workflow is not None:
        raise PostNeedsApproval(document.key.title)
    check_restriction(document, workflow_enabled=workflow_enabled)


def check_counterparty(counterparty: Counterparty | None, document: Document) -> None:
    """Raises Restricted: the vendor or customer may not be used."""
    if counterparty is not None and counterparty.restricted:
        raise Restricted(
            counterparty.title,
            _("It is restricted, and {title} uses it.", title=document.key.title),
        )


def check_items(restricted_items: list[str], document: Document) -> None:
    """Raises Restricted: an item may not be used."""
    for item_no in restricted_items:
        raise Restricted(
            _("Item {item_no}", item_no=item_no),
            _("It is restricted, and {title} uses it.", title=document.key.title),
        )


def check_may_leave(document: Document, before_release: BeforeRelease) -> None:
    """The gate before a document is printed or emailed to its vendor or customer.

    *before_release* is what its workflow says, or the company where no workflow is concerned.

    Raises:
        NotReleased: it is not released, and has to be first.
    """
    refused = before_release is BeforeRelease.REFUSE
    if refused and document.status is not DocumentStatus.RELEASED:
        raise NotReleased(document.key.title)
