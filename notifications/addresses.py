"""Which email addresses and names may stand in a mail, and how they are written there.

Names and subjects come from people and from vendors' files. They are cleaned before they go into
a header, because a header is a place where a line break or an "encoded word" becomes a command.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from email_validator import EmailNotValidError, validate_email

NAME_LIMIT: Final = 100
SUBJECT_LIMIT: Final = 200

LOOKS_LIKE_AN_AT: Final = re.compile(r"\s*[@\uff20\ufe6b]\s*")
# Domains of company networks, which the validator refuses because the Internet does not know them.
PRIVATE_DOMAIN: Final = re.compile(r"[@.](local|localhost)$", re.IGNORECASE)
STAND_IN: Final = ".example"  # put behind a private domain while its spelling is checked
INVISIBLE: Final = frozenset({"Cf", "Cs"})  # bidi marks, zero-width characters, half a character


def valid_address(text: str) -> bool:
    """One mailbox, written well enough to be sent to; nobody asks the network."""
    return _parsed(text) is not None


def normalised(text: str) -> str:
    """The same mailbox always as the same text; text that is no address stays as it is, trimmed."""
    parsed = _parsed(text)
    return f"{parsed.local}@{parsed.domain}" if parsed else text.strip()


def domain_of(address: str) -> str:
    """The domain for comparing: ASCII, small letters. Empty when *address* is no address."""
    parsed = _parsed(address)
    return parsed.ascii_domain if parsed else ""


def same_address(one: str, other: str) -> bool:
    """Whether both name one mailbox. Capitals make no difference: no server we know minds them."""
    return _comparable(one) == _comparable(other)


def needs_smtputf8(address: str) -> bool:
    """Whether the part before the @ has letters that only a server with SMTPUTF8 can carry."""
    parsed = _parsed(address)
    return parsed is not None and parsed.smtputf8


def wire_form(address: str) -> str:
    """The address as the mail server is told it: the domain in ASCII wherever that is possible."""
    parsed = _parsed(address)
    if parsed is None:
        return address.strip()
    return f"{parsed.local}@{parsed.domain if parsed.smtputf8 else parsed.ascii_domain}"


def clean_name(text: str, address: str = "") -> str:
    """*text* fit to stand as a display name before *address*.

    A name may not look like another address than the one it stands for.
    """
    name = _clean(text)
    if not same_address(name, address):
        name = LOOKS_LIKE_AN_AT.sub(" at ", name).strip()
    return name[:NAME_LIMIT].strip()


def clean_subject(text: str) -> str:
    return _clean(text)[:SUBJECT_LIMIT].strip()


def _clean(text: str) -> str:
    """One line of visible text that no mail program decodes into something else."""
    plain = text.isascii() and text.isprintable()  # nearly always, and this runs for every mail
    visible = text if plain else "".join(_visible(character) for character in text)
    one_line = " ".join(unicodedata.normalize("NFC", visible).split())
    return one_line.replace("=?", "= ?")  # so that no encoded word can begin


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category in INVISIBLE else character


def _comparable(address: str) -> str:
    return normalised(address).casefold()


@dataclass(frozen=True, kw_only=True)
class _Mailbox:
    local: str
    domain: str  # as people write it
    ascii_domain: str  # as the network writes it
    smtputf8: bool


@lru_cache(maxsize=4096)
def _parsed(text: str) -> _Mailbox | None:
    """Only the way the address is written is judged: the mail server knows whom it serves."""
    address = text.strip()
    stand_in = STAND_IN if PRIVATE_DOMAIN.search(address) else ""
    try:
        parsed = validate_email(
            address + stand_in, check_deliverability=False, strict=True, test_environment=True
        )
    except EmailNotValidError:
        return None
    return _Mailbox(
        local=parsed.local_part,
        domain=parsed.domain.removesuffix(stand_in),
        ascii_domain=parsed.ascii_domain.removesuffix(stand_in).lower(),
        smtputf8=not parsed.local_part.isascii(),
    )
