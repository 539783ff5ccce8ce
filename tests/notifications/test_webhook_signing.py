"""Signatures of webhooks, verified by somebody else's implementation and by ours."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks

from notifications.webhook_signing import NotSigned, check, headers_of, new_secret

NOW = datetime.now(UTC)
BODY = b'{"type":"document.released","amount":"\xe2\x82\xac 1"}'


def signed(*secrets, at=NOW, body=BODY):
    return headers_of(secrets, message_id="msg_1", at=at, body=body)


def test_the_example_of_the_standard_has_our_signature():
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = headers_of(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=at,
        body=b'{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def signed_now(*secrets):
    """The library looks at the clock itself, and a long run may have begun minutes ago."""
    return signed(*secrets, at=datetime.now(UTC))


def test_the_reference_library_verifies_what_we_sign():
    secret = new_secret()

    assert standardwebhooks.Webhook(secret).verify(BODY, signed_now(secret))["amount"] == "€ 1"


@pytest.mark.parametrize("known", [0, 1])
def test_while_secrets_rotate_receivers_may_know_either(known):
    secrets = [new_secret(), new_secret()]

    standardwebhooks.Webhook(secrets[known]).verify(BODY, signed_now(*secrets))


def test_the_reference_library_refuses_another_body():
    secret = new_secret()

    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret).verify(BODY + b" ", signed_now(secret))


def test_we_take_what_the_reference_library_signs():
    secret = new_secret()
    signature = standardwebhooks.Webhook(secret).sign("msg_2", NOW, BODY.decode())
    headers = {
        "webhook-id": "msg_2",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": f"v1a,other {signature}",
    }

    check([new_secret(), secret], headers=headers, body=BODY, now=NOW)


SECRET = new_secret()


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-id": "msg_3"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "²"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,é"},
    ],
)
def test_any_other_header_is_refused(changes):
    with pytest.raises(NotSigned):
        check([SECRET], headers=signed(SECRET) | changes, body=BODY, now=NOW)


@pytest.mark.parametrize("late", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_what_is_five_minutes_old_or_ahead_is_refused(late):
    with pytest.raises(NotSigned):
        check([SECRET], headers=signed(SECRET), body=BODY, now=NOW + late)


def test_another_secret_and_no_secret_are_refused():
    for secrets in ([new_secret()], []):
        with pytest.raises(NotSigned):
            check(secrets, headers=signed(SECRET), body=BODY, now=NOW)


def test_a_secret_has_the_prefix_and_32_bytes():
    assert len(base64.b64decode(SECRET.removeprefix("whsec_"))) == 32
    assert new_secret() != SECRET
