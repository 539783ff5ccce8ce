"""``python -m bench.pages``: how fast the pages answer, with years of documents in the tables.

A real server in a process of its own; eight people at the same time, each signed in, on the same
machine. Reported, never a gate: the machine is shared with those who ask.
"""

import argparse
import os
import platform
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import httpx2
from rich.console import Console
from rich.table import Table

from app.bootstrap import Application
from app.settings import read_settings
from bench.bulk import fill_company
from bench.story import AT, set_up, take_in
from db import schema
from web.passwords import hashed
from workflow.service.requesting import send_approval_request
from workflow.user_accounts import UserAccount

PEOPLE = 8
PASSWORD = "correct horse battery"  # of people who do not exist
WAITING = 200  # requests that wait for Bob
TOKEN = re.compile(r'name="token" value="([^"]+)"')
HOME = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--documents", type=int, default=25_000, help="four entries each")
    parser.add_argument("--requests", type=int, default=25, help="of each kind, for each person")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        numbers = prepare(url, options.documents, PEOPLE * options.requests)
        with serving(url) as address:
            show(measured(address, numbers, options.requests), options.documents)


def prepare(url: str, documents: int, decisions: int) -> list[str]:
    """Years of documents, what waits for Bob, and an account for him."""
    schema.upgrade(url)
    with Application(read_settings(database_url=url), clock=lambda: AT) as application:
        set_up(application.engine)
        fill_company(url, documents)
        numbers = [f"W-{number}" for number in range(WAITING + decisions)]
        take_in(application.engine, numbers)
        uow, ann = application.uow(), application.actor("ANN")
        for number in numbers:
            send_approval_request(uow, application.read.find_by_number(number)[0], ann)
        account = UserAccount(user_id="BOB", password_hash=hashed(PASSWORD))
        application.user_accounts.save(account)
    return numbers[WAITING:]


@contextmanager
def serving(url: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app.cli", "serve", f"--port={port}"]
    environment = {**os.environ, "COUNTERSIGN_DATABASE_URL": url}
    with subprocess.Popen(command, cwd=HOME, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            yield address
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    for _ in range(100):
        try:
            httpx2.get(f"{address}/sign-in")
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The server does not answer.")


def measured(address: str, numbers: list[str], requests: int) -> dict[str, list[float]]:
    """Seconds by what was done; each person does his own documents."""
    times: dict[str, list[float]] = {}
    browsers = [signed_in(address) for _ in range(PEOPLE)]
    people = [
        threading.Thread(target=visit, args=(browser, numbers[start::PEOPLE][:requests], times))
        for start, browser in enumerate(browsers)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    for browser in browsers:
        browser.close()
    return times


def signed_in(address: str) -> httpx2.Client:
    """One after the other: many attempts for one account at once are turned away."""
    browser = httpx2.Client(base_url=address, timeout=60)
    answer = browser.post("/sign-in", data={"user": "BOB", "password": PASSWORD})
    if not answer.is_redirect:
        sys.exit(f"Signing in: {answer.status_code}")
    return browser


def visit(browser: httpx2.Client, numbers: list[str], times: dict[str, list[float]]) -> None:
    def timed(what: str, do: Callable[[], httpx2.Response], status: int) -> httpx2.Response:
        started = time.perf_counter()
        answer = do()
        times.setdefault(what, []).append(time.perf_counter() - started)
        if answer.status_code != status:
            print(f"{what}: {answer.status_code}", file=sys.stderr)
            sys.exit(1)  # of this person only; the others go on
        return answer

    for number in numbers:
        path = f"/requests/purchase/order/1/{number}"
        timed("Requests to Approve", lambda: browser.get("/requests"), 200)
        page = timed("one request", lambda path=path: browser.get(path), 200)
        form = {"step": "approve", "token": TOKEN.findall(page.text)[-1]}
        timed("decision", lambda path=path, form=form: browser.post(path, data=form), 303)
        times.setdefault("bytes", []).append(len(page.content))


def show(times: dict[str, list[float]], documents: int) -> None:
    weights = times.pop("bytes")
    table = Table(title=f"{PEOPLE} people at a time, {4 * documents:,} entries, ms")
    for heading in ("", "p50", "p95", "requests"):
        table.add_column(heading, justify="left" if heading == "" else "right")
    for what, seconds in times.items():
        hundredths = quantiles(seconds, n=100)
        p50, p95 = f"{hundredths[49] * 1000:.0f}", f"{hundredths[94] * 1000:.0f}"
        table.add_row(what, p50, p95, str(len(seconds)))
    console = Console()
    console.print(table)
    console.print(f"One request's page: {max(weights) / 1000:.1f} kB without style and script.")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    console.print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}.")


if __name__ == "__main__":
    main()
