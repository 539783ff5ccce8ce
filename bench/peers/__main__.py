"""``python -m bench.peers SIDE URL``: the story through one side; prints a line of JSON."""

import argparse
from importlib import import_module

from bench.peers import playing

DJANGO = {  # the apps of each side that is a Django library, and its settings
    "viewflow": (["viewflow", "viewflow.workflow"], {}),
    "fsm": ([], {}),
    "joeflow": (
        ["joeflow"],
        {
            "JOEFLOW_TASK_RUNNER": "bench.peers.joeflow_side.run_at_once",
            "MIGRATION_MODULES": {"joeflow": None},  # its tables as they are now, at once
        },
    ),
    "approval_workflow": (
        ["mptt", "approval_workflow"],
        {"APPROVAL_HANDLERS": ["bench.peers.approval_workflow_side.OrderApprovalHandler"]},
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side")
    parser.add_argument("url")
    parser.add_argument("--synchronous", default="FULL")
    parser.add_argument("--documents", type=int, default=200)
    options = parser.parse_args()
    if options.side in DJANGO:
        from bench.peers.django_side import configure  # noqa: PLC0415 - only where Django is

        apps, settings = DJANGO[options.side]
        configure(options.url, options.synchronous, [*apps, "bench.peers"], **settings)
    side = import_module(f"bench.peers.{options.side}_side").SIDE
    side.set_up(options.url, options.synchronous)
    playing.run(side, options.documents)


if __name__ == "__main__":
    main()
