"""In whose name a mail goes out: the requester, Send As or User Name, and which rule said so.

The order of the mail setup page: the requester's E-Mail from the approval user setup for messages
in a workflow, then Send As, then User Name. From, Sender, envelope and Reply-To are four answers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from notifications.addresses import (
    clean_name,
    domain_of,
    needs_smtputf8,
    normalised,
    same_address,
    valid_address,
    wire_form,
)
from notifications.mail_setup import (
    Authentication,
    Envelope,
    MailNotSetUp,
    MailSetup,
    SetupError,
    SubstitutionMode,
)
from notifications.sayings import Paragraph, Sentence
from notifications.sayings import sentence as _
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.approval_users import ApprovalUser


class MailKind(StrEnum):
    """What is sent; only workflow mail may carry the requester's address."""

    WORKFLOW = "workflow"  # about an approval: request, reminder, outcome
    DOCUMENT = "document"  # an order or invoice for a vendor or customer
    TEST = "test"  # the test of the mail setup


class SenderRule(StrEnum):
    """Which rule chose the address in From; stored with every email."""

    REQUESTER = "requester"
    SEND_AS = "send_as"
    USER_NAME = "user_name"
    CURRENT_USER = "current_user"  # without sign-in only: the person who sends the document
    RECIPIENT = "recipient"  # a test without sign-in: the recipient writes to himself


REASONS = {
    SenderRule.REQUESTER: N_(
        "Allow Sender Substitution is on and this is the requester's E-Mail in the approval user "
        "setup"
    ),
    SenderRule.SEND_AS: N_("it is Send As in the mail setup"),
    SenderRule.USER_NAME: N_("it is User Name in the mail setup and Send As is empty or unusable"),
    SenderRule.CURRENT_USER: N_(
        "the mail server needs no sign-in and it is the current user's E-Mail"
    ),
    SenderRule.RECIPIENT: N_("the mail server needs no sign-in and a test is sent to oneself"),
}


class NoSender(SetupError):
    """There is no address this mail may be sent from; nothing was connected."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SenderResting(NoSender):
    """The mail server refused the address lately; asking again could block the account."""

    def __init__(self, account: str, address: str) -> None:
        super().__init__(
            _(
                "The mail server refused {account} as sender for {address}. "
                "Grant Send As on the mailbox {address} to {account}, then send again.",
                account=account,
                address=address,
            )
        )


@dataclass(frozen=True, kw_only=True)
class Requester:
    """A person of the approval user setup, as far as mail is concerned."""

    user_id: str
    name: str
    email: str

    @classmethod
    def of(cls, user: ApprovalUser) -> Self:
        return cls(user_id=user.user_id, name=user.name, email=user.email)


@dataclass(frozen=True, kw_only=True)
class Sender:
    rule: SenderRule
    name: str
    from_address: str
    sender_address: str | None  # only for "on behalf of"
    envelope_from: str
    reply_to: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _From:
    rule: SenderRule
    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class _Circumstances:
    """What is known beside the setup when the sender is chosen."""

    server_has_smtputf8: bool
    resting: frozenset[tuple[str, str]]

    def can_carry(self, address: str) -> bool:
        return self.server_has_smtputf8 or not needs_smtputf8(address)

    def rests(self, setup: MailSetup, address: str) -> bool:
        """Whether the server refused (account, From) lately. One's own address never rests."""
        if same_address(setup.user_name, address):
            return False
        return any(
            same_address(setup.user_name, account) and same_address(address, refused)
            for account, refused in self.resting
        )


def choose_sender(  # noqa: PLR0913 - each is one fact the choice depends on
    setup: MailSetup,
    kind: MailKind,
    requester: Requester | None,
    *,
    server_has_smtputf8: bool = True,
    resting: frozenset[tuple[str, str]] = frozenset(),
    current_user: Requester | None = None,
    recipient: str | None = None,
) -> Sender:
    """The sender of one mail, or NoSender before anything is connected.

    1. Workflow mail carries the requester's address, if the setup and the server allow it.
    2. Otherwise Send As, otherwise User Name.
    3. Without sign-in also the current user, and for a test the recipient himself.
    """
    if not setup.server:
        raise MailNotSetUp
    around = _Circumstances(server_has_smtputf8=server_has_smtputf8, resting=resting)
    author = requester if kind is MailKind.WORKFLOW else None
    obstacle = _obstacle(setup, author, around)
    if author is not None and obstacle is None:
        email = normalised(author.email)
        name = clean_name(author.name, email)
        chosen = _From(rule=SenderRule.REQUESTER, name=name, address=email)
    else:
        chosen = (
            _own_address(setup, kind, around)
            or _address_without_sign_in(setup, kind, current_user, recipient, around)
            or _nobody(setup)
        )
    return _sender(setup, chosen, author, around, (obstacle,) if obstacle else ())


