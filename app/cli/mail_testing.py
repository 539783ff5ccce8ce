"""``countersign mail test``: one real letter, from whom and why, and what the mail server said."""

from typing import Annotated

import typer

from app.cli import failures, names, options, output
from app.cli.mail_help import in_words
from app.cli.options import AsMe, Json, example
from notifications.accounts import account_of
from notifications.mail_setup import MailSetup
from notifications.senders import explain
from notifications.setup_testing import Tested, send_test

commands = typer.Typer()


@commands.command(name="test", **example("countersign mail test ann@example.com"))
def send_to(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Who gets the letter: you.")],
    by: AsMe = "",
    as_json: Json = False,
) -> None:
    """Test Email Setup: send one letter as real mail is sent, and say from whom and why."""
    with options.opened() as app:
        names.operator(app, by)
        setup = app.mail_setups.load() or MailSetup()
        with app.transport_of(setup) as transport:
            tested = send_test(transport, setup, address, company=app.company, now=app.clock())
        app.mail_tests.record(tested.verdict)
        if tested.error is None:
            app.outbox.resume(account_of(setup))
    _show(tested, in_words(explain(tested.sender, setup)), as_json=as_json)


def _show(tested: Tested, explanation: str, *, as_json: bool) -> None:
    verdict = tested.verdict
    facts = {"verdict": verdict, "explanation": explanation, "warnings": tested.sender.warnings}
    if tested.error is None:
        sentence = (
            f"The mail server took a letter to {verdict.to_address}: {verdict.text}. "
            f"Look whether it arrived. {explanation}"
        )
        output.show_result(facts, sentence, as_json=as_json)
    else:
        output.show_result(facts, f"The letter was not sent. {explanation}", as_json=as_json)
    output.note(*(f"Warning: {in_words(warning)}" for warning in tested.sender.warnings))
    if tested.error is not None:
        failures.tell_refusal(tested.error)
        raise typer.Exit(failures.OUTSIDE) from tested.error
