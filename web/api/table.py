"""The table of all operations in docs/api.md; ``python -m web.api.table docs/api.md`` writes it."""

import re
import sys
from pathlib import Path

from fastapi.routing import APIRoute

from web.api.application import RESOURCES
from web.api.description import scopes_of
from web.api.paths import V1

BLOCK = re.compile(r"<!-- operations -->.*?<!-- end -->", flags=re.DOTALL)


def table() -> str:
    routes = [route for module in RESOURCES for route in module.router.routes]
    rows = sorted(_row(route) for route in routes if isinstance(route, APIRoute))
    return "\n".join(["| operation | scope | what it does |", "|---|---|---|", *rows])


def refreshed(text: str) -> str:
    """The same text with the table between its markers written anew."""
    return BLOCK.sub(lambda _: f"<!-- operations -->\n{table()}\n<!-- end -->", text)


def _row(route: APIRoute) -> str:
    methods = ", ".join(sorted(route.methods or ()))
    scopes = " or ".join(f"`{scope}`" for scope in scopes_of(route))
    about = str(route.description).partition("\n")[0]
    return f"| `{methods} {V1}{route.path_format}` | {scopes} | {about} |"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")
