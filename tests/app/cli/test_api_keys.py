"""``countersign api-keys``, and where the history shows them."""

from dataclasses import replace

from app.cli.history import via_of
from tests.people import Story


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(company, done):
    text = done("api-keys", "create", "erp", "--scope", "documents:write").out.strip()
    listed = done("api-keys", "list", "--json")

    assert text.startswith("csk_")
    assert [(row["name"], row["acts_as"]) for row in listed.json] == [("erp", "erp")]
    assert text.split("_", 2)[2] not in listed.out
    assert done("api-keys", "revoke", "erp", "--json").json["revoked_at"]


def test_a_key_for_a_person_acts_as_that_person_until_the_day_it_expires(company, done):
    words = ("--as", "bob", "--scope", "entries:read", "--expires", "2099-02-01", "--json")
    key = done("api-keys", "create", "phone", *words).json

    assert key["acts_as"] == "BOB"
    assert key["expires_at"] == "2099-01-31T23:00:00+00:00"


def test_what_a_key_cannot_be_is_refused_in_words(company, typed):
    refused = typed("api-keys", "create", "bot", "--scope", "entries:decide")

    assert refused.exit_code == 1
    assert "--as USER" in refused.err


def test_the_history_names_the_key_that_did_it_for_somebody():
    sent = Story().send()[0]

    assert via_of(sent) == ""
    assert via_of(replace(sent, via="erp")) == " (with the API key erp)"
