"""What is wrong with the approval user setup, before a document runs into it (Q20)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workflow.approval_users import ApprovalUser, LimitField


@dataclass(frozen=True, kw_only=True)
class SetupWarning:
    """One defect of the approver graph: never a refusal, shown on every change."""

    user_id: str
    field: str
    text: str
    template: str = ""  # the same words with gaps for ``parts``, for other languages
    parts: tuple[str, ...] = ()


NO_ADDRESS: Final = "{} has no e-mail address and cannot be mailed"
NOT_AN_ADDRESS: Final = "{} has '{}' as e-mail address and cannot be mailed"
NO_SUCH_APPROVER: Final = "{} has {} as approver, who is not in the setup"
NO_SUCH_SUBSTITUTE: Final = "{} has {} as substitute, who is not in the setup"
CIRCLE: Final = "{} has an approver chain in a circle: {}"
DEAD_END: Final = "{} has no approver and no unlimited limit"
ENDS_TOO_LOW: Final = "{} has an approver chain that ends with {}, whose limits end too"
OWN_CLIENT: Final = "{} has {} as substitute, who cannot decide on his own requests"
NO_ADMINISTRATOR: Final = "nobody is approval administrator"
TEMPLATES: Final = (
    NO_ADDRESS,
    NOT_AN_ADDRESS,
    NO_SUCH_APPROVER,
    NO_SUCH_SUBSTITUTE,
    CIRCLE,
    DEAD_END,
    ENDS_TOO_LOW,
    OWN_CLIENT,
    NO_ADMINISTRATOR,
)


def check_setup(users: Iterable[ApprovalUser]) -> list[SetupWarning]:
    """Every defect, by user: missing people, circles, chains that end too low, no address."""
    people = {user.user_id: user for user in users}
    found: list[SetupWarning] = []
    for user in people.values():
        found += _missing_people(user, people)
        found += _chain(user, people)
        found += _substitute(user, people)
        found += _address(user)
    if people and not any(user.administrator for user in people.values()):
        anybody = min(people)
        found.append(
            SetupWarning(
                user_id=anybody,
                field="administrator",
                text=NO_ADMINISTRATOR,
                template=NO_ADMINISTRATOR,
            )
        )
    return found


def _address(user: ApprovalUser) -> list[SetupWarning]:
    if _one_address(user.email):
        return []
    if not user.email:
        return [_warning(user, "email", NO_ADDRESS)]
    return [_warning(user, "email", NOT_AN_ADDRESS, user.email)]


def _one_address(text: str) -> bool:
    """Business Central's own check: one @, with something on both sides, and no blanks."""
    local, _, domain = text.partition("@")
    unwanted = set(" @,;<>")
    return bool(local) and bool(domain) and not unwanted & {*local, *domain}


def _warning(user: ApprovalUser, field: str, template: str, *more: str) -> SetupWarning:
    parts = (user.user_id, *more)
    text = template.format(*parts)
    return SetupWarning(
        user_id=user.user_id, field=field, text=text, template=template, parts=parts
    )


def _missing_people(user: ApprovalUser, people: dict[str, ApprovalUser]) -> list[SetupWarning]:
    return [
        _warning(user, field, template, named)
        for field, named, template in (
            ("approver", user.approver, NO_SUCH_APPROVER),
            ("substitute", user.substitute, NO_SUCH_SUBSTITUTE),
        )
        if named and named not in people
    ]


def _chain(user: ApprovalUser, people: dict[str, ApprovalUser]) -> list[SetupWarning]:
    """Where the chain above a person ends, and whether anybody in it may approve anything."""
    chain = [user]
    while chain[-1].approver in people:
        above = people[chain[-1].approver]
        if above in chain:
            circle = " > ".join(person.user_id for person in [*chain, above])
            return [_warning(user, "approver", CIRCLE, circle)]
        chain.append(above)
    top = chain[-1]
    if len(chain) == 1 and not top.approver and not top.administrator and not _unlimited(top):
        return [_warning(user, "approver", DEAD_END)]
    if top is not user and not top.approver and not _unlimited(top):
        return [_warning(user, "approver", ENDS_TOO_LOW, top.user_id)]
    return []


def _unlimited(user: ApprovalUser) -> bool:
    return any(getattr(user, field) is None for field in LimitField)


def _substitute(user: ApprovalUser, people: dict[str, ApprovalUser]) -> list[SetupWarning]:
    substitute = people.get(user.substitute)
    if substitute is None:
        return []
    clients = [person for person in people.values() if person.approver == user.user_id]
    if substitute in clients:
        return [_warning(user, "substitute", OWN_CLIENT, substitute.user_id)]
    return []
