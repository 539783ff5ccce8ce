"""What is on record about senders: the mail server's verdicts, and who rests."""

from typing import Final

from app.bootstrap import Application
from notifications.doctor_rights import Known, Said
from notifications.replies import Stage

NEVER_TRIED_THE_SENDER: Final = frozenset({Stage.CONNECT, Stage.TLS, Stage.AUTH})


def known(app: Application) -> Known:
    return Known(verdicts=verdicts(app), resting=app.outbox.resting_senders(app.clock()))


def verdicts(app: Application) -> dict[str, Said]:
    """Those on real mail, and a later one on a test."""
    found: dict[str, Said] = dict(app.read.sender_verdicts())
    test = app.mail_tests.latest()
    if test is None or test.stage in NEVER_TRIED_THE_SENDER:
        return found
    before = found.get(test.from_address)
    if before is None or before.at < test.at:
        found[test.from_address] = test
    return found
