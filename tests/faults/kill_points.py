"""Where a process can be killed, what is expected then, and which tests kill it there.

The points are numbered as in the company's list of threats; tests/drift compares the two.
"""

from typing import NamedTuple


class KillPoint(NamedTuple):
    where: str
    expected: str
    tests: tuple[str, ...]  # file::function below tests/


MAIL = (
    "faults/test_killed_workers.py::test_nothing_is_lost_and_only_what_is_uncertain_may_come_twice"
)
SECOND = "faults/test_killed_workers.py::test_of_two_letters_only_one_is_ever_uncertain"
SERVER = "faults/test_killed_mail_servers.py"
STEPS = "faults/test_killed_people.py"
WEBHOOKS = "faults/test_killed_webhooks.py::test_no_message_is_lost_and_what_comes_twice_has_one_id"

KILL_POINTS = {
    "K1": KillPoint(
        "before the commit of a request or decision",
        "nothing happened; the same again succeeds once",
        (
            f"{STEPS}::test_a_process_killed_before_its_commit_did_nothing",
            f"{STEPS}::test_a_process_killed_at_any_statement_did_nothing",
        ),
    ),
    "K2": KillPoint(
        "after the commit, before the answer of the API",
        "the same again gets the stored answer",
        (
            f"{STEPS}::test_a_server_killed_before_its_answer_gives_it_when_asked_again",
            "web/api/test_once.py::test_the_repetition_gets_the_first_answer_and_does_nothing",
        ),
    ),
    "K3": KillPoint(
        "after the commit, before the claim",
        "sent once",
        (
            MAIL,
            f"{SERVER}::test_a_mail_server_that_is_gone_for_a_day_gets_everything_when_it_is_back",
        ),
    ),
    "K4": KillPoint("after the claim, before connecting", "the lease ends, sent once", (MAIL,)),
    "K5": KillPoint("while greeting", "sent once", (MAIL,)),
    "K6": KillPoint("after MAIL and RCPT", "sent once", (MAIL,)),
    "K7": KillPoint(
        "within the letter", "sent once", (MAIL, f"{SERVER}::test_a_mail_server_that_dies")
    ),
    "K8": KillPoint(
        "after its end, before the answer",
        "uncertain, at most twice",
        (MAIL, f"{SERVER}::test_a_mail_server_that_dies"),
    ),
    "K9": KillPoint(
        "after the answer, before the mark", "uncertain, at most twice", (MAIL, SECOND)
    ),
    "K10": KillPoint("before and after a webhook is posted", "one webhook-id", (WEBHOOKS,)),
    "K11": KillPoint(
        "within a run of reminders",
        "the next run does the rest, nothing twice",
        (f"{STEPS}::test_a_run_of_reminders_killed_halfway_is_finished_by_the_next",),
    ),
    "K12": KillPoint(
        "while a file is taken in",
        "all of it or nothing",
        (f"{STEPS}::test_an_import_killed_halfway_leaves_nothing",),
    ),
    "K13": KillPoint(
        "while the tables are migrated",
        "the old tables or the new; between them the program does not start",
        (f"{STEPS}::test_a_migration_killed_halfway_is_finished_or_undone",),
    ),
    "K16": KillPoint(
        "between taking a right away and a decision",
        "one transaction: the right counts as it is when the decision is stored",
        (f"{STEPS}::test_a_right_counts_until_it_is_taken_away_and_not_after",),
    ),
}

# What cannot be killed there, because there is no such thing.
WITHOUT = {
    "K14": "No checkpoints are written: the decision log is the events themselves.",
    "K15": "A session is one row of one commit; tests/web/test_signing_in.py and test_entra.py.",
}
