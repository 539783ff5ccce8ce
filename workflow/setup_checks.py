"""What is wrong with the approval user setup, before a document runs into it (Q20)."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflow.approval_users import ApprovalUser, LimitField


@dataclass(frozen=True, kw_only=True)
class SetupWarning:
    """One defect of the approver graph: never a refusal, shown on every change."""

    user_id: str
    field: str
    text: str


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
        text = "nobody is approval administrator"
        found.append(SetupWarning(user_id=anybody, field="administrator", text=text))
    return found


def _address(user: ApprovalUser) -> list[SetupWarning]:
    if _one_address(user.email):
        return []
    what = f"has {user.email!r} as" if user.email else "has no"
    return [_warning(user, "email", f"{what} e-mail address and cannot be mailed")]


def _one_address(text: str) -> bool:
    """Business Central's own check: one @, with something on both sides, and no blanks."""
    local, _, domain = text.partition("@")
    unwanted = set(" @,;<>")
    return bool(local) and bool(domain) and not unwanted & {*local, *domain}


def _warning(user: ApprovalUser, field: str, text: str) -> SetupWarning:
    return SetupWarning(user_id=user.user_id, field=field, text=f"{user.user_id} {text}")


def _missing_people(user: ApprovalUser, people: dict[str, ApprovalUser]) -> list[SetupWarning]:
    return [
        _warning(user, field, f"has {named} as {field}, who is not in the setup")
        for field, named in (("approver", user.approver), ("substitute", user.substitute))
        if named and named not in people
    ]


def _chain(user: ApprovalUser, people: dict[str, ApprovalUser]) -> list[SetupWarning]:
    """Where the chain above a person ends, and whether anybody in it may approve anything."""
    chain = [user]
    while chain[-1].approver in people:
        above = people[chain[-1].approver]
        if above in chain:
            circle = " > ".join(person.user_id for person in [*chain, above])
            return [_warning(user, "approver", f"has an approver chain in a circle: {circle}")]
        chain.append(above)
    top = chain[-1]
    if len(chain) == 1 and not top.approver and not top.administrator and not _unlimited(top):
        return [_warning(user, "approver", "has no approver and no unlimited limit")]
    if top is not user and not top.approver and not _unlimited(top):
        text = f"has an approver chain that ends with {top.user_id}, whose limits end too"
        return [_warning(user, "approver", text)]
    return []


def _unlimited(user: ApprovalUser) -> bool:
    return any(getattr(user, field) is None for field in LimitField)


def _substitute(user: ApprovalUser, people: dict[str, ApprovalUser]) -> list[SetupWarning]:
    substitute = people.get(user.substitute)
    if substitute is None:
        return []
    clients = [person for person in people.values() if person.approver == user.user_id]
    if substitute in clients:
        text = f"has {substitute.user_id} as substitute, who cannot decide on his own requests"
        return [_warning(user, "substitute", text)]
    return []
