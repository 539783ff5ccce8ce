"""The figures beside the peers as a page in docs/, with a plot."""

import json
import os
import platform
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

HOME = Path(__file__).parent.parent
PAGE = HOME / "docs" / "benchmarks.md"
PLOT = HOME / "docs" / "benchmarks.png"
WORDS = HOME / "bench" / "benchmarks.template.md"
OURS = "Countersign"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One side on one database: milliseconds an action, or a letter."""

    database: str
    side: str
    versions: str
    ms: float
    least_ms: float
    cpu_ms: float
    ratio: float  # to ours, the median of what it was in each round


@dataclass(frozen=True, kw_only=True)
class Figures:
    documents: int
    letters: int
    rounds: int
    not_measured: list[str]
    engine: list[Result]
    mail: list[Result]


def write(figures: Figures, python: Path) -> None:
    """The page and its plot; the plot is drawn in the peers' environment, which has the means."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "figures.json"
        results.write_text(json.dumps(asdict(figures)))
        drawn = subprocess.run(
            [python, "-m", "bench.plot", str(results), str(PLOT)], cwd=HOME, check=False
        )
    if drawn.returncode:
        print("The plot was not drawn: see bench/peers.txt.")
    PAGE.write_text(
        WORDS.read_text()
        .replace("{{ tables }}", tables(figures))
        .replace("{{ circumstances }}", circumstances(figures)),
        encoding="utf-8",
    )


def tables(figures: Figures) -> str:
    """What is compared, one line a side, beside us."""
    parts = ["## The engine", "", *_table(figures.engine, "action", per_second=4)]
    if figures.mail:
        parts += ["", "## The mail", "", *_table(figures.mail, "letter", per_second=1)]
    return "\n".join(parts)


def circumstances(figures: Figures) -> str:
    now = datetime.now(UTC)
    versions = sorted({each.versions for each in (*figures.engine, *figures.mail) if each.versions})
    lines = [
        f"Measured on {now.day} {now:%B %Y}: {processor()}, {os.cpu_count()} cores,"
        f" {platform.system()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}; {figures.rounds} run(s) of each side with"
        f" {figures.documents} documents"
        + (f" and {figures.letters} letters" if figures.letters else "")
        + f"; load of the machine at the end {os.getloadavg()[0]:.1f}.",
        "",
        "; ".join(versions) + ".",
    ]
    if figures.not_measured:
        lines += [
            "",
            "Not installed, and so not measured: " + ", ".join(figures.not_measured) + ".",
        ]
    return "\n".join(lines)


def processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in told.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _table(results: list[Result], what: str, *, per_second: int) -> Iterator[str]:
    rate = "documents a second" if per_second > 1 else "letters a second"
    yield f"| database | side | ms {what}, median | least | CPU ms | {rate} | we are |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for each in results:
        ratio = "" if each.side == OURS else f"{each.ratio:.2f} times as fast"
        yield (
            f"| {each.database} | {each.side} | {each.ms:.2f} | {each.least_ms:.2f} |"
            f" {each.cpu_ms:.2f} | {1000 / each.ms / per_second:.0f} | {ratio} |"
        )
