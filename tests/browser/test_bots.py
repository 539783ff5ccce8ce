"""What mail scanners and other machines do with a link: none of it decides, and none burns it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from playwright.sync_api import Page

from tests.people import order

LINK = "/requests/purchase/order/1/PO-2"


def head_then_get(address: str) -> None:
    httpx2.head(address + LINK)
    httpx2.get(address + LINK, follow_redirects=True)


def five_at_once(address: str) -> None:
    agents = ["Mozilla/5.0", "curl/8", "Outlook", "bot", ""]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda name: opened(address + LINK, name), agents))


def opened(url: str, agent: str) -> httpx2.Response:
    return httpx2.get(url, headers={"User-Agent": agent}, follow_redirects=True)


def posts_right_away(address: str) -> None:
    for field in ("step", "decision", "choice"):
        httpx2.post(address + LINK, data={field: "approve"}, follow_redirects=True)


PROGRAMS = [head_then_get, five_at_once, posts_right_away]


def only_looks(page: Page) -> None:
    page.wait_for_timeout(300)


def follows_every_link(page: Page) -> None:
    links = page.locator("a").evaluate_all("all => all.map(one => one.href)")
    for link in links:
        page.goto(link)


def clicks_the_first_button(page: Page) -> None:
    page.locator("button").first.click()


def clicks_every_button(page: Page) -> None:
    for number in range(page.locator("button").count()):
        page.locator("button").nth(number).click()
        page.goto(LINK)


def fills_every_form(page: Page) -> None:
    for field in page.locator("input:visible").all():
        field.fill("approve")
    page.locator("button").last.click()


def fills_slowly_and_keeps_cookies(page: Page) -> None:
    page.wait_for_timeout(5_000)
    fills_every_form(page)
    page.goto(LINK)
    fills_every_form(page)


BROWSERS = [
    only_looks,
    follows_every_link,
    clicks_the_first_button,
    clicks_every_button,
    fills_every_form,
    fills_slowly_and_keeps_cookies,
]


@pytest.mark.parametrize("bot", PROGRAMS)
def test_a_program_with_the_link_decides_nothing(bot: Callable[[str], None], address, company):
    bot(address)
    assert is_undecided(company)


@pytest.mark.parametrize("bot", BROWSERS)
def test_a_browser_without_a_person_decides_nothing(bot, person, company):
    with person() as page:
        page.goto(LINK)
        bot(page)
    assert is_undecided(company)
    with person("BOB") as page:  # and the link still works for whoever it is meant for
        page.goto(LINK)
        page.get_by_role("button", name="Approve: ").click()
        page.get_by_role("button", name="Approve: ").wait_for(state="detached")
    assert not is_undecided(company)


def is_undecided(company) -> bool:
    with company.uow(readonly=True) as uow:
        run = uow.documents.get(order(number="PO-2").key).run
    return not any(entry.decided_by for entry in run.entries)
