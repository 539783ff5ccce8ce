"""What happened to a document, in words: one line for each event of its history.

Pages and the command line say the same; each has its own way to write names, days and fields.
"""

from datetime import date
from typing import Final, Protocol

from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from workflow.event_codec import UnreadableEvent
from workflow.events import (
    ApprovalDueSoon,
    ApprovalNoLongerNeeded,
    ApprovalOverdue,
    ApprovalRequested,
    ApprovalRequestSent,
    CommentAdded,
    DelegationFailed,
    DocumentChanged,
    DocumentConverted,
    DocumentDeleted,
    DocumentEmailed,
    DocumentNotEmailed,
    DocumentPosted,
    DocumentReceived,
    DocumentReleased,
    DocumentReopened,
    DocumentRetired,
    EMailChanged,
    EmailOperated,
    EntryFacts,
    Event,
    ExternalAnswerReceived,
    MailBounced,
    MailDecidedNothing,
    MailHeld,
    PasswordLinkMade,
    RequestApproved,
    RequestCanceled,
    RequestDelegated,
    RequestEscalated,
    RequestNudged,
    RequestRejected,
    WebhookDisabled,
    WordingBroken,
)
from workflow.phrases import in_words as said

# Words of ours that events carry.
OURS: Final = (
    N_("released"),
    N_("pending prepayment"),
    N_("approved"),
    N_("automatically"),
    N_("by hand"),
    N_("continue"),
    N_("reject"),
    N_("cancel"),
    N_("order"),
    N_("invoice"),
    N_("posted invoice"),
    N_("posted receipt"),
    N_("posted shipment"),
    N_("posted credit memo"),
    N_("posted return shipment"),
    N_("posted return receipt"),
)


class Hand(Protocol):
    """How somebody writes."""

    def gettext(self, text: str) -> str: ...

    def person(self, user_id: str) -> str: ...

    def day(self, day: date) -> str: ...

    def field(self, name: str) -> str: ...


def in_words(event: Event, hand: Hand) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line an event
    """What was done; who did it and when stand beside it."""
    _ = hand.gettext
    match event:
        case DocumentReceived():
            return _("took it in")
        case ApprovalRequestSent(external=True):
            sentence = _("sent it for approval ({workflow}); an external flow decides")
            return sentence.format(workflow=event.workflow_code)
        case ApprovalRequestSent():
            return _("sent it for approval ({workflow})").format(workflow=event.workflow_code)
        case ApprovalRequested():
            sentence = _("{person} is asked, due {day}")
            return _about(sentence, event.entry, hand)
        case RequestApproved():
            return _("approved it") + _in_place_of(event.entry, hand) + _remark(event.comment)
        case RequestRejected():
            return _("rejected it") + _in_place_of(event.entry, hand) + _remark(event.comment)
        case RequestDelegated():
            return _handed_over(event, hand)
        case RequestCanceled():
            return _("canceled the request") + _remark(event.comment)
        case ApprovalNoLongerNeeded():
            return _about(_("{person} need not decide any more"), event.entry, hand)
        case DocumentReleased():
            status, how = _(_plain(event.status)), _(event.how)
            return f"{status} ({how}){_remark(event.comment)}"
        case DocumentEmailed():
            sentence = _("emails it to {address} ({attachments})")
            attachments = ", ".join(event.attachments)
            return sentence.format(address=event.to_address, attachments=attachments)
        case DocumentNotEmailed(letters=str(letters)) if letters:
            return _("could not email it: the PDF cannot show {letters}").format(letters=letters)
        case DocumentNotEmailed():
            party = event.document.counterparty_no or event.document.counterparty_name
            return _("could not email it: no address of {party} is known").format(party=party)
        case DocumentReopened():
            return _("reopened it")
        case DocumentChanged():
            return _changed(event, hand)
        case CommentAdded():
            return _("remarked: {text}").format(text=event.text)
        case MailDecidedNothing():
            return _("was told that an answer by email decides nothing")
        case DocumentPosted():
            kinds = ", ".join(_(_plain(kind)) for kind in event.posted)
            return _("posted it: {kinds}").format(kinds=kinds)
        case DocumentConverted():
            kind = _(_plain(event.new_document_type))
            return _("made {kind} {number} of it").format(kind=kind, number=event.new_number)
        case DocumentDeleted():
            return _("deleted it")
        case DocumentRetired():
            return _("moved it to the archive because of its age")
        case ExternalAnswerReceived():
            return _("the external flow answered: {answer}").format(answer=_(event.answer))
        case ApprovalDueSoon():
            return _about(_("{person} is reminded that it is due on {day}"), event.entry, hand)
        case ApprovalOverdue():
            person = hand.person(event.entry.approver)
            sentence = _("{person} is reminded, {count} days late")
            return sentence.format(person=person, count=event.days_overdue)
        case RequestEscalated():
            return _escalated(event, hand)
        case RequestNudged():
            return _about(_("reminded {person}"), event.entry, hand)
        case MailBounced():
            return _came_back(event, hand)
        case EMailChanged():
            return _("changed the E-Mail of {person}").format(person=hand.person(event.subject))
        case PasswordLinkMade():
            return _("made a link for the password of {person}").format(
                person=hand.person(event.subject)
            )
        case WebhookDisabled():
            return _("the webhook {name} is switched off").format(name=event.subject)
        case EmailOperated():
            return _operated(event, hand)
        case MailHeld():
            return _("too many emails: the rest waits")
        case WordingBroken():
            return _("the company's own words of {message} do not work").format(
                message=event.message
            )
        case DelegationFailed():
            person = hand.person(event.entry.approver)
            sentence = _("nobody could take over from {person}: {why}")
            return sentence.format(person=person, why=said(event.reason, _))
        case UnreadableEvent():
            sentence = _("did something that this version cannot read ({kind})")
            return sentence.format(kind=event.kind)
        case _:
            return type(event).__name__


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _about(sentence: str, entry: EntryFacts, hand: Hand) -> str:
    return sentence.format(person=hand.person(entry.approver), day=hand.day(entry.due_date))


