"""What is on record about senders: the mail server's verdicts, and who rests."""

from notifications.doctor_rights import Known
from notifications.mail_setup import MailSetup
from notifications.sender_rights import SenderRight, right_of, verdicts
from web.services import Services


def known_to(services: Services) -> Known:
    mail = services.mail
    return Known(
        verdicts=verdicts(mail.read.sender_verdicts(), mail.tests.latest()),
        resting=mail.outbox.resting_senders(services.clock()),
    )


def rights_of_all(services: Services, setup: MailSetup) -> dict[str, SenderRight]:
    """By user, in the order of the approval user setup; nobody's where no mail is sent."""
    known = known_to(services)
    people = services.people.all() if setup.server else []
    return {user.user_id: right_of(user, setup, known) for user in people}
