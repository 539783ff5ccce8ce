"""The workflow's unit of work in memory: what a step changes is kept only when it commits."""

from copy import copy, deepcopy
from dataclasses import asdict, dataclass, field, fields, replace

from people import Setup
from workflow.errors import DocumentExists, DocumentNotFound, WorkflowNotFound
from workflow.options import CompanyOptions


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
    versions: dict = field(default_factory=dict)  # workflows by code and version
    enabled: set = field(default_factory=set)
    counterparties: dict = field(default_factory=dict)
    restricted_items: set = field(default_factory=set)
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
        self.depth += 1
        return self

    def __exit__(self, kind, error, traceback):
        self.depth -= 1

    def commit(self):
        if self.depth == 1:
            self.stored = self.now.copied()

    def company(self):
        return self.now.company

    def set_company(self, options):
        self.now.company = options

    def record(self, document, events):
        for event in events:
            document.event_count += 1
            self.now.events.append((document.key, document.event_count, event))

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


class MemoryUsers(Setup):
    def __init__(self, now):
        self.people = now.people
        self.groups_by_code = self.groups = now.groups

    def all(self):
        return self.by_id()

    def save(self, user):
        self.people[user.user_id] = user

    def remove(self, user_id):
        del self.people[user_id]

    def set_group(self, group, members):
        self.groups_by_code[group] = list(members)


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
        numbers = [version for known, version in self.now.versions if known == code]
        return self.now.versions[code, max(numbers)] if numbers else None

    def all(self):
        return [self.latest(code) for code in sorted({code for code, _ in self.now.versions})]

    def is_enabled(self, code):
        return code in self.now.enabled

    def enable(self, code, *, enabled):
        self.now.enabled = self.now.enabled | {code} if enabled else self.now.enabled - {code}

    def add_version(self, definition):
        self.now.versions[definition.code, definition.version] = definition

    def has_runs(self, code):
        runs = [document.pending_run for document in self.now.documents.values()]
        return any(run is not None and run.workflow_code == code for run in runs)

    def remove(self, code):
        kept = {key: value for key, value in self.now.versions.items() if key[0] != code}
        self.now.versions = kept


class MemoryParties:
    def __init__(self, now):
        self.now = now

    def counterparty(self, area, number):
        return self.now.counterparties.get((area, number))

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
