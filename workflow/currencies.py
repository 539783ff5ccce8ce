"""Currency codes as ISO 4217 writes them; none at all is the local currency."""

import re
from typing import Final

from workflow.errors import BadValue

WHAT_IS_WRONG: Final = "is not a currency code (three capitals, like EUR)"
_CODE: Final = re.compile(r"[A-Z]{3}")


def is_currency_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def currency_code(text: object) -> str:
    """The same text, which is three capital letters or empty.

    Raises:
        BadValue
    """
    if text == "" or (isinstance(text, str) and is_currency_code(text)):
        return str(text)
    raise BadValue("currency", text, WHAT_IS_WRONG)
