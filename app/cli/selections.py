"""Doing the same to several documents: one line for each, and exit 1 when any was refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import typer

from app.bootstrap import Application
from app.cli import failures, names, output
from workflow.actors import Actor
from workflow.documents import DocumentKey
from workflow.errors import WorkflowError
from workflow.options import Selection
from workflow.ports import UnitOfWork
from workflow.service.deciding import decide_many
from workflow.service.outcomes import Outcome, Refusal

Step = Callable[[UnitOfWork, DocumentKey, Actor], Outcome]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of one document of a selection."""

    named: str  # the document; as it was typed where it is not known
    outcome: Outcome | None = None
    error: WorkflowError | None = None


def do_to_each(
    app: Application, numbers: Iterable[str], user: str, step: Step, *, as_json: bool
) -> None:
    """Do it, say it, and end with the exit code that says whether all went well.

    Raises:
        WorkflowError: the first refusal, where the company's selection is all or nothing.
    """
    actor = app.actor(user)
    found, unknown = _found(app, dict.fromkeys(numbers))
    uow = app.uow()
    if unknown:
        with uow:
            if uow.company().selection is Selection.ALL_OR_NOTHING:
                raise next(iter(unknown.values()))
    keys = dict.fromkeys(found.values())
    results = decide_many(uow, keys, lambda key: step(uow, key, actor))
    answers = [Answer(named=text, error=error) for text, error in unknown.items()]
    show([*map(_answer, results), *answers], as_json=as_json)


def show(answers: Iterable[Answer], *, as_json: bool) -> None:
    """Raises typer.Exit when any was refused."""
    answers = list(answers)
    if as_json:
        output.show_json([_facts(answer) for answer in answers])
    else:
        for answer in answers:
            _say(answer)
    if any(answer.error for answer in answers):
        raise typer.Exit(failures.REFUSED)


def show_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """What was done to the one document that was named."""
    facts = {
        "document": outcome.document,
        "status": outcome.status,
        "message": outcome.message,
    }
    output.show_result(facts, outcome.message, as_json=as_json)


def _found(
    app: Application, numbers: Iterable[str]
) -> tuple[dict[str, DocumentKey], dict[str, WorkflowError]]:
    found: dict[str, DocumentKey] = {}
    unknown: dict[str, WorkflowError] = {}
    for text in numbers:
        try:
            found[text] = names.document_named(app, text)
        except WorkflowError as error:
            unknown[text] = error
    return found, unknown


def _answer(result: Outcome | Refusal) -> Answer:
    if isinstance(result, Refusal):
        return Answer(named=str(result.document), error=result.error)
    return Answer(named=str(result.document), outcome=result)


def _facts(answer: Answer) -> dict[str, object]:
    outcome = answer.outcome
    return {
        "document": answer.named,
        "status": outcome.status if outcome else None,
        "message": outcome.message if outcome else None,
        "refused": failures.facts(answer.error) if answer.error else None,
    }


def _say(answer: Answer) -> None:
    if answer.outcome is not None:
        output.say(f"{answer.named}: {answer.outcome.message}")
    if answer.error is not None:
        failures.tell_refusal(answer.error, about=answer.named)
