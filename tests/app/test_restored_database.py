"""An old or a second copy of the database sends nothing before somebody says that it may."""

import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app import guarding, sent_marks
from app.bootstrap import Application
from app.catcher import Catcher
from app.passes import deliver
from app.settings import read_settings
from db.guards import here
from db.tables import email_attempts, emails
from notifications.mail_setup import MailSetup
from notifications.restored import BESIDE, COPIED, OLDER, Guarded, Mark, suspicion
from notifications.setup_changes import changed
from workflow.definitions import WorkflowDefinition
from workflow.documents import Document, DocumentKey, DocumentLine
from workflow.service.handling import receive
from workflow.service.requesting import send_approval_request
from workflow.service.setting_up import enable_workflow, save_workflow, set_user
from workflow.statuses import Area, DocumentType


class Company:
    """Ann asks Bob, on a database somebody may copy."""

    def __init__(self, database_url: str) -> None:
        self.application = Application(read_settings(database_url=database_url))

    def set_up(self, catcher: Catcher) -> None:
        mail = {"server": catcher.host, "port": str(catcher.port), "send_as": "erp@contoso.com"}
        self.application.mail_setups.save(changed(MailSetup(), mail)[0])
        uow, founder = self.application.uow(), self.application.actor("ROOT")
        for name, fields in {"ANN": {"approver": "BOB"}, "BOB": {"purchase_limit": None}}.items():
            set_user(uow, name, {"email": f"{name.lower()}@contoso.com", **fields}, founder)
        order = WorkflowDefinition(code="PO", area=Area.PURCHASE, document_type=DocumentType.ORDER)
        save_workflow(uow, order, founder)
        enable_workflow(uow, "PO", founder)

    def ask(self, number: str) -> None:
        key = DocumentKey(Area.PURCHASE, DocumentType.ORDER, number)
        uow, ann = self.application.uow(), self.application.actor("ANN")
        amount = Decimal(800)
        document = Document(
            key=key,
            amount=amount,
            amount_including_vat=amount,
            amount_lcy=amount,
            amount_including_vat_lcy=amount,
            lines=(DocumentLine(line_no=10_000, unit_price=amount, amount=amount),),
        )
        receive(uow, document, ann)
        send_approval_request(uow, key, ann)

    def states(self) -> list[str]:
        rows = reversed(self.application.read.outbox_list())
        return [str(row.state) for row in rows]


@pytest.fixture
def catcher(tmp_path):
    with Catcher(tmp_path / "mails") as running:
        yield running


@pytest.fixture
def company(database_url, catcher):
    company = Company(database_url)
    company.set_up(catcher)
    yield company
    company.application.close()


@pytest.fixture
def in_a_file(sqlite_database, catcher):
    company = Company(sqlite_database)
    company.set_up(catcher)
    yield company
    company.application.close()


def copied(url: str, to: Path) -> str:
    with (
        closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(to)) as copy,
    ):
        source.backup(copy)
    return f"sqlite:///{to}"


