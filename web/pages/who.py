"""Who would approve this? A made-up document, planned as sending would plan it; nothing is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from notifications.formatting import one_line
from notifications.readers import Reader
from notifications.sentences import kind_of
from web.captions import why_planned
from web.fields import FieldView
from web.refusals import UNPROCESSABLE, refusal_view, status_of
from web.rendering import page
from web.user_form import numbers_of
from web.user_views import limit_text
from web.visits import SeesSetup, Visit
from web.workflow_views import sentence
from workflow.approval_users import ApprovalUser
from workflow.approvers import ApproverPlan
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.errors import UserNotFound, WorkflowError
from workflow.identifiers import same_identifier
from workflow.interchange.errors import NotReadable
from workflow.interchange.local_amounts import currency_code
from workflow.interchange.numbers import EXAMPLE_TEXTS
from workflow.interchange.typed import Reader as Understand
from workflow.interchange.typed import amount, read_each
from workflow.phrases import phrase as _
from workflow.service.requesting import WhoWouldApprove, who_would_approve_such
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType, Reason

router = APIRouter()
NUMBER: Final = "?"
NAMES: Final = (
    *("requester", "kind", "amount", "amount_including_vat", "currency", "amount_lcy"),
    *("code", "counterparty", "item"),
)


@dataclass(frozen=True, kw_only=True)
class AskedView:
    """One person of the plan."""

    step: int
    person: str
    why: str
    decides: bool  # else it is only his own entry


@dataclass(frozen=True, kw_only=True)
class PassedView:
    """Somebody who is not asked, and why not."""

    person: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    document: str
    workflow: str
    sentence: str
    asked: list[AskedView]
    passed: list[PassedView]


@router.get("/setup/who")
def who(visit: SeesSetup) -> Response:
    """The fields stand in the address: an answer can be sent to a colleague."""
    typed = {name: _typed(visit, name) for name in NAMES}
    if not typed["requester"]:
        return _page(visit, typed, {})
    values, wrong = read_each(typed, _readers(visit.reader))
    needed = ["amount", "amount_lcy"] if typed["currency"] else ["amount"]
    wrong |= {name: "is missing" for name in needed if not typed[name]}
    if wrong:
        wrong = {name: _hint(name, visit.reader) for name in wrong}
        return _page(visit, typed, wrong, status=UNPROCESSABLE)
    try:
        answer = _answer(visit, typed, values)
    except WorkflowError as error:
        return _page(visit, typed, {}, refused=error, status=status_of(error))
    return _page(visit, typed, {}, answer=answer)


def _typed(visit: Visit, name: str) -> str:
    return visit.request.query_params.get(name, "").replace("\0", "").strip()


def _answer(visit: Visit, typed: Mapping[str, str], values: Mapping[str, object]) -> AnswerView:
    with visit.services.reading() as uow:
        people = uow.users.all()
        requester = same_identifier([one.user_id for one in people], typed["requester"])
        if requester is None:
            raise UserNotFound(typed["requester"])
        document = _document(typed, values)
        actor = visit.services.actor(requester)
        answer = who_would_approve_such(uow, document, actor)
    return _answer_view(answer, document, people, visit.reader)


def _document(typed: Mapping[str, str], values: Mapping[str, object]) -> Document:
    """Such a document, of one line."""
    area, _, document_type = typed["kind"].partition("/")
    excluding, including = _amounts(values, "amount", "amount_including_vat")
    local, _ = _amounts(values, "amount_lcy" if typed["currency"] else "amount", "amount")
    rate = local / excluding if excluding else Decimal(1)
    return Document(
        key=DocumentKey(Area(area), DocumentType(document_type), NUMBER),
        amount=excluding,
        amount_including_vat=including,
        amount_lcy=local,
        amount_including_vat_lcy=round(including * rate, 4),
        currency=typed["currency"].upper(),
        salesperson_purchaser_code=typed["code"],
        counterparty_no=typed["counterparty"],
        lines=(DocumentLine(line_no=10000, item_no=typed["item"], amount=excluding),),
    )


def _amounts(values: Mapping[str, object], name: str, other: str) -> tuple[Decimal, Decimal]:
    """Each stands for the other where only one is given."""
    found = [value for value in (values.get(name), values.get(other)) if value is not None]
    amounts = [value for value in found if isinstance(value, Decimal)]
    return amounts[0], amounts[-1]


# --- the answer ----------------------------------------------------------------------------


def _answer_view(
    answer: WhoWouldApprove, document: Document, people: list[ApprovalUser], reader: Reader
) -> AnswerView:
    own = {Reason.REQUESTER, Reason.CREDIT_LIMIT}
    kind = kind_of(document.key, reader)
    money = reader.formats.money(document.amount, document.currency)
    return AnswerView(
        document=f"{kind[:1].upper()}{kind[1:]}, {money}",
        workflow=answer.workflow.code,
        sentence=sentence(answer.workflow, reader),
        asked=[
            AskedView(
                step=one.sequence_no,
                person=_person(one.user, reader),
                why=why_planned(one.reason, one.limit, reader),
                decides=one.reason not in own,
            )
            for one in answer.plan.approvers
        ],
        passed=_skipped(answer.plan, reader)
        + _passed_over(answer, document, {one.user_id: one for one in people}, reader),
    )


def _skipped(plan: ApproverPlan, reader: Reader) -> list[PassedView]:
    reasons = {
        "requester": reader.gettext("asks for it himself"),
        "editor": reader.gettext("edited the document"),
        "asked already": reader.gettext("is asked in another step"),
    }
    return [
        PassedView(person=_person(one.user, reader), why=reasons[one.why]) for one in plan.skipped
    ]


def _passed_over(
    answer: WhoWouldApprove, document: Document, people: dict[str, ApprovalUser], reader: Reader
) -> list[PassedView]:
    """Who stands between the start and the first with a sufficient limit."""
    workflow, plan = answer.workflow, answer.plan
    if workflow.limit_type is not ApproverLimitType.FIRST_QUALIFIED:
        return []
    named = {one.user for one in plan.approvers} | {one.user for one in plan.skipped}
    current = _start(answer, workflow, document, people)
    met: list[ApprovalUser] = []
    while current is not None and current not in met:
        met.append(current)
        current = people.get(current.approver)
    below: list[ApprovalUser] = []
    for one in met:
        if any(one.user_id == asked.user != answer.requester for asked in plan.approvers):
            break
        below.append(one)
    return [
        PassedView(
            person=_person(one.user_id, reader),
            why=reader.gettext("limit {amount}, which is not enough").format(amount=limit),
        )
        for one in below
        if one.user_id not in named
        and (limit := limit_text(_limit(one, document), reader)) is not None
    ]


def _start(
    answer: WhoWouldApprove,
    workflow: WorkflowDefinition,
    document: Document,
    people: dict[str, ApprovalUser],
) -> ApprovalUser | None:
    if workflow.approver_type is ApproverType.APPROVER:
        return people.get(answer.requester)
    code = document.salesperson_purchaser_code
    owners = (one for one in people.values() if one.salesperson_purchaser_code == code)
    return next(owners, None)


def _limit(user: ApprovalUser, document: Document) -> Decimal | None:
    return user.limit_for(document.key.area, document.key.document_type)


def _person(user_id: str, reader: Reader) -> str:
    name = reader.name_of(user_id)
    return user_id if name == user_id else f"{name} ({user_id})"


# --- the form ------------------------------------------------------------------------------


def _readers(reader: Reader) -> dict[str, Understand]:
    def money(text: str) -> Decimal | None:
        return amount(text, numbers_of(reader)) if text else None

    def currency(text: str) -> str:
        return currency_code(text.upper()) if text else ""

    amounts = dict.fromkeys(("amount", "amount_including_vat", "amount_lcy"), money)
    return {**amounts, "currency": currency, "kind": _kind}


def _kind(text: str) -> str:
    if text not in _KINDS:
        raise NotReadable(_("is no kind of document"))
    return text


_KINDS: Final = [f"{area}/{kind}" for area in Area for kind in DocumentType]


def _hint(name: str, reader: Reader) -> str:
    if name == "currency":
        return reader.gettext("Write a currency code like USD; empty: the local currency.")
    if name == "kind":
        return reader.gettext("Choose one of the values.")
    example = EXAMPLE_TEXTS[numbers_of(reader)]
    return reader.gettext("Write an amount like {example}.").format(example=example)


def _page(  # noqa: PLR0913 - what the page shows
    visit: Visit,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    status: int = 200,
    answer: AnswerView | None = None,
    refused: WorkflowError | None = None,
) -> Response:
    gettext = visit.reader.gettext
    people = [one.user_id for one in visit.services.people.all()]
    captions = {
        "requester": gettext("Requester"),
        "kind": gettext("Document Type"),
        "amount": gettext("Amount excl. VAT"),
        "amount_including_vat": gettext("Amount incl. VAT; empty: the same"),
        "currency": gettext("Currency Code"),
        "amount_lcy": gettext("Amount excl. VAT in local currency"),
        "code": gettext("Salesperson/Purchaser Code"),
        "counterparty": gettext("Vendor or Customer No."),
        "item": gettext("Item No."),
    }
    kinds = [
        (f"{area}/{kind}", kind_of(DocumentKey(area, kind, ""), visit.reader))
        for area in Area
        for kind in DocumentType
    ]
    fields = [
        FieldView(
            name=name,
            caption=caption,
            value=one_line(typed.get(name, "")) or ("purchase/order" if name == "kind" else ""),
            kind="select" if name == "kind" else "text",
            choices=kinds if name == "kind" else (),
            suggestions=people if name == "requester" else (),
            error=wrong.get(name, ""),
        )
        for name, caption in captions.items()
    ]
    refusal = refusal_view(refused, visit.reader.language) if refused else None
    return page(visit, "who.html", status, fields=fields, answer=answer, refusal=refusal)
