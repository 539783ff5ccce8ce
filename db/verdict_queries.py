"""What the mail server last said to each address that mail was sent from."""

import sqlalchemy as sa

from db.reading_connection import Reader
from db.tables import email_attempts, emails
from notifications.endings import SENT
from notifications.readings import SenderVerdict
from notifications.replies import Stage

_ABOUT_THE_SENDER = (Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.ANSWER, SENT)
_LATEST = (
    sa.select(sa.func.max(email_attempts.c.id))
    .select_from(email_attempts.join(emails))
    .where(
        email_attempts.c.stage.in_(_ABOUT_THE_SENDER),
        email_attempts.c.code.is_not(None),
        emails.c.from_address.is_not(None),
    )
    .group_by(emails.c.from_address)
)
_VERDICTS = (
    sa.select(
        emails.c.from_address,
        emails.c.id.label("email_id"),
        email_attempts.c.at,
        email_attempts.c.stage,
        email_attempts.c.code,
        email_attempts.c.text,
    )
    .select_from(email_attempts.join(emails))
    .where(email_attempts.c.id.in_(_LATEST))
)


class VerdictQueries(Reader):
    """What is asked about the right to send as somebody."""

    def sender_verdicts(self) -> dict[str, SenderVerdict]:
        """The last verdict for each address in From, by that address."""
        return {
            row.from_address: SenderVerdict(
                email_id=row.email_id, at=row.at, stage=row.stage, code=row.code, text=row.text
            )
            for row in self.rows(_VERDICTS)
        }
