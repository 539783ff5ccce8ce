"""The setup's pages: who may see and change them, and how they are found."""

from dataclasses import replace

import pytest

from workflow.user_accounts import Role


def with_role(company, user, role):
    account = company.user_accounts.find(user)
    company.user_accounts.save(replace(account, roles=frozenset({role})))


@pytest.mark.parametrize(("user", "status"), [("ANN", 403), ("EVA", 200)])
def test_only_administrators_see_the_setup(browser, user, status):
    assert browser(user).open("/setup").status_code == status


@pytest.mark.parametrize("role", list(Role))
def test_a_role_of_the_account_opens_the_setup(browser, company, role):
    with_role(company, "ANN", role)
    assert browser("ANN").open("/setup").status_code == 200


def test_who_left_the_approval_user_setup_is_nobody_on_the_pages(browser, company):
    ann = browser("ANN")
    with company.uow() as uow:
        uow.users.remove("ANN")
        uow.commit()
    assert ann.open("/documents").status_code == 303


@pytest.mark.parametrize("words", ["requests to", "Aanvragen ter goedkeuring", "PO-1"])
def test_pages_are_found_in_both_languages_and_documents_by_number(browser, words):
    answer = browser("ANN").open(f"/find?q={words}")
    assert answer.headers["location"] in {"/requests", "/documents/purchase/order/PO-1"}


def test_what_one_may_not_see_is_not_found(browser):
    assert "There is no page" in browser("ANN").open("/find?q=Setup").text


def test_a_document_is_found_only_by_whom_it_concerns(browser):
    assert browser("ANN").open("/find?q=PO-1").headers["location"].endswith("/PO-1")
    dee = browser("DEE")
    for number in ("PO-1", "PO-9"):
        answer = dee.open(f"/find?q={number}")
        assert answer.status_code == 200
        assert "There is no page and no document of that name." in answer.text
