"""Whether a letter that was written earlier still goes to whom it should, and in whose name."""

from notifications.addresses import same_address
from notifications.mail_setup import MailSetup
from notifications.messages import OUTSIDE
from notifications.ports import ClaimedEmail, Directory, WrittenEmail
from notifications.senders import MailKind, NoSender, SenderRule, choose_sender
from notifications.writing import requester_of


def is_outdated(
    email: ClaimedEmail, written: WrittenEmail, setup: MailSetup, directory: Directory
) -> bool:
    """An address was corrected, or somebody's name is not to be used any more."""
    goes_elsewhere = not _is_still_for(email, written, directory)
    return goes_elsewhere or not _may_carry_its_name(email, written, setup, directory)


def _is_still_for(email: ClaimedEmail, written: WrittenEmail, directory: Directory) -> bool:
    """Mail to somebody outside has the address of its event, which stays."""
    if email.message in OUTSIDE:
        return True
    user = directory.user(email.recipient)
    return user is not None and same_address(user.email, written.to_address)


def _may_carry_its_name(
    email: ClaimedEmail, written: WrittenEmail, setup: MailSetup, directory: Directory
) -> bool:
    """Whether an address rests at the mail server is asked elsewhere."""
    if written.rule != SenderRule.REQUESTER:
        return True
    try:
        now = choose_sender(setup, MailKind.WORKFLOW, requester_of(email.requester, directory))
    except NoSender:
        return False
    is_requester = now.rule is SenderRule.REQUESTER
    return is_requester and same_address(now.from_address, written.from_address)
