"""How the files of an import are to be read, as somebody says it in a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from web.import_views import number_format
from web.visits import Visit
from workflow.errors import BadValue
from workflow.identifiers import same_identifier
from workflow.interchange.errors import NotReadable
from workflow.interchange.files import ImportOptions
from workflow.interchange.local_amounts import currency_code
from workflow.interchange.numbers import RATE_DECIMALS, NumberFormat, number
from workflow.phrases import phrase as _
from workflow.statuses import Area

LONGEST: Final = 5_000  # of what is typed into one field


@dataclass(frozen=True, kw_only=True)
class ReadingForm:
    """As it was typed; ``options`` is what it means."""

    decimals: NumberFormat
    area: str = ""
    requester: str = ""
    rates: str = ""  # one a line: USD=0.92
    columns: str = ""  # one a line: number=Order No.

    @classmethod
    def of(cls, visit: Visit, fields: Mapping[str, str]) -> "ReadingForm":
        said = {name: fields.get(name, "").strip()[:LONGEST] for name in TYPED}
        return cls(decimals=number_format(fields.get("decimals", ""), visit.reader), **said)

    @property
    def says_more(self) -> bool:
        return any(getattr(self, name) for name in TYPED)

    def options(self, visit: Visit) -> ImportOptions:
        """
        Raises:
            BadValue
        """
        everybody = [user.user_id for user in visit.services.people.all()]
        return ImportOptions(
            mappings=visit.services.column_mappings,
            pairs=_pairs("columns", self.columns),
            number_format=self.decimals,
            area=Area(self.area) if self.area in set(Area) else None,
            requester=same_identifier(everybody, self.requester) or self.requester,
            local_currency=visit.services.company.currency,
            rates=_rates(self.rates, self.decimals),
        )


TYPED: Final = ("area", "requester", "rates", "columns")


def _rates(text: str, written: NumberFormat) -> dict[str, Decimal]:
    return {
        name.upper(): _rate(name.upper(), rate, written)
        for name, rate in _pairs("rates", text).items()
    }


def _rate(currency: str, text: str, written: NumberFormat) -> Decimal:
    said = f"{currency}={text}"
    try:
        currency_code(currency)
        rate = number(text, written, RATE_DECIMALS)
    except NotReadable as error:
        raise BadValue("rates", said, error.reason) from None
    if rate <= 0:
        raise BadValue("rates", said, _("is not above 0"))
    return rate


def _pairs(field: str, text: str) -> dict[str, str]:
    """One ``name=value`` a line."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, separator, value = (part.strip() for part in line.partition("="))
        name = name.lower()
        if not separator or not name:
            raise BadValue(field, line, _("is not of the form name=value"))
        if name in found:
            raise BadValue(field, line, _("is said twice"))
        found[name] = value
    return found
