"""What is on record about senders: the mail server's verdicts, and who rests."""

from notifications.doctor_rights import Known
from notifications.sender_rights import verdicts
from web.services import Services


def known_to(services: Services) -> Known:
    mail = services.mail
    return Known(
        verdicts=verdicts(mail.read.sender_verdicts(), mail.tests.latest()),
        resting=mail.outbox.resting_senders(services.clock()),
    )
