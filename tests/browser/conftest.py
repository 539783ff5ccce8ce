"""A real browser at a real server: chromium, driven by playwright."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from app.bootstrap import Application
from app.passes import deliver
from app.serving import HERE, services_of, serving
from app.settings import read_settings
from notifications import webhook_setup
from tests.people import CAST, order, workflow
from web.application import web_application
from web.passwords import hashed
from workflow.service.requesting import send_approval_request
from workflow.user_accounts import UserAccount

PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
PHONE = {"width": 360, "height": 740}
SCREEN = {"width": 1000, "height": 800}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own, else the one playwright installed."""
    installed = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=installed, args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
        except Error:
            pytest.skip("There is no browser: apt install chromium, or playwright install chromium")
        yield browser
        browser.close()


@pytest.fixture
def company(sqlite_database):
    """Ann's two purchase orders, PO-2 sent already; everybody may sign in."""
    settings = read_settings(database_url=sqlite_database, company="Desks & Co", timezone="UTC")
    with Application(settings) as application:
        with application.uow() as uow:
            for user in CAST:
                uow.users.save(user)
            uow.workflows.add_version(workflow())
            uow.workflows.enable("PO", enabled=True)
            for document in (order(400, requester="ANN"), order(5000, "PO-2", requester="ANN")):
                uow.documents.add(document)
            uow.commit()
        password_hash = hashed(PASSWORD)
        for user in CAST:
            account = UserAccount(user_id=user.user_id, password_hash=password_hash)
            application.user_accounts.save(account)
        webhook_setup.add(
            application.webhook_endpoints,
            application.uow(),
            application.actor("EVA"),
            url="https://flows.example.com/countersign/with/a/rather/long/path?and=a-query",
            types=["entry.opened"],
            acts_as="BOB",
        )
        actor = application.actor("ANN")
        send_approval_request(application.uow(), order(number="PO-2").key, actor)
        deliver(application)  # there is no mail server: the emails wait
        yield application


@pytest.fixture
def address(company) -> Iterator[str]:
    """Where the company's pages are."""
    with socket.create_server((HERE, 0)) as listener:
        web = web_application(services_of(company))
        with serving(web, listener):
            yield f"http://{HERE}:{listener.getsockname()[1]}"


@pytest.fixture
def person(chromium, address):
    """Opens a browser window of its own for somebody: ``with person("BOB") as page``."""

    @contextmanager
    def opened(user="", **options) -> Iterator[Page]:
        options = {"base_url": address, "viewport": SCREEN, "locale": "en-GB", **options}
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto("/sign-in")
        if user:
            sign_in(page, user)
        yield page
        context.close()

    return opened


def sign_in(page: Page, user: str) -> None:
    page.fill("[name=user]", user)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def violations(page: Page) -> list[str]:
    """What axe finds wrong by WCAG 2.2 AA, as lines a person can act on."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("rules => axe.run({runOnly: rules})", rules)
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


def is_too_wide(page: Page) -> bool:
    """Whether one would have to move it sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
