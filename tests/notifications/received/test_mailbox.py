"""Real conversations with an IMAP server on this machine."""

import gc
import imaplib
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from mailbox_server import mailbox_server
from notifications.received.folder_names import quoted
from notifications.received.mailbox import ImapMailbox, MailboxError
from notifications.received.mails import READ_BYTES

MAIL = b"From: bob@contoso.com\r\nSubject: Re: Approve\r\n\r\nWhich hall?\r\n"


@pytest.fixture(scope="session")
def server(certificates):
    with mailbox_server(certificates.ca_file.with_name("server.pem")) as running:
        yield running


@pytest.fixture
def setup(server, certificates):
    """A folder of its own, over STARTTLS."""
    return replace(server.new_folder(), secure=True, ca_file=str(certificates.ca_file))


def fetched(setup, *, done=True) -> list[bytes]:
    mails = []
    with ImapMailbox(setup, timeout=10) as mailbox:
        for unread in mailbox.unread():
            mails.append(unread.raw)
            if done:
                mailbox.done(unread.uid)
    return mails


def refusal(setup) -> str:
    with pytest.raises(MailboxError) as caught, ImapMailbox(setup, timeout=5):
        pass
    gc.collect()  # an unclosed socket would be a warning, and here every warning is an error
    return str(caught.value)


def test_unread_mail_is_fetched_over_tls_and_marked_as_read(server, setup):
    server.put(setup, MAIL, MAIL + b"Hall 4?\r\n")

    assert fetched(setup) == [MAIL, MAIL + b"Hall 4?\r\n"]
    assert fetched(setup) == []
    assert server.count(setup.folder, "SEEN") == 2


def test_looking_at_a_mail_does_not_mark_it_as_read(server, setup):
    server.put(setup, MAIL)

    assert fetched(setup, done=False) == [MAIL]
    assert fetched(setup, done=False) == [MAIL]


def test_read_mail_is_moved_where_it_is_wanted(server, setup):
    moving = server.with_move(setup, "Done & gone")
    server.put(setup, MAIL)

    assert fetched(moving) == [MAIL]
    assert server.count(setup.folder) == 0


def test_of_a_long_mail_only_the_beginning_is_fetched(server, setup):
    server.put(setup, MAIL + b"x" * 20_000_000)

    (raw,) = fetched(setup)

    assert len(raw) == READ_BYTES
    assert raw.startswith(MAIL)


def test_one_pass_fetches_only_so_many(server, setup, monkeypatch):
    monkeypatch.setattr("notifications.received.mailbox.MOST_AT_ONCE", 3)
    server.put(setup, *[MAIL] * 5)

    assert len(fetched(setup)) == 3
    assert len(fetched(setup)) == 2


def test_a_wrong_password_is_said(setup):
    assert "cannot be read" in refusal(replace(setup, password="wrong"))  # noqa: S106


def test_a_folder_that_is_not_there_is_said(setup):
    assert "the server said NO" in refusal(replace(setup, folder="Nowhere"))


def test_a_certificate_nobody_vouches_for_is_not_talked_to(setup):
    assert "certificate" in refusal(replace(setup, ca_file=""))


def test_a_missing_ca_file_is_named(setup, tmp_path):
    missing = str(tmp_path / "none.pem")

    assert missing in refusal(replace(setup, ca_file=missing))


def test_nobody_listening_is_said(setup, unused_port):
    assert "cannot be reached" in refusal(replace(setup, port=unused_port))


def _spoken_with(client: socket.socket, context: ssl.SSLContext | None) -> socket.socket:
    return context.wrap_socket(client, server_side=True) if context else client


