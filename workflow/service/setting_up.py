"""What an administrator does: approval users, groups and company options, and workflows.

One administrator at a time: every change begins by locking the setup, and reads it after that.
"""

from dataclasses import fields, replace

from workflow.actors import Actor
from workflow.approval_users import ApprovalUser, raises_authority, with_fields
from workflow.errors import (
    BadValue,
    GroupNotFound,
    OwnAuthority,
    SalespersonPurchaserCodeTaken,
    UserIsAsked,
    UserNotFound,
)
from workflow.events import (
    AccountRemoved,
    ApprovalUserChanged,
    ApprovalUserRemoved,
    CompanyChanged,
    EMailChanged,
    FieldChange,
    NotificationSetupChanged,
    UserGroupChanged,
)
from workflow.facts import NOTHING
from workflow.identifiers import check_identifier
from workflow.notification_setup import NotificationSetup, NotificationType, setup_for
from workflow.options import CompanyOptions, DelegationToRequester
from workflow.phrases import listed
from workflow.phrases import phrase as _
from workflow.ports import UnitOfWork
from workflow.service.keeping_workflows import (
    delete_workflow,
    disable_workflow,
    enable_workflow,
    save_workflow,
)
from workflow.service.rights import check_may_set_up

__all__ = [
    "changes_between",
    "delete_group",
    "delete_workflow",
    "disable_workflow",
    "enable_workflow",
    "follow_default",
    "remove_user",
    "save_workflow",
    "set_company",
    "set_group",
    "set_notification_setup",
    "set_own_reading",
    "set_user",
]

# --- approval users ------------------------------------------------------------------------


