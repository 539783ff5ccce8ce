"""Programs that use the API, each with a key of its own."""

import json
from dataclasses import dataclass
from itertools import count

import pytest
from starlette.testclient import TestClient

from tests.people import CAST
from tests.web.conftest import START
from web.api.keys import Wanted, new_key
from workflow.api_keys import Scope

PO_1 = "/api/v1/documents/purchase/order/PO-1"
PO_2 = "/api/v1/documents/purchase/order/PO-2"
EVERYTHING = frozenset(Scope) - {Scope.ENTRIES_DECIDE}


@dataclass
class Program:
    """A program with its key."""

    client: TestClient
    text: str
    numbers: count

    def ask(self, method, path, body=None, **headers):
        """Underscores in the names of headers are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named = {"Authorization": f"Bearer {self.text}", **named}
        if body is not None:
            named = {"Content-Type": "application/json", **named}
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        return self.client.request(method, path, content=content, headers=named)

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def step(self, path, name, body=None, **headers):
        """With an Idempotency-Key of its own."""
        headers.setdefault("Idempotency_Key", f"step-{next(self.numbers)}")
        return self.ask("POST", f"{path}/{name}", {} if body is None else body, **headers)


@pytest.fixture
def program(pages, company):
    """A program with these scopes; *person*: whom it acts as."""
    numbers = count(1)
    people = {person.user_id: person for person in CAST}

    def made(*scopes, person=None, name=None, **more):
        wanted = Wanted(
            name=name or f"key-{next(numbers)}",
            scopes=frozenset(scopes),
            person=people[person] if person else None,
        )
        _, text = new_key(company.api_keys, wanted, CAST, START)
        return Program(TestClient(pages, follow_redirects=False), text, numbers)

    return made


@pytest.fixture
def erp(program):
    """The ERP: it may everything but decide."""
    return program(*EVERYTHING, name="erp")


def status_of(company, number="PO-1"):
    from tests.people import order  # noqa: PLC0415

    with company.uow(readonly=True) as uow:
        return uow.documents.get(order(number=number).key).status


def code_of(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["code"]
