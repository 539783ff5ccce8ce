"""What is old is archived and deleted; who decided what, and when, is there for ever."""

import base64
import gzip
import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app import guarding, retention
from app.catcher import Catcher
from app.cli import documents_shown
from app.serving import services_of
from app.worker import work_once
from db.tables import (
    api_answers,
    archived_comments,
    archived_entries,
    documents,
    email_attempts,
    emails,
    events,
    notifications,
    received_mails,
    web_sessions,
)
from scheduled_office import Office, key
from web.application import web_application
from web.passwords import hashed
from workflow.errors import NotAdministrator
from workflow.interchange.records import ImportedDocument, whole_amount_line
from workflow.retention import ArchiveNotWritable, NoRetention, PeriodTooShort, Records
from workflow.service import deciding, handling, importing, retaining
from workflow.statuses import Area, DocumentType
from workflow.user_accounts import UserAccount

PASSWORD = "correct horse battery"  # noqa: S105 - of nobody
EVERYTHING = {
    "letters": "90D",
    "emails": "1Y",
    "webhooks": "90D",
    "api_answers": "30D",
    "sessions": "30D",
    "documents": "2Y",
}


@pytest.fixture
def office(database_url, tmp_path):
    with Catcher(tmp_path / "mails") as catcher:
        office = Office(database_url, catcher)
        yield office
        office.application.close()


@pytest.fixture
def archive(tmp_path):
    return tmp_path / "archive"


@pytest.fixture
def purge(office, archive):
    """Lets go what is old; what the files of the archive say of it, by kind."""

    def run():
        purged = retention.purge(office.application, folder=archive)
        return purged.rows

    return run


def keep(office, **periods):
    retaining.set_policy(office.uow, periods, office.as_("EVA"))


def later(office, **time):
    office.now += timedelta(**time)


def count(office, table, *conditions):
    with office.application.engine.connect() as connection:
        statement = sa.select(sa.func.count()).select_from(table).where(*conditions)
        return connection.execute(statement).scalar_one()


def rows_of(archive, kind):
    files = sorted(archive.glob(f"*-{kind}.jsonl.gz"))
    packed = [gzip.decompress(file.read_bytes()) for file in files]
    return [json.loads(line) for content in packed for line in content.splitlines()]


def released(office, number, amount=400):
    """Ann asked, Bob agreed with a word, the mail went out."""
    office.send(number, amount)
    office.deliver()
    deciding.approve(office.uow, key(number), office.as_("BOB"), comment="Agreed with Cid")
    office.deliver()


def page_of(office, number):
    office.application.user_accounts.save(
        UserAccount(user_id="EVA", password_hash=hashed(PASSWORD), roles=frozenset())
    )
    client = TestClient(web_application(services_of(office.application)))
    client.post("/sign-in", data={"user": "EVA", "password": PASSWORD})
    return client.get(f"/documents/purchase/order/{number}").text


def shown(office, number):
    history = documents_shown.history_of(office.application, key(number))
    return "\n".join(f"{one['at']:%Y-%m-%d} {one['who']} {one['what']}" for one in history)


def test_after_everything_old_is_gone_the_history_still_says_who_decided_what_and_when(
    office, purge, archive
):
    released(office, "PO-1")
    released(office, "PO-2")
    handling.post(office.uow, key("PO-2"), office.as_("ANN"))
    log = count(office, events)
    later(office, days=3 * 365)
    keep(office, **EVERYTHING)
    gone = purge()

    assert gone[Records.DOCUMENTS] == 1
    assert gone[Records.EMAILS] > 1
    assert count(office, documents) == 0
    assert count(office, emails) == 1  # the last one: by it a restored database is noticed
    for number in ("PO-1", "PO-2"):
        assert "2026-11-24 BOB approved it: Agreed with Cid" in shown(office, number)
        page = page_of(office, number)
        assert "Agreed with Cid" in page
        assert "Bob" in page
    assert "RETENTION moved it to the archive" in shown(office, "PO-1")
    assert count(office, events) == log + 2  # the change of the policy, and the document that left
    decided = archived_entries.c.decided_by == "BOB"
    assert count(office, archived_entries, decided, archived_entries.c.number == "PO-1") == 1
    assert count(office, archived_comments, archived_comments.c.number == "PO-1") == 1
    (document,) = rows_of(archive, "documents")
    assert document["number"] == "PO-1"
    assert [one["decided_by"] for one in document["runs"][0]["entries"]][-1] == "BOB"


def test_nothing_goes_until_a_policy_is_set(office, purge, archive):
    released(office, "PO-1")
    later(office, days=9 * 365)

    assert purge() == {}
    assert not archive.exists()
    with pytest.raises(NoRetention):
        retention.planned(office.application)


def test_what_is_younger_than_its_period_stays(office, purge):
    released(office, "PO-1")
    keep(office, letters="90D")
    later(office, days=89)
    before = purge()
    later(office, days=2)

    assert before == {}
    assert purge()[Records.LETTERS] == 2


