"""What happens in the demo: one order through three levels, then a few shorter scenes."""

from collections.abc import Callable
from typing import Final

from app.bootstrap import Application
from app.demo.post import Post
from app.demo.telling import Teller
from app.passes import deliver
from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.ports import UnitOfWork
from workflow.service.deciding import approve, delegate, reject
from workflow.service.outcomes import Outcome
from workflow.service.requesting import send_approval_request, who_would_approve
from workflow.statuses import Area, DocumentType

ORDER: Final = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "PO-2001")
QUOTE: Final = DocumentKey(Area.PURCHASE, DocumentType.QUOTE, "PQ-1001")
OVER_CREDIT: Final = DocumentKey(Area.SALES, DocumentType.ORDER, "SO-6001")
INVOICE: Final = DocumentKey(Area.PURCHASE, DocumentType.INVOICE, "PI-3005")
WAITING: Final = DocumentKey(Area.PURCHASE, DocumentType.ORDER, "PO-2008")

WRONG_PRICE: Final = "Afgesproken was 389,00 per stuk; zie order PO-2001."

Step = Callable[[UnitOfWork, DocumentKey, Actor], Outcome]


class Story:
    """Plays the scenes for real: each step is stored, each mail goes over SMTP."""

    def __init__(self, application: Application, post: Post, teller: Teller) -> None:
        self._application = application
        self._post = post
        self._teller = teller

    def play(self) -> None:
        self.an_order_needs_three_approvals()
        self.a_quote_needs_none()
        self.a_substitute_decides()
        self.an_invoice_is_rejected()
        self.one_request_waits()
        self.how_it_ends()

    # --- the scenes ------------------------------------------------------------------------

    def an_order_needs_three_approvals(self) -> None:
        self._teller.chapter(f"An order of {self._amount(ORDER)} needs three approvals")
        self._who("ANOUK", ORDER)
        self._do("ANOUK", "sends the order for approval", "send", ORDER, send_approval_request)
        self._do("ZOE", "approves", "approve", ORDER, approve)
        self._do("JOSE", "approves", "approve", ORDER, approve)
        self._do(
            "HENDRIKA",
            "approves; nobody is left to ask, so Anouk is told",
            "approve",
            ORDER,
            approve,
        )

    def a_quote_needs_none(self) -> None:
        self._teller.chapter("A quote within one's own limit needs nobody")
        what = f"sends a quote of {self._amount(QUOTE)}; the own request limit is 1,000.00"
        self._do("ANOUK", what, "send", QUOTE, send_approval_request)

    def a_substitute_decides(self) -> None:
        self._teller.chapter("The approver is on holiday: the substitute decides")
        what = "sends an order of a customer who passes his credit limit with it"
        self._do("LARS", what, "send", OVER_CREDIT, send_approval_request)
        self._do(
            "FATIMA",
            "hands the request over; Søren stands in for her",
            "delegate",
            OVER_CREDIT,
            delegate,
        )
        self._do("SOREN", "approves with Fatima's authority", "approve", OVER_CREDIT, approve)

    def an_invoice_is_rejected(self) -> None:
        self._teller.chapter("An invoice with the wrong price is rejected")
        self._do("THIJS", "sends a vendor's invoice", "send", INVOICE, send_approval_request)

        def with_reason(uow: UnitOfWork, key: DocumentKey, actor: Actor) -> Outcome:
            return reject(uow, key, actor, comment=WRONG_PRICE)

        self._do("ANOUK", "rejects it and says why", "reject", INVOICE, with_reason, WRONG_PRICE)

    def one_request_waits(self) -> None:
        self._teller.chapter("One request is left for you")
        self._do("DAAN", "sends an order", "send", WAITING, send_approval_request)

    def how_it_ends(self) -> None:
        self._teller.chapter("How it ends")
        uow = self._application.uow()
        with uow:
            keys = (ORDER, QUOTE, OVER_CREDIT, INVOICE, WAITING)
            self._teller.documents([uow.documents.get(key) for key in keys])

    # --- parts of a scene ------------------------------------------------------------------

    def _who(self, user: str, key: DocumentKey) -> None:
        self._teller.deed(
            self._name(user),
            f"asks who would have to approve {key.title}",
            f"countersign who {key.number} --as {user}",
        )
        uow = self._application.uow()
        answer = who_would_approve(uow, key, self._application.actor(user))
        with uow:
            people = {person.user_id: person for person in uow.users.all()}
        self._teller.plan(answer.plan, people)

    def _do(  # noqa: PLR0913 - who, what, how it is typed, to which document, how, and why
        self, user: str, what: str, verb: str, key: DocumentKey, step: Step, comment: str = ""
    ) -> None:
        """One step, and the mails it leads to."""
        why = f' --comment "{comment}"' if comment else ""
        command = f"countersign {verb} {key.number} --as {user}{why}"
        self._teller.deed(self._name(user), what, command)
        outcome = step(self._application.uow(), key, self._application.actor(user))
        self._teller.answer(outcome.message)
        deliver(self._application)
        for mail, rule in self._post.new():
            self._teller.mail(mail, rule)

    def _name(self, user: str) -> str:
        with self._application.uow() as uow:
            person = uow.users.user(user)
            return person.name if person else user

    def _amount(self, key: DocumentKey) -> str:
        with self._application.uow() as uow:
            return f"EUR {uow.documents.get(key).amount_lcy:,.2f}"
