"""Settings, the secret key, and the application that is made from them."""

import stat
from datetime import UTC, date, datetime

import pytest

from app.bootstrap import Application, SchemaOutdated
from app.secret_keys import NoSecretKey, secret_keys
from app.settings import WrongSettings, read_settings
from notifications.mail_setup import MailNotSetUp

POSTGRES = "postgresql://countersign@db.example.com/approvals"


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in ("SECRET_KEY", "SECRET_KEY_FILE", "DATABASE_URL"):
        monkeypatch.delenv(f"COUNTERSIGN_{name}", raising=False)


def test_the_environment_is_read_and_what_is_given_comes_first(monkeypatch):
    monkeypatch.setenv("COUNTERSIGN_COMPANY", "Contoso")
    monkeypatch.setenv("COUNTERSIGN_CURRENCY", "USD")

    settings = read_settings(currency="CAD")

    assert (settings.company, settings.currency) == ("Contoso", "CAD")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_is_understood(scheme):
    settings = read_settings(database_url=f"{scheme}://ann@db/x")

    assert settings.database_url == "postgresql+psycopg://ann@db/x"
    assert settings.database_file is None


def test_a_key_is_made_beside_the_database_for_its_owner_only(tmp_path):
    settings = read_settings(database_url=f"sqlite:///{tmp_path / 'own.db'}")

    first, second = secret_keys(settings), secret_keys(settings)

    (file,) = tmp_path.iterdir()
    assert first == second
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_given_key_comes_before_a_file_and_a_file_before_a_made_one(tmp_path):
    file = tmp_path / "key"
    file.write_text("from-the-key-file-1234\n")
    given = "given-in-the-setting-1234"

    assert secret_keys(read_settings(secret_key=given, secret_key_file=file)) == (given,)
    assert secret_keys(read_settings(secret_key_file=file)) == ("from-the-key-file-1234",)


@pytest.mark.parametrize("text", ["{0},{1}", " {0} , {1},", "{0}\n{1}\n"])
def test_several_keys_are_separated_by_commas_or_lines_the_newest_first(text, tmp_path):
    keys = ("the-newest-key-of-all", "the-key-of-last-year")
    file = tmp_path / "key"
    file.write_text(text.format(*keys))

    assert secret_keys(read_settings(secret_key_file=file)) == keys
    assert secret_keys(read_settings(secret_key=text.format(*keys))) == keys


def test_without_a_folder_of_ours_a_key_has_to_be_given():
    with pytest.raises(NoSecretKey) as refused:
        secret_keys(read_settings(database_url=POSTGRES))

    assert "COUNTERSIGN_SECRET_KEY_FILE" in refused.value.next_step


def test_a_short_or_missing_key_is_refused(tmp_path):
    with pytest.raises(WrongSettings, match="at least 16"):
        secret_keys(read_settings(secret_key="short"))  # noqa: S106
    with pytest.raises(WrongSettings, match="at least 16"):
        secret_keys(read_settings(secret_key="long-enough-for-a-key,short"))  # noqa: S106
    with pytest.raises(WrongSettings, match="at least 16"):
        secret_keys(read_settings(secret_key=" , "))  # noqa: S106
    with pytest.raises(WrongSettings, match="cannot be read"):
        secret_keys(read_settings(secret_key_file=tmp_path / "nowhere"))


def test_a_secret_key_is_not_shown():
    assert "sesame" not in repr(read_settings(secret_key="open-sesame-open-sesame"))  # noqa: S106


def test_people_act_on_the_day_it_is_in_the_companys_time_zone(sqlite_database):
    settings = read_settings(database_url=sqlite_database, timezone="Pacific/Auckland")
    application = Application(settings, clock=lambda: datetime(2026, 11, 24, 18, tzinfo=UTC))

    assert application.actor("ANN").today == date(2026, 11, 25)


def test_an_old_database_is_refused_before_anything_is_read(tmp_path):
    settings = read_settings(database_url=f"sqlite:///{tmp_path / 'empty.db'}")

    with Application(settings) as application, pytest.raises(SchemaOutdated) as refused:
        application.uow()

    assert refused.value.next_step == "Run `countersign db upgrade`."


def test_there_is_no_transport_before_mail_is_set_up(sqlite_database):
    with (
        Application(read_settings(database_url=sqlite_database)) as application,
        pytest.raises(MailNotSetUp),
    ):
        application.transport()


def test_font_files_are_named_with_commas_and_have_to_be_there(tmp_path):
    one, two = tmp_path / "one.ttf", tmp_path / "two.ttf"
    for file in (one, two):
        file.touch()

    assert read_settings(pdf_fonts=f"{one}, {two}").pdf_font_files == (str(one), str(two))
    with pytest.raises(WrongSettings, match=r"COUNTERSIGN_PDF_FONTS: there is no file .*three"):
        read_settings(pdf_fonts=f"{one},{tmp_path / 'three.ttf'}")
