"""The person who reads a mail: in which language, formats and time zone, and who the others are."""

from dataclasses import dataclass
from gettext import NullTranslations
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notifications.formatting import Formats, one_line
from notifications.ports import Directory
from notifications.translations import locale_for, translations_for
from workflow.approval_users import ApprovalUser

NAME_LIMIT = 80


@dataclass(frozen=True, kw_only=True)
class Company:
    """Whose documents these are, and what holds for people who have no setting of their own."""

    name: str
    language: str
    time_zone: str
    currency: str  # the local currency: EUR
    pdf_fonts: tuple[str, ...] = ()  # font files, for letters that our own font lacks
    base_url: str = ""  # where people reach the pages; empty: nothing links to them


@dataclass(frozen=True, kw_only=True)
class Reader:
    user: ApprovalUser
    language: str  # one that we have words for
    formats: Formats
    translations: NullTranslations
    directory: Directory
    base_url: str = ""  # where the pages are; empty: nothing links to them

    @classmethod
    def of(cls, user: ApprovalUser, company: Company, directory: Directory) -> Self:
        locale = locale_for(user.language, company.language)
        return cls(
            user=user,
            language=locale.language,
            formats=Formats(
                locale=locale,
                time_zone=zone_of(user.time_zone, company.time_zone),
                local_currency=company.currency,
            ),
            translations=translations_for(locale.language),
            directory=directory,
            base_url=company.base_url,
        )

    def gettext(self, text: str) -> str:
        return self.translations.gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.translations.ngettext(one, many, count).format(count=count)

    def name_of(self, user_id: str) -> str:
        """The full name; the user id of somebody who is not, or no longer, in the setup."""
        user = self.directory.user(user_id) if user_id else None
        return one_line(user.name if user else user_id, NAME_LIMIT)


def zone_of(*wishes: str) -> ZoneInfo:
    """The first wish that is a time zone."""
    for wish in wishes:
        try:
            return ZoneInfo(wish.strip())
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
