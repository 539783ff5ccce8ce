"""Workflows as the pages show them: as a sentence, as a form, and version against version."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, get_type_hints

from notifications.readers import Reader
from notifications.sentences import kind_of
from notifications.workflow_words import CHOICES, WORKFLOW_WORDS
from web.fields import FieldView
from web.user_form import numbers_of
from workflow.definitions import Conditions, WorkflowDefinition, WorkflowKind
from workflow.documents import DocumentKey
from workflow.interchange.workflow_settings import settings_of, typed_settings
from workflow.options import WorkflowOptions
from workflow.statuses import ApproverLimitType, ApproverType, Area, DocumentType

HINTS: Final = {
    **get_type_hints(WorkflowDefinition),
    **get_type_hints(Conditions),
    **get_type_hints(WorkflowOptions),
}
PEOPLE: Final = ("specific_approver", "response_user")
NAMED: Final = (  # conditions that are shown with their captions
    "currency",
    "counterparty_no",
    "salesperson_purchaser_code",
    "line_type",
    "item_no",
)


@dataclass(frozen=True, kw_only=True)
class DifferenceView:
    caption: str
    before: str
    after: str


# --- the sentence --------------------------------------------------------------------------


def sentence(workflow: WorkflowDefinition, reader: Reader) -> str:
    """Which documents go to whom: "Purchase order from €5,000.00: the approver chain …"."""
    what = kind_of(DocumentKey(workflow.area, workflow.document_type, ""), reader)
    parts = [what[:1].upper() + what[1:], *_conditions(workflow, reader)]
    return f"{', '.join(parts)}: {_who(workflow, reader)}."


def _conditions(workflow: WorkflowDefinition, reader: Reader) -> list[str]:
    wanted, money = workflow.conditions, reader.formats.money
    found = []
    if wanted.min_amount is not None:
        amount = money(wanted.min_amount, wanted.currency or "")
        found.append(reader.gettext("from {amount}").format(amount=amount))
    if wanted.max_amount is not None:
        amount = money(wanted.max_amount, wanted.currency or "")
        found.append(reader.gettext("up to {amount}").format(amount=amount))
    found += [
        f"{reader.gettext(WORKFLOW_WORDS[name].caption)} {value}"
        for name in NAMED
        if (value := getattr(wanted, name))
    ]
    if workflow.credit_limit_check:
        found.append(reader.gettext("only over the credit limit"))
    return found


def _who(workflow: WorkflowDefinition, reader: Reader) -> str:
    if workflow.kind is WorkflowKind.EXTERNAL:
        return reader.gettext("an external flow answers")
    if workflow.approver_type is ApproverType.USER_GROUP:
        return reader.gettext("the group {group}").format(group=workflow.group or "?")
    if workflow.limit_type is ApproverLimitType.SPECIFIC:
        named = reader.name_of(workflow.specific_approver) or "?"
        return reader.gettext("{person}, whatever the amount").format(person=named)
    by_code = workflow.approver_type is ApproverType.SALESPERSON_PURCHASER
    requesters = {
        ApproverLimitType.CHAIN: reader.gettext(
            "the requester's approver chain, up to a sufficient limit"
        ),
        ApproverLimitType.DIRECT: reader.gettext("the requester's approver, whatever the amount"),
        ApproverLimitType.FIRST_QUALIFIED: reader.gettext(
            "the first in the requester's approver chain with a sufficient limit"
        ),
    }
    salespeoples = {
        ApproverLimitType.CHAIN: reader.gettext(
            "the salesperson or purchaser and his approver chain, up to a sufficient limit"
        ),
        ApproverLimitType.DIRECT: reader.gettext(
            "the salesperson or purchaser, whatever the amount"
        ),
        ApproverLimitType.FIRST_QUALIFIED: reader.gettext(
            "the first from the salesperson or purchaser upwards with a sufficient limit"
        ),
    }
    return (salespeoples if by_code else requesters)[workflow.limit_type]


# --- the form ------------------------------------------------------------------------------


def workflow_fields(  # noqa: PLR0913 - what a form shows
    typed: Mapping[str, str],
    reader: Reader,
    *,
    people: list[str],
    groups: list[str],
    wrong: Mapping[str, str],
    readonly: bool,
) -> list[FieldView]:
    suggestions = {**dict.fromkeys(PEOPLE, people), "group": groups}
    return [
        FieldView(
            name=name,
            caption=reader.gettext(words.caption),
            description=reader.gettext(words.about),
            value=typed.get(name, ""),
            kind=kind_of_field(name),
            choices=_choices(name, typed.get("area", ""), reader),
            suggestions=suggestions.get(name, ()),
            error=wrong.get(name, ""),
            readonly=readonly,
        )
        for name, words in WORKFLOW_WORDS.items()
    ]


def typed_workflow(workflow: WorkflowDefinition, reader: Reader) -> dict[str, str]:
    return typed_settings(workflow, numbers_of(reader))


def kind_of_field(name: str) -> str:
    hint = HINTS[name]
    if hint is bool:
        return "checkbox"
    return "select" if isinstance(hint, type) and issubclass(hint, StrEnum) else "text"


def _choices(name: str, area: str, reader: Reader) -> list[tuple[str, str]]:
    if kind_of_field(name) != "select":
        return []
    return [(value.value, choice_text(value, reader, area)) for value in HINTS[name]]


def choice_text(value: StrEnum, reader: Reader, area: str = Area.PURCHASE) -> str:
    if isinstance(value, DocumentType):
        side = Area.SALES if area == Area.SALES else Area.PURCHASE
        return kind_of(DocumentKey(side, value, ""), reader)
    return reader.gettext(CHOICES[value.value])


# --- versions ------------------------------------------------------------------------------


def differences(
    before: WorkflowDefinition, after: WorkflowDefinition, reader: Reader
) -> list[DifferenceView]:
    old, new = settings_of(before), settings_of(replace(after, code=before.code))
    return [
        DifferenceView(
            caption=reader.gettext(WORKFLOW_WORDS[name].caption),
            before=_shown(old[name], before.area, reader),
            after=_shown(new[name], after.area, reader),
        )
        for name in new
        if old[name] != new[name]
    ]


def _shown(value: object, area: Area, reader: Reader) -> str:
    if isinstance(value, bool):
        return reader.gettext("Yes") if value else reader.gettext("No")
    if isinstance(value, StrEnum):
        return choice_text(value, reader, area)
    return "-" if value in {None, ""} else str(value)