@contextmanager
def scripted(*answers: bytes, context: ssl.SSLContext | None = None):
    """A server that says these lines, one for each line it hears; *context* makes it TLS only."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def talk() -> None:
        client, _ = listener.accept()
        with suppress(OSError), _spoken_with(client, context) as spoken:
            lines = spoken.makefile("rb")
            spoken.sendall(answers[0])
            for answer in answers[1:]:
                line = lines.readline()
                heard.append(line)
                spoken.sendall(answer.replace(b"TAG", line.partition(b" ")[0]))
            lines.read()
            lines.close()

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        listener.close()
        thread.join(timeout=5)


GREETING = b"* OK ready\r\n"
CAN_LOGIN = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"


def test_a_server_that_sends_more_than_was_asked_for_is_left(setup):
    endless = b"* 1 FETCH (BODY[] {4000000000}\r\n"
    answers = [GREETING, CAN_LOGIN, b"TAG OK done\r\n", CAN_LOGIN, b"* 1 EXISTS\r\nTAG OK done\r\n"]
    answers += [b"* SEARCH 1\r\nTAG OK done\r\n", endless]
    with scripted(*answers) as (port, _):
        plain = replace(setup, port=port, secure=False, user_name="erp", password="open")  # noqa: S106
        with pytest.raises(MailboxError, match="4000000000"):
            fetched(plain)


def test_an_old_server_is_signed_in_to_without_its_commands_being_broken(setup):
    answers = [GREETING, CAN_LOGIN, b"TAG NO sorry\r\n"]
    with scripted(*answers) as (port, heard):
        odd = {"user_name": 'er"p x', "password": "o\\pen"}
        refusal(replace(setup, port=port, secure=False, **odd))

    assert heard[1].endswith(b'LOGIN "er\\"p x" "o\\\\pen"\r\n')


def test_port_993_is_encrypted_from_the_first_byte(setup, certificates, monkeypatch):
    answers = [GREETING, CAN_LOGIN, b"TAG NO sorry\r\n"]
    with scripted(*answers, context=certificates.server) as (port, heard):
        monkeypatch.setattr("notifications.received.mailbox_connection.IMPLICIT_TLS_PORT", port)
        refusal(replace(setup, port=port, user_name="erp", password="open"))  # noqa: S106

    assert b"LOGIN" in heard[1]


def test_a_server_without_tls_is_given_nothing(setup):
    with scripted(GREETING, CAN_LOGIN) as (port, heard):
        assert "TLS" in refusal(replace(setup, port=port))

    assert not any(b"LOGIN" in line or b"AUTHENTICATE" in line for line in heard)


def test_a_server_that_cannot_move_copies_and_removes_only_that_mail(setup):
    can = b"* CAPABILITY IMAP4rev1 UIDPLUS\r\nTAG OK done\r\n"
    answers = [GREETING, can, b"TAG OK done\r\n", can, b"* 1 EXISTS\r\nTAG OK done\r\n"]
    answers += [b"TAG OK done\r\n"] * 5
    with scripted(*answers) as (port, heard):
        plain = replace(setup, port=port, secure=False, user_name="erp", password="open")  # noqa: S106
        with ImapMailbox(replace(plain, move_to="Done"), timeout=5) as mailbox:
            mailbox.done("7")

    said = [line.split(b" ", 1)[1] for line in heard[4:8]]
    assert said == [
        b"UID STORE 7 +FLAGS.SILENT (\\Seen)\r\n",
        b'UID COPY 7 "Done"\r\n',
        b"UID STORE 7 +FLAGS.SILENT (\\Deleted)\r\n",
        b"UID EXPUNGE 7\r\n",
    ]


def test_a_password_is_not_sent_in_the_clear_to_another_machine(setup, monkeypatch):
    here = "notifications.received.mailbox_sign_in.on_this_machine"
    monkeypatch.setattr(here, lambda _: False)
    with scripted(GREETING, CAN_LOGIN) as (port, heard):
        assert "choose secure=yes" in refusal(replace(setup, port=port, secure=False))

    assert len(heard) == 1


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", '"INBOX"'),
        ("Done mail", '"Done mail"'),
        ('a "b" \\', '"a \\"b\\" \\\\"'),
        ("Gelöscht", '"Gel&APY-scht"'),
        ("R&D", '"R&-D"'),
        ("Réçus 日本", '"R&AOkA5w-us &ZeVnLA-"'),
    ],
)
def test_folder_names_are_written_as_the_server_wants_them(name, written):
    assert quoted(name) == written


def test_imaplib_is_what_we_think_it_is():
    """Its read() is told a literal's announced length; by another name we would be open."""
    assert "read" in vars(imaplib.IMAP4)
