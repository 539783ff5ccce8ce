"""Every page: usable by everybody, on a phone, without scripts, in both languages."""

from itertools import groupby
from operator import itemgetter

import pytest

from tests.browser.conftest import PHONE, is_too_wide, violations

# Who opens which page.
PAGES = [
    ("", "/sign-in"),
    ("", "/nothing/here"),
    ("BOB", "/requests"),
    ("BOB", "/requests/purchase/order/1/PO-2"),
    ("ANN", "/documents"),
    ("ANN", "/documents/purchase/order/PO-1"),
    ("ANN", "/documents/purchase/order/PO-2"),
    ("DEE", "/documents/purchase/order/PO-1"),
    ("EVA", "/setup/mail"),
    ("EVA", "/setup/mail/doctor"),
    ("EVA", "/setup/mail/grants"),
    ("EVA", "/setup/mail/guide"),
    ("EVA", "/setup/mail/office365"),
    ("EVA", "/setup/mail/test"),
    ("EVA", "/setup"),
    ("EVA", "/setup/health"),
    ("EVA", "/setup/inbox"),
    ("EVA", "/setup/wording"),
    ("EVA", "/setup/outbox"),
    ("EVA", "/setup/outbox/1"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_using_it(person, scheme):
    for user, paths in by_user():
        with person(user, color_scheme=scheme) as page:
            for path in paths:
                page.goto(path)
                assert violations(page) == [], path


def test_it_fits_on_a_phone(person):
    for user, paths in by_user():
        with person(user, viewport=PHONE) as page:
            for path in paths:
                page.goto(path)
                assert not is_too_wide(page), path


def test_the_browser_has_nothing_to_complain_about(person):
    for user, paths in by_user():
        with person(user) as page:
            complaints = complaints_of(page)
            for path in paths:
                page.goto(path)
                assert [text for text in complaints if "status of 404" not in text] == [], path


def by_user():
    """Everybody signs in once, and opens his pages one after the other."""
    for user, pages in groupby(PAGES, key=itemgetter(0)):
        yield user, [path for _, path in pages]


def complaints_of(page):
    """What it says in its console from now on, such as a style that the policy forbids."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
