"""Sentences that several letters share."""

import pytest

from notifications.readers import Company, Reader
from notifications.sentences import sent_by
from tests.people import ANN


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", ["Van der Meer B.V.", "Desks & Co"])
def test_a_sentence_about_the_company_ends_with_one_full_stop(language, name):
    company = Company(name=name, language=language, time_zone="UTC", currency="EUR")
    sentence = sent_by(name, "", Reader.of(ANN, company, {}))
    assert sentence.endswith(f"{name.rstrip('.')}.")
    assert not sentence.endswith("..")
