"""Comparing what happened with what a case expects."""

from collections import Counter

from notifications.messages import messages_for
from workflow.releasing import is_restricted
from workflow.service.outcomes import own_workflow_enabled
from workflow.statuses import ApproverType, LimitType

APPROVAL_TYPE = {
    ApproverType.SALESPERSON_PURCHASER: "Sales Pers./Purchaser",
    ApproverType.APPROVER: "Approver",
    ApproverType.USER_GROUP: "Workflow User Group",
}
# The text Business Central's mail has for each of our messages: (type, text key).
NOTIFICATION = {
    "approval_requested": ("approval", "requires_approval"),
    "request_delegated": ("approval", "requires_approval"),
    "request_canceled": ("approval", "canceled"),
    "request_rejected": ("approval", "rejected"),
    "approval_overdue": ("overdue", "pending_approval"),
}


def notifications_of(events, in_setup):
    """What was told to whom; a person without a setup row is told nothing, silently."""
    told = Counter()
    for event in events:
        times = Counter(event.tell)  # BC makes one notification for each open entry
        for message in messages_for(event):
            if message.recipient in in_setup:
                kind, text = NOTIFICATION.get(message.message, ("ours", message.message))
                told[(message.recipient, kind, text)] += times[message.recipient]
    return told


def expected_notifications(rows):
    return Counter((row["to"], row["type"], row["text"]) for row in rows)


def state_differences(world, reads, expected) -> list[str]:
    """Every difference between an expected state and ours, in words."""
    found = []
    for row in expected.get("documents") or ():
        found += document_differences(world, row)
    for number in expected.get("gone") or ():
        if world.document(number) is not None:
            found.append(f"{number} is still there")
    for row in expected.get("posted") or ():
        found += _posted_differences(world, reads, row)
    for name in ("live_entries", "live_comments"):
        if name in expected and getattr(reads, name)() != expected[name]:
            found.append(f"{name}: {getattr(reads, name)()} instead of {expected[name]}")
    return found


def _posted_differences(world, reads, row):
    counts = {
        archived.kind: (archived.entries, archived.comments)
        for archived in reads.archived(world.key(row["source"]))
    }
    gone = world.document(row["source"]) is None
    ours = counts.get(row["kind"], (0, 0) if gone else None)
    theirs = (row["entries"], row["comments"])
    return [] if ours == theirs else [f"{row['source']} {row['kind']}: {ours} instead of {theirs}"]


def document_differences(world, row) -> list[str]:
    document = world.document(row["no"])
    if document is None:
        return [f"{row['no']} does not exist"]
    with world.uow as uow:
        enabled = own_workflow_enabled(uow, document)
    ours = {
        "status": document.status.replace("_", " ").title(),
        "restricted": is_restricted(document, workflow_enabled=enabled),
        "runs": document.run_no,
    }
    found = [
        f"{row['no']} {name}: {ours[name]} instead of {row[name]}"
        for name in ours
        if name in row and ours[name] != row[name]
    ]
    if "entries" in row:
        found += _entry_differences(document, row)
    return found


def _entry_differences(document, row):
    entries = document.run.entries if document.run else []
    if not row["entries"]:
        return [] if document.run is None else [f"{row['no']} has a run"]
    ours = sorted((_entry(document.run, entry) for entry in entries), key=_order)
    theirs = sorted(row["entries"], key=_order)
    if len(ours) != len(theirs):
        return [f"{row['no']} has {len(ours)} entries instead of {len(theirs)}"]
    return [
        f"{row['no']} entry {theirs_one['seq']} {name}: {ours_one[name]} instead of {value}"
        for ours_one, theirs_one in zip(ours, theirs, strict=True)
        for name, value in theirs_one.items()
        if ours_one[name] != (str(value) if name == "due" else value)
    ]


def _order(entry):
    return entry["seq"], entry["approver"]


def _entry(run, entry):
    return {
        "seq": entry.sequence_no,
        "sender": run.requester,
        "approver": entry.approver,
        "status": entry.status.title(),
        "limit_type": "No Limits" if entry.limit_type is LimitType.NO_LIMITS else "Approval Limits",
        "approval_type": APPROVAL_TYPE[entry.approval_type],
        "due": entry.due_date.isoformat(),
        "amount": entry.amount,
        "amount_lcy": entry.amount_lcy,
    }
