"""The schema's queries, answered from the read side."""

from workflow.approval_entries import RunState
from workflow.cases import Case
from workflow.notification_setup import NotificationType, setup_for
from workflow.requests import may_cancel
from workflow.service.outcomes import running_workflow
from workflow.statuses import EntryStatus

STATUS = {status: status.title() for status in EntryStatus}


def query(world, reads, step, actor):
    return globals()[f"_{step['what']}"](world, reads, step, actor)


def _can_cancel(world, _reads, step, actor):
    """The button: it also wants the person to be in the setup, which the right itself does not."""
    with world.uow as uow:
        document = uow.documents.get(world.key(step["doc"]))
        if document.run is None or document.run.state is not RunState.PENDING:
            return False
        if not document.run.with_status(EntryStatus.CREATED, EntryStatus.OPEN):
            return False
        case = Case(
            document=document,
            workflow=running_workflow(uow, document),
            actor=actor,
            setup=uow.users,
        )
        return uow.users.user(actor.user) is not None and may_cancel(case)


def _visible_entries(world, reads, step, actor):
    entries = reads.visible_entries(actor.user)
    if isinstance(step.get("returns"), int):
        return len(entries)
    return sorted(entry.document.number for entry in entries)


def _requests_to_approve(_world, reads, step, actor):
    entries = reads.requests_to_approve(actor.user)
    if isinstance(step.get("returns"), int):
        return len(entries)
    return sorted(entry.document.number for entry in entries)


def _overdue_list(world, reads, step, actor):
    entries = reads.overdue_entries(actor.user, world.today)
    if isinstance(step.get("returns"), list):
        return sorted(entry.document.number for entry in entries)
    return len(entries)


def _comments(world, reads, step, _actor):
    return [comment.text for comment in reads.comments_of(world.key(step["doc"]))]


def _comments_of_run(world, reads, step, _actor):
    comments = reads.comments_of(world.key(step["doc"]), run_no=step["run"])
    return [comment.text for comment in comments]


def _factbox(world, reads, step, _actor):
    entry = reads.factbox(world.key(step["doc"]))
    return entry and {"approver": entry.approver, "status": STATUS[entry.status]}


def _user(world, _reads, step, _actor):
    names = {"person_code": "salesperson_purchaser_code", "admin": "administrator"}
    with world.uow as uow:
        user = uow.users.user(step["user"])
    value = getattr(user, names.get(step["field"], step["field"]))
    if step["field"].endswith("_limit"):
        return "unlimited" if value is None else int(value) if value == int(value) else float(value)
    return value


def _method(world, _reads, step, _actor):
    rows = world.notification_setup
    found = setup_for(step["user"], NotificationType(step["type"]), rows)
    return {"user": found.user, "method": str(found.method)}
