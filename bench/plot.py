"""``python -m bench.plot FIGURES PNG``: draws the figures, in the peers' environment."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

OURS, PEER = "#0b5fa5", "#9aa5b1"


def main() -> None:
    figures = json.loads(Path(sys.argv[1]).read_text())
    parts = [
        (f"The engine: ms an action, {database}", rows)
        for database, rows in by_database(figures["engine"])
    ]
    parts += [
        (f"The mail: ms a letter, {database}", rows)
        for database, rows in by_database(figures["mail"])
    ]
    heights = [len(rows) + 1 for _title, rows in parts]
    figure, axes = plt.subplots(
        len(parts),
        figsize=(9, 0.36 * sum(heights) + 0.4),
        height_ratios=heights,
        layout="constrained",
        squeeze=False,
    )
    for axis, (title, rows) in zip(axes[:, 0], parts, strict=True):
        draw(axis, title, rows)
    figure.savefig(sys.argv[2], dpi=100, metadata={"Software": None})


def by_database(results: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for result in results:
        found.setdefault(result["database"], []).append(result)
    return list(found.items())


def draw(axis: Any, title: str, rows: list[dict[str, Any]]) -> None:
    rows = sorted(rows, key=lambda row: row["ms"], reverse=True)
    colours = [OURS if row["side"] == "Countersign" else PEER for row in rows]
    bars = axis.barh([row["side"] for row in rows], [row["ms"] for row in rows], color=colours)
    axis.bar_label(bars, [f"{row['ms']:.2f}" for row in rows], padding=3, fontsize=9)
    axis.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axis.spines[["top", "right"]].set_visible(False)
    axis.margins(x=0.1)
    axis.tick_params(labelsize=9)


if __name__ == "__main__":
    main()
