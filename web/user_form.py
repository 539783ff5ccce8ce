"""One approval user as a form: fields as typed, and beside each what is wrong with it."""

from collections.abc import Mapping
from typing import Final

from babel.numbers import get_decimal_symbol

from notifications.readers import Reader
from notifications.translations import LANGUAGES
from notifications.user_words import USER_WORDS
from web.fields import FieldView
from web.refusals import refusal_view
from workflow.approval_users import FIELDS, UNLIMITED_FIELDS, LimitField
from workflow.errors import (
    BadValue,
    LimitAndUnlimited,
    PhoneWithLetters,
    SalespersonPurchaserCodeTaken,
    SelfApprover,
    SelfSubstitute,
    UserExists,
    WorkflowError,
)
from workflow.interchange.numbers import EXAMPLE_TEXTS, NumberFormat

KINDS: Final[Mapping[str, str]] = {
    "email": "email",
    "substitute_from": "date",
    "substitute_to": "date",
    "administrator": "checkbox",
    "language": "select",
    **dict.fromkeys(UNLIMITED_FIELDS, "checkbox"),
}
PEOPLE: Final = ("approver", "substitute")
COPIED: Final = ("user_id", "email")
_MARKS: Final = {field.value: mark for mark, field in UNLIMITED_FIELDS.items()}
ORDER: Final = [  # a limit and its mark stand together
    name for field in FIELDS for name in (field, _MARKS.get(field, "")) if name
]
PLACES: Final[Mapping[type[WorkflowError], str]] = {  # the field a refusal is about
    SelfApprover: "approver",
    SelfSubstitute: "substitute",
    PhoneWithLetters: "phone",
    SalespersonPurchaserCodeTaken: "salesperson_purchaser_code",
    UserExists: "user_id",
}


def numbers_of(reader: Reader) -> NumberFormat:
    """How the reader writes numbers."""
    comma = get_decimal_symbol(reader.formats.locale) == ","
    return NumberFormat.COMMA if comma else NumberFormat.POINT


def user_fields(
    typed: Mapping[str, str],
    reader: Reader,
    people: list[str],
    wrong: Mapping[str, str],
    *,
    readonly: bool = False,
) -> list[FieldView]:
    return [
        FieldView(
            name=name,
            caption=reader.gettext(USER_WORDS[name].caption),
            description=reader.gettext(USER_WORDS[name].about),
            value=typed.get(name, ""),
            kind=KINDS.get(name, "text"),
            choices=_languages(typed.get(name, ""), reader) if name == "language" else (),
            suggestions=people if name in PEOPLE else (),
            error=wrong.get(name, ""),
            copies=name in COPIED,
            readonly=readonly,
        )
        for name in ORDER
    ]


def new_user_field(typed: str, reader: Reader, error: str = "") -> FieldView:
    """The user id, which only a new user's form asks for."""
    words = USER_WORDS["user_id"]
    return FieldView(
        name="user_id",
        caption=reader.gettext(words.caption),
        description=reader.gettext(words.about),
        value=typed,
        error=error,
    )


def wrong_words(wrong: Mapping[str, str], reader: Reader) -> dict[str, str]:
    """What to write instead, in the reader's language."""
    return {name: _hint(name, reader) for name in wrong}


def _hint(name: str, reader: Reader) -> str:
    if name in set(LimitField):
        return reader.gettext("Write an amount like {example}, or unlimited.").format(
            example=EXAMPLE_TEXTS[numbers_of(reader)]
        )
    if KINDS.get(name) == "date":
        return reader.gettext("Write a date like 2026-12-31.")
    if KINDS.get(name) == "checkbox":
        return reader.gettext("Write yes or no.")
    return reader.gettext("Remove the characters that cannot be seen.")


def place_of(error: WorkflowError) -> str:
    """The field a refusal is about; empty where it is about none."""
    if isinstance(error, BadValue | LimitAndUnlimited):
        return str(error.parts[0])
    return PLACES.get(type(error), "")


def beside(error: WorkflowError, reader: Reader) -> dict[str, str]:
    """The refusal beside its field, if it has one."""
    place = place_of(error)
    return {place: refusal_view(error, reader.language).message} if place in USER_WORDS else {}


def _languages(value: str, reader: Reader) -> list[tuple[str, str]]:
    names = {"": reader.gettext("The company's"), "en": "English", "nl": "Nederlands"}
    known = ["", *LANGUAGES, *({value} - {"", *LANGUAGES})]
    return [(one, names.get(one, one)) for one in known]
