"""The workflow's unit of work in memory: what a step changes is kept only when it commits."""

from copy import copy, deepcopy
from dataclasses import asdict, dataclass, field, fields, replace

from people import Setup
from workflow.errors import DocumentExists, DocumentNotFound, WorkflowNotFound
from workflow.options import CompanyOptions
from workflow.statuses import EntryStatus


@dataclass
class Contents:
    """Everything that is stored."""

    documents: dict = field(default_factory=dict)
    runs: dict = field(default_factory=dict)  # by document and number, the finished ones too
    comments: list = field(default_factory=list)
    archived: list = field(default_factory=list)
    events: list = field(default_factory=list)
    people: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    notifications: dict = field(default_factory=dict)  # how people are told, by user and type
    versions: dict = field(default_factory=dict)  # workflows by code and version
    deleted: set = field(default_factory=set)  # codes of workflows of which only versions are left
    enabled: set = field(default_factory=set)
    counterparties: dict = field(default_factory=dict)
    accounts: dict = field(default_factory=dict)
    keyless: set = field(default_factory=set)  # people whose API keys were revoked
    restricted_items: set = field(default_factory=set)
    numbers_given: int = 0
    company: CompanyOptions = field(default_factory=CompanyOptions)

    def copied(self):
        """The same again: nothing done to the one is seen in the other."""
        kept = {one.name: copy(getattr(self, one.name)) for one in fields(self)}
        entities = {name: deepcopy(kept[name]) for name in ("documents", "runs", "archived")}
        return Contents(**{**kept, **entities})  # all the others hold what cannot be changed


class MemoryUnitOfWork:
    """One block is one transaction; inner blocks belong to the outermost."""

    def __init__(self):
        self.stored = Contents()
        self.depth = 0

    def __enter__(self):
        if self.depth == 0:
            self.now = self.stored.copied()
            self.documents = MemoryDocuments(self.now)
            self.users = MemoryUsers(self.now)
            self.workflows = MemoryWorkflows(self.now)
            self.parties = MemoryParties(self.now)
            self.accounts = MemoryAccounts(self.now)
        self.depth += 1
        return self

    def __exit__(self, kind, error, traceback):
        self.depth -= 1

    def commit(self):
        if self.depth == 1:
            self.stored = self.now.copied()

    def lock_setup(self):
        """There is nobody else."""

    def company(self):
        return self.now.company

    def set_company(self, options):
        self.now.company = options

    def record(self, document, events):
        for event in events:
            document.event_count += 1
            self.now.events.append((document.key, document.event_count, event))

    def store(self, document, events):
        self.record(document, events)
        self.documents.save(document)

    def recorded(self, document, kind):
        of_document = [one for key, _, one in self.now.events if key == document.key]
        return [event for event in of_document if isinstance(event, kind)]

    def last_of_closed(self, key):
        of_document = [one for of, _, one in self.now.events if of == key]
        return of_document[-1] if of_document and key not in self.now.documents else None

    def record_closed(self, key, events):
        last = max(number for of, number, _ in self.now.events if of == key)
        self.now.events += [(key, last + n, event) for n, event in enumerate(events, 1)]

    def record_setup(self, events):
        self.now.events += [(None, 0, event) for event in events]

    def snapshot(self):
        """All of it as plain values that can be compared later."""
        plain = asdict(replace(self.stored, events=[]))
        return {**plain, "events": tuple(self.stored.events)}

    def document(self, key):
        return self.stored.documents[key]


class MemoryDocuments:
    def __init__(self, now):
        self.now = now

    def get(self, key):
        found = self.find(key)
        if found is None:
            raise DocumentNotFound(key)
        return found

    def find(self, key):
        return deepcopy(self.now.documents.get(key))

    def add(self, document):
        if document.key in self.now.documents:
            raise DocumentExists(document.key)
        self.save(document)

    def received_as(self, document):
        theirs = _theirs(document)
        return next(
            (key for key, one in self.now.documents.items() if _theirs(one) == theirs), None
        )

    def taken_in_as(self, document):
        archived = [one for one, _ in self.now.archived]
        return [one.key for one in archived if _theirs(one) == _theirs(document)]

    def is_closed(self, key):
        return any(one.key == key and "deleted" not in kinds for one, kinds in self.now.archived)

    def waiting_for(self, approver):
        return [
            one.key
            for one in self.now.documents.values()
            if one.pending_run
            and any(entry.approver == approver for entry in one.run.with_status(EntryStatus.OPEN))
        ]

    def former_editors(self, key):
        gone = [one.editors for one, _ in self.now.archived if one.key == key]
        return frozenset().union(*gone)

    def last_request(self, key):
        gone = [one.run_no for one, _ in self.now.archived if one.key == key]
        return max(gone, default=0)

    def next_number(self):
        self.now.numbers_given += 1
        return f"IN-{self.now.numbers_given}"

    def save(self, document):
        document.version += 1
        self.now.documents[document.key] = deepcopy(document)
        if document.run is not None:
            self.now.runs[document.key, document.run.run_no] = deepcopy(document.run)

    def comment(self, document, comment):
        self.now.comments.append((document.key, comment))

    def archive(self, document, kinds):
        self.save(document)
        self.now.archived.append((deepcopy(document), tuple(kinds)))
        del self.now.documents[document.key]
        for number in range(1, document.run_no + 1):
            self.now.runs.pop((document.key, number), None)

    def replace(self, old, new):
        self.add(new)
        del self.now.documents[old.key]
        for number in range(1, old.run_no + 1):
            run = self.now.runs.pop((old.key, number))
            self.now.runs.setdefault((new.key, number), run)
        moved = {old.key: new.key}
        self.now.comments = [(moved.get(key, key), said) for key, said in self.now.comments]


