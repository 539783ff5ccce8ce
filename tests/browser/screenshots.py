"""``python tests/browser/screenshots.py``: the pictures of the README, from a demo of their own."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parents[2] / "docs" / "images"
SCREEN = {"width": 1100, "height": 800}
PHONE = {"width": 390, "height": 780}
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
REQUEST = "/requests/purchase/order/1/PO-2008"
# Whose page it is, its address, how large the window is.
SHOWN = {
    "requests": ("ZOE", "/requests", SCREEN),
    "request-on-a-phone": ("ZOE", REQUEST, PHONE),
    "document": ("DAAN", "/documents/purchase/order/PO-2008", SCREEN),
    "approval-user-setup": ("PRIYA", "/setup/users", SCREEN),
    "mail-setup": ("PRIYA", "/setup/mail", SCREEN),
}


@contextmanager
def demo() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "app.cli", "demo", "--data", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as running:
            try:
                yield next(filter(None, map(address_in, running.stdout)))
            finally:
                running.terminate()


def address_in(line: str) -> str:
    found = ADDRESS.search(line)
    return found[0] if found else ""


def become(page: Page, user: str) -> None:
    page.goto("/demo")
    page.locator(f'form[action="/demo/be/{user}"] button').click()
    page.wait_for_url(lambda url: "/demo" not in url)


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox"]
        )
        for name, (user, path, size) in SHOWN.items():
            context = browser.new_context(base_url=address, viewport=size, locale="en-GB")
            page = context.new_page()
            page.wait_for_timeout(500)
            become(page, user)
            page.goto(path)
            page.screenshot(path=PICTURES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
