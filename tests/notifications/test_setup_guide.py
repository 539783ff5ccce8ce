"""The assisted setup, question by question."""

import pytest

from notifications.guide_questions import GuideStep
from notifications.mail_settings import WrongSetting
from notifications.mail_setup import Authentication, MailSetup, OAuthFlow
from notifications.setup_guide import AnswerNeeded, Guide
from notifications.setup_presets import Provider

CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
STORED = MailSetup(
    server="smtp.gmail.com",
    port=587,
    secure=True,
    authentication=Authentication.BASIC,
    user_name="contoso@gmail.com",
    password="geheim",  # noqa: S106
)


def answered(guide: Guide, *answers: str) -> Guide:
    for answer in answers:
        guide = guide.answer(answer)
    return guide


def asked(guide: Guide) -> list[str]:
    """The keys that are asked when everything proposed is taken, as far as that goes."""
    keys = []
    typed = {"client_id": CLIENT, "server": "mail.contoso.com", "send_as": "-"}
    while question := guide.question():
        keys.append(question.key)
        guide = guide.answer(question.proposed or typed.get(question.key, "contoso.com"))
    return keys


def test_a_first_setup_starts_with_office_365_and_oauth_2():
    guide = Guide.begin(None)

    assert guide.question().proposed == "office365"
    guide = answered(
        guide, "", "", "erp@contoso.com", "contoso.com", CLIENT, "", "geheim", "", "yes"
    )
    assert guide.finished
    assert guide.draft == MailSetup(
        server="smtp.office365.com",
        port=587,
        secure=True,
        authentication=Authentication.OAUTH2,
        user_name="erp@contoso.com",
        tenant_id="contoso.com",
        client_id=CLIENT,
        client_secret="geheim",  # noqa: S106
        rate_per_minute=30,
        connections=3,
        allow_sender_substitution=True,
    )


@pytest.mark.parametrize(
    ("provider", "keys"),
    [
        ("gmail", ["authentication", "user_name", "password"]),
        ("yahoo", ["authentication", "user_name", "password"]),
        ("outlook", ["authentication", "user_name", "tenant_id", "client_id", "oauth_flow"]),
        ("other", ["server", "port", "secure", "authentication", "user_name", "password"]),
    ],
)
def test_only_what_concerns_the_provider_is_asked(provider, keys):
    guide = Guide.begin(None).answer(provider)

    assert asked(guide) == [*keys, "send_as", "allow_sender_substitution"]


def test_a_relay_asks_for_no_account():
    guide = answered(Guide.begin(None), "other", "relay.contoso.com", "25", "no", "anonymous")

    assert guide.question().key == "send_as"


def test_a_stored_setup_is_recognised_and_proposed():
    guide = Guide.begin(STORED)

    assert guide.provider is Provider.GMAIL
    guide = answered(guide, "", "", "", "", "", "")
    assert guide.finished
    assert guide.draft == STORED


def test_taking_what_is_proposed_changes_nothing_not_even_for_a_relay():
    stored = MailSetup(server="relay.contoso.com", send_as="noreply@contoso.com")
    guide = answered(Guide.begin(stored), *[""] * 7)

    assert guide.finished
    assert guide.draft == stored


def test_vector_s13_stars_keep_the_password():
    guide = answered(Guide.begin(STORED), "", "", "")
    question = guide.question()

    assert (question.key, question.secret, question.proposed) == ("password", True, "***")
    assert guide.answer("***").draft.password == STORED.password


def test_nothing_of_what_is_stored_changes_before_the_end():
    guide = answered(Guide.begin(STORED), "office365", "basic", "erp@contoso.com", "another")

    assert not guide.finished
    assert guide.before == STORED


def test_the_question_before_can_be_asked_again():
    guide = answered(Guide.begin(None), "gmail", "", "wrong@gmail.com").back()

    question = guide.question()
    assert (question.key, question.proposed) == ("user_name", "wrong@gmail.com")
    assert guide.back().back().back() == guide.back().back()
    assert guide.answer("right@gmail.com").draft.user_name == "right@gmail.com"


def test_going_back_to_the_provider_and_changing_ones_mind():
    guide = answered(Guide.begin(None), "gmail", "").back().back()

    assert guide.answer("office365").draft.authentication is Authentication.OAUTH2


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (["hotmail"], WrongSetting),
        (["other", ""], AnswerNeeded),
        (["other", "https://x"], WrongSetting),
        (["gmail", "", ""], AnswerNeeded),
        (["gmail", "", "a@gmail.com", ""], AnswerNeeded),
        (["gmail", "ntlm"], WrongSetting),
    ],
)
def test_a_wrong_or_missing_answer_is_refused(answers, error):
    *good, last = answers
    guide = answered(Guide.begin(None), *good)

    with pytest.raises(error):
        guide.answer(last)


def test_a_dash_takes_away_what_was_proposed():
    stored = MailSetup(server="relay", send_as="noreply@contoso.com")
    guide = answered(Guide.begin(stored), "", "", "", "", "")

    assert guide.question().key == "send_as"
    assert guide.answer("-").draft.send_as == ""


def test_questions_are_in_the_language_of_the_person_and_hint_at_app_passwords():
    guide = Guide.begin(None).answer("gmail")

    question = guide.question("nl")
    assert question.step is GuideStep.ACCOUNT
    assert "app-wachtwoord" in question.hint
    assert "Microsoft Entra" in question.description
    assert "Een andere mailserver" in Guide.begin(None).question("nl").description


def test_what_the_person_should_know_is_said_at_the_end():
    guide = answered(Guide.begin(None), "outlook", "", "a@outlook.com", "", CLIENT, "", "", "")

    assert guide.draft.oauth_flow is OAuthFlow.DEVICE_CODE
    assert any("countersign mail sign-in" in warning for warning in guide.warnings)
    assert guide.answer("anything") == guide
