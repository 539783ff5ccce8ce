"""What the surroundings say: where the database is, which company this is, which secret it keeps.

The only module that reads the environment.
"""

import getpass
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "COUNTERSIGN_"
DATABASE_FILE: Final = "countersign.db"
SQLITE: Final = "sqlite:///"
DATABASES: Final = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",  # as hosting companies write it
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class WrongSettings(Exception):
    """A setting cannot be used; the message names it and says why."""


def data_folder() -> Path:
    """Where programs keep what they write for a person, on this kind of machine."""
    if sys.platform == "win32":
        parent = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        parent = Path.home() / "Library" / "Application Support"
    else:
        parent = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return parent / "countersign"


def _default_database() -> str:
    return f"{SQLITE}{data_folder() / DATABASE_FILE}"


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "COMMAND LINE"  # some containers give nobody a name


def _zone(value: object) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone, for example Europe/Amsterdam") from None


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for one in text.split(",") if (part := one.strip()))


class Settings(BaseSettings):
    """Each field can be set as COUNTERSIGN_ and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, arbitrary_types_allowed=True
    )

    database_url: str = Field(default_factory=_default_database)
    secret_key: SecretStr | None = None  # encrypts the mail's secrets; several with commas
    secret_key_file: Path | None = None  # a file that holds it
    base_url: str = ""  # where the web pages are; empty: emails carry no links
    company: str = "Countersign"
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] = ZoneInfo("Europe/Amsterdam")
    language: Literal["en", "nl"] = "en"
    user: str = Field(default_factory=_login)  # who acts where --as is optional and not given
    webhook_targets: str = ""  # host:port,… that webhooks may go to beside port 443 outside
    local_passwords: bool = True  # off: people sign in with Microsoft Entra only
    entra_tenant: str = ""  # directories whose people may sign in; several with commas
    entra_client_id: str = ""
    entra_client_secret: SecretStr | None = None
    entra_client_secret_file: Path | None = None  # a file that holds it
    entra_authority: str = "https://login.microsoftonline.com"
    entra_ca_file: Path | None = None  # whom to trust there, instead of the usual authorities
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")  # the local currency (LCY)

    archive_folder: Path | None = None  # where what is old goes before it is deleted
    metrics_token: SecretStr | None = Field(default=None, min_length=16)  # for /metrics
    pdf_fonts: str = ""  # font files for letters that ours lacks; several with commas

    @field_validator("database_url")
    @classmethod
    def _a_known_database(cls, url: str) -> str:
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in DATABASES:
            raise ValueError("names no database: sqlite:////srv/countersign.db or postgresql://…")
        return f"{DATABASES[scheme]}://{rest}"

    @field_validator("base_url")
    @classmethod
    def _a_web_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("is not a web address, for example https://approvals.example.com")
        return url.rstrip("/")

    @field_validator("pdf_fonts")
    @classmethod
    def _files_that_are_there(cls, text: str) -> str:
        for file in _parts(text):
            if not Path(file).is_file():
                raise ValueError(f"there is no file {file}")
        return text

    @property
    def metrics_token_text(self) -> str:
        return self.metrics_token.get_secret_value() if self.metrics_token else ""

    @property
    def pdf_font_files(self) -> tuple[str, ...]:
        return _parts(self.pdf_fonts)

    @field_validator("webhook_targets")
    @classmethod
    def _hosts_and_ports(cls, text: str) -> str:
        targets = [target.strip().lower() for target in text.split(",") if target.strip()]
        for target in targets:
            host, _, port = target.rpartition(":")
            if not host or not port.isdecimal():
                raise ValueError("is not host:port,… for example flows.internal:443")
        return ",".join(targets)

    @property
    def allowed_webhook_targets(self) -> frozenset[str]:
        return frozenset(self.webhook_targets.split(",")) - {""}

    @field_validator("entra_authority")
    @classmethod
    def _over_https(cls, url: str) -> str:
        if not url.startswith("https://"):
            raise ValueError("is not an address with https://")
        return url.rstrip("/")

    @field_validator("entra_tenant")
    @classmethod
    def _identifiers(cls, text: str) -> str:
        """Names of directories can be given away; their identifiers stay."""
        if not all(IDENTIFIER.fullmatch(part.casefold()) for part in _parts(text)):
            raise ValueError("is not a directory (tenant) ID such as 11111111-2222-3333-…")
        return text

    @property
    def entra_tenants(self) -> tuple[str, ...]:
        return tuple(part.casefold() for part in _parts(self.entra_tenant))

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; None for another kind of database."""
        path = self.database_url.removeprefix(SQLITE).partition("?")[0]
        is_file = self.database_url.startswith(SQLITE) and path and path != ":memory:"
        return Path(path) if is_file else None

    @property
    def archive(self) -> Path:
        """The folder named, else one beside the SQLite file, else one in the user's data folder."""
        beside = self.database_file.parent if self.database_file else data_folder()
        return self.archive_folder or beside / "archive"

    @property
    def default_database(self) -> bool:
        """Whether nobody chose the database: then it may be made on first use."""
        return self.database_url == _default_database()


def read_settings(**given: Any) -> Settings:  # noqa: ANN401 - as the fields have them
    """The settings of this process; *given* ones come before those of the environment.

    Raises:
        WrongSettings
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = PREFIX + "_".join(map(str, first["loc"])).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise WrongSettings(f"{name}: {reason}") from None
