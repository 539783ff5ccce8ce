"""Names of mail folders as an IMAP server wants them: quoted, other letters in its own UTF-7."""

import base64
from itertools import groupby


def quoted(name: str) -> str:
    """``Gelöscht`` becomes ``"Gel&APY-scht"``."""
    return in_quotes(encoded(name))


def in_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def encoded(name: str) -> str:
    """RFC 3501 §5.1.3: runs of letters outside ASCII in base64, an ampersand as ``&-``."""
    runs = groupby(name, key=lambda letter: " " <= letter <= "~")
    texts = ((printable, "".join(run)) for printable, run in runs)
    return "".join(run.replace("&", "&-") if printable else _coded(run) for printable, run in texts)


def _coded(run: str) -> str:
    text = base64.b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
    return f"&{text}-"
