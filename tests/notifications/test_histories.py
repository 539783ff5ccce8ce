"""The history says every event in words, in every language, with the reader's names and days."""

from dataclasses import replace

import pytest

from app.cli.history import in_words as on_the_command_line
from example_events import (
    ANN,
    COMPANY,
    People,
    about,
    delegated,
    delegation_failed,
    every_event,
    overdue,
    requested,
)
from notifications.histories import in_words
from notifications.readers import Reader
from web.histories import ReadersHand
from workflow import events
from workflow.events import (
    ApprovalRequestSent,
    DocumentChanged,
    DocumentConverted,
    DocumentEvent,
    DocumentPosted,
    DocumentReceived,
    DocumentReopened,
    DocumentRetired,
    FieldChange,
    MailGrantMissing,
)
from workflow.statuses import DocumentType

OTHERS = [
    DocumentReceived(**about("ERP")),
    ApprovalRequestSent(**about("ANN"), workflow_code="PO", workflow_version=1),
    ApprovalRequestSent(**about("ANN"), workflow_code="PO", workflow_version=1, external=True),
    DocumentReopened(**about("ANN")),
    DocumentRetired(**about("SCHEDULE")),
    DocumentPosted(**about("ANN"), posted=("posted_receipt", "posted_invoice")),
    DocumentConverted(**about("ANN"), new_document_type=DocumentType.ORDER, new_number="O-1"),
]
TOLD = [one for one in every_event() + OTHERS if not isinstance(one, MailGrantMissing)]


def words(event, language):
    reader = Reader.of(replace(ANN, language=language), COMPANY, People())
    return in_words(event, ReadersHand(reader))


def test_every_kind_of_event_about_a_document_is_among_them():
    kinds = {
        kind
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, DocumentEvent)
    }
    assert {type(one) for one in TOLD} == kinds - {DocumentEvent, MailGrantMissing}


@pytest.mark.parametrize("number", range(len(TOLD)))
def test_each_is_said_in_words_and_in_dutch_in_others(number):
    event = TOLD[number]
    assert type(event).__name__ not in words(event, "en")
    assert words(event, "nl") != words(event, "en")
    assert "{" not in words(event, "nl") + words(event, "en")


def test_pages_have_names_and_days_and_the_command_line_what_can_be_typed():
    assert words(delegated(), "nl") == "droeg het over van Bob Bos aan Dee Fox"
    assert on_the_command_line(delegated()) == "handed it from BOB to DEE"
    assert words(requested(), "en") == "Bob Bos is asked, due 26 Nov 2026"
    assert on_the_command_line(requested()) == "BOB is asked, due 2026-11-26"
    assert words(overdue(), "nl") == "Bob Bos wordt herinnerd, 3 dagen te laat"


def test_why_nobody_could_take_over_is_dutch_and_in_an_old_record_as_it_was_recorded():
    old = delegation_failed(why="Nobody stands in for {BOB}.", template="", values=())

    assert words(delegation_failed(), "nl").startswith(
        "niemand kon het overnemen van Bob Bos: Er is geen vervanger, directe fiatteur of"
    )
    assert on_the_command_line(delegation_failed()).endswith(
        "from BOB: There is no substitute, direct approver, or approval administrator for user ID"
        " BOB in the Approval User Setup window."
    )
    assert words(old, "nl") == "niemand kon het overnemen van Bob Bos: Nobody stands in for {BOB}."


def test_what_people_wrote_is_no_pattern():
    change = FieldChange(field="description", before="{person}", after="%s {0}")
    event = DocumentChanged(**about("ANN"), changes=(change,), significant=False)
    assert words(event, "en") == "changed Description '{person}' → '%s {0}'"
