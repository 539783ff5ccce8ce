"""What a mail that came back causes: a bounce marks the email it is about, an answer is a comment.

Nothing decides here: an answer that says "approved" is a comment like any other. What a mail causes
is stored together with the fact that it came in. Which document it is about is known by the number
of the mail it answers, never by what its subject says.
"""

from dataclasses import dataclass
from typing import Final

from app.bootstrap import Application
from db.received_mails import TakenInBefore, remembering
from db.unit_of_work import SqlUnitOfWork
from notifications.addresses import same_address
from notifications.messages import OUTSIDE
from notifications.received.answers import Answer, NotAnAnswer
from notifications.received.bounces import Action, Bounce
from notifications.received.mails import ReceivedMail
from notifications.received.ports import OurEmail, Received, Result
from notifications.received.understanding import understood
from workflow.documents import DocumentKey
from workflow.errors import Conflict, WorkflowError
from workflow.service.answering import comment_from_outside, comment_on_closed
from workflow.service.bouncing import record_bounce
from workflow.service.deciding import comment

MAIL: Final = "MAIL"  # who acts when a mail server reports something
DEFECTS: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Ignored(Exception):
    """Nothing is made of the mail; the message says why."""

    def __init__(self, reason: str, email: OurEmail | None = None) -> None:
        super().__init__(reason)
        self.email_id = email.id if email else None


def remember_effect(application: Application, mail: ReceivedMail, sender: str) -> Received:
    """
    Raises:
        Ignored, TakenInBefore
    """
    if application.received_mails.ours([mail.message_id]):
        raise Ignored("we sent it ourselves")
    found = _understood(mail)
    about = found.originals if isinstance(found, Bounce) else found.answered
    ours = application.received_mails.ours(about)
    if ours is None:
        raise Ignored("it is about no email of ours")
    effect = _Effect(application=application, mail=mail, sender=sender, ours=ours)
    return effect.of_bounce(found) if isinstance(found, Bounce) else effect.of_answer(found)


def _understood(mail: ReceivedMail) -> Bounce | Answer:
    try:
        return understood(mail)
    except NotAnAnswer as error:
        raise Ignored(str(error)) from None
    except DEFECTS as error:  # written as nobody thought of: the next one may be readable
        raise Ignored(f"it cannot be read: {type(error).__name__}") from error


@dataclass(frozen=True, kw_only=True)
class _Effect:
    """One mail, and the email of ours it is about."""

    application: Application
    mail: ReceivedMail
    sender: str
    ours: OurEmail

    def of_bounce(self, bounce: Bounce) -> Received:
        said = f"{self.ours.to_address}: {bounce.status} {bounce.diagnostic}".strip()
        match bounce.action:
            case Action.FAILED:
                return self._bounced(bounce, self._received(Result.BOUNCED, said))
            case Action.DELAYED:
                return self._noted(self._received(Result.DELAYED, said))
            case _:
                raise Ignored(f"it reports that the mail was {bounce.action}", self.ours)

    def of_answer(self, answer: Answer) -> Received:
        if len(self.ours.documents) != 1:
            reason = "only mail about one document can be answered"
            raise Ignored(reason, self.ours)
        (document,) = self.ours.documents
        outside = self.ours.message in OUTSIDE
        author = MAIL if outside else self._author(answer.sender)
        who = answer.sender if outside else author
        received = self._received(Result.COMMENT, f"{who} comments on {document}")
        uow = self.application.uow()
        uow.on_commit(remembering(received))
        try:
            self._keep(uow, document, author, answer)
        except Conflict:  # somebody else was at the document: the mail stays unread until then
            raise
        except WorkflowError as error:
            raise Ignored(str(error), self.ours) from error
        return received

    def _keep(self, uow: SqlUnitOfWork, document: DocumentKey, author: str, answer: Answer) -> None:
        """Whoever answers mail that went outside is outside, whichever address he names."""
        actor = self.application.actor(author, background=author == MAIL)
        if author == MAIL:
            keep = comment_from_outside if self._is_there(document) else comment_on_closed
            keep(uow, document, actor, answer.text, address=answer.sender)
        else:
            comment(uow, document, actor, answer.text, by_mail=True)

    def _is_there(self, document: DocumentKey) -> bool:
        with self.application.uow(readonly=True) as uow:
            return uow.documents.find(document) is not None

    def _bounced(self, bounce: Bounce, received: Received) -> Received:
        uow = self.application.uow()
        uow.on_commit(remembering(received, bounce))
        record_bounce(
            uow,
            self.ours.documents,
            self.application.actor(MAIL, background=True),
            recipient=self.ours.recipient,
            to_address=self.ours.to_address,
            message=self.ours.message,
            status=bounce.status,
            diagnostic=bounce.diagnostic,
        )
        return received

    def _noted(self, received: Received) -> Received:
        if not self.application.received_mails.remember(received):
            raise TakenInBefore
        return received

    def _author(self, address: str) -> str:
        """The user with that address; of several the one who was written to."""
        users = self.application.directory.all()
        found = [one.user_id for one in users if one.email and same_address(one.email, address)]
        if not found:
            raise Ignored(f"{address} is no user's address", self.ours)
        if self.ours.recipient in found:
            return self.ours.recipient
        if len(found) > 1:
            raise Ignored(f"{address} is the address of several users", self.ours)
        return found[0]

    def _received(self, result: Result, text: str) -> Received:
        return Received(
            message_id=self.mail.message_id,
            at=self.application.clock(),
            sender=self.sender,
            result=result,
            text=text,
            email_id=self.ours.id,
        )
