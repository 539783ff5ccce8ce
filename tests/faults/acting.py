"""``python acting.py URL send|approve NUMBER…``: a person in a process of his own.

Says what became of each document; somebody else may have been faster.
"""

import sys

from faults.office import person_acting
from workflow.errors import WorkflowError

if __name__ == "__main__":
    url, step, *numbers = sys.argv[1:]
    with person_acting(url, step) as act:
        print("ready", flush=True)  # noqa: T201 - whoever started it reads this
        sys.stdin.readline()
        for number in numbers:
            try:
                act(number)
                print(number, "done", flush=True)  # noqa: T201
            except WorkflowError as refusal:
                print(number, refusal.code, flush=True)  # noqa: T201