def _handed_over(event: RequestDelegated, hand: Hand) -> str:
    by_itself = hand.gettext("it went by itself from {giver} to {taker}")
    sentence = by_itself if event.automatic else hand.gettext("handed it from {giver} to {taker}")
    giver, taker = hand.person(event.from_approver), hand.person(event.entry.approver)
    return sentence.format(giver=giver, taker=taker)


def _changed(event: DocumentChanged, hand: Hand) -> str:
    changes = [f"{hand.field(one.field)} {one.before!r} → {one.after!r}" for one in event.changes]
    voided = hand.gettext("; the pending request is void") if event.voided else ""
    sentence = hand.gettext("changed {changes}")
    return sentence.format(changes=", ".join(changes)) + voided


def _in_place_of(entry: EntryFacts, hand: Hand) -> str:
    """Whose authority counted, where it was not the approver's own."""
    if entry.authority_of == entry.approver:
        return ""
    person = hand.person(entry.authority_of)
    return hand.gettext(" with {person}'s authority").format(person=person)


def _came_back(event: MailBounced, hand: Hand) -> str:
    """What was never written has no address yet."""
    if not event.to_address:
        sentence = hand.gettext("mail to {person} cannot be sent: {reason}")
        return sentence.format(person=hand.person(event.recipient), reason=event.diagnostic)
    reason = f"{event.status} {event.diagnostic}".strip()
    if event.uncertain:
        sentence = hand.gettext("nobody knows whether mail to {address} arrived: {reason}")
    else:
        sentence = hand.gettext("mail to {address} came back: {reason}")
    return sentence.format(address=event.to_address, reason=reason).strip()


def _escalated(event: RequestEscalated, hand: Hand) -> str:
    told = ", ".join(map(hand.person, event.tell)) or hand.gettext("nobody")
    sentence = hand.gettext(
        "{person} has not answered for {count} working days; {told} is told,"
        " and the request stays where it is"
    )
    person = hand.person(event.entry.approver)
    return sentence.format(person=person, count=event.working_days, told=told)


def _operated(event: EmailOperated, hand: Hand) -> str:
    sentences = {
        "retried": hand.gettext("sent {subject} again"),
        "held": hand.gettext("holds {subject} back"),
        "released": hand.gettext("released {subject}"),
        "canceled": hand.gettext("decided never to send {subject}"),
    }
    kind, _, number = event.subject.partition(" ")
    words = {"email": hand.gettext("email {number}"), "held": hand.gettext("all held emails")}
    subject = words.get(kind, event.subject).format(number=number)
    return sentences.get(event.step, event.step).format(subject=subject)


def _remark(comment: str) -> str:
    return f": {comment}" if comment else ""
