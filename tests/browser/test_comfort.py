"""What makes the pages pleasant to use: nothing is in the way of what somebody came for."""

import pytest

from tests.browser.conftest import PHONE

REQUEST = "/requests/purchase/order/1/PO-2"
PAGES = [("BOB", REQUEST), ("ANN", "/documents"), ("EVA", "/setup")]
TOPMOST = 150  # pixels of a phone's 740


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_on_a_phone_the_page_begins_soon_and_its_title_is_its_largest_text(person, user, path):
    with person(user, viewport=PHONE) as page:
        page.goto(path)
        assert page.locator("h1").bounding_box()["y"] < TOPMOST
        size = "one => parseFloat(getComputedStyle(one).fontSize)"
        largest = page.locator("h1").evaluate(size)
        assert all(one.evaluate(size) < largest for one in page.locator("h2").all())


def test_on_a_phone_a_request_is_ticked_beside_its_name_and_no_keys_are_taught(person):
    with person("BOB", viewport=PHONE) as page:
        page.goto("/requests")
        tick = page.get_by_role("checkbox").bounding_box()
        name = page.get_by_role("link", name="purchase order PO-2").bounding_box()
        assert tick["y"] < name["y"] + name["height"]
        assert not page.get_by_text("Keys: j and k").is_visible()


def test_names_of_documents_begin_with_a_capital(person):
    with person("BOB") as page:
        page.goto(REQUEST)
        first = "one => getComputedStyle(one, '::first-letter').textTransform"
        assert page.locator("h1").evaluate(first) == "uppercase"
