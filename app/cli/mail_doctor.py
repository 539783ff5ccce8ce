"""``countersign mail doctor``: what works on the way to a trusted letter, what not, and the fix."""

import ipaddress
from dataclasses import replace
from typing import Annotated, Final

import typer

from app.bootstrap import Application
from app.cli import failures, options, output
from app.cli.mail_help import language
from app.cli.options import Json, example
from app.cli.values import NotUnderstood
from notifications import doctor
from notifications.dns_records import NameServer
from notifications.doctor_rights import Known, Said
from notifications.doctor_rungs import Grade, Rung, in_language
from notifications.mail_setup import MailSetup
from notifications.replies import Stage
from notifications.senders import Requester

commands = typer.Typer()

NEVER_TRIED_THE_SENDER: Final = frozenset({Stage.CONNECT, Stage.TLS, Stage.AUTH})
WIDTH: Final = max(len(grade) for grade in Grade)


@commands.command(
    name="doctor",
    **example("countersign mail doctor", "countersign mail doctor --name-server 9.9.9.9"),
)
def examine(
    name_server: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS[:PORT]",
            help="Ask this name server what domains publish, for example one outside the company.",
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Say what works from the mail server's name to each sender, and how to repair the rest."""
    asked = _name_server(name_server) if name_server else None
    with options.opened() as app:
        now = app.clock()
        found = doctor.diagnosed(replace(_patient(app), name_server=asked), now)
    rungs = in_language(found, language())
    if as_json:
        output.show_json({"healthy": not doctor.failed(rungs), "rungs": rungs})
    else:
        for rung in rungs:
            _show(rung)
    if doctor.failed(rungs):
        raise typer.Exit(failures.REFUSED)


def _name_server(text: str) -> NameServer:
    host, colon, port = text.rpartition(":")
    if not colon or _is_ip_address(text):
        host, port = text, "53"
    host = host.removeprefix("[").removesuffix("]")
    if not _is_ip_address(host) or not port.isdecimal():
        raise NotUnderstood(f"--name-server {text}: type an address such as 192.0.2.53")
    return NameServer(host=host, port=int(port))


def _is_ip_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _patient(app: Application) -> doctor.Patient:
    setup = app.mail_setups.load() or MailSetup()
    known = Known(verdicts=_verdicts(app), resting=app.outbox.resting_senders(app.clock()))
    people = [Requester.of(user) for user in app.directory.all()]
    return doctor.Patient(setup=setup, tokens=app.tokens.of(setup), people=people, known=known)


def _verdicts(app: Application) -> dict[str, Said]:
    """Those on real mail, and a later one on a test."""
    verdicts: dict[str, Said] = dict(app.read.sender_verdicts())
    test = app.mail_tests.latest()
    if test is None or test.stage in NEVER_TRIED_THE_SENDER:
        return verdicts
    before = verdicts.get(test.from_address)
    if before is None or before.at < test.at:
        verdicts[test.from_address] = test
    return verdicts


def _show(rung: Rung) -> None:
    about = f" {', '.join(rung.about)}" if rung.about else ""
    name = rung.check.replace("_", " ")
    output.say(f"{rung.grade:<{WIDTH}}  {name}{about}: {rung.sentence}")
    if rung.fix:
        output.say(f"{'':<{WIDTH}}  → {rung.fix}")
