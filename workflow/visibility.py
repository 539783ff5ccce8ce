"""Who may see a document: whoever asked, decided, was asked or told, and who sees everything."""

from collections.abc import Iterable

from workflow.approval_users import ApprovalUser
from workflow.errors import WorkflowError
from workflow.events import DocumentEvent, Event
from workflow.readings import EntryReading
from workflow.user_accounts import Role


class NotYoursToSee(WorkflowError):
    code = "NOT_YOURS_TO_SEE"
    template = "{} is not among the documents that you may see."
    advice = "Whoever asked for your approval can tell you more."


class NotYoursToChange(WorkflowError):
    code = "NOT_YOURS_TO_CHANGE"
    template = "You may look at {}, and change nothing."
    advice = "Ask the requester, or an approval administrator."


def sees_everything(person: ApprovalUser, roles: Iterable[Role]) -> bool:
    """An approval administrator, and who has a role that needs it."""
    return person.administrator or any(roles)


def people_concerned(events: Iterable[Event], entries: Iterable[EntryReading]) -> frozenset[str]:
    """Everybody who had to do with a document, also when it is gone."""
    people: set[str] = set()
    for event in events:
        people |= {event.actor, *event.tell}
        if isinstance(event, DocumentEvent):
            people |= {event.requester, getattr(event, "from_approver", "")}
        if entry := getattr(event, "entry", None):
            people |= {entry.approver, entry.authority_of}
    for one in entries:
        people |= {one.requester, one.approver, one.authority_of}
    return frozenset(people - {""})