def test_a_plan_says_how_many_would_go_and_deletes_nothing(office, purge):
    released(office, "PO-1")
    keep(office, letters="7D", emails="1Y")
    later(office, days=30)
    plan = {one.records: one.rows for one in retention.planned(office.application)}

    assert plan == {Records.LETTERS: 2, Records.EMAILS: 0}
    assert count(office, emails, emails.c.raw.is_(None)) == 0
    assert purge() == {Records.LETTERS: 2}


def test_a_letter_is_in_the_archive_as_it_was_sent(office, purge, archive):
    released(office, "PO-1")
    with office.application.engine.connect() as connection:
        raw = connection.scalar(sa.select(emails.c.raw).order_by(emails.c.id))
    keep(office, letters="7D")
    later(office, days=30)
    purge()

    assert base64.b64decode(rows_of(archive, "letters")[0]["raw"]) == raw
    assert count(office, emails, emails.c.raw.is_not(None)) == 0
    assert count(office, emails, emails.c.subject != "") == 2  # that it was sent is still known


def test_mail_about_a_request_that_still_waits_stays(office, purge):
    office.send("PO-1")
    office.deliver()
    released(office, "PO-2")
    keep(office, letters="7D", emails="28D")
    later(office, days=400)
    purge()

    about_it = emails.c.id == 1
    assert count(office, emails) == 2  # the other one is the last
    assert count(office, emails, about_it, emails.c.raw.is_not(None)) == 1
    assert count(office, notifications, notifications.c.email_id == 1) == 1


def test_mail_that_was_not_sent_yet_stays(office, purge):
    released(office, "PO-1")
    with office.application.engine.begin() as connection:
        connection.execute(sa.update(emails).values(state="held"))
    keep(office, letters="7D", emails="28D")
    later(office, days=400)

    assert purge() == {}


def test_emails_go_with_their_attempts_and_notifications(office, purge, archive):
    released(office, "PO-1")
    later(office, days=300)
    released(office, "PO-2")
    first = email_attempts.c.email_id == 1
    with office.application.engine.begin() as connection:
        connection.execute(
            sa.insert(received_mails),
            {
                "message_id": "<bounce@x>",
                "at": office.now,
                "sender": "x",
                "result": "bounced",
                "text": "",
                "email_id": 1,
            },
        )
    keep(office, emails="90D")
    purge()
    old = rows_of(archive, "emails")

    assert (count(office, emails), count(office, notifications)) == (2, 2)
    assert count(office, email_attempts, first) == 0
    assert count(office, received_mails) == 1
    assert [len(one["attempts_made"]) for one in old] == [1, 1]
    assert old[0]["notifications"][0]["recipient"] == "BOB"


def test_a_database_without_its_old_mail_is_not_taken_for_a_restored_one(office, purge):
    released(office, "PO-1")
    later(office, days=400)
    keep(office, letters="7D", emails="28D")
    purge()

    assert guarding.doubt(office.application) == ""
    office.send("PO-2")
    assert office.deliver().sent == 1


def test_sessions_and_kept_answers_go_without_an_archive(office, purge, archive):
    page_of(office, "PO-1")
    answer = {
        "api_key": "erp",
        "method": "POST",
        "path": "/",
        "fingerprint": "",
        "status": 200,
        "headers": "{}",
        "body": "",
    }
    with office.application.engine.begin() as connection:
        old = {**answer, "idempotency_key": "same", "kept_at": office.now}
        new = {**old, "api_key": "other", "kept_at": office.now + timedelta(days=60)}
        connection.execute(sa.insert(api_answers), [old, new])
    later(office, days=60)
    keep(office, sessions="30D", api_answers="30D")

    assert purge() == {Records.API_ANSWERS: 1, Records.SESSIONS: 1}
    assert count(office, web_sessions) == 0
    assert count(office, api_answers, api_answers.c.api_key == "other") == 1
    assert not list(archive.glob("*.gz"))


def test_the_same_run_again_does_nothing(office, purge, archive):
    released(office, "PO-1")
    later(office, days=3 * 365)
    keep(office, **EVERYTHING)
    purge()
    files = {file.name: file.read_bytes() for file in archive.iterdir()}

    assert purge() == {}
    assert {file.name: file.read_bytes() for file in archive.iterdir()} == files


def test_the_manifest_lists_every_file_with_its_rows_and_checksum(office, purge, archive):
    released(office, "PO-1")
    later(office, days=3 * 365)
    keep(office, **EVERYTHING)
    purge()
    listed = json.loads((archive / "manifest.json").read_text())["files"]

    assert {one["file"] for one in listed} == {file.name for file in archive.glob("*.gz")}
    for one in listed:
        assert one["rows"] == len(
            gzip.decompress((archive / one["file"]).read_bytes()).splitlines()
        )
    assert retention.trouble(office.application, archive) == (len(listed), [])


def test_a_manifest_that_a_killed_run_did_not_come_to_is_written_by_the_next(
    office, purge, archive
):
    released(office, "PO-1")
    later(office, days=100)
    keep(office, letters="90D")
    purge()
    (archive / "manifest.json").unlink()
    purge()

    assert len(json.loads((archive / "manifest.json").read_text())["files"]) == 1


