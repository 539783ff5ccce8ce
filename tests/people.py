"""The cast and their papers: Ann asks, Bob may approve to 1,000, Cid anything, Dee stands in."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from workflow import decisions, delegation, requests
from workflow.actors import Actor
from workflow.approval_users import ApprovalUser
from workflow.cases import Case
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.options import PRODUCT, WorkflowOptions
from workflow.statuses import Area, DocumentType

MONDAY = date(2026, 3, 2)


def person(user_id, limit=0, **fields):
    """Somebody with the same limit for everything; None = unlimited."""
    amount = None if limit is None else Decimal(limit)
    fields = {"full_name": user_id.title(), "email": f"{user_id.lower()}@example.com", **fields}
    limits = dict.fromkeys(("sales_limit", "purchase_limit", "request_limit"), amount)
    return ApprovalUser(user_id=user_id, **{**limits, **fields})


ANN = person("ANN", approver="BOB")
BOB = person("BOB", 1000, approver="CID", substitute="DEE", salesperson_purchaser_code="B")
CID = person("CID", None)
DEE = person("DEE", approver="CID")
EVA = person("EVA", administrator=True)
FINN = person("FINN", administrator=True)
CAST = (ANN, BOB, CID, DEE, EVA, FINN)


class Setup:
    """The approval user setup in a dictionary."""

    def __init__(self, *people, groups=None):
        self.people = {user.user_id: user for user in people}
        self.groups = groups or {}

    def user(self, user_id):
        return self.people.get(user_id)

    def user_with_code(self, code):
        found = (user for user in self.by_id() if code and user.salesperson_purchaser_code == code)
        return next(found, None)

    def administrators(self):
        return [user for user in self.by_id() if user.administrator]

    def group_members(self, group):
        return sorted(self.groups.get(group, []), key=lambda member: member[::-1])

    def by_id(self):
        return [self.people[user_id] for user_id in sorted(self.people)]

    def change(self, user_id, **fields):
        self.people[user_id] = replace(self.people[user_id], **fields)


def cast(**changes):
    """The cast with other fields for some: ``cast(ann={"approver": ""})``."""
    people = [replace(user, **changes.get(user.user_id.lower(), {})) for user in CAST]
    return Setup(*people)


def order(amount=500, number="PO-1", **overrides):
    """A purchase order of one line, in local currency, without VAT."""
    amount = Decimal(amount)
    area = overrides.pop("area", Area.PURCHASE)
    document_type = overrides.pop("document_type", DocumentType.ORDER)
    fields = {
        "key": DocumentKey(area, document_type, number),
        "amount": amount,
        "amount_including_vat": amount,
        "amount_lcy": amount,
        "amount_including_vat_lcy": amount,
        "counterparty_no": "V-10",
        "lines": (DocumentLine(line_no=10000, item_no="CHAIR", unit_price=amount, amount=amount),),
    }
    return Document(**{**fields, **overrides})


def workflow(**overrides):
    """The requester's approver chain for purchase orders; options may be given by name."""
    names = WorkflowOptions.__dataclass_fields__.keys() & overrides.keys()
    choices = {name: type(getattr(PRODUCT, name))(overrides.pop(name)) for name in names}
    options = replace(overrides.pop("options", PRODUCT), **choices)
    fields = {"code": "PO", "area": Area.PURCHASE, "document_type": DocumentType.ORDER}
    return WorkflowDefinition(**{**fields, "options": options, **overrides})


def actor(user="ANN", day=MONDAY, hour=9, *, background=False):
    at = datetime.combine(day, time(hour), UTC)
    return Actor(user=user, at=at, today=day, background=background)


def case(document, definition, user="ANN", setup=None, **more):
    return Case(
        document=document,
        workflow=definition,
        actor=actor(user),
        setup=setup or Setup(*CAST),
        **more,
    )


class Story:
    """One document on its way through one workflow, told by who does what."""

    def __init__(self, document=None, setup=None, counterparty=None, **options):
        self.document = document or order()
        self.workflow = workflow(
            area=self.document.key.area, document_type=self.document.key.document_type, **options
        )
        self.setup = setup or Setup(*CAST)
        self.counterparty = counterparty
        self.today = MONDAY

    def by(self, user, *, background=False):
        return Case(
            document=self.document,
            workflow=self.workflow,
            actor=actor(user, self.today, background=background),
            setup=self.setup,
            counterparty=self.counterparty,
        )

    def send(self, user="ANN"):
        return requests.send_approval_request(self.by(user))

    def cancel(self, user="ANN"):
        return requests.cancel_approval_request(self.by(user))

    def approve(self, user, **more):
        return decisions.approve(self.by(user), **more)

    def reject(self, user, comment="too dear", **more):
        return decisions.reject(self.by(user), comment=comment, **more)

    def delegate(self, user, **more):
        return delegation.delegate(self.by(user), **more)

    def run_delegation(self):
        """What the daily run does to the entries of this document."""
        case = self.by("SYSTEM", background=True)
        ripe = [e for e in case.run.entries if delegation.is_due_for_delegation(e, case.actor)]
        return [e for entry in ripe for e in delegation.delegate_automatically(case, entry)]

    @property
    def entries(self):
        """Sequence number, approver and status of every entry."""
        run = self.document.run
        return [(e.sequence_no, e.approver, str(e.status)) for e in run.entries]

    @property
    def asked(self):
        return [e.approver for e in self.document.run.entries if e.is_open]


def only(kind, events):
    """The one event of that kind."""
    (found,) = [event for event in events if isinstance(event, kind)]
    return found
