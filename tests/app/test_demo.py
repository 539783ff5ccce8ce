"""The demo: a company that makes sense, and a story that really happens."""

import io
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx2
import pytest

from app.bootstrap import Application
from app.catcher import caught_in
from app.demo import run_demo
from app.demo.company import read_company
from app.demo.folders import DemoFolder, FolderNotUsable, new_folder
from app.demo.founding import MailServer, found
from app.settings import read_settings
from workflow.approval_users import ApprovalUser, with_fields
from workflow.documents import DocumentKey
from workflow.service.deciding import approve
from workflow.service.requesting import who_would_approve
from workflow.setup_checks import check_setup
from workflow.statuses import Area, DocumentStatus, DocumentType

WEDNESDAY = datetime(2031, 5, 14, 9, 0, tzinfo=UTC)
MAIN = [sys.executable, "-W", "error", "-c", "from app.cli import main; main()"]
ORDER = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "PO-2001")
WAITING = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "PO-2008")
SEND_AS = "Van der Meer Goedkeuringen <noreply@vandermeer.example>"


# --- the company ---------------------------------------------------------------------------


@pytest.fixture
def company():
    return read_company(WEDNESDAY)


@pytest.fixture
def people(company):
    return [
        with_fields(ApprovalUser(user_id=user.user_id), dict(user.fields)) for user in company.users
    ]


def test_the_company_has_four_levels_of_limits_and_two_administrators(people):
    limits = {person.purchase_limit for person in people}

    assert {500, 5_000, 50_000, None} <= limits
    assert len(people) >= 12
    assert sum(person.administrator for person in people) == 2


def test_nothing_is_wrong_with_its_approval_user_setup(people):
    assert check_setup(people) == []


def test_it_speaks_dutch_and_english_in_more_than_one_time_zone(people):
    assert {person.language for person in people} == {"nl", "en"}
    assert {person.time_zone for person in people} > {""}


def test_it_has_documents_of_all_twelve_types(company):
    kinds = {(document.area, document.document_type) for document in company.documents}

    assert len(kinds) == 12
    assert len(company.documents) >= 40
    assert {document.currency for document in company.documents} == {"", "USD", "GBP"}


def test_its_newest_documents_are_of_this_week(company):
    newest = max(document.document_date for document in company.documents)

    assert newest.isoformat() == "2031-05-12"


def test_a_substitute_who_stands_in_for_a_while_does_so_now(people):
    [dated] = [person for person in people if person.substitute_from]

    assert dated.substitute_on(WEDNESDAY.date()) == "SOREN"


def test_each_document_can_be_sent_by_its_requester(tmp_path, company):
    with founded(tmp_path, company) as application:
        uow = application.uow()
        for document in company.documents:
            key = DocumentKey(document.area, document.document_type, document.number)
            answer = who_would_approve(uow, key, application.actor(document.requester))

            assert answer.plan.approvers, key


@contextmanager
def founded(folder, company):
    settings = read_settings(database_url=f"sqlite:///{folder / 'demo.db'}")
    with Application(settings, clock=lambda: WEDNESDAY) as application:
        found(application, company, MailServer(host="127.0.0.1", port=25, password="secret"))  # noqa: S106
        yield application


# --- the story -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The demo played once: what it printed, and its folder."""
    out, parent = io.StringIO(), tmp_path_factory.mktemp("demo")
    run_demo(once=True, data=parent, out=out)
    return out.getvalue(), DemoFolder(parent / "company-1")


def test_approvers_are_mailed_from_the_requester_and_the_requester_from_send_as(played):
    _, folder = played

    of_the_order = [
        (str(mail.message["To"]), str(mail.message["From"]))
        for mail in caught_in(folder.mails)
        if "PO-2001" in mail.message["Subject"]
    ]

    anouk = "Anouk Visser <anouk@vandermeer.example>"
    assert of_the_order == [
        ("Zoë Bakker <zoe@vandermeer.example>", anouk),
        ("José Álvarez <jose@vandermeer.example>", anouk),
        ("Hendrika van der Meer <hendrika@vandermeer.example>", anouk),
        (anouk, SEND_AS),
    ]


def test_each_mail_is_submitted_by_the_account(played):
    _, folder = played

    envelopes = {mail.envelope_from for mail in caught_in(folder.mails)}

    assert envelopes == {"goedkeuring@vandermeer.example"}


def test_the_documents_are_what_the_story_says(played):
    _, folder = played

    with opened(folder) as application, application.uow() as uow:
        assert uow.documents.get(ORDER).status is DocumentStatus.RELEASED
        assert uow.documents.get(WAITING).status is DocumentStatus.PENDING_APPROVAL