def test_a_changed_or_missing_file_of_the_archive_is_found(office, purge, archive):
    released(office, "PO-1")
    later(office, days=3 * 365)
    keep(office, **EVERYTHING)
    purge()
    (changed, missing, *_) = sorted(archive.glob("*.gz"))
    changed.write_bytes(changed.read_bytes() + b" ")
    missing.unlink()

    assert retention.trouble(office.application, archive)[1] == [
        f"{changed.name} has been changed.",
        f"{missing.name} is missing.",
    ]


def test_what_cannot_be_archived_is_not_deleted(office, archive):
    released(office, "PO-1")
    later(office, days=30)
    keep(office, letters="7D")
    archive.write_text("a file, no folder")

    with pytest.raises(ArchiveNotWritable):
        retention.purge(office.application, folder=archive)
    assert count(office, emails, emails.c.raw.is_(None)) == 0


@pytest.fixture
def bill():
    """An invoice of Bakker as its electronic file has it."""
    amount = Decimal(100)
    return ImportedDocument(
        number="A-1",
        area=Area.PURCHASE,
        document_type=DocumentType.INVOICE,
        document_date=None,
        due_date=None,
        amount=amount,
        amount_including_vat=amount,
        currency="",
        amount_lcy=amount,
        amount_including_vat_lcy=amount,
        salesperson_purchaser_code="",
        counterparty_no="",
        counterparty_name="Bakker",
        requester="ANN",
        external_document_no="A-1",
        description="",
        lines=(whole_amount_line(amount, ""),),
        row=None,
        source="invoice.xml",
    )


def test_a_document_that_went_to_the_archive_is_not_taken_in_again(office, purge, bill):
    importing.import_documents(office.uow, [bill], office.as_("ANN"))
    with office.application.engine.begin() as connection:
        connection.execute(sa.update(documents).values(status="released"))
    later(office, days=800)
    keep(office, documents="2Y")
    purge()
    again = importing.import_documents(office.uow, [bill], office.as_("ANN"))

    assert again.closed == ("purchase/invoice/IN-00001",)


def test_documents_that_are_not_released_stay_whatever_their_age(office, purge):
    office.send("PO-1")
    office.send("PO-2")
    deciding.reject(office.uow, key("PO-2"), office.as_("BOB"), comment="Too dear")
    later(office, days=5 * 365)
    keep(office, documents="2Y")

    assert purge() == {}
    assert count(office, documents) == 2


def test_only_an_administrator_says_how_long_things_are_kept_and_lets_them_go(office, archive):
    released(office, "PO-1")
    with pytest.raises(NotAdministrator):
        retaining.set_policy(office.uow, {"letters": "90D"}, office.as_("ANN"))
    with pytest.raises(PeriodTooShort):
        retaining.set_policy(office.uow, {"letters": "1D"}, office.as_("EVA"))
    keep(office, letters="90D")
    later(office, days=100)
    with pytest.raises(NotAdministrator):
        retention.purge(office.application, actor=office.as_("ANN"), folder=archive)

    (changed, *_) = office.application.read.setup_log(limit=1)
    assert (changed.actor, changed.event.subject) == ("EVA", "retention")


def test_the_worker_lets_go_what_is_old(office, monkeypatch, archive):
    released(office, "PO-1")
    later(office, days=100)
    keep(office, letters="90D")
    settings = office.application.settings.model_copy(update={"archive_folder": archive})
    object.__setattr__(office.application, "settings", settings)

    assert work_once(office.application).purged.rows == {Records.LETTERS: 2}
    assert list(archive.glob("*-letters.jsonl.gz"))


KILLED = """
import os, signal, sys
from pathlib import Path
from app import retention
from app.archives import ArchiveFolder
from app.bootstrap import Application
from app.settings import read_settings
from datetime import datetime
from workflow.service import retaining

class Dies(ArchiveFolder):
    def write(self, number, *rest):
        file = super().write(number, *rest)
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return file

retaining.AT_ONCE = 1
retention.ArchiveFolder = Dies
now = datetime.fromisoformat(sys.argv[3])
with Application(read_settings(database_url=sys.argv[1]), clock=lambda: now) as application:
    retention.purge(application, folder=Path(sys.argv[2]))
"""


def test_a_run_that_is_killed_between_archive_and_deletion_is_finished_by_the_next(
    office, purge, archive, database_url
):
    released(office, "PO-1")
    released(office, "PO-2")
    later(office, days=100)
    keep(office, letters="90D")
    home = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED, database_url, archive, office.now.isoformat()]
    killed = subprocess.run(command, check=False, cwd=home, env=os.environ)
    left = count(office, emails, emails.c.raw.is_not(None))
    purge()

    assert killed.returncode == -signal.SIGKILL
    assert left == 3  # one batch of one happened, the second did not
    assert count(office, emails, emails.c.raw.is_not(None)) == 0
    assert sorted(row["id"] for row in rows_of(archive, "letters")) == [1, 2, 3, 4]  # each once
    assert retention.trouble(office.application, archive) == (2, [])
