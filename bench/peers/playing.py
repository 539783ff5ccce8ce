"""Plays the story through one engine and prints a line of JSON; what every side has in common.

It needs nothing but Python: the peers' sides run in an environment of their own. The clock runs
over a request and three approvals for each document, one after the other; the tables, the people
and the open documents were made before, and what became of them is counted afterwards.
"""

import json
import sys
import time
from typing import Protocol

REQUESTER = "ANN"
APPROVERS = ("BOB", "CID", "EVA")  # each is asked when the one before has approved
ACTIONS = 1 + len(APPROVERS)
AMOUNT = 5000
VENDOR = "Bakker Staal B.V."
WARM_UP = 20


class Side(Protocol):
    """One engine with its database; every action is one durable commit."""

    versions: str

    def set_up(self, url: str, synchronous: str) -> None:
        """Make the tables, the people and whatever the workflow needs."""

    def take_in(self, numbers: list[str]) -> None:
        """Store open documents."""

    def send(self, number: str) -> None:
        """The requester asks; the first approver is to be told."""

    def approve(self, number: str, approver: str) -> None:
        """One approver agrees, if it is his turn; the next, or the requester, is to be told."""

    def counts(self) -> tuple[int, int, int]:
        """How many documents are released, approvals made, and people to be told."""


def numbers(first: int, end: int) -> list[str]:
    return [f"PO-{number:05}" for number in range(first, end)]


def play(side: Side, documents: list[str]) -> tuple[float, float]:
    started, cpu = time.perf_counter(), time.process_time()
    for number in documents:
        side.send(number)
        for approver in APPROVERS:
            side.approve(number, approver)
    return time.perf_counter() - started, time.process_time() - cpu


def check(side: Side, documents: int) -> None:
    wanted = (documents, documents * len(APPROVERS), documents * ACTIONS)
    if (found := side.counts()) != wanted:
        sys.exit(f"released, approvals, told: {found}, not {wanted}.")


def run(side: Side, documents: int) -> None:
    everything = numbers(0, WARM_UP + documents)
    side.take_in(everything)
    play(side, everything[:WARM_UP])
    seconds, cpu = play(side, everything[WARM_UP:])
    check(side, len(everything))
    print(json.dumps({"seconds": seconds, "cpu": cpu, "versions": side.versions}))
