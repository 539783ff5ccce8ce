"""The languages mail is written in, and the catalogue that turns English into each of them.

The catalogues are text files, compiled in memory when first needed: there is no second, compiled
copy that could differ from them. English is the language of the templates and needs none.
"""

from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

SOURCE_LANGUAGE: Final = "en"
LANGUAGES: Final = (SOURCE_LANGUAGE, "nl")
# A language without a region is formatted as in the country next door, not as in the first one.
REGIONS: Final = {"en": "en_GB", "nl": "nl_NL"}


def locale_for(*wishes: str) -> Locale:
    """The first wish that we have words for, else English: "nl", "nl-BE", "en_US"."""
    for wish in wishes:
        tag = wish.strip().replace("-", "_")
        language = tag.partition("_")[0].lower()
        if language in LANGUAGES:
            return _parsed(tag) or Locale.parse(REGIONS[language])
    return Locale.parse(REGIONS[SOURCE_LANGUAGE])


def marked(text: str) -> str:
    """*text* as it is: imported as ``N_`` it marks what is translated where it is shown."""
    return text


@cache
def translations_for(language: str) -> NullTranslations:
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    path = files("templates") / "locale" / language / "LC_MESSAGES" / "countersign.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def own_name(language: str) -> str:
    """What those who speak it call it: "Nederlands"."""
    return (Locale.parse(language).display_name or language).capitalize()


def _parsed(tag: str) -> Locale | None:
    if "_" not in tag:
        return None
    try:
        return Locale.parse(tag)
    except (ValueError, UnknownLocaleError):
        return None
