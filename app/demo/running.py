"""Running the demo: found the company, play the story, and go on working if that is wanted."""

import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from typing import Final, TextIO

from app.bootstrap import Application, now
from app.catcher import Catcher
from app.demo.company import DemoCompany, read_company
from app.demo.folders import DemoFolder, new_folder, shown, write_environment
from app.demo.founding import MailServer, found
from app.demo.pages import START, demo_pages
from app.demo.post import Post
from app.demo.story import Story
from app.demo.telling import Teller
from app.serving import HERE, PORT, services_of, serving
from app.settings import Settings, read_settings
from app.stopping import stop_asked
from app.worker import Worker
from web.application import web_application

NAME: Final = "countersign"
LOOK_EVERY: Final = 0.5  # seconds between two looks at the mail


def run_demo(*, once: bool = False, data: Path | None = None, out: TextIO | None = None) -> None:
    """Play the story; without *once* go on until Ctrl-C or SIGTERM.

    Raises:
        FolderNotUsable
    """
    folder, teller = new_folder(data), Teller(out or sys.stdout)
    listener = None if once else _listener()
    with stop_asked() as asked, _company(folder, listener) as (application, catcher, company):
        _introduce(teller, company, folder)
        post = Post(application, catcher)
        Story(application, post, teller).play()
        _say_where(teller, folder)
        if listener is None:
            return
        _say_what_next(teller, folder, application.settings.base_url)
        web = web_application(services_of(application, start_page=START), demo_pages(catcher))
        with Worker(application), serving(web, listener):
            while not asked.wait(LOOK_EVERY):
                for mail, rule in post.new():
                    teller.arrived(mail, rule)
        teller.say("The company is closed. Everything it did is still in its folder.")


@contextmanager
def _company(
    folder: DemoFolder, listener: socket.socket | None
) -> Iterator[tuple[Application, Catcher, DemoCompany]]:
    """A company with a mail server of its own, as long as the `with` block runs."""
    company = read_company(now())
    application = Application(_settings(folder, company, _base_url(listener)))
    account, password = company.mail["user_name"], secrets.token_urlsafe()
    with Catcher(folder.mails, accounts={account: password}) as catcher, application:
        server = MailServer(host=catcher.host, port=catcher.port, password=password)
        found(application, company, server)
        write_environment(folder, application.settings)
        yield application, catcher, company


def _listener() -> socket.socket:
    """Where the pages are: at the usual port, or at a free one when that is taken."""
    with suppress(OSError):
        return socket.create_server((HERE, PORT))
    return socket.create_server((HERE, 0))


def _base_url(listener: socket.socket | None) -> str:
    return f"http://{HERE}:{listener.getsockname()[1]}" if listener else ""


def _settings(folder: DemoFolder, company: DemoCompany, base_url: str) -> Settings:
    """Nothing of the surroundings: the demo is the same everywhere."""
    return read_settings(
        database_url=folder.database_url,
        secret_key=None,
        secret_key_file=None,
        base_url=base_url,
        company=company.facts["name"],
        timezone=company.facts["time_zone"],
        language=company.facts["language"],
        currency=company.facts["currency"],
    )


# --- what is said about it -----------------------------------------------------------------


def _introduce(teller: Teller, company: DemoCompany, folder: DemoFolder) -> None:
    mail = company.mail
    teller.chapter(company.facts["name"])
    teller.say(
        f"{len(company.users)} people, {len(company.documents)} purchase and sales documents and"
        f" {len(company.workflows)} workflows, new in {shown(folder.path)}."
    )
    teller.say(
        f"Mail is submitted by one account, {mail['user_name']}. Allow Sender Substitution is on;"
        f" Send As is {mail['send_as']}. The mail server catches everything: nothing leaves this"
        " machine."
    )


def _say_where(teller: Teller, folder: DemoFolder) -> None:
    teller.say("")
    teller.say(f"The mails are {shown(folder.mails)}/*.eml; every mail program opens them.")
    teller.say("To look around in the company, in this or another terminal:")
    teller.say("")
    teller.command(f". {shown(folder.environment)}")
    teller.command(f"{_program()} requests --as ZOE")
    teller.command(f"{_program()} documents show PO-2001")
    teller.command(f"{_program()} outbox list")


def _say_what_next(teller: Teller, folder: DemoFolder, base_url: str) -> None:
    teller.chapter("Open for business")
    teller.say("Open this in a browser: be anybody of the company, and read everybody's mail.")
    teller.say("")
    teller.say(f"{base_url}{START}", "bold")
    teller.say("")
    teller.say(
        "Or decide in another terminal what Zoë is asked, and see the next mail arrive here:"
    )
    teller.say("")
    teller.command(f". {shown(folder.environment)}")
    teller.command(f"{_program()} approve PO-2008 --as ZOE")
    teller.say("")
    teller.say("Ctrl-C ends it.", "dim")
    teller.say("")


def _program() -> str:
    """What to type for this program: its name, or where it lies when the name is not known."""
    return NAME if which(NAME) else shown(Path(sys.executable).with_name(NAME))
