"""The approval user setup on the pages: everybody, the chains, one person."""

from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest

from notifications.readers import Company, Reader
from notifications.user_words import USER_WORDS
from tests.people import ANN, BOB, CID, Setup, person
from tests.web.forms import form_of, save
from web.refusals import status_of
from web.user_form import ORDER
from web.user_views import branches, tree_lines
from workflow.approval_users import FIELDS, UNLIMITED_FIELDS, LimitField
from workflow.errors import UserExists
from workflow.user_accounts import Role

BOBS = "/setup/users/edit/BOB"


@pytest.fixture
def stored(company):
    return company.directory.user


def test_every_field_has_a_caption_and_says_what_it_is_for():
    assert set(USER_WORDS) == {"user_id", *FIELDS, *UNLIMITED_FIELDS}
    assert set(ORDER) == {*FIELDS, *UNLIMITED_FIELDS}
    assert all(words.caption and words.about.endswith(".") for words in USER_WORDS.values())


def test_the_table_shows_limits_and_warnings_beside_the_person(browser, company):
    with company.uow() as uow:
        uow.users.save(replace(ANN, approver="ZED"))
        uow.commit()
    html = unescape(browser("EVA").open("/setup/users").text)
    assert "ANN has ZED as approver, who is not in the setup" in html
    assert "€1,000.00" in html
    assert "Unlimited" in html
    only_wrong = browser("EVA").open("/setup/users?wrong=1").text
    assert "/setup/users/edit/ANN" in only_wrong
    assert "/setup/users/edit/CID" not in only_wrong


def test_only_who_sees_the_setup_sees_the_people(browser):
    assert browser("ANN").open("/setup/users").status_code == 403
    assert browser("ANN").open(BOBS).status_code == 403


def test_an_auditor_sees_but_does_not_change(browser, company, stored):
    account = company.user_accounts.find("ANN")
    company.user_accounts.save(replace(account, roles=frozenset({Role.AUDITOR})))
    ann = browser("ANN")
    assert ann.open(BOBS).status_code == 200
    assert save(ann, BOBS, purchase_limit="9999").status_code == 403
    assert stored("BOB") == BOB


def test_saving_what_is_shown_changes_nothing(browser, company, stored):
    eva = browser("EVA")
    for user in ("ANN", "BOB", "CID", "EVA"):
        before = stored(user)
        assert save(eva, f"/setup/users/edit/{user}").status_code == 303
        assert stored(user) == before


def test_an_administrator_changes_a_limit_and_names_people_in_any_case(browser, stored):
    answer = save(browser("EVA"), BOBS, purchase_limit="2500.50", approver="eva")
    assert answer.status_code == 303
    assert stored("BOB").purchase_limit == Decimal("2500.50")
    assert stored("BOB").approver == "EVA"


def test_unlimited_is_a_mark_of_its_own(browser, stored):
    eva = browser("EVA")
    refused = save(eva, BOBS, unlimited_purchase="yes")
    assert refused.status_code == 422
    assert "You cannot have both" in refused.text
    save(eva, BOBS, unlimited_purchase="yes", purchase_limit="")
    assert stored("BOB").purchase_limit is None
    save(eva, BOBS, unlimited_purchase="no", purchase_limit="700")
    assert stored("BOB").purchase_limit == 700


def test_a_limit_is_written_as_the_reader_writes_numbers(browser, company, stored):
    with company.uow() as uow:
        uow.users.save(person("EVA", administrator=True, language="nl"))
        uow.commit()
    eva = browser("EVA")
    refused = save(eva, BOBS, purchase_limit="1234.56")
    assert refused.status_code == 422
    assert "1234,56" in refused.text
    assert 'value="1234.56"' in refused.text, "what was typed is kept"
    assert stored("BOB") == BOB
    save(eva, BOBS, purchase_limit="1234,56")
    assert stored("BOB").purchase_limit == Decimal("1234.56")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("approver", "BOB"),
        ("substitute", "bob"),
        ("phone", "ask Ann"),
        ("salesperson_purchaser_code", "E"),
        ("substitute_from", "tomorrow"),
        ("purchase_limit", "a lot"),
        ("email", "bob@example.com\0"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_stored(
    browser, company, stored, field, value
):
    with company.uow() as uow:
        uow.users.save(person("EVA", administrator=True, salesperson_purchaser_code="E"))
        uow.commit()
    answer = save(browser("EVA"), BOBS, full_name="Robert", **{field: value})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert 'value="Robert"' in answer.text
    assert stored("BOB") == BOB


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(browser, company, stored):
    eva = browser("EVA")
    form = form_of(eva, BOBS)
    with company.uow() as uow:
        uow.users.save(replace(BOB, purchase_limit=CID.purchase_limit))
        uow.commit()
    answer = eva.send(BOBS, **{**form, "phone": "123"})
    assert answer.status_code == 409
    assert stored("BOB").phone == ""


def test_nobody_raises_his_own_authority(browser, stored):
    answer = save(browser("EVA"), "/setup/users/edit/EVA", purchase_limit="1000000")
    assert answer.status_code == 422
    assert stored("EVA").purchase_limit == 0


def test_a_person_is_added_and_only_once(browser, stored):
    eva = browser("EVA")
    assert save(eva, "/setup/users/add", user_id="GUS", approver="CID").status_code == 303
    assert stored("GUS").approver == "CID"
    again = save(eva, "/setup/users/add", user_id="gus")
    assert again.status_code == status_of(UserExists("GUS")) == 422
    assert 'id="e-user_id"' in again.text


def test_whoever_is_asked_is_removed_only_after_a_second_look(browser, sent, stored):
    sent()
    eva, path = browser("EVA"), "/setup/users/remove/BOB"
    assert "PO-1" in eva.open(path).text
    refused = eva.send(path)
    assert refused.status_code == 422
    assert stored("BOB") is not None
    assert eva.send(path, anyway="yes").status_code == 303
    assert stored("BOB") is None


def test_ids_with_a_slash_have_pages_too(browser, stored):
    eva = browser("EVA")
    answer = save(eva, "/setup/users/add", user_id="CONTOSO/GUS")
    assert answer.headers["location"] == "/setup/users/edit/CONTOSO%2FGUS"
    assert "CONTOSO/GUS" in eva.open("/setup/users/edit/CONTOSO%2FGUS").text


def test_the_tree_has_everybody_once_and_shows_circles(browser, company):
    with company.uow() as uow:
        uow.users.save(person("LIS", approver="MAX"))
        uow.users.save(person("MAX", approver="LIS"))
        uow.users.save(person("NED", approver="MAX"))
        uow.commit()
    html = browser("EVA").open("/setup/users/tree").text
    assert html.count("runs in a circle") == 1
    for user in ("ANN", "BOB", "CID", "NED"):
        assert html.count(f'/setup/users/edit/{user}"') == 1


def test_a_long_chain_is_no_trouble():
    company = Company(name="", language="en", time_zone="UTC", currency="EUR")
    people = [person(f"P{n}", approver=f"P{n + 1}") for n in range(3000)]
    lines = tree_lines(branches(people, Reader.of(ANN, company, Setup())))
    assert len(lines) == 3000
    assert sum(line.opens for line in lines) == sum(line.closes for line in lines)


def test_limits_have_a_column_each():
    assert list(LimitField) == [LimitField.SALES, LimitField.PURCHASE, LimitField.REQUEST]
