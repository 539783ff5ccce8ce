"""How a letter reads, with the company's own words, before anybody gets one."""

from dataclasses import dataclass, replace

from notifications.examples import PEOPLE, examples_of
from notifications.messages import OUTSIDE, Message
from notifications.outsiders import outsider
from notifications.readers import Company
from notifications.rendering import Words, render
from notifications.wording import CustomWording
from workflow.approval_users import ApprovalUser
from workflow.events import DocumentEvent


@dataclass(frozen=True)
class Cast:
    """The people of the examples, who all read one language."""

    language: str

    def user(self, user_id: str) -> ApprovalUser | None:
        person = PEOPLE.get(user_id)
        return replace(person, language=self.language) if person else None


def preview(custom: CustomWording, language: str, company: Company) -> Words:
    """The first example of such a letter."""
    message, event = examples_of(custom.message)[0]
    cast = Cast(language)
    return render(
        message.message,
        [event],
        recipient=reader_of(message, event, cast),
        directory=cast,
        company=company,
        requester=message.requester,
        custom=custom,
    )


def reader_of(message: Message, event: DocumentEvent, cast: Cast) -> ApprovalUser:
    if message.message in OUTSIDE:
        return replace(outsider(event), language=cast.language)
    return cast.user(message.recipient) or ApprovalUser(
        user_id=message.recipient, language=cast.language
    )
