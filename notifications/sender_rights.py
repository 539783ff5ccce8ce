"""Which address mail about a person's requests carries, and what the mail server thinks of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from notifications.addresses import normalised, same_address
from notifications.doctor_rights import Known, Said
from notifications.doctor_words import Discretion, grant
from notifications.mail_setup import MailSetup
from notifications.ports import MailTest
from notifications.replies import Stage
from notifications.sayings import Paragraph, Sentence
from notifications.sayings import sentence as _
from notifications.senders import MailKind, NoSender, Requester, SenderRule, choose_sender
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.approval_users import ApprovalUser

RULES: Final[Mapping[SenderRule, str]] = {
    SenderRule.REQUESTER: N_("the requester's own E-Mail"),
    SenderRule.SEND_AS: N_("Send As"),
    SenderRule.USER_NAME: N_("User Name"),
    SenderRule.CURRENT_USER: N_("E-Mail of the current user"),
    SenderRule.RECIPIENT: N_("the recipient"),
}


NEVER_TRIED_THE_SENDER: Final = frozenset({Stage.CONNECT, Stage.TLS, Stage.AUTH})


@dataclass(frozen=True, kw_only=True)
class SenderRight:
    """The address in From, and the mail server's last word on the address people wish for."""

    address: str  # empty: there is none
    rule: SenderRule | None
    judged: str
    verdict: Said | None
    note: str = ""

    @property
    def refused(self) -> bool:
        return self.verdict is not None and not self.verdict.accepted

    def lines(self, setup: MailSetup) -> list[str]:
        """What to tell a person: the address, the verdict, what is wrong, what to do."""
        told = [Paragraph(self._carried(), self._judged(Discretion(setup))), self.note]
        if self.refused:
            told.append(grant(setup, self.judged))
        return [line for line in told if line]

    def _carried(self) -> str:
        if not self.address or self.rule is None:
            return _("No address.")
        return _("{address} ({rule}).", address=self.address, rule=Sentence(RULES[self.rule]))

    def _judged(self, discretion: Discretion) -> str:
        if not self.judged:
            return ""
        if self.verdict is None:
            return _("Not tried yet.")
        who = {"address": self.judged, "day": f"{self.verdict.at:%Y-%m-%d}"}
        if self.verdict.accepted and same_address(self.judged, self.address):
            return _("Accepted by the mail server on {day}.", day=who["day"])
        if self.verdict.accepted:
            return _("{address} was accepted by the mail server on {day}.", **who)
        return _(
            "The mail server refused {address} on {day}: {said}",
            **who,
            said=Paragraph(str(self.verdict.code or ""), discretion.said(self.verdict.text)),
        )


def verdicts(on_mail: Mapping[str, Said], test: MailTest | None) -> dict[str, Said]:
    """Those on real mail, and a later one on a test; by the address in From."""
    found = dict(on_mail)
    if test is None or test.stage in NEVER_TRIED_THE_SENDER:
        return found
    before = found.get(test.from_address)
    if before is None or before.at < test.at:
        found[test.from_address] = test
    return found


def right_of(user: ApprovalUser, setup: MailSetup, known: Known) -> SenderRight:
    """The verdict is on the person's own address if that was tried, else on the one in From."""
    requester, own = Requester.of(user), normalised(user.email)
    tried = own if own in known.verdicts else ""
    try:
        sender = choose_sender(setup, MailKind.WORKFLOW, requester, resting=known.resting)
    except NoSender as refusal:
        verdict = known.verdicts.get(tried)
        note = refusal.sentence
        return SenderRight(address="", rule=None, judged=tried, verdict=verdict, note=note)
    judged = tried or sender.from_address
    return SenderRight(
        address=sender.from_address,
        rule=sender.rule,
        judged=judged,
        verdict=known.verdicts.get(judged),
        note=Paragraph(*sender.warnings),
    )
