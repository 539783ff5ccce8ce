"""What is on record about senders: the mail server's verdicts, and who rests."""

from app.bootstrap import Application
from notifications.doctor_rights import Known
from notifications.sender_rights import verdicts


def known(app: Application) -> Known:
    return Known(
        verdicts=verdicts(app.read.sender_verdicts(), app.mail_tests.latest()),
        resting=app.outbox.resting_senders(app.clock()),
    )
