"""Posting to a real server on this machine: what is sent, and what an answer may not do."""

import socket
import time
from datetime import UTC, datetime

import pytest

from local_authority import make_certificates
from notifications.webhook_sending import LONGEST_ANSWER, Sender
from webhook_server import receiver

BODY = b'{"type":"document.released"}'
HEADERS = {"webhook-id": "msg_1"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server():
    with receiver() as state:
        yield state


def sender(*servers, **options):
    allowed = {server.target for server in servers}
    return Sender(clock=lambda: datetime.now(UTC), allowed=allowed, **options)


def test_the_message_arrives_as_it_was_signed(server):
    posted = sender(server).post(server.url, HEADERS, BODY)

    (taken,) = server.taken
    assert (taken.path, taken.body, taken.headers["webhook-id"]) == ("/in", BODY, "msg_1")
    assert taken.headers["content-type"] == "application/json"
    assert taken.headers["host"] == server.target
    assert (posted.status, posted.accepted, posted.text) == (204, True, "")
    assert posted.duration_ms >= 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server, status):
    with receiver() as other:
        server.answers.append((status, {"Location": other.url}, b""))
        posted = sender(server, other).post(server.url, HEADERS, BODY)

    assert (posted.status, posted.accepted) == (status, False)
    assert other.taken == []


def test_no_more_of_an_answer_is_read_than_64_kilobytes(server):
    server.answers.append((200, {}, b"x" * 50_000_000))
    began = time.monotonic()

    assert sender(server).post(server.url, HEADERS, BODY).status == 200
    assert time.monotonic() - began < 5
    assert LONGEST_ANSWER == 65_536


def test_the_words_of_an_answer_are_not_kept(server):
    server.answers.append((500, {}, b"secret of the inside"))

    assert sender(server).post(server.url, HEADERS, BODY).text == ""


def test_a_server_that_does_not_answer_is_left(server):
    server.before_status = 3.0
    began = time.monotonic()
    posted = sender(server, seconds=0.5).post(server.url, HEADERS, BODY)

    assert (posted.status, posted.text) == (None, "It took longer than 15 seconds.")
    assert time.monotonic() - began < 2


def test_a_server_that_says_a_byte_at_a_time_is_left(server):
    server.dribbles = True
    began = time.monotonic()
    posted = sender(server, seconds=0.7).post(server.url, HEADERS, BODY)

    assert (posted.status, posted.text) == (None, "It took longer than 15 seconds.")
    assert time.monotonic() - began < 3


def test_a_server_that_says_a_byte_at_a_time_is_left_below_tls_too(certificates):
    with receiver(certificates.server) as secure:
        secure.dribbles = True
        began = time.monotonic()
        posted = sender(secure, seconds=0.7, ca_file=str(certificates.ca_file)).post(
            secure.url, HEADERS, BODY
        )

    assert posted.status is None
    assert time.monotonic() - began < 3


def test_a_server_that_is_not_there_is_said(server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        posted = sender(server).post(url, HEADERS, BODY)

    assert "not https" in posted.text  # and nothing that is not allowed is even looked for
    assert posted.status is None


def test_nothing_that_answers_in_another_language_is_taken(server):
    with socket.create_server(("127.0.0.1", 0)) as odd:
        url = f"http://127.0.0.1:{odd.getsockname()[1]}/"
        speaker = Sender(
            clock=lambda: datetime.now(UTC),
            allowed={f"127.0.0.1:{odd.getsockname()[1]}"},
            seconds=0.5,
        )
        posted = speaker.post(url, HEADERS, BODY)

    assert posted.status is None
    assert posted.text


def test_the_name_decides_about_the_certificate_and_the_address_about_the_connection(certificates):
    with receiver(certificates.server) as secure:
        name = f"localhost:{secure.port}"
        asked = []

        def resolve(host, port):
            asked.append((host, port))
            return ["127.0.0.1"]

        posted = Sender(
            clock=lambda: datetime.now(UTC),
            allowed={name},
            ca_file=str(certificates.ca_file),
            resolve=resolve,
        ).post(f"https://{name}/in", HEADERS, BODY)

    assert posted.status == 204, posted.text
    assert secure.taken[0].headers["host"] == name
    assert asked == [("localhost", secure.port)]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_for_another_name_or_of_nobody_is_refused(certificates, trusted):
    context = certificates.other_name if trusted else certificates.server
    with receiver(context) as secure:
        posted = sender(secure, ca_file=str(certificates.ca_file) if trusted else "").post(
            secure.url, HEADERS, BODY
        )

    assert posted.status is None
    assert "ertificate" in posted.text
    assert secure.taken == []


def test_a_name_that_means_something_else_a_moment_later_leads_nowhere_else(server):
    """The name server says a public address first, and this machine to whoever asks again."""
    answers = iter([["192.0.2.1"], ["127.0.0.1"], ["127.0.0.1"]])
    rebinding = Sender(
        clock=lambda: datetime.now(UTC), seconds=0.5, resolve=lambda _h, _p: next(answers)
    )
    posted = rebinding.post("https://flows.example.com/", HEADERS, BODY)

    assert posted.status is None
    assert next(answers) == ["127.0.0.1"], "it asked once"
    assert server.taken == []


def test_an_inside_address_is_refused_before_anything_is_connected(server):
    name = f"flows.example.com:{server.port}"
    inside = Sender(clock=lambda: datetime.now(UTC), resolve=lambda _h, _p: ["127.0.0.1"])

    assert "not used" in inside.post(f"https://{name}/", HEADERS, BODY).text
    posted = inside.post("https://flows.example.com/", HEADERS, BODY)
    assert "127.0.0.1 is not a public address" in posted.text
    assert server.taken == []


def test_a_name_server_that_takes_too_long_is_left():
    slow = Sender(
        clock=lambda: datetime.now(UTC), seconds=0.3, resolve=lambda _h, _p: time.sleep(2) or []
    )
    began = time.monotonic()

    assert slow.post("https://flows.example.com/", HEADERS, BODY).status is None
    assert time.monotonic() - began < 1.5
