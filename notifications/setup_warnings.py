"""What a person should know about a mail setup that will not do what he expects."""

import ipaddress
from typing import Final

from notifications.mail_setup import Authentication, MailSetup, OAuthFlow
from notifications.sayings import Paragraph
from notifications.sayings import sentence as _

OFFICE_365: Final = "smtp.office365.com"
GMAIL: Final = frozenset({"smtp.gmail.com", "smtp-relay.gmail.com"})
IMPLICIT_TLS_PORT: Final = 465
TENANTS_OF_NOBODY: Final = frozenset({"common", "organizations", "consumers"})

SUBSTITUTION_STAYS_ON: Final = _(
    "Allow Sender Substitution stays on: the account now needs Send As on the mailbox of every "
    "requester. Switch it off with allow_sender_substitution=no."
)
SUBSTITUTION_NEEDS_GRANTS: Final = Paragraph(
    _("The account needs Send As on the mailbox of every requester."),
    _("`countersign mail grants` shows what the mail server said to each."),
)
FORGOTTEN_WITH_ITS_SERVER: Final = Paragraph(
    _("The password was given for another server and is forgotten."),
    _("Give the one for this server with `countersign mail setup password=-`."),
)
FORGOTTEN_WITH_ITS_AUTHORITY: Final = Paragraph(
    _("The client secret was given for another authority and is forgotten."),
    _("Give the one for this authority with `countersign mail setup client_secret=-`."),
)
OFFICE_365_NEEDS_SIGN_IN: Final = _(
    "smtp.office365.com accepts no mail without sign-in: choose authentication=oauth2."
)
BASIC_SIGN_IN_ENDS: Final = _(
    "Exchange Online switches basic sign-in off by default at the end of December 2026: "
    "choose authentication=oauth2."
)
OFFICE_365_HAS_NO_465: Final = _("smtp.office365.com does not answer on port 465: choose port=587.")
USER_NAME_MISSING: Final = _("User Name is empty: the account cannot sign in.")
NO_PASSWORD_YET: Final = Paragraph(
    _("Password is empty: the account cannot sign in."),
    _("`countersign mail setup password=-` reads it from standard input."),
)
SIGN_IN_NEEDS_TLS: Final = _(
    "The connection is not secure: a password is never sent over it, so signing in will fail. "
    "Choose secure=yes."
)
DOCUMENTS_HAVE_NO_SENDER: Final = _(
    "User Name is not an email address: fill Send As, otherwise documents have no sender."
)
GMAIL_REWRITES: Final = _(
    "Gmail replaces a sender that is no verified alias of the account by the account itself, and "
    "says nothing: add every address as an alias there, and look at the test mail."
)
APP_MISSING: Final = _("OAuth 2.0 needs tenant_id and client_id of an app registration.")
APP_CANNOT_SIGN_IN: Final = _(
    "client_secret is empty: the app cannot sign in. Give it with client_secret=- , "
    "or choose oauth_flow=device_code."
)
TENANT_MISSING: Final = _(
    "An app that signs in itself belongs to one directory: give its own tenant_id."
)
SIGN_IN_ONCE: Final = _("Now sign in once in a browser: countersign mail sign-in.")
APP_NEEDS_MAILBOXES: Final = _(
    "The app needs SMTP.SendAsApp with consent, Full Access on the mailbox of every requester, "
    "and SMTP AUTH switched on there."
)


def warnings(before: MailSetup, after: MailSetup) -> list[str]:
    """Sentences about *after*; some only because of what changed."""
    rules = (*_sign_in(before, after), *_server(after), *_oauth(before, after), *_senders(after))
    return [sentence for applies, sentence in rules if applies]


def _sign_in(before: MailSetup, after: MailSetup) -> tuple[tuple[bool, str], ...]:
    basic = after.authentication is Authentication.BASIC
    started = after.signs_in and not before.signs_in
    in_clear = not after.secure and not is_this_machine(after.server)
    moved = (
        before.server not in {"", after.server} and after.authentication is before.authentication
    )
    forgotten = moved and bool(before.password) and not after.password
    needs_name = after.signs_in and not after.app_signs_in
    stays_on = before.allow_sender_substitution and after.allow_sender_substitution
    switched_on = after.allow_sender_substitution and not before.allow_sender_substitution
    return (
        (started and stays_on, SUBSTITUTION_STAYS_ON),
        (after.signs_in and switched_on, SUBSTITUTION_NEEDS_GRANTS),
        (forgotten, FORGOTTEN_WITH_ITS_SERVER),
        (needs_name and not after.user_name, USER_NAME_MISSING),
        (basic and bool(after.user_name) and not after.password and not forgotten, NO_PASSWORD_YET),
        (after.signs_in and in_clear, SIGN_IN_NEEDS_TLS),
    )


def _server(after: MailSetup) -> tuple[tuple[bool, str], ...]:
    at_office_365 = after.server == OFFICE_365
    basic = after.authentication is Authentication.BASIC
    return (
        (at_office_365 and not after.signs_in, OFFICE_365_NEEDS_SIGN_IN),
        (at_office_365 and basic, BASIC_SIGN_IN_ENDS),
        (at_office_365 and after.port == IMPLICIT_TLS_PORT, OFFICE_365_HAS_NO_465),
        (after.server in GMAIL and _uses_other_addresses(after), GMAIL_REWRITES),
    )


def _oauth(before: MailSetup, after: MailSetup) -> tuple[tuple[bool, str], ...]:
    if after.authentication is not Authentication.OAUTH2:
        return ()
    by_app = after.app_signs_in
    person = after.oauth_flow is OAuthFlow.DEVICE_CODE and after.client_id
    moved = before.authority != after.authority
    forgotten = moved and bool(before.client_secret) and not after.client_secret
    signs_in_anew = before.token_identity != after.token_identity
    return (
        (not (after.tenant_id and after.client_id), APP_MISSING),
        (by_app and forgotten, FORGOTTEN_WITH_ITS_AUTHORITY),
        (by_app and not after.client_secret and not forgotten, APP_CANNOT_SIGN_IN),
        (by_app and after.tenant_id in TENANTS_OF_NOBODY, TENANT_MISSING),
        (bool(person) and signs_in_anew, SIGN_IN_ONCE),
        (by_app and before.sign_in_as is not after.sign_in_as, APP_NEEDS_MAILBOXES),
    )


def _senders(after: MailSetup) -> tuple[tuple[bool, str], ...]:
    no_address = bool(after.user_name) and not after.account and not after.send_as
    app_without = after.app_signs_in and not after.account and not after.send_as
    return ((no_address or app_without, DOCUMENTS_HAVE_NO_SENDER),)


def _uses_other_addresses(setup: MailSetup) -> bool:
    return bool(setup.send_as) or setup.allow_sender_substitution


def is_this_machine(server: str) -> bool:
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return server in {"", "localhost"}
