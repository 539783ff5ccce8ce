"""Which answers by mail read as if they decided; none of them does."""

import pytest

from workflow.decision_words import reads_like_a_decision


@pytest.mark.parametrize(
    "text",
    [
        "approved",
        "Approved!",
        "I approve this order",
        "OK",
        "Yes, go ahead",
        "No.",
        "Rejected - too dear",
        "akkoord",
        "Akkoord, groet Bob",
        "Hoi Ann, akkoord.",
        "Beste Ann,\n\nGoedgekeurd.\n\nBob",
        "nee",
        "Niet akkoord: te duur",
        "Einverstanden",
        "D\N{RIGHT SINGLE QUOTATION MARK}accord",
    ],
)
def test_a_decision_in_words_is_noticed(text):
    assert reads_like_a_decision(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Which hall?",
        "Has Cid approved it already?",
        "Is dit akkoord bevonden door Cid?",
        "Okapi Ltd delivers on Monday",
        "Wie is de leverancier?\nWat kost het?\nWanneer komt het?\nDan ben ik om.\nAkkoord",
    ],
)
def test_a_question_is_none(text):
    assert not reads_like_a_decision(text)
