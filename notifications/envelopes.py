"""The beginning of a letter's conversation: who sends it, to whom, and "may I begin?".

Where the mail server offers PIPELINING (RFC 2920) the three are asked together, and its answers are
read one after the other: a trip to a far server costs more than everything else about a letter.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from notifications import report_requests
from notifications.bounded_smtp import PlainServer
from notifications.delivery_errors import BAD_COMMAND, NO_SMTPUTF8, OK, DeliveryError, Step
from notifications.letters import Letter
from notifications.replies import ReplyKind, Stage

ONE_ADDRESS: Final = re.compile(r"[^\s<>\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")
SEND_LETTER: Final = range(354, 355)

StepOf = Callable[[Stage], Step]


@dataclass(frozen=True, kw_only=True)
class Command:
    stage: Stage
    line: str
    wanted: range = OK


def open_letter(
    server: PlainServer, letter: Letter, step_of: StepOf, seconds: Callable[[], float]
) -> None:
    """Until the server waits for the letter itself; each stage may take *seconds*.

    Raises:
        DeliveryError
    """
    commands = _commands(server, letter, step_of(Stage.MAIL))
    if server.has_extn("pipelining"):
        server.within(seconds())
        _ask_together(server, commands, step_of)
        return
    for command in commands:
        server.within(seconds())
        with step_of(command.stage) as step:
            server.send(f"{command.line}\r\n")
            step.expect(server.getreply(), command.wanted)


def _commands(server: PlainServer, letter: Letter, step: Step) -> list[Command]:
    for address in (letter.envelope_from, *letter.recipients):
        if not ONE_ADDRESS.fullmatch(address):  # it would be another command, or another address
            raise step.fail(f"{address!r} is not one address.", BAD_COMMAND)
    if letter.smtputf8:
        if not server.has_extn("smtputf8"):
            text = "The mail server cannot carry an address with letters outside ASCII (SMTPUTF8)."
            raise step.fail(text, NO_SMTPUTF8)
        server.command_encoding = "utf-8"
    reports = report_requests.FOR_RECIPIENT if server.has_extn("dsn") else []
    return [
        _command(Stage.MAIL, f"MAIL FROM:<{letter.envelope_from}>", _options(server, letter)),
        *(_command(Stage.RCPT, f"RCPT TO:<{to}>", reports) for to in letter.recipients),
        Command(stage=Stage.DATA, line="DATA", wanted=SEND_LETTER),
    ]


def _command(stage: Stage, line: str, options: Sequence[str]) -> Command:
    return Command(stage=stage, line=" ".join((line, *options)))


def _options(server: PlainServer, letter: Letter) -> list[str]:
    options = [f"SIZE={len(letter.raw)}"] if server.has_extn("size") else []
    if server.has_extn("dsn"):
        options += report_requests.for_letter(letter.message_id)
    return [*options, "SMTPUTF8", "BODY=8BITMIME"] if letter.smtputf8 else options


def _ask_together(server: PlainServer, commands: Sequence[Command], step_of: StepOf) -> None:
    """The first refusal counts: what is answered after it follows from it."""
    with step_of(Stage.MAIL):
        server.send("".join(f"{command.line}\r\n" for command in commands))
    refused: DeliveryError | None = None
    may_begin = False
    for command in commands:
        try:
            with step_of(command.stage) as step:
                answer = server.getreply()
                may_begin = answer[0] in SEND_LETTER
                step.expect(answer, command.wanted)
        except DeliveryError as error:
            refused = refused or error
            if error.kind is ReplyKind.CONNECTION:
                break
    if refused is None:
        return
    if may_begin:  # it takes all that follows for a letter
        server.close()
    raise refused
