"""Accounts at the command line."""

import pytest

PASSWORD = "four words and more\n"  # noqa: S105 - of people who do not exist


def accounts(done):
    return {row["user_id"]: row for row in done("accounts", "list", "--json").json}


def test_the_first_administrator_is_made_here_with_a_password_from_standard_input(company, done):
    done("accounts", "set", "cid", "--role", "workflow_administrator", stdin=PASSWORD)
    cid = accounts(done)["CID"]
    assert (cid["password"], cid["roles"]) == ("set", "workflow_administrator")


def test_who_signs_in_with_microsoft_needs_no_password(company, done):
    done("accounts", "set", "bob", "--entra", "Tenant/Object")
    assert accounts(done)["BOB"] == {
        "user_id": "BOB",
        "password": "not set",
        "entra": "tenant/object",
        "roles": "",
        "disabled": False,
    }


@pytest.mark.parametrize("words", [("--entra", "bob@example.com"), ("--entra", "/object")])
def test_an_address_is_nobody_at_microsoft(company, typed, words):
    assert typed("accounts", "set", "bob", *words).exit_code == 1


def test_setting_something_of_a_disabled_account_does_not_open_it_again(company, done):
    done("accounts", "set", "bob", stdin=PASSWORD)
    done("accounts", "disable", "bob")
    done("accounts", "set", "bob", "--role", "auditor")
    assert accounts(done)["BOB"]["disabled"]
    done("accounts", "enable", "bob")
    assert not accounts(done)["BOB"]["disabled"]


def test_roles_are_taken_away_and_nobody_changes_his_own(company, done, typed):
    done("accounts", "set", "cid", "--role", "auditor", stdin=PASSWORD)
    refused = typed("accounts", "set", "cid", "--no-roles", "--as", "cid")
    assert (refused.exit_code, "own account" in refused.err) == (1, True)
    done("accounts", "set", "cid", "--no-roles")
    assert accounts(done)["CID"]["roles"] == ""


def test_only_an_administrator_changes_accounts(company, typed):
    refused = typed("accounts", "set", "ann", "--as", "bob", stdin=PASSWORD)
    assert refused.exit_code == 1


def test_a_link_needs_to_know_where_the_pages_are(company, typed, done, monkeypatch):
    assert typed("accounts", "link", "ann").exit_code != 0
    monkeypatch.setenv("COUNTERSIGN_BASE_URL", "https://approvals.example.com")
    made = done("accounts", "link", "ann", "--json").json
    assert made["link"].startswith("https://approvals.example.com/sign-in/link/")
    assert [row["password"] for row in accounts(done).values()] == ["not set"]


def test_an_account_goes_with_its_user(company, done, typed):
    done("accounts", "set", "dee", stdin=PASSWORD)
    done("users", "remove", "dee")
    assert accounts(done) == {}
    assert typed("accounts", "remove", "dee").exit_code == 1
    assert typed("accounts", "disable", "dee").exit_code == 1
