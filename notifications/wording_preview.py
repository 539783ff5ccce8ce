"""How a letter reads, with the company's own words, before anybody gets one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from notifications.examples import PEOPLE, alone, examples_of
from notifications.messages import OUTSIDE, Message
from notifications.outsiders import outsider
from notifications.overrides import letter_words
from notifications.readers import Company
from notifications.rendering import Context, Words, letter_context
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


def preview(custom: CustomWording, language: str, company: Company) -> tuple[Words, str]:
    """The first example of such a letter; and what is wrong with the company's template, if so."""
    message, event = examples_of(custom.message)[0]
    problems: list[str] = []
    words = letter_words(
        custom.message,
        example_context(message, [event], custom, language, company),
        custom,
        lambda _override, problem: problems.append(problem),
    )
    return words, "".join(problems)


def example_context(
    message: Message,
    events: Sequence[DocumentEvent],
    custom: CustomWording,
    language: str,
    company: Company,
) -> Context:
    cast = Cast(language)
    return letter_context(
        message.message,
        events,
        recipient=_reader(message, events[0], cast),
        directory=cast,
        company=company,
        requester=message.requester,
        custom=custom,
        messages=[alone(event) for event in events],
    )


def _reader(message: Message, event: DocumentEvent, cast: Cast) -> ApprovalUser:
    if message.message in OUTSIDE:
        return replace(outsider(event, message.recipient), language=cast.language)
    return cast.user(message.recipient) or ApprovalUser(
        user_id=message.recipient, language=cast.language
    )
