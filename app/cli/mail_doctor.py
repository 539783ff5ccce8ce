"""``countersign mail doctor``: what works on the way to a trusted letter, what not, and the fix."""

import ipaddress
from dataclasses import replace
from typing import Annotated, Final

import typer

from app.bootstrap import Application
from app.cli import failures, names, options, output
from app.cli.mail_help import language
from app.cli.mail_known import known
from app.cli.options import Json, example
from app.cli.values import NotUnderstood
from notifications import doctor
from notifications.dns_records import NameServer
from notifications.doctor_round_trip import RoundTrip, round_trip
from notifications.doctor_rungs import Grade, Rung, in_language, named
from notifications.doctor_words import Discretion
from notifications.mail_setup import MailSetup
from notifications.senders import Requester
from notifications.setup_testing import Tested, send_test
from workflow.approval_users import ApprovalUser

commands = typer.Typer()

HIGHEST_PORT: Final = 65535


@commands.command(
    name="doctor",
    **example(
        "countersign mail doctor",
        "countersign mail doctor --name-server 9.9.9.9",
        "countersign mail doctor --round-trip --as ann",
    ),
)
def examine(  # noqa: PLR0913 - its options
    name_server: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS[:PORT]",
            help="Ask this name server what domains publish, for example one outside the company.",
        ),
    ] = "",
    there_and_back: Annotated[
        bool,
        typer.Option("--round-trip", help="Send a letter to the mailbox, and see how it arrives."),
    ] = False,
    user: Annotated[
        str, typer.Option("--as", metavar="USER", help="That letter carries this user's sender.")
    ] = "",
    wait: Annotated[
        int, typer.Option(min=5, max=600, help="How many seconds that letter may take.")
    ] = 60,
    authserv: Annotated[
        str,
        typer.Option(
            metavar="HOST", help="The server whose Authentication-Results are believed: yours."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Say what works from the mail server's name to each sender, and how to repair the rest."""
    asked = _name_server(name_server) if name_server else None
    with options.opened() as app:
        patient = replace(_patient(app), name_server=asked)
        found = doctor.diagnosed(patient, app.clock())
        if there_and_back:
            trip = _trip(app, patient.setup, user, wait, authserv)
            if trip.address:
                output.note(f"A letter goes to {trip.address}; this waits up to {wait} seconds.")
            rungs, tested = round_trip(trip, found)
            found += rungs
            if tested is not None:
                app.mail_tests.record(tested.verdict)
    _tell(in_language(found, language()), as_json=as_json)


def _trip(app: Application, setup: MailSetup, user: str, wait: int, authserv: str) -> RoundTrip:
    requester = _requester(app, user) if user else None

    def send(address: str) -> Tested:
        with app.transport_of(setup) as transport:
            return send_test(
                transport,
                setup,
                address,
                company=app.company,
                now=app.clock(),
                requester=requester,
            )

    return RoundTrip(
        send=send,
        mailbox=app.mailboxes.load(),
        seconds=wait,
        trusted=authserv,
        discretion=Discretion(setup),
    )


def _requester(app: Application, text: str) -> Requester:
    user_id = names.user_named(app, text)
    return Requester.of(app.directory.user(user_id) or ApprovalUser(user_id=user_id))


def _tell(rungs: list[Rung], *, as_json: bool) -> None:
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
    if not _is_ip_address(host) or not _is_port(port):
        raise NotUnderstood(f"--name-server {text}: type an address such as 192.0.2.53")
    return NameServer(host=host, port=int(port))


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= HIGHEST_PORT


def _is_ip_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _patient(app: Application) -> doctor.Patient:
    setup = app.mail_setups.load() or MailSetup()
    people = [Requester.of(user) for user in app.directory.all()]
    return doctor.Patient(setup=setup, tokens=app.tokens.of(setup), people=people, known=known(app))


def _show(rung: Rung) -> None:
    words = language()
    width = max(len(named(grade, words)) for grade in Grade)
    about = f" {', '.join(rung.about)}" if rung.about else ""
    grade, check = named(rung.grade, words), named(rung.check, words)
    output.say(f"{grade:<{width}}  {check}{about}: {rung.sentence}")
    if rung.fix:
        output.say(f"{'':<{width}}  → {rung.fix}")
