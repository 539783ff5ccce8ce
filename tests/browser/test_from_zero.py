"""From an empty database to the first released order, all of it in a browser but the first step."""

import re
import socket
import time
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest
from typer.testing import CliRunner

from app.bootstrap import Application
from app.cli.program import program
from app.serving import HERE, services_of, serving
from app.settings import read_settings
from app.worker import Worker
from tests.browser.conftest import PASSWORD, SCREEN
from tests.notifications.conftest import (  # noqa: F401 - fixtures
    ACCOUNT,
    certificates,
    mail_server,
)
from tests.notifications.conftest import PASSWORD as OF_THE_ACCOUNT
from web.application import web_application

PEOPLE = """\
user_id;full_name;email;approver;purchase_limit;administrator
ANN;Ann Ash;ann@contoso.com;BOB;0;no
BOB;Bob Baker;bob@contoso.com;CID;1000;no
CID;Cid Cole;cid@contoso.com;;unlimited;no
"""
ORDERS = """\
number,area,type,document_date,amount,requester,counterparty_name
PO-1,purchase,order,2026-03-02,400,ANN,Desks Wholesale
"""
LINK = re.compile(r"http://127\.0\.0\.1:\d+/requests/\S+")


@pytest.fixture
def address(tmp_path, monkeypatch, certificates):  # noqa: F811 - the fixture
    """A machine on which nothing was set up but the first administrator, at the command line."""
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", f"sqlite:///{tmp_path}/countersign.db")
    monkeypatch.setenv("COUNTERSIGN_SECRET_KEY", "the key of a company that begins")
    monkeypatch.setenv("COUNTERSIGN_COMPANY", "Desks & Co")
    monkeypatch.setenv("COUNTERSIGN_TIMEZONE", "UTC")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca_file))
    typed("db", "upgrade")
    typed("users", "set", "EVA", "full_name=Eva Ent", "email=eva@contoso.com", "administrator=yes")
    typed("accounts", "set", "EVA", "--role", "workflow_administrator", given=f"{PASSWORD}\n")
    with socket.create_server((HERE, 0)) as listener:
        address = f"http://{HERE}:{listener.getsockname()[1]}"
        monkeypatch.setenv("COUNTERSIGN_BASE_URL", address)
        with Application(read_settings()) as company:
            web = web_application(services_of(company))
            with Worker(company), serving(web, listener):
                yield address


def typed(*words, given=None):
    done = CliRunner().invoke(program, list(words), input=given)
    assert done.exit_code == 0, done.output


@contextmanager
def window(chromium, address):
    context = chromium.new_context(base_url=address, viewport=SCREEN, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_a_company_goes_from_nothing_to_a_released_order(chromium, mail_server, address, tmp_path):  # noqa: F811 - the fixture
    post = mail_server()
    with window(chromium, address) as eva:
        signs_in(eva, "EVA")
        sets_up_mail(eva, post)
        imports_users(eva)
        enables_a_workflow(eva)
        links = {who: invites(eva, who) for who in ("ANN", "BOB", "CID")}
        left = still_to_do(eva)
    imports_the_order(tmp_path)
    with window(chromium, address) as ann:
        sets_a_password(ann, "ANN", links["ANN"])
        sends(ann)
    letter = waits_for_the_letter(post, "bob@contoso.com")
    with window(chromium, address) as bob:
        sets_a_password(bob, "BOB", links["BOB"])
        approves(bob, letter)
    with window(chromium, address) as ann:
        signs_in(ann, "ANN", own_password("ANN"))
        ann.get_by_role("link", name="purchase order PO-1").click()
        ann.get_by_text("Released").first.wait_for()
    assert left == []
    assert letter["From"].addresses[0].addr_spec == "ann@contoso.com"


# --- the administrator ---------------------------------------------------------------------


def signs_in(page, user, password=PASSWORD):
    page.goto("/")
    page.fill("[name=user]", user)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def sets_up_mail(page, post):
    """He begins at the checklist; it leads to the guide, and the guide to the test letter."""
    page.locator("#mail_account").get_by_role("link").click()
    answers = {
        "provider": "other",
        "server": "localhost",
        "port": str(post.port),
        "secure": "yes",
        "authentication": "basic",
        "user_name": ACCOUNT,
        "send_as": "",
        "allow_sender_substitution": "yes",
    }
    for name, answer in answers.items():
        field = page.locator(f"#f-{name}")
        field.wait_for()
        if name in {"provider", "authentication"}:
            field.select_option(answer)
        elif answer == "yes":
            field.check()
        else:
            field.fill(answer)
        page.get_by_role("button", name="Next").click()
    page.locator("#f-password").fill(OF_THE_ACCOUNT)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The mail setup is changed. Now test it.").wait_for()
    page.get_by_role("link", name="Test Email Setup").first.click()
    page.get_by_role("button", name="Send the test").click()
    page.get_by_text("accepted").first.wait_for()


def imports_users(page):
    page.goto("/setup")
    page.locator("#approval_users").get_by_role("link").click()
    page.get_by_role("link", name="Import").click()
    page.get_by_label("Or paste its rows").fill(PEOPLE)
    page.get_by_role("button", name="Show what it would change").click()
    page.get_by_role("button", name="Import all of it").click()
    page.get_by_role("link", name="ANN").first.wait_for()


def enables_a_workflow(page):
    page.goto("/setup")
    page.locator("#workflow").get_by_role("link").click()
    page.locator("[name=template]").select_option("MS-POAPW")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Enable as it was saved").click()
    page.get_by_role("button", name="Disable, to change it").wait_for()


def invites(page, user):
    """A link for somebody, made on the page of his account."""
    page.goto("/setup")
    page.locator("#sign_in").get_by_role("link").click()
    page.get_by_role("link", name=user).click()
    page.get_by_label("Your own password").fill(PASSWORD)
    page.get_by_role("button", name="Make a link to set a password").click()
    return page.locator("#link").inner_text()


def still_to_do(page):
    page.goto("/setup")
    items = page.locator(".checklist li").all_inner_texts()
    return [text for text in items if "to do" in text]


def imports_the_order(folder):
    """As the company's own system does it."""
    (folder / "orders.csv").write_text(ORDERS)
    typed("documents", "import", str(folder / "orders.csv"))


# --- who asks, and who is asked ------------------------------------------------------------


def own_password(user):
    return f"{user} has four words"


def sets_a_password(page, user, link):
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(own_password(user))
    page.get_by_label("New password, once more").fill(own_password(user))
    page.get_by_role("button").last.click()
    signs_in(page, user, own_password(user))


def sends(page):
    page.get_by_role("link", name="purchase order PO-1").click()
    page.get_by_role("button", name="Send Approval Request").click()
    page.get_by_text("Pending Approval").first.wait_for()


def approves(page, letter):
    """He follows the link of the letter."""
    page.goto(LINK.search(text_of(letter))[0])
    page.get_by_role("button", name="Approve: ").click()
    page.get_by_text("You approved this").wait_for()


def waits_for_the_letter(post, to):
    """The one about a request: before it came the one about his password."""
    for _ in range(300):
        for one in list(post.received):
            letter = message_from_bytes(one.raw, policy=policy.default)
            if to in one.recipients and LINK.search(text_of(letter)):
                return letter
        time.sleep(0.1)
    raise AssertionError(f"no request to {to} came within half a minute")


def text_of(letter):
    return letter.get_body(("plain",)).get_content()
