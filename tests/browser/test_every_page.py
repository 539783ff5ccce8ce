"""Every page: usable by everybody, on a phone, without scripts, in both languages."""

import pytest

from tests.browser.conftest import PHONE, is_too_wide, violations

# Who opens which page.
PAGES = [
    ("", "/sign-in"),
    ("", "/nothing/here"),
    ("", "/sign-in/link/any"),
    ("ANN", "/settings"),
    ("ANN", "/settings/prove?next=/documents"),
    ("EVA", "/setup/accounts"),
    ("EVA", "/setup/accounts/BOB"),
    ("EVA", "/setup/accounts/EVA"),
    ("BOB", "/requests"),
    ("BOB", "/requests/purchase/order/1/PO-2"),
    ("BOB", "/requests/selection?pick=purchase/order/1/PO-2"),
    ("ANN", "/documents"),
    ("ANN", "/documents/purchase/order/PO-1"),
    ("ANN", "/documents/purchase/order/PO-2"),
    ("DEE", "/documents/purchase/order/PO-1"),
    ("EVA", "/setup"),
    ("EVA", "/setup/users"),
    ("EVA", "/setup/users/tree"),
    ("EVA", "/setup/users/add"),
    ("EVA", "/setup/users/edit/BOB"),
    ("EVA", "/setup/users/remove/BOB"),
    ("EVA", "/setup/users/import"),
    ("EVA", "/setup/groups"),
    ("EVA", "/setup/groups/new?code=BUYERS"),
    ("EVA", "/setup/workflows"),
    ("EVA", "/setup/workflows/edit/PO"),
    ("EVA", "/setup/workflows/versions/PO"),
    ("EVA", "/setup/workflows/delete/PO"),
    ("EVA", "/setup/workflows/import"),
    ("EVA", "/setup/documents/import"),
    ("EVA", "/setup/documents/import?new=3&changed=1&left=1"),
    ("EVA", "/setup/who"),
    ("EVA", "/setup/entries"),
    ("EVA", "/setup/overdue"),
    ("EVA", "/setup/log"),
    ("EVA", "/setup/notifications"),
    ("EVA", "/setup/notifications?user=BOB"),
    ("ANN", "/settings/notifications"),
    ("EVA", "/setup/who?requester=ANN&kind=purchase/order&amount=5000"),
    ("EVA", "/setup/webhooks"),
    ("EVA", "/setup/webhooks/1"),
    ("EVA", "/setup/webhooks/add"),
    ("EVA", "/setup/webhooks/1/change"),
    ("EVA", "/setup/webhooks/1/remove"),
    ("EVA", "/setup/mail"),
    ("EVA", "/setup/mail/doctor"),
    ("EVA", "/setup/mail/grants"),
    ("EVA", "/setup/mail/guide"),
    ("EVA", "/setup/mail/office365"),
    ("EVA", "/setup/mail/test"),
    ("EVA", "/setup/mail/sign-in"),
    ("EVA", "/setup/health"),
    ("EVA", "/setup/inbox"),
    ("EVA", "/setup/wording"),
    ("EVA", "/setup/outbox"),
    ("EVA", "/setup/outbox/1"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_using_it(person, scheme):
    for user, paths in by_person():
        with person(user, color_scheme=scheme) as page:
            for path in paths:
                page.goto(path)
                assert violations(page) == [], path


def test_it_fits_on_a_phone(person):
    for user, paths in by_person():
        with person(user, viewport=PHONE) as page:
            for path in paths:
                page.goto(path)
                assert not is_too_wide(page), path


def test_the_browser_has_nothing_to_complain_about(person):
    for user, paths in by_person():
        with person(user) as page:
            complaints = complaints_of(page)
            for path in paths:
                page.goto(path)
                assert [text for text in complaints if "status of 404" not in text] == [], path


def by_person():
    """Whoever opens several pages signs in once."""
    users = dict.fromkeys(user for user, _ in PAGES)
    return [(user, [path for one, path in PAGES if one == user]) for user in users]


def complaints_of(page):
    """What it says in its console from now on, such as a style that the policy forbids."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