def _obstacle(setup: MailSetup, author: Requester | None, around: _Circumstances) -> str | None:
    """Why the requester's address is not used, or None. Empty when nobody needs to be warned."""
    if author is None or not setup.allow_sender_substitution or not author.email.strip():
        return ""
    email = normalised(author.email)
    if not valid_address(email):
        return _(
            "{user}: E-Mail {email} is not a valid address.", user=author.user_id, email=repr(email)
        )
    domains = _allowed_domains(setup)
    if domains and domain_of(email) not in domains:
        return _(
            "{email} is not in an allowed domain ({domains}).",
            email=email,
            domains=", ".join(sorted(domains)),
        )
    if not around.can_carry(email):
        return _(
            "The mail server cannot carry the address {email} (it lacks SMTPUTF8).", email=email
        )
    if around.rests(setup, email):
        return _(
            "The mail server refused {account} as sender for {email}; "
            "grant Send As on the mailbox {email} to {account}.",
            account=setup.user_name,
            email=email,
        )
    return None


def _allowed_domains(setup: MailSetup) -> frozenset[str]:
    """Empty means any domain."""
    if setup.allowed_domains:
        return frozenset(setup.allowed_domains)
    own = (domain_of(address) for address in (setup.user_name, setup.send_as))
    return frozenset(domain for domain in own if domain)


def _own_address(setup: MailSetup, kind: MailKind, around: _Circumstances) -> _From | None:
    """Send As, else User Name; a document never changes its sender because of a refusal."""
    for rule, address in (
        (SenderRule.SEND_AS, normalised(setup.send_as)),
        (SenderRule.USER_NAME, setup.account),
    ):
        if not valid_address(address) or not around.can_carry(address):
            continue
        if around.rests(setup, address):
            if kind is MailKind.DOCUMENT:
                raise SenderResting(setup.user_name, address)
            if kind is MailKind.WORKFLOW:
                continue
        return _From(rule=rule, name=clean_name(setup.sender_name, address), address=address)
    return None


def _address_without_sign_in(
    setup: MailSetup,
    kind: MailKind,
    current_user: Requester | None,
    recipient: str | None,
    around: _Circumstances,
) -> _From | None:
    if setup.authentication is not Authentication.ANONYMOUS:
        return None
    if kind is MailKind.TEST:
        rule, name, address = SenderRule.RECIPIENT, "", recipient or ""
    elif current_user is not None:
        rule, name, address = SenderRule.CURRENT_USER, current_user.name, current_user.email
    else:
        return None
    if not valid_address(address) or not around.can_carry(address):
        return None
    return _From(rule=rule, name=clean_name(name, address), address=normalised(address))


def _nobody(setup: MailSetup) -> _From:
    if setup.authentication is Authentication.ANONYMOUS:
        raise NoSender(_("This mail has no sender: fill Send As in the mail setup."))
    if not setup.user_name:
        raise NoSender(_("This mail has no sender: fill User Name or Send As in the mail setup."))
    if not setup.account:
        raise NoSender(
            _(
                "User Name {user} is not an email address: fill Send As.",
                user=repr(setup.user_name),
            )
        )
    raise NoSender(
        _(
            "The mail server accepts neither Send As nor User Name ({user}) as sender.",
            user=setup.user_name,
        )
    )


def _sender(
    setup: MailSetup,
    chosen: _From,
    author: Requester | None,
    around: _Circumstances,
    warnings: tuple[str, ...],
) -> Sender:
    """The other three addresses that follow from the one in From."""
    account = setup.account if around.can_carry(setup.account) else ""
    on_behalf = setup.substitution_mode is SubstitutionMode.SEND_ON_BEHALF
    if on_behalf and not account:
        warnings += (
            _("User Name is not an address, so the mail cannot say on whose behalf it is."),
        )
    # The requester's own mailbox submits the letter: nobody else shows, nobody else gets reports.
    if setup.signs_in_as_requester and chosen.rule is SenderRule.REQUESTER:
        account = ""
    shows_account = on_behalf and account and not same_address(account, chosen.address)
    use_account = account and setup.envelope is Envelope.ACCOUNT
    return Sender(
        rule=chosen.rule,
        name=chosen.name,
        from_address=wire_form(chosen.address),
        sender_address=wire_form(account) if shows_account else None,
        envelope_from=wire_form(account if use_account else chosen.address),
        reply_to=_reply_to(chosen, author, around),
        warnings=warnings,
    )


def _reply_to(chosen: _From, author: Requester | None, around: _Circumstances) -> str | None:
    """Answers go to the requester, also when another address had to stand in From."""
    if author is None or not valid_address(author.email) or not around.can_carry(author.email):
        return None
    return None if same_address(author.email, chosen.address) else wire_form(author.email)


def explain(sender: Sender, setup: MailSetup) -> Paragraph:
    """One sentence for the person who asks why a mail comes from this address."""
    shown = f"{sender.name} <{sender.from_address}>" if sender.name else sender.from_address
    reason = Sentence(REASONS[sender.rule])
    parts = [_("From {shown}, because {reason}", shown=shown, reason=reason)]
    if sender.sender_address:
        parts.append(_("sent on behalf by {account}", account=sender.sender_address))
    if sender.reply_to:
        parts.append(_("answers go to {address}", address=sender.reply_to))
    if not same_address(sender.envelope_from, sender.from_address):
        told = sender.envelope_from
        parts.append(_("reports of failed delivery go to {address}", address=told))
    login = setup.login_for(sender.from_address)
    if setup.app_signs_in:
        parts.append(_("the app signs in to the mailbox {login}", login=login))
    if login and not same_address(login, sender.from_address):
        parts.append(_("{login} signs in and needs the right to use that address", login=login))
    return Paragraph(Paragraph(*parts, between="; "), ".", between="")
