"""Whether everything works: what is looked at, how it is, and where to go about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from notifications.accounts import account_of
from notifications.mail_setup import MailSetup
from notifications.ports import EmailState
from notifications.readers import Reader
from notifications.sayings import said
from notifications.setup_warnings import BASIC_SIGN_IN_ENDS, warnings
from notifications.translations import marked as N_  # noqa: N812 - as the extractor knows it
from web.paths import MAIL_GRANTS, MAIL_SETUP, OUTBOX
from web.ports import HealthFacts
from web.senders_known import rights_of_all
from web.services import Services

LATE: Final = timedelta(minutes=15)
TOO_LATE: Final = timedelta(hours=2)
A_DAY: Final = timedelta(hours=24)


class State(StrEnum):
    OK = "ok"
    TODO = "todo"
    WARN = "warn"
    FAIL = "fail"


CAPTIONS: Final[Mapping[State, str]] = {
    State.OK: N_("in order"),
    State.TODO: N_("to do"),
    State.WARN: N_("look at it"),
    State.FAIL: N_("broken"),
}
LOOKS: Final[Mapping[State, str]] = {  # the status that looks like it
    State.OK: "released",
    State.TODO: "open",
    State.WARN: "warning",
    State.FAIL: "rejected",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at; its name is for programs."""

    name: str
    caption: str
    state: State
    sentence: str
    path: str = ""  # where to do something about it

    @property
    def looks(self) -> str:
        return LOOKS[self.state]


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What the findings are made of."""

    services: Services
    reader: Reader
    facts: HealthFacts
    setup: MailSetup
    now: datetime


def looked_at(services: Services, reader: Reader) -> list[Finding]:
    """Everything; whatever the database raises means that it does not work."""
    looked = Looked(
        services=services,
        reader=reader,
        facts=services.health(),
        setup=services.mail.setups.load_without_secrets() or MailSetup(),
        now=services.clock(),
    )
    return [look(looked) for look in LOOKED_AT]


def is_ready(findings: list[Finding]) -> bool:
    """Whether people can work here; mail that waits keeps nobody from it."""
    return all(one.state is not State.FAIL for one in findings if one.name in NEEDED)


def _database(looked: Looked) -> Finding:
    gettext = looked.reader.gettext
    outdated = looked.facts.outdated
    return Finding(
        name="database",
        caption=gettext("Database"),
        state=State.FAIL if outdated else State.OK,
        sentence=" ".join(outdated) or gettext("It answers, and its tables are those of today."),
    )


def _restored(looked: Looked) -> Finding:
    gettext = looked.reader.gettext
    doubt = looked.facts.suspicion
    nothing = gettext("This is the database that sent the last mail.")
    stopped = gettext("Nothing is sent until somebody decides about it on the command line.")
    return Finding(
        name="restored",
        caption=gettext("Restored or copied database"),
        state=State.FAIL if doubt else State.OK,
        sentence=f"{doubt} {stopped}" if doubt else nothing,
    )


def _oldest(looked: Looked) -> Finding:
    gettext, oldest = looked.reader.gettext, looked.facts.oldest_unsent
    late = looked.now - oldest if oldest else timedelta(0)
    state = State.FAIL if late > TOO_LATE else State.WARN if late > LATE else State.OK
    sentence = gettext("No mail waits.")
    if oldest is not None:
        waits = gettext("The oldest mail that waits is of {moment}.")
        sentence = waits.format(moment=looked.reader.formats.moment(oldest))
    return Finding(
        name="oldest_unsent",
        caption=gettext("Mail that waits"),
        state=state,
        sentence=sentence,
        path=f"{OUTBOX}?state={EmailState.QUEUED}",
    )


def _accepted(looked: Looked) -> Finding:
    gettext, last = looked.reader.gettext, looked.facts.last_sent
    sentence = gettext("The mail server has taken none yet.")
    if last is not None:
        taken = gettext("The mail server took the last one on {moment}.")
        sentence = taken.format(moment=looked.reader.formats.moment(last))
    return Finding(
        name="last_sent",
        caption=gettext("Mail that was sent"),
        state=State.OK,
        sentence=sentence,
        path=f"{OUTBOX}?state={EmailState.SENT}",
    )


def _account(looked: Looked) -> Finding:
    gettext, setup = looked.reader.gettext, looked.setup
    pause = looked.services.mail.outbox.pause_of(account_of(setup), looked.now)
    state, sentence = State.OK, gettext("It may send.")
    if not setup.server:
        state = State.WARN
        sentence = gettext("Mail is not set up: no mail server is filled in.")
    elif pause is not None:
        state = State.FAIL
        sentence = gettext("The mail account is left alone until {moment}: {text}").format(
            moment=looked.reader.formats.moment(pause.until), text=pause.text
        )
    elif BASIC_SIGN_IN_ENDS in warnings(setup, setup):
        state = State.WARN
        sentence = said(BASIC_SIGN_IN_ENDS, looked.reader.language)
    return Finding(
        name="mail_account",
        caption=gettext("Mail account"),
        state=state,
        sentence=sentence,
        path=MAIL_SETUP,
    )


def _held(looked: Looked) -> Finding:
    gettext = looked.reader.gettext
    counts = looked.services.mail.read.outbox_counts()
    stuck = sum(counts.get(one, 0) for one in (EmailState.HELD, EmailState.CORRUPT))
    sentence = gettext("Emails that wait for your decision: {}") if stuck else gettext("None.")
    return Finding(
        name="held",
        caption=gettext("Mail that somebody has to decide about"),
        state=State.WARN if stuck else State.OK,
        sentence=sentence.format(stuck),
        path=f"{OUTBOX}?state={EmailState.HELD}",
    )


def _bounces(looked: Looked) -> Finding:
    gettext = looked.reader.gettext
    count = sum(looked.now - at < A_DAY for at in looked.facts.bounced_at)
    came_back = gettext("Emails that came back within 24 hours: {}")
    return Finding(
        name="bounces",
        caption=gettext("Mail that came back"),
        state=State.WARN if count else State.OK,
        sentence=came_back.format(count) if count else gettext("None within 24 hours."),
        path=OUTBOX,
    )


def _refused(looked: Looked) -> Finding:
    gettext = looked.reader.gettext
    rights = rights_of_all(looked.services, looked.setup)
    refused = [user for user, right in rights.items() if right.refused]
    told = gettext("The mail server does not let mail come from: {people}.")
    names = ", ".join(looked.reader.name_of(one) for one in refused)
    return Finding(
        name="send_as",
        caption=gettext("Rights to Send As"),
        state=State.WARN if refused else State.OK,
        sentence=told.format(people=names) if refused else gettext("None was refused."),
        path=MAIL_GRANTS,
    )


def _workers(looked: Looked) -> Finding:
    gettext, facts = looked.reader.gettext, looked.facts
    late = facts.last_run is not None and looked.now - facts.last_run > TOO_LATE
    state, sentence = State.OK, gettext("Reminders and hand-overs were not done yet.")
    if facts.last_run is not None:
        done = gettext("Reminders and hand-overs were last done on {moment}.")
        sentence = done.format(moment=looked.reader.formats.moment(facts.last_run))
    if facts.workers == 0:
        state = State.FAIL
        sentence = gettext("No worker is alive: no mail goes out. Start countersign worker.")
    elif late:
        state = State.WARN
    elif facts.workers:
        alive = gettext("Workers that are alive: {count}.").format(count=facts.workers)
        sentence = f"{alive} {sentence}"
    return Finding(name="workers", caption=gettext("Workers"), state=state, sentence=sentence)


LOOKED_AT: Final[tuple[Callable[[Looked], Finding], ...]] = (
    _database,
    _restored,
    _workers,
    _account,
    _oldest,
    _accepted,
    _held,
    _bounces,
    _refused,
)
NEEDED: Final = frozenset({"database"})
