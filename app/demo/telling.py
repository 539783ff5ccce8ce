"""How the demo tells its story in the terminal: chapters, deeds, plans, mails."""

from collections.abc import Iterable
from decimal import Decimal
from email.utils import parseaddr
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.catcher import CaughtMail
from notifications.senders import REASONS, SenderRule
from workflow.approval_users import ApprovalUser, Limit
from workflow.approvers import ApproverPlan
from workflow.documents import Document
from workflow.statuses import DocumentStatus, Reason

INDENT: Final = 3
STATUS_STYLES: Final = {
    DocumentStatus.OPEN: "default",
    DocumentStatus.PENDING_APPROVAL: "yellow",
    DocumentStatus.RELEASED: "green",
    DocumentStatus.PENDING_PREPAYMENT: "cyan",
}
WIDTH_OF_A_FILE: Final = 140  # what is not a screen is not wrapped like one
WHY_ASKED: Final = {
    Reason.REQUESTER: "is the requester",
    Reason.SALESPERSON_PURCHASER: "is the salesperson or purchaser of the document",
    Reason.CHAIN: "next in the approver chain; the limit is too low to end it",
    Reason.SUFFICIENT: "the first whose limit is high enough",
    Reason.DIRECT_APPROVER: "is the requester's approver",
    Reason.SPECIFIC_APPROVER: "is the approver the workflow names",
    Reason.GROUP_MEMBER: "is in the workflow user group",
    Reason.ADMINISTRATOR: "is administrator, and nobody else is left",
    Reason.CREDIT_LIMIT: "nobody: the customer stays within his credit limit",
}


class Teller:
    """Writes the story; everything it is given is plain text, never markup."""

    def __init__(self, file: TextIO) -> None:
        width = None if file.isatty() else WIDTH_OF_A_FILE
        self._console = Console(file=file, width=width, highlight=False)

    def say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style), soft_wrap=not self._console.is_terminal)

    def chapter(self, title: str) -> None:
        self._console.print()
        self._console.rule(Text(title, style="bold"), align="left")

    def deed(self, who: str, what: str, command: str) -> None:
        """Somebody does something, and what he could have typed for it."""
        self._console.print()
        self._console.print(Text.assemble(("● ", "cyan"), (who, "bold cyan"), f" {what}"))
        self._inside(Text.assemble(("$ ", "dim"), (command, "dim")))

    def command(self, command: str) -> None:
        """Something to type."""
        self._console.print(Text.assemble("   ", ("$ ", "dim"), command), soft_wrap=True)

    def answer(self, text: str) -> None:
        self._inside(Text.assemble(("→ ", "green"), text))

    def plan(self, plan: ApproverPlan, people: dict[str, ApprovalUser]) -> None:
        table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
        for heading in ("turn", "who", "limit", "why"):
            table.add_column(heading, justify="right" if heading == "limit" else "left")
        for planned in plan.approvers:
            table.add_row(
                str(planned.sequence_no),
                Text(people[planned.user].name),
                limit(planned.limit),
                WHY_ASKED[planned.reason],
            )
        self._inside(table)

    def mail(self, mail: CaughtMail, rule: SenderRule | None) -> None:
        """One mail as it arrived: the headers a reader sees, the envelope, and why this sender."""
        message = mail.message
        name, address = parseaddr(str(message["To"]))
        self._console.print()
        self._inside(Text.assemble(("✉ ", "yellow"), ("mail to ", ""), (name or address, "bold")))
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        table.add_row("From", Text(str(message["From"]), style="bold"))
        table.add_row("Sender", _or_none(message["Sender"]))
        table.add_row("Reply-To", _or_none(message["Reply-To"], "none: answers go to From"))
        table.add_row("To", Text(str(message["To"])))
        table.add_row("Envelope", Text(f"{mail.envelope_from} → {', '.join(mail.recipients)}"))
        table.add_row("Subject", Text(str(message["Subject"]), style="bold"))
        table.add_row("Rule", Text(in_words(rule)))
        table.add_row("File", Text(mail.path.name))
        self._inside(table, INDENT + 2)

    def arrived(self, mail: CaughtMail, rule: SenderRule | None) -> None:
        """One line for a mail that arrives while the demo goes on."""
        message, at = mail.message, mail.received_at.astimezone().strftime("%H:%M:%S")
        sender = f"from {message['From']} ({rule or 'no rule'})"
        self._console.print(
            Text.assemble(
                (f"{at} ", "dim"),
                ("✉ ", "yellow"),
                (str(message["Subject"]), "bold"),
                f" · {sender} · to {message['To']} · {mail.path.name}",
            ),
            soft_wrap=True,
        )

    def documents(self, documents: Iterable[Document]) -> None:
        table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
        for heading in ("document", "amount", "status", "decided or asked"):
            table.add_column(heading, justify="right" if heading == "amount" else "left")
        for document in documents:
            table.add_row(
                Text(document.key.title),
                amount(document.amount_lcy),
                Text(document.status.replace("_", " "), style=STATUS_STYLES[document.status]),
                Text(_entries(document)),
            )
        self._inside(table)

    def _inside(self, what: Table | Text, indent: int = INDENT) -> None:
        self._console.print(Padding(what, (0, 0, 0, indent), expand=False))


def in_words(rule: SenderRule | None) -> str:
    """Why this sender was chosen, as the mail setup says it."""
    return f"{rule}: {REASONS[rule]}" if rule else "none: the mail is not from the outbox"


def amount(value: Decimal) -> str:
    return f"{value:,.2f}"


def limit(value: Limit) -> str:
    return "unlimited" if value is None else amount(value)


def _or_none(header: object, none: str = "none") -> Text:
    return Text(none, style="dim") if header is None else Text(str(header))


def _entries(document: Document) -> str:
    if document.run is None:
        return ""
    asked = [entry for entry in document.run.entries if not document.run.is_own(entry)]
    return ", ".join(f"{entry.approver} {entry.status}" for entry in asked) or "nobody"
