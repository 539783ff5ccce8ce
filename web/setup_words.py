"""What was changed in the setup, in the reader's words; who did it and when stand beside it."""

from collections.abc import Mapping
from typing import Final

from notifications.formatting import one_line
from notifications.histories import in_words
from notifications.readers import Reader
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from notifications.user_words import USER_WORDS
from web.histories import ReadersHand
from workflow.events import EmailOperated, Event, FieldChange, UserGroupChanged

WHAT: Final[Mapping[str, str]] = {  # by kind of event
    "ApprovalUserChanged": N_("Approval user {subject} changed"),
    "ApprovalUserRemoved": N_("Approval user {subject} removed"),
    "UserGroupChanged": N_("Group {subject} changed"),
    "NotificationSetupChanged": N_("Notifications of {subject} changed"),
    "WorkflowSaved": N_("Workflow {subject} saved"),
    "WorkflowEnabled": N_("Workflow {subject} enabled"),
    "WorkflowDisabled": N_("Workflow {subject} disabled"),
    "WorkflowDeleted": N_("Workflow {subject} deleted"),
    "CompanyChanged": N_("Choices of the company changed"),
    "CounterpartyChanged": N_("Vendor or customer {subject} changed"),
    "MailGrantMissing": N_("A right of the mail account is missing"),
    "MailGrantConfirmed": N_("Said that the right to send as {subject} was granted"),
    "EMailChanged": N_("The new and the old address of {subject} were told"),
    "MailSetupChanged": N_("Changed the mail setup: {subject}"),
    "AccountChanged": N_("Changed the account of {subject}"),
    "PasswordLinkMade": N_("{subject} was told of the link for the password"),
    "AccountRemoved": N_("Removed the account of {subject}"),
    "WebhookChanged": N_("Changed the webhook {subject}"),
    "WebhookDisabled": N_("The webhook {subject} was switched off"),
    "WordingChanged": N_("Changed the company's own words: {subject}"),
    "WordingBroken": N_("The company's own words do not work: {subject}"),
    "EmailOperated": N_("Mail: {subject}"),
    "MailHeld": N_("Too many emails: the rest waits"),
}


def what_changed(kind: str, event: Event, reader: Reader) -> str:
    subject = str(getattr(event, "subject", "")) or reader.gettext("everybody")
    if isinstance(event, EmailOperated):
        subject = in_words(event, ReadersHand(reader))
    words = reader.gettext(WHAT[kind]) if kind in WHAT else kind
    return words.format(subject=one_line(subject)) if kind in WHAT else words


def changes_in(event: Event, reader: Reader) -> list[str]:
    """Field by field, old and new."""
    if isinstance(event, UserGroupChanged):
        return [", ".join(event.members) or "-"]
    if version := getattr(event, "version", None):
        return [f"{reader.gettext('Version')} {version}"]
    return [_changed(one, reader) for one in getattr(event, "changes", ())]


def _changed(change: FieldChange, reader: Reader) -> str:
    known = USER_WORDS.get(change.field)
    caption = reader.gettext(known.caption) if known else change.field
    return f"{caption}: {one_line(change.before) or '-'} → {one_line(change.after) or '-'}"
