"""Emails lead to the page they are about, and only people inside are led anywhere."""

from dataclasses import replace
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from example_events import BOB, COMPANY, EVERY_MESSAGE, People, told_with
from notifications.links import document_path, number_in, request_path
from notifications.messages import ASKING, OUTSIDE
from notifications.rendering import render
from workflow.documents import DocumentKey
from workflow.statuses import Area, DocumentType

HERE = "https://approvals.contoso.com"
ORDER = (Area.PURCHASE, DocumentType.ORDER)
AWKWARD = [".", "..", "a/../b", "a/b", "=", "=..", "a b", "50%", "a?b#c", "é", "x\ny", "\\", "//a"]


def words(message, event, company=COMPANY):
    reader = replace(BOB, user_id=message.recipient, language="en")
    return render(
        message.message,
        [event],
        recipient=reader,
        directory=People(),
        company=company,
        requester=message.requester,
        messages=[told for told, _ in told_with(message, event)][:1],
    )


@pytest.mark.parametrize("number", range(len(EVERY_MESSAGE)))
def test_every_letter_inside_links_to_one_page_and_none_outside_does(number):
    message, event = EVERY_MESSAGE[number]
    letter = words(message, event)
    place = (
        "requests/purchase/order/1"
        if message.message in {*ASKING, "approval_overdue", "request_nudged"}
        else ""
    )
    if message.message in OUTSIDE:
        assert HERE not in letter.text + letter.html
        return
    assert letter.text.count(f"\n{HERE}/") == 1
    assert f": {HERE}/settings/notifications\n" in letter.text
    assert letter.html.count(f'href="{HERE}/') == 2  # the page, and how one is told
    assert f"{HERE}/{place}" in letter.text
    assert "countersign approve" not in letter.text + letter.html


@pytest.mark.parametrize("message", sorted(ASKING))
def test_without_pages_a_request_says_what_to_type(message):
    told, event = next(pair for pair in EVERY_MESSAGE if pair[0].message == message)
    letter = words(told, event, replace(COMPANY, base_url=""))
    assert "countersign approve purchase/order/106001" in letter.text
    assert "href" not in letter.html


@pytest.mark.parametrize("number", AWKWARD)
def test_a_browser_finds_the_page_of_any_number(number):
    for path in (
        document_path(DocumentKey(*ORDER, number)),
        request_path(DocumentKey(*ORDER, number), 1),
    ):
        assert urljoin(f"{HERE}/", path) == HERE + path
        assert number_in(unquote(path.rpartition("/")[2])) == number


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_number_comes_back_as_it_was(number):
    path = document_path(DocumentKey(*ORDER, number))
    assert path.isascii()
    assert number_in(unquote(path.rpartition("/")[2])) == number
