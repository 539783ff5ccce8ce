"""The company's own words are kept, changed by administrators only, and recorded."""

import pytest
import sqlalchemy as sa

from db.tables import events
from db.wordings import SqlWordings
from workflow.errors import NotAdministrator, WordingNotFound
from workflow.event_codec import from_payload
from workflow.events import FieldChange, WordingChanged
from workflow.service.wording import remove_wording, set_wording
from workflow.wording import Wording, WordingPart

INTRO = Wording(
    message="approval_requested", language="nl", part=WordingPart.INTRO, text="Vragen? Bel 2911."
)


def recorded(engine):
    changed = sa.select(events).where(events.c.kind == "WordingChanged").order_by(events.c.id)
    with engine.connect() as connection:
        return [from_payload(row.kind, row.payload) for row in connection.execute(changed)]


def test_words_are_found_for_their_message_and_language(company, engine, actor):
    set_wording(company, INTRO, actor("CID"))

    stored = SqlWordings(engine)
    assert stored.of("approval_requested").text(WordingPart.INTRO, "nl") == INTRO.text
    assert stored.of("approval_requested").text(WordingPart.INTRO, "en") == ""
    assert stored.of("approval_requested").text(WordingPart.FOOTER, "nl") == ""
    assert stored.of("request_approved").text(WordingPart.INTRO, "nl") == ""


def test_words_for_every_message_give_way_to_those_of_one(company, engine, actor):
    everywhere = Wording(message="*", language="nl", part=WordingPart.INTRO, text="Hallo.")
    for wording in (everywhere, INTRO):
        set_wording(company, wording, actor("CID"))

    stored = SqlWordings(engine)
    assert stored.of("approval_requested").text(WordingPart.INTRO, "nl") == INTRO.text
    assert stored.of("request_approved").text(WordingPart.INTRO, "nl") == "Hallo."


def test_words_for_every_message_do_not_go_to_vendors_and_customers(company, engine, actor):
    everywhere = Wording(message="*", language="nl", part=WordingPart.FOOTER, text="Intern: 2911.")
    set_wording(company, everywhere, actor("CID"))

    assert SqlWordings(engine).of("document_to_counterparty").text(WordingPart.FOOTER, "nl") == ""


def test_every_change_is_recorded_once(company, engine, actor):
    for _ in range(2):
        set_wording(company, INTRO, actor("CID"))
    remove_wording(company, INTRO.message, "nl", list(WordingPart), actor("CID"))

    assert recorded(engine) == [
        WordingChanged(
            at=actor("CID").at,
            actor="CID",
            subject="approval_requested/nl",
            changes=(FieldChange(field="intro", before=before, after=after),),
        )
        for before, after in [("", INTRO.text), (INTRO.text, "")]
    ]


def test_what_is_not_there_cannot_be_removed(company, actor):
    with pytest.raises(WordingNotFound):
        remove_wording(company, "approval_requested", "nl", list(WordingPart), actor("CID"))


def test_only_an_administrator_may_change_words(company, engine, actor):
    with pytest.raises(NotAdministrator):
        set_wording(company, INTRO, actor("BOB"))
    set_wording(company, INTRO, actor("CID"))
    with pytest.raises(NotAdministrator):
        remove_wording(company, INTRO.message, "nl", list(WordingPart), actor("BOB"))

    assert SqlWordings(engine).of(INTRO.message).text(WordingPart.INTRO, "nl") == INTRO.text
