"""What is on record about senders: the mail server's verdicts, and who rests."""

from notifications.doctor_rights import Known
from notifications.sender_rights import verdicts
from web.visits import Visit


def known(visit: Visit) -> Known:
    mail = visit.services.mail
    return Known(
        verdicts=verdicts(mail.read.sender_verdicts(), mail.tests.latest()),
        resting=mail.outbox.resting_senders(visit.services.clock()),
    )
