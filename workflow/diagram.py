"""The step tables as Mermaid diagrams; ``python -m workflow.diagram README.md`` refreshes them."""

import re
import sys
from pathlib import Path

from workflow.machines import DOCUMENT_STEPS, ENTRY_STEPS, Step

MACHINES = {
    "document machine": (DOCUMENT_STEPS, "open"),
    "entry machine": (ENTRY_STEPS, "created"),
}


def mermaid(steps: tuple[Step, ...], initial: str) -> str:
    arrows = [f"    {step.source} --> {step.dest}: {step.trigger}" for step in steps]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {initial}", *arrows])


def refreshed(text: str) -> str:
    """The same text with the diagrams between its markers drawn anew."""
    for name, (steps, initial) in MACHINES.items():
        block = f"<!-- {name} -->\n```mermaid\n{mermaid(steps, initial)}\n```\n<!-- end -->"
        pattern = rf"<!-- {name} -->.*?<!-- end -->"
        text = re.sub(pattern, block.replace("\\", r"\\"), text, flags=re.DOTALL)
    return text


if __name__ == "__main__":
    readme = Path(sys.argv[1])
    readme.write_text(refreshed(readme.read_text(encoding="utf-8")), encoding="utf-8")
