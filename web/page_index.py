"""All pages one can go to by name, and who may: for the setup's first page and for finding them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from notifications.translations import LANGUAGES, translations_for
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from web.paths import ACCOUNTS, DOCUMENTS_IMPORT, SETTINGS
from web.visits import Visit


@dataclass(frozen=True, kw_only=True)
class IndexedPage:
    path: str
    caption: str  # as Business Central calls it
    about: str
    group: str = ""  # where the setup lists it; empty: not there
    may: Callable[[Visit], bool] = lambda _visit: True


def _sees_setup(visit: Visit) -> bool:
    return visit.sees_setup


def _sets_up(visit: Visit) -> bool:
    return visit.sets_up


PAGES: Final = (
    IndexedPage(
        path="/requests",
        caption=N_("Requests to Approve"),
        about=N_("What waits for your answer."),
    ),
    IndexedPage(
        path="/documents",
        caption=N_("Documents"),
        about=N_("Your purchase and sales documents."),
    ),
    IndexedPage(
        path="/settings/notifications",
        caption=N_("My Notifications"),
        about=N_("How and when you are told."),
    ),
    IndexedPage(
        path=SETTINGS,
        caption=N_("My Settings"),
        about=N_("Your language, your password, and where you are signed in."),
    ),
    IndexedPage(
        path=ACCOUNTS,
        caption=N_("Users and Roles"),
        about=N_("Who may sign in, and what he may do here."),
        group=N_("Running it"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup",
        caption=N_("Setup"),
        about=N_("Everything that approvals and mail rest on."),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/users",
        caption=N_("Approval User Setup"),
        about=N_("Who approves what, up to which amount, and who stands in."),
        group=N_("Approvals"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/groups",
        caption=N_("Workflow User Groups"),
        about=N_("Several people who are asked for one approval."),
        group=N_("Approvals"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/workflows",
        caption=N_("Workflows"),
        about=N_("Which documents need approval, by whom, until when."),
        group=N_("Approvals"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/who",
        caption=N_("Who would approve this?"),
        about=N_("Try a document before anybody sends one: who is asked, and why."),
        group=N_("Approvals"),
        may=_sees_setup,
    ),
    IndexedPage(
        path=DOCUMENTS_IMPORT,
        caption=N_("Import Documents"),
        about=N_("Documents from CSV, UBL, CII or cXML files: first what they would change."),
        group=N_("Approvals"),
        may=_sets_up,
    ),
    IndexedPage(
        path="/setup/entries",
        caption=N_("Approval Entries"),
        about=N_("Every request of every document, and who was asked."),
        group=N_("Approvals"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/overdue",
        caption=N_("Overdue log"),
        about=N_("Who was reminded of which request, and how many days late it was."),
        group=N_("Approvals"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/notifications",
        caption=N_("Notification Setup"),
        about=N_("How and when everybody is told: by mail, or by a note with the document."),
        group=N_("Approvals"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/log",
        caption=N_("Log of the setup"),
        about=N_("Who changed what, and when. It is never changed itself."),
        group=N_("Approvals"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/webhooks",
        caption=N_("Webhooks"),
        about=N_("Other programs that hear of what happens, and what was sent to them."),
        group=N_("Running it"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/mail",
        caption=N_("SMTP Mail Setup"),
        about=N_("The account that submits mail, and whose address mail carries."),
        group=N_("Mail"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/mail/guide",
        caption=N_("Assisted Setup of Email"),
        about=N_("Mail set up question by question, for well-known providers and any other."),
        group=N_("Mail"),
        may=_sets_up,
    ),
    IndexedPage(
        path="/setup/mail/sign-in",
        caption=N_("Sign In for the Mail Account"),
        about=N_("With a code, where a person signs in to Microsoft 365 for the account."),
        group=N_("Mail"),
        may=_sets_up,
    ),
    IndexedPage(
        path="/setup/mail/test",
        caption=N_("Test Email Setup"),
        about=N_("Send yourself one letter the way real mail goes."),
        group=N_("Mail"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/mail/doctor",
        caption=N_("Mail Doctor"),
        about=N_("What works from the mail server to each sender, and how to repair the rest."),
        group=N_("Mail"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/mail/grants",
        caption=N_("Rights to Send As"),
        about=N_("Whose address mail carries, and what the mail administrator has to grant."),
        group=N_("Mail"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/outbox",
        caption=N_("Outbox"),
        about=N_("How far each email is, and what can be done about it."),
        group=N_("Mail"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/inbox",
        caption=N_("Mailbox Setup"),
        about=N_("Where bounces and answers are fetched from."),
        group=N_("Mail"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/wording",
        caption=N_("Wording of Mail"),
        about=N_("What the company says in its own words, with an example."),
        group=N_("Mail"),
        may=_sees_setup,
    ),
    IndexedPage(
        path="/setup/health",
        caption=N_("Health"),
        about=N_("Whether everything works, and what waits for you."),
        group=N_("Running it"),
        may=_sees_setup,
    ),
)


def pages_for(visit: Visit) -> list[IndexedPage]:
    return [page for page in PAGES if page.may(visit)]


def found(visit: Visit, words: str) -> list[IndexedPage]:
    """Pages whose caption has the words, in any language we have words for."""
    wanted = words.casefold().split()
    return [page for page in pages_for(visit) if wanted and _has(page, wanted)]


def _has(page: IndexedPage, wanted: list[str]) -> bool:
    captions = [translations_for(language).gettext(page.caption) for language in LANGUAGES]
    return any(all(word in caption.casefold() for word in wanted) for caption in captions)