def _theirs(document):
    """The kind of a received document, and what its other party calls itself and the document."""
    party = document.counterparty_no, document.counterparty_name
    return document.key.area, document.key.document_type, *party, document.external_document_no


class MemoryUsers(Setup):
    def __init__(self, now):
        self.now = now
        self.people = now.people

    def all(self):
        return self.by_id()

    def save(self, user):
        self.people[user.user_id] = user

    def remove(self, user_id):
        del self.people[user_id]

    def groups(self):
        return sorted(self.now.groups)

    def group_members(self, group):
        return Setup(groups=self.now.groups).group_members(group)

    def set_group(self, group, members):
        self.now.groups[group] = list(members)
        if not members:
            del self.now.groups[group]

    def notification_setup(self):
        return list(self.now.notifications.values())

    def set_notification_setup(self, row):
        self.now.notifications[row.user, row.type] = row

    def remove_notification_setup(self, user, kind):
        self.now.notifications.pop((user, kind), None)


class MemoryWorkflows:
    def __init__(self, now):
        self.now = now

    def enabled(self, area, document_type):
        found = [self.latest(code) for code in sorted(self.now.enabled)]
        return [one for one in found if (one.area, one.document_type) == (area, document_type)]

    def version(self, code, version):
        if (code, version) not in self.now.versions:
            raise WorkflowNotFound(code)
        return self.now.versions[code, version]

    def latest(self, code):
        if code in self.now.deleted or not self.last_version(code):
            return None
        return self.now.versions[code, self.last_version(code)]

    def all(self):
        codes = {code for code, _ in self.now.versions} - self.now.deleted
        return [self.latest(code) for code in sorted(codes)]

    def is_enabled(self, code):
        return code in self.now.enabled

    def enable(self, code, *, enabled):
        self.now.enabled = self.now.enabled | {code} if enabled else self.now.enabled - {code}

    def last_version(self, code):
        numbers = [version for known, version in self.now.versions if known == code]
        return max(numbers, default=0)

    def add_version(self, definition):
        self.now.versions[definition.code, definition.version] = definition
        self.now.deleted.discard(definition.code)

    def has_runs(self, code):
        return any(run.workflow_code == code for run in self.now.runs.values())

    def remove(self, code):
        self.now.deleted.add(code)
        self.now.enabled.discard(code)


class MemoryAccounts:
    def __init__(self, now):
        self.now = now

    def find(self, user_id):
        return self.now.accounts.get(user_id)

    def remove(self, user_id):
        del self.now.accounts[user_id]

    def revoke_keys_of(self, user_id, _at):
        self.now.keyless.add(user_id)


class MemoryParties:
    def __init__(self, now):
        self.now = now

    def counterparty(self, area, number):
        return self.now.counterparties.get((area, number))

    def counterparties(self):
        return [self.now.counterparties[key] for key in sorted(self.now.counterparties)]

    def save_counterparty(self, counterparty):
        self.now.counterparties[counterparty.area, counterparty.number] = counterparty

    def restricted_items(self, numbers):
        return sorted(set(numbers) & self.now.restricted_items)

    def restrict_item(self, number, *, restricted):
        items = self.now.restricted_items
        self.now.restricted_items = items | {number} if restricted else items - {number}


def office(*workflows, people=(), documents=(), groups=None, company=None):
    """A company with these people, enabled workflows and documents."""
    uow = MemoryUnitOfWork()
    stored = uow.stored
    stored.people = {user.user_id: user for user in people}
    stored.groups = dict(groups or {})
    stored.versions = {(one.code, one.version): one for one in workflows}
    stored.enabled = {one.code for one in workflows}
    stored.documents = {one.key: one for one in documents}
    stored.company = company or CompanyOptions()
    return uow
