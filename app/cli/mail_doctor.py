"""``countersign mail doctor``: what works on the way to a trusted letter, what not, and the fix."""

from typing import Final

import typer

from app.bootstrap import Application
from app.cli import failures, options, output
from app.cli.options import Json, example
from notifications import doctor
from notifications.doctor_rights import Known, Said
from notifications.doctor_rungs import Grade, Rung
from notifications.mail_setup import MailSetup
from notifications.replies import Stage
from notifications.senders import Requester

commands = typer.Typer()

NEVER_TRIED_THE_SENDER: Final = frozenset({Stage.CONNECT, Stage.TLS, Stage.AUTH})
WIDTH: Final = max(len(grade) for grade in Grade)


@commands.command(name="doctor", **example("countersign mail doctor"))
def examine(as_json: Json = False) -> None:
    """Say what works from the mail server's name to each sender, and how to repair the rest."""
    with options.opened() as app:
        now = app.clock()
        rungs = doctor.diagnosed(_patient(app), now)
    if as_json:
        output.show_json({"healthy": not doctor.failed(rungs), "rungs": rungs})
    else:
        for rung in rungs:
            _show(rung)
    if doctor.failed(rungs):
        raise typer.Exit(failures.REFUSED)


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
