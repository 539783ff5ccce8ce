"""What the pages about accounts show."""

from dataclasses import dataclass

from notifications.readers import Reader
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from web.paths import account_path
from workflow.approval_users import ApprovalUser
from workflow.user_accounts import Role, UserAccount

ROLES = {
    Role.WORKFLOW_ADMINISTRATOR: (
        N_("Workflow Administrator"),
        N_("Sets up workflows, mail and users; approves nothing by it."),
    ),
    Role.AUDITOR: (N_("Auditor"), N_("Sees everything, changes nothing.")),
}


@dataclass(frozen=True, kw_only=True)
class RoleView:
    name: str
    caption: str
    about: str
    has: bool


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """One person: what the approval user setup makes of him, and his account."""

    user_id: str
    name: str
    path: str
    from_setup: tuple[str, ...]  # what he may do by the approval user setup
    roles: tuple[RoleView, ...]
    ways: tuple[str, ...]  # to sign in
    exists: bool
    disabled: bool
    entra: str

    @property
    def has_roles(self) -> list[str]:
        return [*self.from_setup, *(role.caption for role in self.roles if role.has)]


def account_views(
    people: list[ApprovalUser], accounts: list[UserAccount], reader: Reader
) -> list[AccountView]:
    """Everybody, by user id; also who left the setup and still has an account."""
    by_id = {account.user_id: account for account in accounts}
    persons = {person.user_id: person for person in people}
    approvers = {name for person in people for name in (person.approver, person.substitute)}
    return [
        _view(
            user_id,
            persons.get(user_id),
            by_id.get(user_id),
            reader,
            approves=user_id in approvers,
        )
        for user_id in sorted(persons.keys() | by_id.keys())
    ]


def _view(
    user_id: str,
    person: ApprovalUser | None,
    account: UserAccount | None,
    reader: Reader,
    *,
    approves: bool,
) -> AccountView:
    gettext = reader.gettext
    of_setup = {
        N_("Requester"): person is not None,
        N_("Approver"): person is not None and (approves or _has_limit(person)),
        N_("Approval Administrator"): person is not None and person.administrator,
        N_("Not in the approval user setup"): person is None,
    }
    ways = {
        N_("Password"): account is not None and account.password_hash,
        N_("Microsoft"): account is not None and account.entra_object,
    }
    has = account.roles if account else frozenset()
    return AccountView(
        user_id=user_id,
        name=person.name if person else user_id,
        path=account_path(user_id),
        from_setup=tuple(gettext(name) for name, holds in of_setup.items() if holds),
        roles=tuple(
            RoleView(name=role, caption=gettext(caption), about=gettext(about), has=role in has)
            for role, (caption, about) in ROLES.items()
        ),
        ways=tuple(gettext(name) for name, holds in ways.items() if holds),
        exists=account is not None,
        disabled=account is not None and account.disabled,
        entra=_entra(account),
    )


def _has_limit(person: ApprovalUser) -> bool:
    return any(
        limit is None or limit > 0
        for limit in (person.sales_limit, person.purchase_limit, person.request_limit)
    )


def _entra(account: UserAccount | None) -> str:
    if account is None or not account.entra_object:
        return ""
    return f"{account.entra_tenant}/{account.entra_object}"
