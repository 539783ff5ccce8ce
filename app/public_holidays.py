"""Public holidays of a country or one of its parts: NL, or DE-BY for Bavaria."""

from collections.abc import Container
from datetime import date
from functools import cache

from workflow.errors import WorkflowError


class NoSuchCountry(WorkflowError):
    code = "NO_SUCH_COUNTRY"
    template = "No public holidays are known of {}."
    advice = "Write a country's ISO code such as NL, one of its parts such as DE-BY, or nothing."


@cache
def public_holidays(place: str) -> Container[date]:
    """
    Raises:
        NoSuchCountry
    """
    import holidays  # noqa: PLC0415 - it is large, and only what has to do with days needs it

    country, _, part = place.strip().upper().partition("-")
    try:
        return holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise NoSuchCountry(place) from None
