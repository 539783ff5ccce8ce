"""The commands of docs/webhooks.md, typed from top to bottom, and what it says about messages."""

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from notifications.webhook_messages import KNOWN_TYPES
from notifications.webhook_retries import DELAYS, DISABLED_AFTER
from notifications.webhook_sending import SECONDS
from notifications.webhook_signing import headers_of, new_secret

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def commands():
    blocks = re.findall(r"<!-- webhooks -->\n```sh\n(.*?)```", GUIDE, re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines()]


def test_every_command_of_the_guide_works(tmp_path):
    environment = {name: value for name, value in os.environ.items() if "COUNTERSIGN" not in name}
    environment["COUNTERSIGN_DATABASE_URL"] = f"sqlite:///{tmp_path / 'hooks.db'}"
    environment["COUNTERSIGN_USER"] = "SETUP"
    # Nothing here may go out: the first endpoint has nothing to be told.
    typed = [["db", "upgrade"], *commands()]
    for arguments in typed:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"

    assert len(typed) == 10


def test_the_guide_names_every_type_and_no_other():
    table = GUIDE.partition("<!-- types -->")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE)) == set(KNOWN_TYPES)


def test_the_program_of_the_guide_verifies_what_we_sign():
    (program,) = re.findall(r"<!-- verify -->\n```python\n(.*?)```", GUIDE, re.DOTALL)
    names = {}
    exec(program, names)  # noqa: S102 - a page of ours
    is_genuine, now = names["is_genuine"], datetime.now(UTC)
    secret, other, body = new_secret(), new_secret(), "{é}".encode()
    signed = headers_of([other, secret], message_id="msg_1", at=now, body=body)
    old = headers_of([secret], message_id="msg_1", at=now - timedelta(minutes=6), body=body)

    assert is_genuine(secret, signed, body)
    assert not is_genuine(new_secret(), signed, body)
    assert not is_genuine(secret, signed, body + b" ")
    assert not is_genuine(secret, old, body)


def test_the_guide_says_when_messages_come_again():
    said = re.search(r"comes again after (.*?), or up to", GUIDE, re.DOTALL)[1]
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    delays = [
        timedelta(**{units[unit]: int(number)}) for number, unit in re.findall(r"(\d+) (\w+)", said)
    ]

    assert tuple(delays) == DELAYS
    assert f"within {SECONDS:.0f} seconds" in GUIDE
    assert timedelta(days=3) == DISABLED_AFTER  # "three days", also in the letter
