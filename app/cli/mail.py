"""``countersign mail``: the account that submits mail, and whose address a mail will carry."""

from typing import Annotated, Final

import typer

from app.bootstrap import Application
from app.cli import mail_known, names, options, output, values
from app.cli.mail_help import DescribedSettings, in_words
from app.cli.options import AsMe, Json, Pairs, example
from app.cli.values import NotUnderstood
from notifications.doctor_rungs import Check, Rung
from notifications.doctor_senders import upper_rungs
from notifications.doctor_words import Discretion
from notifications.mail_settings import SECRETS
from notifications.mail_setup import Authentication, MailNotSetUp, MailSetup
from notifications.ports import MailTest
from notifications.senders import MailKind, Requester, Sender, choose_sender, explain
from notifications.setting_descriptions import DESCRIPTIONS
from notifications.setup_changes import changed
from notifications.setup_history import SetupSubject, setup_changed
from workflow.actors import Actor
from workflow.approval_users import ApprovalUser

commands = options.group("The mail account, and in whose name mail is sent.")

HIDDEN: Final = "***"
ONLY_FOR_OAUTH: Final = frozenset(
    {"oauth_flow", "tenant_id", "client_id", "client_secret", "sign_in_as", "authority"}
)
TYPED_IN: Final = "-"  # in place of a secret: it is read from standard input


@commands.command(
    cls=DescribedSettings,
    **example(
        "countersign mail setup server=smtp.example.com port=587 secure=yes",
        "countersign mail setup authentication=basic user_name=erp@example.com",
        "countersign mail setup password=- < password.txt",
        "countersign mail setup authentication=oauth2 tenant_id=contoso.com client_id=…",
        "countersign mail setup client_secret=- < secret.txt",
        "countersign mail setup allow_sender_substitution=yes",
    ),
)
def setup(settings: Pairs, by: AsMe = "", as_json: Json = False) -> None:
    """Change settings of the mail account."""
    given = {key: typed_in(key, text) for key, text in values.pairs(settings).items()}
    with options.opened() as app:
        actor = names.operator(app, by)
        # A secret that cannot be read any more is no reason not to give a new one.
        stored = (
            app.mail_setups.load_without_secrets()
            if given.keys() & SECRETS
            else app.mail_setups.load()
        )
        after, warnings = changed(stored or MailSetup(), given)
        save(app, stored or MailSetup(), after, actor)
    output.show_result(shown(after), "The mail setup is changed.", as_json=as_json)
    output.note(*(f"Warning: {in_words(warning)}" for warning in warnings))


def save(app: Application, before: MailSetup, after: MailSetup, actor: Actor) -> None:
    """With a record of what was changed, and by whom."""
    recorded = setup_changed(before, after, SetupSubject.ACCOUNT, actor)
    app.mail_setups.save(after, recorded)


@commands.command(**example("countersign mail show", "countersign mail show ann"))
def show(
    user: Annotated[
        str, typer.Argument(metavar="USER", help="Whose requests: which address, and why.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show the mail account; or which address mail about a person's requests will carry."""
    if user:
        _explain(user, as_json=as_json)
        return
    with options.opened() as app:
        mail = app.mail_setups.load() or MailSetup()
        latest = app.mail_tests.latest()
    test = latest if as_json or latest is None else _told(latest)
    facts = shown(mail) if as_json else _concerning(mail)
    output.show_facts(facts | {"last_test": test}, as_json=as_json)
    if not mail.server:
        output.note(str(MailNotSetUp()))


def shown(mail: MailSetup) -> dict[str, object]:
    """Every setting; of a secret only that there is one."""
    values = {name: getattr(mail, name) for name in DESCRIPTIONS}
    return values | {name: HIDDEN if values[name] else "" for name in values.keys() & SECRETS}


def _concerning(mail: MailSetup) -> dict[str, object]:
    """Without what only OAuth 2.0 needs, where nobody signs in with it."""
    if mail.authentication is Authentication.OAUTH2:
        return shown(mail)
    return {name: value for name, value in shown(mail).items() if name not in ONLY_FOR_OAUTH}


def _told(test: MailTest) -> str:
    verdict = "accepted" if test.accepted else f"refused at {test.stage}"
    moment = output.cell(test.at)
    return f"{verdict}, {moment}, from {test.from_address} to {test.to_address}: {test.text}"


def _explain(text: str, *, as_json: bool) -> None:
    with options.opened() as app:
        user_id = names.user_named(app, text)
        person = app.directory.user(user_id)
        mail = app.mail_setups.load() or MailSetup()
        known = mail_known.known(app)
    requester = Requester.of(person or ApprovalUser(user_id=user_id))
    sender = choose_sender(mail, MailKind.WORKFLOW, requester, resting=known.resting)
    sentence = in_words(explain(sender, mail))
    output.show_result(_facts(sender, sentence), sentence, as_json=as_json)
    output.note(*(f"Warning: {in_words(warning)}" for warning in sender.warnings))
    if not as_json:
        _tell_right(upper_rungs(mail, [requester], known, Discretion(mail)))


def _tell_right(rungs: list[Rung]) -> None:
    """What the mail server thinks of it, and what helps."""
    for rung in rungs:
        if rung.check is Check.SEND_AS:
            output.say(in_words(rung.sentence))
        if rung.check in {Check.SENDER, Check.SEND_AS} and rung.fix:
            output.say(f"→ {in_words(rung.fix)}")


def _facts(sender: Sender, sentence: str) -> dict[str, object]:
    return {
        "rule": sender.rule,
        "from": sender.from_address,
        "sender": sender.sender_address,
        "reply_to": sender.reply_to,
        "envelope_from": sender.envelope_from,
        "warnings": sender.warnings,
        "explanation": sentence,
    }


def typed_in(key: str, text: str) -> str:
    """A secret from standard input, so that it stands in no list of processes."""
    if key not in SECRETS or text != TYPED_IN:
        return text
    secret = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    if not secret:
        raise NotUnderstood(f"{key}=- reads from standard input, which is empty")
    return secret
