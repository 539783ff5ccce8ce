"""User ids and codes are what one can see, and type again."""

import pytest

from people import actor, workflow
from workflow.currencies import currency_code
from workflow.errors import BadValue
from workflow.identifiers import LONGEST, check_identifier
from workflow.interchange.errors import ImportRefused
from workflow.interchange.records import ImportedUser
from workflow.service import importing, setting_up

EVA = actor("EVA")
BAD = [
    ("", "is empty"),
    (" ", "begins or ends with a blank"),
    (" BOB", "begins or ends with a blank"),
    ("BOB\N{NO-BREAK SPACE}", "begins or ends with a blank"),
    ("BO\nB", "cannot be seen"),
    ("BO\0B", "cannot be seen"),
    ("BO\N{ZERO WIDTH SPACE}B", "cannot be seen"),
    ("\N{RIGHT-TO-LEFT OVERRIDE}BOB", "cannot be seen"),
    ("\udcff", "cannot be seen"),
    ("B" * (LONGEST + 1), "is longer than 50 characters"),
]


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_what_cannot_be_seen_or_typed_is_refused(text, reason):
    with pytest.raises(BadValue, match=f"user_id: .* {reason}"):
        check_identifier("user_id", text)


@pytest.mark.parametrize("text", ["BOB", "Zoë", "CONTOSO\\BOB", "Bob Ray", "李雷", "B" * LONGEST])
def test_what_can_be_seen_is_accepted(text):
    check_identifier("user_id", text)


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_nothing_is_set_up_under_such_a_name(uow, text, reason):
    with pytest.raises(BadValue, match=reason):
        setting_up.set_user(uow, text, {}, EVA)
    with pytest.raises(BadValue, match=reason):
        setting_up.set_group(uow, text, [("BOB", 1)], EVA)
    with pytest.raises(BadValue, match=reason):
        setting_up.save_workflow(uow, workflow(code=text), EVA)


def test_an_imported_user_is_refused_with_file_and_row(uow):
    user = ImportedUser(user_id="BO\N{ZERO WIDTH SPACE}B", fields={}, row=3, source="users.csv")

    with pytest.raises(ImportRefused, match=r"users\.csv, row 3: .* cannot be seen"):
        importing.import_users(uow, [user], EVA)


@pytest.mark.parametrize(
    "text", ["XYZ123", "eur", "EU", "\N{CYRILLIC CAPITAL LETTER IE}UR", "EUR\n", None, 978]
)
def test_a_currency_code_is_three_capital_letters(text):
    with pytest.raises(BadValue, match=r"currency: .* \(three capitals"):
        currency_code(text)


@pytest.mark.parametrize("text", ["EUR", "XTS", ""])
def test_no_currency_code_is_the_local_currency(text):
    assert currency_code(text) == text
