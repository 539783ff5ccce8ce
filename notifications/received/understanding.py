"""What a mail that came in is: a report of failed delivery, a person's answer, or neither."""

from notifications.received.answers import Answer, NotAnAnswer, answer_in
from notifications.received.bounces import Bounce, bounce_in
from notifications.received.mails import ReceivedMail, read_mail

__all__ = ["Answer", "Bounce", "NotAnAnswer", "ReceivedMail", "read_mail", "understood"]


def understood(mail: ReceivedMail) -> Bounce | Answer:
    """
    Raises:
        NotAnAnswer: neither; with the reason.
    """
    return bounce_in(mail) or answer_in(mail)
