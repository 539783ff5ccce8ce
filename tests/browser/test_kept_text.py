"""What somebody typed when his session ended is there again after signing in."""

from tests.browser.conftest import PASSWORD, sign_in
from tests.people import order

PAGE = "/requests/purchase/order/1/PO-2"
TEXT = "Which room?\nAnd when?"


def comments(company):
    return [one.text.splitlines() for one in company.read.comments_of(order(number="PO-2").key)]


def test_the_text_is_back_in_its_field_and_nothing_was_sent(person, company):
    with person("BOB") as bob:
        bob.goto(PAGE)
        bob.fill("textarea[name=text]", TEXT)
        company.user_accounts.end_sessions_of("BOB")
        bob.get_by_role("button", name="Ask or comment, decide later").click()
        bob.get_by_text("Nothing was done, and what you typed is kept.").wait_for()
        sign_in(bob, "BOB")
        bob.wait_for_url(lambda url: url.endswith(PAGE))
        assert bob.input_value("textarea[name=text]") == TEXT
        assert comments(company) == []
        bob.get_by_role("button", name="Ask or comment, decide later").click()
        bob.locator(".remark").wait_for()
        assert comments(company) == [TEXT.splitlines()]
        bob.goto(PAGE)
        assert bob.input_value("textarea[name=text]") == ""  # put back once


def test_without_scripts_the_text_stands_there_to_be_copied(person, company):
    with person("BOB", java_script_enabled=False) as bob:
        bob.goto(PAGE)
        bob.fill("textarea[name=text]", TEXT)
        company.user_accounts.end_sessions_of("BOB")
        bob.get_by_role("button", name="Approve: ").click()
        bob.fill("[name=user]", "BOB")
        bob.fill("[name=password]", PASSWORD)
        bob.press("[name=password]", "Enter")
        bob.get_by_role("heading", name="You are signed in again").wait_for()
        assert bob.input_value("#kept") == TEXT
        bob.get_by_role("button", name="Go back").click()
        bob.get_by_role("button", name="Approve: ").wait_for()
    assert comments(company) == []
