"""A small company behind its pages: Ann asks, Bob may approve to 1,000, Cid anything."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.bootstrap import Application
from app.serving import services_of
from app.settings import read_settings
from tests.notifications.conftest import certificates, mail_server  # noqa: F401 - fixtures
from tests.people import CAST, order, workflow
from web.application import web_application
from web.passwords import hashed
from workflow.service.requesting import send_approval_request
from workflow.user_accounts import UserAccount

PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist
HASH = hashed(PASSWORD)
HERE = "http://testserver"
TOKEN = re.compile(r'name="token" value="([^"]*)"')
FORM = r'<form[^>]* method="post" action="{}"[^>]*>(.*?)</form>'
INPUT = r'<input[^>]*name="([^"]+)" value="([^"]*)"'
SELECT = r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>'
OPTION = r'value="([^"]*)"'
UNCHECKED = r'type="checkbox" name="([^"]+)" value="yes"(?! checked)'
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def forward(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def company(database_url, clock):
    """Two purchase orders of Ann, a workflow, and an account for everybody."""
    settings = read_settings(
        database_url=database_url,
        company="Desks & Co",
        timezone="UTC",
        secret_key="a key for the tests of pages",  # noqa: S106 - of no company
    )
    with Application(settings, clock=clock) as application:
        with application.uow() as uow:
            for user in CAST:
                uow.users.save(user)
            uow.workflows.add_version(workflow())
            uow.workflows.enable("PO", enabled=True)
            for document in (order(400, requester="ANN"), order(5000, "PO-2", requester="ANN")):
                uow.documents.add(document)
            uow.commit()
        for user in CAST:
            application.user_accounts.save(UserAccount(user_id=user.user_id, password_hash=HASH))
        yield application


@pytest.fixture
def pages(company):
    """The web application, for as many browsers as a test needs."""
    return web_application(services_of(company))


@pytest.fixture
def browser(pages):
    """Somebody's browser; signed in when a name is given."""

    def opened(user=""):
        browser = Browser(TestClient(pages, follow_redirects=False))
        if user:
            assert browser.sign_in(user).status_code == 303
        return browser

    return opened


@pytest.fixture
def sent(company):
    """Ann sends a document for approval."""

    def send(number="PO-1"):
        key = order(number=number).key
        return send_approval_request(company.uow(), key, company.actor("ANN"))

    return send


@dataclass
class Browser:
    """A browser without scripts: it opens pages and sends their forms."""

    client: TestClient

    def open(self, path, **headers):
        return self.client.get(path, headers=headers)

    def sign_in(self, user, password=PASSWORD, next_page="/"):
        fields = {"user": user, "password": password, "next": next_page}
        return self.client.post("/sign-in", data=fields)

    def send(self, path, shown_at="", **fields):
        """Send the form of that page, as a person would who opened it just now."""
        fields.setdefault("token", self.token(shown_at or path))
        return self.client.post(path, data=fields, headers={"Origin": HERE})

    def token(self, path):
        tokens = TOKEN.findall(self.open(path).text)
        return unescape(tokens[-1]) if tokens else ""

    def fill(self, path, **typed):
        """Change fields of the page's form and send all of them, as a browser does."""
        return self.client.post(path, data={**self.form(path), **typed}, headers={"Origin": HERE})

    def form(self, path):
        """What stands in the fields of the form that is sent to the page itself."""
        return self.fields_of(self.open(path).text, path)

    @staticmethod
    def fields_of(page, path):
        [html] = re.findall(FORM.format(path), page, re.DOTALL)
        fields = dict(re.findall(INPUT, html))
        for name, choices in re.findall(SELECT, html, re.DOTALL):
            fields[name] = (
                re.findall(f"{OPTION} selected", choices) or re.findall(OPTION, choices)
            )[0]
        fields |= dict.fromkeys(re.findall(UNCHECKED, html), "no")
        return {name: unescape(value) for name, value in fields.items()}
