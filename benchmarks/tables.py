"""What the benchmarks share: records from lines of JSON, and rows of a Markdown table."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.evaluate import precision_recall


def path_argument(usage: str | None) -> Path:
    """The only argument of a benchmark; it ends with the usage where there is another number of them."""
    if len(sys.argv) != 2:
        sys.exit(usage)
    return Path(sys.argv[1])


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file with one on each line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def heads(*names: str) -> str:
    """The first two lines of a table; all columns but the first hold figures."""
    return row(*names) + "\n|---|" + "---:|" * (len(names) - 1)


def row(*cells: object) -> str:
    """A line of a table."""
    return "| " + " | ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells) + " |"


def scored(name: str, counts: Counter[str]) -> str:
    """A row of hits, extra and missed things (`tp`, `fp`, `fn`) with precision, recall and F1."""
    tp, fp, fn = counts["tp"], counts["fp"], counts["fn"]
    found = precision_recall(tp, fp, fn)
    return row(name, tp + fn, tp, fp, fn, found["p"], found["r"], found["f1"])


SCORED = heads("what", "gold", "right", "extra", "missed", "P", "R", "F1")


def by_class(pairs: Iterable[tuple[str, str | None]]) -> dict[str, Counter[str]]:
    """Hits, extra and missed by class, from pairs of the gold class and the one that was said (or None)."""
    counts: dict[str, Counter[str]] = {}
    for gold, said in pairs:
        mine = counts.setdefault(gold, Counter())
        mine["tp" if said == gold else "fn"] += 1
        if said is not None and said != gold:
            counts.setdefault(said, Counter())["fp"] += 1
    return counts
