"""The company of the demo: read from the files in ``data``, the way a user's own files are read."""

import csv
import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflow.counterparties import Counterparty
from workflow.definitions import WorkflowDefinition
from workflow.due_dates import today_in
from workflow.interchange.files import GivenFile, ImportOptions, documents_in, users_in
from workflow.interchange.records import ImportedDocument, ImportedUser, UserField
from workflow.statuses import Area
from workflow.workflow_templates import template

DATA: Final = resources.files("app.demo") / "data"


@dataclass(frozen=True, kw_only=True)
class DemoCompany:
    """Everything the demo starts with, on one day."""

    facts: dict[str, Any]  # company.toml
    today: date

    @property
    def mail(self) -> dict[str, str]:
        """The mail setup as a person would type it, without server and password."""
        mail: dict[str, str] = self.facts["mail"]
        return mail

    @property
    def groups(self) -> dict[str, list[tuple[str, int]]]:
        return {name: list(members.items()) for name, members in self.facts["groups"].items()}

    @property
    def workflows(self) -> list[WorkflowDefinition]:
        """Business Central's templates with the company's own time limits and groups."""
        return [
            _workflow(code, chosen)
            for chosen in self.facts["workflows"]
            for code in chosen["templates"]
        ]

    @property
    def users(self) -> list[ImportedUser]:
        return [self._user_today(user) for user in users_in(_file("users.csv"))]

    @property
    def documents(self) -> list[ImportedDocument]:
        files = [_file("documents.csv"), _file("lines.csv")]
        options = ImportOptions(local_currency=self.facts["currency"])
        return [self._document_today(document) for document in documents_in(files, options)]

    @property
    def counterparties(self) -> list[Counterparty]:
        text = (DATA / "counterparties.csv").read_text(encoding="utf-8")
        return [_counterparty(row) for row in csv.DictReader(text.splitlines())]

    # --- dates -----------------------------------------------------------------------------

    @cached_property
    def _since_written(self) -> timedelta:
        """Whole weeks, so that every date stays on its weekday."""
        monday: date = self.facts["monday"]
        return self.today - timedelta(days=self.today.weekday()) - monday

    def _moved(self, day: date | None) -> date | None:
        return day + self._since_written if day else None

    def _user_today(self, user: ImportedUser) -> ImportedUser:
        fields = {name: self._value_today(value) for name, value in user.fields.items()}
        return replace(user, fields=fields)

    def _value_today(self, value: UserField) -> UserField:
        return self._moved(value) if isinstance(value, date) else value

    def _document_today(self, document: ImportedDocument) -> ImportedDocument:
        return replace(
            document,
            document_date=self._moved(document.document_date),
            due_date=self._moved(document.due_date),
        )


def read_company(at: datetime) -> DemoCompany:
    """The company as it is at that moment."""
    facts = tomllib.loads((DATA / "company.toml").read_text(encoding="utf-8"))
    return DemoCompany(facts=facts, today=today_in(ZoneInfo(facts["time_zone"]), at))


def _file(name: str) -> GivenFile:
    return GivenFile(name=name, data=(DATA / name).read_bytes())


def _workflow(code: str, chosen: dict[str, str]) -> WorkflowDefinition:
    return replace(
        template(code).workflow(),
        due=chosen["due"],
        delegate_after=chosen["delegate_after"],
        group=chosen.get("group", ""),
    )


def _counterparty(row: dict[str, str]) -> Counterparty:
    return Counterparty(
        area=Area(row["area"]),
        number=row["number"],
        name=row["name"],
        restricted=row["restricted"] == "yes",
        credit_limit_lcy=Decimal(row["credit_limit_lcy"] or 0),
        exposure_lcy=Decimal(row["exposure_lcy"] or 0),
    )