def put_back(company: Company, backup: Path) -> None:
    """As an administrator does it: with the program stopped, the file and nothing else."""
    company.application.close()
    file = company.application.settings.database_file
    for ending in ("-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    shutil.copyfile(backup, file)


def test_on_a_database_that_stays_where_it_is_mail_goes_out(company, catcher):
    for number in ("1", "2"):
        company.ask(number)
        assert deliver(company.application).delivery.stopped == ""

    assert len(catcher.mails()) == 2
    assert guarding.doubt(company.application) == ""


class TestAnOldCopyInAFile:
    @pytest.fixture
    def restored(self, in_a_file, tmp_path):
        """The backup holds an event nobody was told of; it was told afterwards."""
        in_a_file.ask("1")
        deliver(in_a_file.application)
        in_a_file.ask("2")
        backup = tmp_path / "backup.db"
        url = in_a_file.application.settings.database_url
        copied(url, backup)
        deliver(in_a_file.application)
        settings = in_a_file.application.settings
        put_back(in_a_file, backup)
        company = Company(settings.database_url)
        yield company
        company.application.close()

    def test_sends_nothing_and_says_what_to_do(self, restored, catcher):
        report = deliver(restored.application).delivery
        later = deliver(restored.application).delivery

        assert report.stopped.startswith(OLDER)
        assert "countersign db accept-restore" in later.stopped
        assert len(catcher.mails()) == 2
        assert restored.states() == ["sent", "queued"]

    def test_once_accepted_holds_what_may_have_been_sent_and_sends_what_is_new(
        self, restored, catcher
    ):
        deliver(restored.application)
        restored.ask("3")
        held = guarding.accept(restored.application, hold=True)
        deliver(restored.application)

        assert held == 1
        assert restored.states() == ["sent", "held", "sent"]
        assert len(catcher.mails()) == 3
        (row,) = [row for row in restored.application.read.outbox_list() if row.state == "held"]
        assert row.uncertain

    def test_a_second_time_it_is_found_out_as_well(self, restored, tmp_path):
        """The backup is from before the restore was accepted."""
        deliver(restored.application)
        backup = tmp_path / "again.db"
        copied(restored.application.settings.database_url, backup)
        guarding.accept(restored.application, hold=True)
        assert guarding.doubt(restored.application) == ""
        with closing(sqlite3.connect(backup)) as connection, connection:
            connection.execute("UPDATE delivery_guard SET suspicion = ''")
        put_back(restored, backup)
        again = Company(restored.application.settings.database_url)
        doubt = guarding.doubt(again.application)
        again.application.close()

        assert doubt.startswith(OLDER)

    def test_when_it_was_only_moved_what_waits_is_sent(self, restored):
        deliver(restored.application)
        guarding.accept(restored.application, hold=False)
        deliver(restored.application)

        assert restored.states() == ["sent", "sent"]


def test_a_copy_in_another_folder_does_not_send_too(in_a_file, catcher, tmp_path):
    in_a_file.ask("1")
    deliver(in_a_file.application)
    in_a_file.ask("2")
    (tmp_path / "elsewhere").mkdir()
    url = copied(in_a_file.application.settings.database_url, tmp_path / "elsewhere" / "test.db")
    copy = Company(url)
    stopped = deliver(copy.application).delivery.stopped
    copy.application.close()

    assert stopped.startswith(COPIED)
    assert len(catcher.mails()) == 1
    assert deliver(in_a_file.application).delivery.sent == 1


def test_a_copy_on_another_database_does_not_send_too(
    postgresql_database, postgres_template, catcher
):
    first = Company(postgresql_database)
    first.set_up(catcher)
    first.ask("1")
    deliver(first.application)
    first.ask("2")
    first.application.close()
    original = sa.make_url(postgresql_database).database
    copy = Company(postgres_template.create_database(f"{original}_copy", template=original))
    stopped = deliver(copy.application).delivery.stopped
    copy.application.close()
    postgres_template.drop_database(f"{original}_copy")

    assert stopped.startswith(COPIED)
    assert deliver(first.application).delivery.sent == 1
    first.application.close()


def test_tables_that_were_put_back_in_place_are_found_out(company, catcher):
    """As `pg_restore --clean` does: the same database, with fewer rows."""
    company.ask("1")
    deliver(company.application)
    with company.application.engine.begin() as connection:
        connection.execute(sa.delete(email_attempts))
        connection.execute(
            sa.update(emails).values(state="queued", next_attempt_at=emails.c.created_at)
        )
    report = deliver(company.application).delivery

    assert report.stopped.startswith(OLDER)
    assert len(catcher.mails()) == 1


def test_another_machine_that_never_sent_may_begin(postgresql_database, catcher, monkeypatch):
    company = Company(postgresql_database)
    company.set_up(catcher)
    company.ask("1")
    deliver(company.application)
    monkeypatch.setenv("XDG_DATA_HOME", "/proc/nowhere")  # and nobody can keep a file there
    company.ask("2")
    sent = deliver(company.application).delivery.sent
    company.application.close()

    assert sent == 1


def test_a_file_that_says_nothing_is_none(tmp_path):
    file = tmp_path / "x.sent"
    for text in ("", "[]", "{}", '{"epoch": "a", "attempts": "many"}'):
        file.write_text(text)
        assert sent_marks.read(file) is None
    assert sent_marks.write(file, Mark(epoch="a", attempts=3))
    assert sent_marks.read(file) == Mark(epoch="a", attempts=3)


def guarded(**changes) -> Guarded:
    facts = {
        "epoch": "a",
        "home": BESIDE,
        "here": BESIDE,
        "suspicion": "",
        "attempts": 5,
        "has_emails": True,
    }
    return Guarded(**facts | changes)


@pytest.mark.parametrize(
    ("facts", "mark", "why"),
    [
        (guarded(), Mark(epoch="a", attempts=5), ""),
        (guarded(), Mark(epoch="a", attempts=4), ""),
        (guarded(), Mark(epoch="a", attempts=6), OLDER),
        (guarded(), Mark(epoch="b", attempts=0), OLDER),
        (guarded(), None, COPIED),
        (guarded(home=""), None, ""),
        (guarded(home=""), Mark(epoch="b", attempts=9), OLDER),
        (guarded(home="", has_emails=False), Mark(epoch="b", attempts=9), ""),
        (guarded(home="1", here="1"), None, ""),
        (guarded(home="1", here="1"), Mark(epoch="a", attempts=6), OLDER),
        (guarded(home="1", here="2"), None, COPIED),
        (guarded(home="", here="2"), None, ""),
    ],
)
def test_what_is_suspicious(facts, mark, why):
    assert suspicion(facts, mark) == why


def test_a_database_knows_its_server_only_where_it_may_ask(postgresql_database):
    """Some hosting companies let nobody ask; the database is told from others all the same."""
    engine = sa.create_engine(postgresql_database)
    role = f"erp_{uuid4().hex}"
    function = "FUNCTION pg_control_system() FROM PUBLIC"
    with engine.connect() as connection:
        with_server = here(connection)
        connection.execute(sa.text(f"CREATE ROLE {role}"))
        connection.execute(sa.text(f"REVOKE EXECUTE ON {function}"))
        connection.execute(sa.text(f"SET LOCAL ROLE {role}"))
        without = here(connection)
        connection.rollback()
    engine.dispose()

    server, _, database = with_server.partition("/")
    assert server
    assert without == f"/{database}"
