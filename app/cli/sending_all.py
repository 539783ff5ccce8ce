"""``countersign send --all``: every open document at once, each as the requester it names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import typer

from app.bootstrap import Application
from app.cli import failures, names, output
from app.cli.selections import Answer
from workflow.documents import DocumentKey
from workflow.errors import WorkflowError
from workflow.service import requesting
from workflow.service.outcomes import Outcome
from workflow.statuses import Area, DocumentStatus

NUMBERS_SHOWN = 3


class NoRequesterNamed(WorkflowError):
    code = "NO_REQUESTER_NAMED"
    template = "The document names no requester."
    advice = "Send it with --as USER."


def send_all(app: Application, user: str | None, area: Area | None, *, as_json: bool) -> None:
    """Send them and say how many were sent, released at once, and refused for which reason."""
    found = app.read.documents_list(status=DocumentStatus.OPEN, area=area)
    asked = [(one.key, user or one.requester) for one in found]
    with output.progress("Sending", len(asked)) as one_done:
        answers = []
        for answer in _sent(app, asked):
            answers.append(answer)
            one_done()
    _summarise(answers, as_json=as_json)


def sent_as_requester(app: Application, keys: Iterable[DocumentKey]) -> Iterator[Answer]:
    """Documents by number, each as the requester it names."""
    with app.uow(readonly=True) as uow:
        asked = [(key, uow.documents.get(key).requester) for key in keys]
    return _sent(app, asked)


def _sent(app: Application, asked: Iterable[tuple[DocumentKey, str]]) -> Iterator[Answer]:
    """Each in its own transaction; one refusal does not stop the others."""
    uow = app.uow()
    people: dict[str, str] = {}
    for key, requester in asked:
        try:
            if not requester:
                raise NoRequesterNamed
            if requester not in people:
                people[requester] = names.anybody_named(app, requester)
            actor = app.actor(people[requester])
            outcome = requesting.send_approval_request(uow, key, actor)
            yield Answer(named=str(key), outcome=outcome)
        except WorkflowError as error:
            yield Answer(named=str(key), error=error)


def _summarise(answers: list[Answer], *, as_json: bool) -> None:
    done = [answer.outcome for answer in answers if answer.outcome is not None]
    sent = [one for one in done if one.status is DocumentStatus.PENDING_APPROVAL]
    refused = _by_reason(answers)
    if as_json:
        counts = {"sent": len(sent), "released": len(done) - len(sent)}
        output.show_json({**counts, "refused": [_facts(group) for group in refused]})
    else:
        _say(sent, done, refused)
    if refused:
        raise typer.Exit(failures.REFUSED)


def _by_reason(answers: list[Answer]) -> list[list[Answer]]:
    """The refused ones by their code; the most frequent reason first."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        if answer.error is not None:
            groups[answer.error.code].append(answer)
    return sorted(groups.values(), key=len, reverse=True)


def _facts(group: list[Answer]) -> dict[str, object]:
    """The message is the first one's: others may name another person."""
    reason = failures.facts(group[0].error) if group[0].error else {}
    return {**reason, "count": len(group), "documents": [answer.named for answer in group]}


def _say(sent: list[Outcome], done: list[Outcome], refused: list[list[Answer]]) -> None:
    output.say(f"{len(sent):,} sent for approval, {len(done) - len(sent):,} released at once.")
    for group in refused:
        first = ", ".join(answer.named for answer in group[:NUMBERS_SHOWN])
        more = ", …" if len(group) > NUMBERS_SHOWN else ""
        output.note(f"{len(group):,} refused ({first}{more}):")
        if group[0].error is not None:
            failures.tell_refusal(group[0].error)