def set_user(
    uow: UnitOfWork, user_id: str, values: dict[str, object], actor: Actor
) -> ApprovalUser:
    """Add an approval user or change some of his fields.

    Raises:
        UnknownField, BadValue, LimitAndUnlimited, LimitNegative, PhoneWithLetters, SelfApprover,
        SelfSubstitute, SalespersonPurchaserCodeTaken, OwnAuthority
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        before = uow.users.user(user_id)
        replaces = uow.company().limit_replaces_unlimited
        blank = before or ApprovalUser(user_id=user_id)
        after = with_fields(blank, values, limit_replaces_unlimited=replaces)
        _check_code(uow, after)
        _check_own_authority(uow, before, after, actor)
        changes = changes_between(blank, after)
        if changes or before is None:
            uow.users.save(after)
            changed = ApprovalUserChanged(
                at=actor.at, actor=actor.user, subject=user_id, changes=changes
            )
            uow.record_setup([changed, *_email_changed(blank, after, actor)])
            uow.commit()
        return after


def set_own_reading(uow: UnitOfWork, language: str, time_zone: str, actor: Actor) -> None:
    """Everybody says himself in which language and time zone he reads; empty: the company's.

    Raises:
        UserNotFound
    """
    with uow:
        uow.lock_setup()
        before = uow.users.user(actor.user)
        if before is None:
            raise UserNotFound(actor.user)
        after = replace(before, language=language, time_zone=time_zone)
        changes = changes_between(before, after)
        if changes:
            uow.users.save(after)
            changed = ApprovalUserChanged(
                at=actor.at, actor=actor.user, subject=actor.user, changes=changes
            )
            uow.record_setup([changed])
            uow.commit()


def remove_user(uow: UnitOfWork, user_id: str, actor: Actor, *, anyway: bool = False) -> None:
    """Take a user out of the approval user setup; what names him stays and is warned about.

    His account and his API keys go too: whoever gets his user id later is somebody else.

    Raises:
        UserNotFound
        UserIsAsked: requests wait for him, and *anyway* is false.
    """
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        if uow.users.user(user_id) is None:
            raise UserNotFound(user_id)
        waiting = uow.documents.waiting_for(user_id)
        if waiting and not anyway:
            raise UserIsAsked(user_id, listed([key.title for key in waiting]))
        uow.users.remove(user_id)
        removed = ApprovalUserRemoved(at=actor.at, actor=actor.user, subject=user_id)
        uow.record_setup([removed, *_without_account(uow, user_id, actor)])
        uow.commit()


def _without_account(uow: UnitOfWork, user_id: str, actor: Actor) -> list[AccountRemoved]:
    uow.accounts.revoke_keys_of(user_id, actor.at)
    if uow.accounts.find(user_id) is None:
        return []
    uow.accounts.remove(user_id)
    return [AccountRemoved(at=actor.at, actor=actor.user, subject=user_id)]


def _check_code(uow: UnitOfWork, user: ApprovalUser) -> None:
    code = user.salesperson_purchaser_code
    owner = uow.users.user_with_code(code) if code else None
    if owner is not None and owner.user_id != user.user_id:
        raise SalespersonPurchaserCodeTaken(code, owner.user_id)


def _check_own_authority(
    uow: UnitOfWork, before: ApprovalUser | None, after: ApprovalUser, actor: Actor
) -> None:
    """Invariant I-14: nobody raises his own authority alone."""
    refuse = uow.company().own_authority is DelegationToRequester.REFUSE
    if refuse and actor.user == after.user_id and raises_authority(before, after):
        raise OwnAuthority(actor.user, _("himself or herself"))


def _email_changed(before: ApprovalUser, after: ApprovalUser, actor: Actor) -> list[EMailChanged]:
    """Who could be kept from his mail hears of it where he got it until now."""
    if not before.email or before.email == after.email:
        return []
    told = EMailChanged(
        at=actor.at,
        actor=actor.user,
        subject=after.user_id,
        tell=tuple(filter(None, (before.email, after.email))),
        document=NOTHING,
        requester="",
        run_no=0,
        before=before.email,
        after=after.email,
        full_name=after.name,
        language=before.language,
    )
    return [told]


def changes_between(before: object, after: object) -> tuple[FieldChange, ...]:
    """What differs in two of a kind, for the audit trail."""
    names = [field.name for field in fields(after)]  # type: ignore[arg-type]
    return tuple(
        FieldChange(
            field=name, before=_shown(getattr(before, name)), after=_shown(getattr(after, name))
        )
        for name in names
        if getattr(before, name) != getattr(after, name)
    )


def _shown(value: object) -> str:
    return "unlimited" if value is None else str(value)


# --- groups --------------------------------------------------------------------------------


def set_group(uow: UnitOfWork, group: str, members: list[tuple[str, int]], actor: Actor) -> None:
    """Give a workflow user group these members; without any it is deleted.

    Raises:
        BadValue: the group's code is not one, a member named twice, or a sequence number below 1.
    """
    check_identifier("group", group)
    names = [user for user, _ in members]
    for user, sequence_no in members:
        if sequence_no < 1:
            raise BadValue("sequence", sequence_no, _("is below 1"))
        if names.count(user) > 1:
            raise BadValue("member", user, _("is named twice"))
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        uow.users.set_group(group, members)
        shown = tuple(f"{user}:{sequence_no}" for user, sequence_no in members)
        changed = UserGroupChanged(at=actor.at, actor=actor.user, subject=group, members=shown)
        uow.record_setup([changed])
        uow.commit()


def delete_group(uow: UnitOfWork, group: str, actor: Actor) -> None:
    """Delete a workflow user group; workflows that name it stay and are warned about.

    Raises:
        GroupNotFound
    """
    with uow:
        uow.lock_setup()
        if not uow.users.group_members(group):
            raise GroupNotFound(group)
        set_group(uow, group, [], actor)
        uow.commit()


# --- notifications -------------------------------------------------------------------------


def set_notification_setup(uow: UnitOfWork, row: NotificationSetup, actor: Actor) -> None:
    """Say how a person, or everybody without a row of his own, is told about a type.

    Raises:
        UserNotFound
    """
    with uow:
        uow.lock_setup()
        if row.user != actor.user:
            check_may_set_up(uow, actor)
        if row.user is not None and uow.users.user(row.user) is None:
            raise UserNotFound(row.user)
        before = setup_for(row.user or "", row.type, uow.users.notification_setup())
        uow.users.set_notification_setup(row)
        event = NotificationSetupChanged(
            at=actor.at,
            actor=actor.user,
            subject=row.user or "",
            changes=changes_between(before, row),
        )
        uow.record_setup([event])
        uow.commit()


def follow_default(uow: UnitOfWork, user: str, kind: NotificationType, actor: Actor) -> None:
    """Take back what was said of one person: the default holds for him again.

    Nothing happens where it holds already.

    Raises:
        UserNotFound
    """
    with uow:
        uow.lock_setup()
        if user != actor.user:
            check_may_set_up(uow, actor)
        if uow.users.user(user) is None:
            raise UserNotFound(user)
        rows = uow.users.notification_setup()
        own, default = setup_for(user, kind, rows), setup_for("", kind, rows)
        if own.user is None:
            return
        uow.users.remove_notification_setup(user, kind)
        event = NotificationSetupChanged(
            at=actor.at,
            actor=actor.user,
            subject=user,
            changes=changes_between(own, default),
        )
        uow.record_setup([event])
        uow.commit()


# --- company -------------------------------------------------------------------------------


def set_company(uow: UnitOfWork, options: CompanyOptions, actor: Actor) -> None:
    """Change the company's options."""
    with uow:
        uow.lock_setup()
        check_may_set_up(uow, actor)
        changes = changes_between(uow.company(), options)
        if changes:
            uow.set_company(options)
            event = CompanyChanged(
                at=actor.at, actor=actor.user, subject="company", changes=changes
            )
            uow.record_setup([event])
            uow.commit()
