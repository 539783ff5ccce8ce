"""API keys: made once, kept as a hash, found again, and worthless when they should be."""

from datetime import timedelta

import pytest

from tests.people import BOB, CAST
from tests.web.conftest import START
from web.api.keys import Wanted, key_behind, new_key
from workflow.api_keys import (
    ApiKeyExists,
    ApiKeyNotFound,
    ExpiredAlready,
    IntegratorIsUser,
    Scope,
    ScopeNeedsIntegrator,
    ScopeNeedsPerson,
)
from workflow.errors import BadValue

READING = frozenset({Scope.DOCUMENTS_READ})


@pytest.fixture
def keys(company):
    return company.api_keys


def made(keys, name="erp", scopes=READING, **more):
    return new_key(keys, Wanted(name=name, scopes=frozenset(scopes), **more), CAST, START)


def test_a_key_is_found_by_the_text_that_was_shown_and_its_secret_is_not_stored(keys):
    key, text = made(keys)

    found = key_behind(keys, text, START)
    assert (found.name, found.acts_as, found.scopes) == ("erp", "erp", READING)
    assert text.split("_", 2)[2] not in repr(keys.all())
    assert keys.find(key.id).last_used_at == START


def test_anything_else_is_no_key(keys):
    _, text = made(keys)
    secret = text.split("_", 2)[2]
    wrong = ["", text[:-1], f"{text}x", f"xyz{text[3:]}", "csk_%_x", f"csk_000000000000_{secret}"]

    assert [key_behind(keys, one, START) for one in wrong] == [None] * len(wrong)


def test_a_key_works_until_the_moment_it_expires(keys):
    end = START + timedelta(days=1)
    _, text = made(keys, expires_at=end)

    assert key_behind(keys, text, end - timedelta(seconds=1)) is not None
    assert key_behind(keys, text, end) is None
    with pytest.raises(ExpiredAlready):
        made(keys, "late", expires_at=START)


def test_a_revoked_key_is_worthless_and_keeps_its_name(keys):
    _, text = made(keys)
    keys.revoke("erp", START)
    keys.revoke("erp", START + timedelta(days=3))

    assert key_behind(keys, text, START) is None
    assert [key.revoked_at for key in keys.all()] == [START]
    with pytest.raises(ApiKeyExists):
        made(keys)
    with pytest.raises(ApiKeyNotFound):
        keys.revoke("other", START)


@pytest.mark.parametrize("name", ["BOB", "bob"])
def test_no_program_has_the_name_of_a_person(keys, name):
    with pytest.raises(IntegratorIsUser):
        made(keys, name)


def test_programs_do_not_decide_and_people_ask_only_in_their_own_name(keys):
    with pytest.raises(ScopeNeedsPerson):
        made(keys, scopes={Scope.ENTRIES_DECIDE})
    with pytest.raises(ScopeNeedsIntegrator):
        made(keys, scopes={Scope.REQUESTS_SEND_AS}, person=BOB)
    with pytest.raises(BadValue):
        made(keys, "a,b")
