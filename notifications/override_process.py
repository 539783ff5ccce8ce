"""A program of its own that renders a company's templates with nothing at hand but their words.

It imports nothing of ours. Before it reads a template it gives up memory, processor time, files and
sockets; whoever started it ends it when it takes too long. One request comes in on standard input,
one answer goes out, both JSON.
"""

import json
import resource
import sys
import time
from contextlib import suppress
from typing import Any, Final

from css_inline import CSSInliner
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import TemplateAssertionError
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

READY: Final = b"ready\n"
MEMORY: Final = 256 * 1024 * 1024
OPEN_FILES: Final = 3  # in, out and errors; no other file and no socket
CHARACTERS: Final = 90_000  # of one part; a mail program cuts off longer ones
FILTERS: Final = [
    "capitalize",
    "count",
    "d",
    "default",
    "e",
    "escape",
    "first",
    "indent",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "replace",
    "title",
    "trim",
    "truncate",
    "upper",
    "wordwrap",
]
TESTS: Final = ("defined", "undefined", "none")
REFUSED: Final = (
    (nodes.ScopedEvalContextModifier, "autoescape"),
    (nodes.EvalContextModifier, "autoescape"),
    (nodes.Extends, "extends"),
    (nodes.Include, "include"),
    (nodes.Import, "import"),
    (nodes.FromImport, "from … import"),
)
# Everything a template may use, so that nothing has to be loaded for it later; then an error.
FOR_TRIAL: Final = (
    "{% macro m(a) %}{{ a }}{% endmacro %}{% set b %}{{ m('é\n') }}{% endset %}"
    "{% for a in [1, 2.5] %}{{ loop.index }}{% endfor %}{{ 'a b'|replace('a', 'b')|wordwrap(9) }}"
    + "".join(f"{{{{ ('a b'|list)|join|{name} }}}}" for name in FILTERS if name != "replace")
    + "{% if a is defined %}{% endif %}{{ 7 // 2 ~ '' }}{{ nothing.at_all }}"
)
HALF: Final = "{% if"


class TooLong(Exception):
    """It would fill pages."""

    def __init__(self) -> None:
        super().__init__(f"it has more than {CHARACTERS} characters")


class Sandbox(ImmutableSandboxedEnvironment):
    """Values can be shown, and nothing can be called but the template's own macros."""

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 - as the library declares it
        return isinstance(obj, Macro)


def sandbox(part: str) -> Sandbox:
    environment = Sandbox(
        autoescape=part.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals = {}
    environment.filters = {name: environment.filters[name] for name in FILTERS} | {"lines": lines}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


def lines(text: str) -> Markup:
    """A text with its line breaks, for HTML."""
    return Markup("<br>").join(escape(line) for line in str(text).splitlines())


def compiled(part: str, source: str) -> Template:
    environment = sandbox(part)
    tree = environment.parse(source)
    for kind, tag in REFUSED:
        for node in tree.find_all(kind):
            raise TemplateAssertionError(f"{{% {tag} %}} cannot be used here", node.lineno)
    return environment.from_string(tree)


def rendered(template: Template, names: dict[str, Any]) -> str:
    pieces, size = [], 0
    for piece in template.generate(names):
        size += len(piece)
        if size > CHARACTERS:
            raise TooLong
        pieces.append(piece)
    return "".join(pieces)


def answer(request: dict[str, Any], inliner: CSSInliner) -> dict[str, Any]:
    """The words by part; or which part is broken, in which line, and why."""
    names, words = request["names"], {}
    for part, source in request["parts"].items():
        try:
            words[part] = rendered(compiled(part, source), names)
            if part.endswith(".html"):
                words[part] = inliner.inline(words[part])
        except RecursionError:
            return broken(part, None, "it calls itself without an end")
        except MemoryError:
            return broken(part, None, "it needs too much memory")
        except OSError as error:
            return broken(part, error, "it asks for a file")
        except Exception as error:  # noqa: BLE001 - whatever a template can do
            return broken(part, error, described(error))
        if part == "subject.txt":
            names["subject"] = words[part].strip()
    return {"words": words}


def broken(part: str, error: Exception | None, why: str) -> dict[str, Any]:
    return {"broken": {"part": part, "line": line_of(error) if error else None, "why": why[:500]}}


def described(error: Exception) -> str:
    own = error.message if isinstance(error, TemplateError) else str(error)
    return own or type(error).__name__


def line_of(error: Exception) -> int | None:
    """The line of the template; the library puts it into the traceback."""
    line = getattr(error, "lineno", None) if isinstance(error, TemplateError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in {"<template>", "<unknown>"}:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def give_up_rights() -> None:
    """What is limited now can never be widened again."""
    spent = int(time.process_time()) + 1
    for what, limit in (
        (resource.RLIMIT_CPU, spent + 1),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (limit, limit))


def main() -> None:
    inliner = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    inliner.inline("<p>loaded</p>")
    for part in ("body.txt", "body.html"):  # what the libraries load late, they load now
        for source in (FOR_TRIAL, HALF):
            with suppress(TemplateError):
                rendered(compiled(part, source), {})
    give_up_rights()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    found = answer(json.loads(sys.stdin.buffer.read()), inliner)
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode(errors="replace"))


if __name__ == "__main__":
    main()
