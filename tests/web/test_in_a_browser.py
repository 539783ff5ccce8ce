"""The pages of approvers and requesters in a real browser: keys, a narrow screen, and axe."""

import threading
import time
from pathlib import Path

import pytest
import uvicorn

from tests.web.conftest import PASSWORD

CHROMIUM = Path("/usr/bin/chromium")
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
PAGES = (
    "/requests",
    "/requests/purchase/order/1/PO-1",
    "/requests/selection?pick=purchase/order/1/PO-1",
    "/documents",
    "/documents/purchase/order/PO-1",
)
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")


@pytest.fixture
def address(pages):
    """Where the pages are served while a test runs."""
    config = uvicorn.Config(pages, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + 20
    while not server.started and time.monotonic() < ends:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def opened(address):
    """A page of Bob's, signed in; *dark* and *width* as his screen has them."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as program:
        chromium = program.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])

        def open_(width=1000, *, dark=False):
            scheme = "dark" if dark else "light"
            context = chromium.new_context(
                base_url=address, viewport={"width": width, "height": 800}, color_scheme=scheme
            )
            page = context.new_page()
            page.goto("/sign-in")
            page.fill("[name=user]", "BOB")
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            return page

        yield open_
        chromium.close()


def test_keys_walk_through_the_list_and_open_a_request(opened, sent):
    sent()
    sent("PO-2")
    page = opened()
    page.goto("/requests")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "purchase order PO-1"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "purchase order PO-2"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/purchase/order/1/PO-1")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_narrow_screen_holds_every_page_and_axe_finds_nothing(opened, sent, dark):
    sent()
    page = opened(360, dark=dark)
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path
