"""What an administrator does about accounts, and a person about his own password.

Every change is recorded, without the secrets it is about.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from workflow.actors import Actor
from workflow.approval_users import ApprovalUser
from workflow.errors import UserNotFound
from workflow.events import AccountChanged, AccountRemoved, FieldChange, PasswordLinkMade
from workflow.facts import NOTHING
from workflow.ports import UnitOfWork
from workflow.service.rights import check_may_set_up
from workflow.user_accounts import (
    LINK_VALID_FOR,
    AccountNotFound,
    EntraTaken,
    LinkOutdated,
    OwnAccount,
    OwnRoles,
    PasswordLink,
    UserAccount,
)


def set_account(uow: UnitOfWork, user_id: str, values: dict[str, Any], actor: Actor) -> UserAccount:
    """Give a user an account, or change what *values* name of it.

    Raises:
        UserNotFound, OwnRoles, OwnAccount, EntraTaken
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        before = uow.accounts.find(user_id)
        if before is None and uow.users.user(user_id) is None:
            raise UserNotFound(user_id)
        blank = before or UserAccount(user_id=user_id)
        after = replace(blank, **values)
        _check_own(before, after, actor)
        _check_entra(uow, after)
        _save(uow, before, after, actor)
        return after


def remove_account(uow: UnitOfWork, user_id: str, actor: Actor) -> None:
    """Whoever is signed in with it is no more; the person stays in the approval user setup.

    Raises:
        AccountNotFound, OwnAccount
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        if uow.accounts.find(user_id) is None:
            raise AccountNotFound(user_id)
        if actor.user == user_id:
            raise OwnAccount(user_id)
        uow.accounts.remove(user_id)
        removed = AccountRemoved(at=actor.at, actor=actor.user, subject=user_id)
        uow.record_setup([removed])
        uow.commit()


def make_password_link(uow: UnitOfWork, user_id: str, link_id: str, actor: Actor) -> PasswordLink:
    """Let a person set a password himself; *link_id* is the hash of what stands in the link.

    Raises:
        AccountNotFound
        OwnAccount: whoever is signed in can change the password with the old one.
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        account = uow.accounts.find(user_id)
        if account is None or account.disabled:
            raise AccountNotFound(user_id)
        link = PasswordLink(id=link_id, user_id=user_id, valid_until=actor.at + LINK_VALID_FOR)
        uow.accounts.save_link(link)
        until = link.valid_until.isoformat(timespec="minutes")
        _record(uow, user_id, [FieldChange(field="link", before="", after=until)], actor)
        uow.record_setup(_link_made(uow.users.user(user_id), actor))
        uow.commit()
        return link


def whose_link(uow: UnitOfWork, link_id: str, now: datetime) -> UserAccount:
    """
    Raises:
        LinkOutdated: used, too old, or of an account that is disabled or gone.
    """
    with uow:
        link = uow.accounts.link(link_id)
        account = uow.accounts.find(link.user_id) if link else None
        if link is None or account is None or account.disabled or link.valid_until <= now:
            raise LinkOutdated
        return account


def set_password_by_link(
    uow: UnitOfWork, link_id: str, password_hash: str, actor: Actor
) -> UserAccount:
    """Use the link up; *actor* has its moment, and becomes the person it was made for.

    Raises:
        LinkOutdated
    """
    with uow:
        uow.lock_setup()
        before = whose_link(uow, link_id, actor.at)
        if not uow.accounts.take_link(link_id):
            raise LinkOutdated
        after = replace(before, password_hash=password_hash)
        _save(uow, before, after, replace(actor, user=before.user_id))
        return after


def change_own_password(uow: UnitOfWork, password_hash: str, actor: Actor) -> None:
    """Whoever asks has shown that he knows the old one.

    Raises:
        AccountNotFound
    """
    with uow:
        uow.lock_setup()
        before = uow.accounts.find(actor.user)
        if before is None:
            raise AccountNotFound(actor.user)
        _save(uow, before, replace(before, password_hash=password_hash), actor)


def connect_entra(uow: UnitOfWork, tenant: str, object_id: str, actor: Actor) -> None:
    """Whoever is signed in says which Microsoft account is his.

    Raises:
        AccountNotFound, EntraTaken
    """
    with uow:
        uow.lock_setup()
        before = uow.accounts.find(actor.user)
        if before is None:
            raise AccountNotFound(actor.user)
        after = replace(before, entra_tenant=tenant, entra_object=object_id)
        _check_entra(uow, after)
        _save(uow, before, after, actor)


def _check_own(before: UserAccount | None, after: UserAccount, actor: Actor) -> None:
    """Nobody gives himself more, or locks himself out."""
    if actor.user != after.user_id:
        return
    if after.roles != (before.roles if before else frozenset()):
        raise OwnRoles(actor.user)
    if after.disabled:
        raise OwnAccount(actor.user)


def _check_entra(uow: UnitOfWork, after: UserAccount) -> None:
    owner = uow.accounts.of_entra(after.entra_tenant, after.entra_object)
    if owner is not None and owner.user_id != after.user_id:
        raise EntraTaken(owner.user_id)


def _link_made(user: ApprovalUser | None, actor: Actor) -> list[PasswordLinkMade]:
    """The person hears of it, and that is all: the link itself is in no mail."""
    if user is None or not user.email:
        return []
    made = PasswordLinkMade(
        at=actor.at,
        actor=actor.user,
        subject=user.user_id,
        tell=(user.email,),
        document=NOTHING,
        requester="",
        run_no=0,
        full_name=user.name,
        language=user.language,
    )
    return [made]


def _save(uow: UnitOfWork, before: UserAccount | None, after: UserAccount, actor: Actor) -> None:
    changes = _changes(before or UserAccount(user_id=after.user_id), after)
    if changes or before is None:
        uow.accounts.save(after)
        _record(uow, after.user_id, changes, actor)
        uow.commit()


def _record(uow: UnitOfWork, user_id: str, changes: list[FieldChange], actor: Actor) -> None:
    event = AccountChanged(at=actor.at, actor=actor.user, subject=user_id, changes=tuple(changes))
    uow.record_setup([event])


def _changes(before: UserAccount, after: UserAccount) -> list[FieldChange]:
    was, is_now = _shown(before), _shown(after)
    if before.password_hash and after.password_hash not in {"", before.password_hash}:
        is_now["password"] = "changed"  # noqa: S105 - says that there is another
    return [
        FieldChange(field=name, before=was[name], after=is_now[name])
        for name in was
        if was[name] != is_now[name]
    ]


def _shown(account: UserAccount) -> dict[str, str]:
    """Fit for the audit trail: of a password only whether there is one."""
    entra = f"{account.entra_tenant}/{account.entra_object}" if account.entra_object else ""
    return {
        "password": "set" if account.password_hash else "not set",
        "entra": entra,
        "roles": ", ".join(sorted(account.roles)),
        "disabled": "yes" if account.disabled else "no",
    }
