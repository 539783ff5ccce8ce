"""The API is what its description says: programs that make up calls from it find no gap."""

from dataclasses import replace

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from app.serving import services_of
from tests.people import CAST
from tests.web.conftest import START
from web.api.keys import Wanted, new_key
from web.application import web_application
from workflow.api_keys import Scope
from workflow.options import CompanyOptions

CHECKS = (
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
)
KNOWN = {"area": "purchase", "type": "order", "user_id": "BOB", "code": "PO"}
EXAMPLES = 6  # for each operation and each kind of call


@pytest.fixture
def pages(company):
    """Where no key asks too often."""
    hurried = replace(services_of(company), writes_per_minute=10**9, reads_per_minute=10**9)
    return web_application(hurried)


@pytest.fixture
def schema(pages):
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", pages)


@pytest.fixture
def keys(company):
    """One of a program that may everything but decide, one of an administrator who may all."""
    with company.uow() as uow:
        uow.set_company(CompanyOptions(deciding_keys="eva"))
        uow.commit()
    eva = next(person for person in CAST if person.user_id == "EVA")
    everything = frozenset(Scope)
    wanted = [
        Wanted(name="erp", scopes=everything - {Scope.ENTRIES_DECIDE}),
        Wanted(name="eva", scopes=everything - {Scope.REQUESTS_SEND_AS}, person=eva),
    ]
    return [new_key(company.api_keys, one, CAST, START)[1] for one in wanted]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_calls_made_up_from_the_description_get_answers_that_it_describes(schema, keys, sent, mode):
    sent()
    for result in schema.get_all_operations():
        _try(result.ok(), keys, mode)


def _try(operation, keys, mode):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), draw=st.data())
    def calls(case, draw):
        if draw.draw(st.booleans()):
            numbers = {"number": draw.draw(st.sampled_from(["PO-1", "PO-2"])), **KNOWN}
            known = {name: numbers[name] for name in case.path_parameters or {} if name in numbers}
            case.path_parameters = {**(case.path_parameters or {}), **known}
        headers = {"Authorization": f"Bearer {draw.draw(st.sampled_from(keys))}"}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    calls()