def test_the_story_names_who_what_and_the_rule_of_each_sender(played):
    printed, folder = played

    assert "● Anouk Visser sends the order for approval" in printed
    assert "$ countersign send PO-2001 --as ANOUK" in printed
    assert re.search(r"From +Anouk Visser <anouk@vandermeer\.example>", printed)
    assert re.search(r"Rule +requester: Allow Sender Substitution is on", printed)
    assert re.search(r"Rule +send_as: it is Send As in the mail setup", printed)
    assert printed.count("✉ mail to") == len(caught_in(folder.mails)) == 10
    assert re.search(r"PO-2001 +64,710\.00 +released", printed)
    assert str(folder.mails) in printed


def test_the_substitute_decided_with_the_approvers_authority(played):
    _, folder = played
    key = DocumentKey(Area.SALES, DocumentType.ORDER, "SO-6001")

    with opened(folder) as application, application.uow() as uow:
        entry = uow.documents.get(key).run.entries[-1]

    assert (entry.approver, entry.authority_of) == ("SOREN", "FATIMA")


def test_the_demo_plays_once_from_the_command_line(tmp_path):
    started = time.monotonic()

    done = subprocess.run(
        [*MAIN, "demo", "--once", "--data", str(tmp_path)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "From      Anouk Visser <anouk@vandermeer.example>" in done.stdout
    assert "is now released" in done.stdout
    assert time.monotonic() - started < 60
    assert len(caught_in(tmp_path / "company-1" / "mails")) == 10


def test_the_demo_goes_on_working_until_it_is_told_to_stop(tmp_path):
    folder = DemoFolder(tmp_path / "company-1")
    with started(*MAIN, "demo", "--data", str(tmp_path)) as demo:
        read_until(demo, "Ctrl-C ends it.")
        with opened(folder) as application:
            approve(application.uow(), WAITING, application.actor("ZOE"))

        line = read_until(demo, "PO-2008")
        demo.send_signal(signal.SIGTERM)
        rest, errors = demo.communicate(timeout=20)

    assert "from Daan Hendriks <daan@vandermeer.example> (requester)" in line
    assert "The company is closed." in rest
    assert (demo.returncode, errors) == (0, "")


def test_anybody_may_be_anybody_in_the_browser_and_reads_everybodys_mail(tmp_path):
    with started(*MAIN, "demo", "--data", str(tmp_path)) as demo:
        address = read_until(demo, "/demo").strip().removesuffix("/demo")
        read_until(demo, "Ctrl-C ends it.")
        with httpx2.Client(base_url=address, follow_redirects=True) as browser:
            start = browser.get("/demo").text
            mail = re.search(r'href="(/demo/mails/\d+)"', start)[1]
            shown = browser.get(mail)
            letter = browser.get(f"{mail}/html")
            asked = browser.get("/requests/purchase/order/1/PO-2008")
            became = browser.post("/demo/be/ZOE", data={"next": "/requests"})
            nobody = browser.post("/demo/be/NOBODY")
            away = browser.post("/demo/be/ZOE", data={"next": "//evil.example"})

    assert "Zoë Bakker" in start
    assert "frame-src 'self'" in shown.headers["content-security-policy"]
    assert "sandbox" in letter.headers["content-security-policy"]
    assert "/demo?next=/requests/purchase/order/1/PO-2008" in asked.text
    assert became.url.path == "/requests"
    assert "PO-2008" in became.text
    assert nobody.status_code == 404
    assert away.url.host == "127.0.0.1"


@contextmanager
def opened(folder):
    with Application(read_settings(database_url=folder.database_url)) as application:
        yield application


@contextmanager
def started(*command):
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process, words):
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"it ended before it said {words!r}: {process.stderr.read()}")


# --- folders -------------------------------------------------------------------------------


def test_each_demo_gets_a_folder_of_its_own(tmp_path):
    (tmp_path / "company-1").mkdir()
    (tmp_path / "company-1" / "precious.db").write_text("mine")

    folder = new_folder(tmp_path)

    assert folder.path == tmp_path / "company-2"
    assert (tmp_path / "company-1" / "precious.db").read_text() == "mine"


def test_without_a_name_it_lies_in_this_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert new_folder(None).path == tmp_path / "demo-data" / "company-1"


def test_where_this_folder_cannot_be_written_a_temporary_one_is_used(tmp_path, monkeypatch):
    (tmp_path / "demo-data").write_text("a file is in the way")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    folder = new_folder(None)

    assert folder.path.name.startswith("countersign-demo-")
    assert folder.path.parent == tmp_path


def test_a_folder_that_cannot_be_used_is_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")

    with pytest.raises(FolderNotUsable, match=r"file cannot be used"):
        new_folder(file)

    assert file.read_text() == "not a folder"
