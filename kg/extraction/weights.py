"""Linear weights in a text file: for every feature one number a label, in hundredths, and the softmax over their sums.

    @roles    none    actor    recipient
    side=L    -12     85       0
    @claims   right
    bias      -210

A line with `@` begins a table and names its labels; fields are divided by tabs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kg.errors import DataError
from kg.resources import lang_dir

SCALE = 100


@dataclass(slots=True)
class Table:
    """Weights of one decision. Features that it does not know count nothing."""

    labels: tuple[str, ...]
    weights: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def sums(self, features: Iterable[str], start: tuple[int, ...] | None = None) -> tuple[int, ...]:
        """The weights of all features added up, label by label."""
        get = self.weights.get
        total = list(start) if start is not None else [0] * len(self.labels)
        rows = [row for feature in features if (row := get(feature))]
        return tuple(map(sum, zip(total, *rows, strict=True)))

    def shares(self, sums: tuple[int, ...]) -> dict[str, float]:
        """Probability of each label."""
        top = max(sums)
        powers = [math.exp((value - top) / SCALE) for value in sums]
        total = math.fsum(powers)
        return {label: power / total for label, power in zip(self.labels, powers, strict=True)}


Weights = dict[str, Table]


def read_weights(text: str, where: str) -> Weights:
    """The tables of a file; DataError names the line at fault."""
    tables: Weights = {}
    table: Table | None = None
    for number, line in enumerate(text.splitlines(), 1):
        name, *cells = line.split("\t")
        if name.startswith("@"):
            table = tables[name[1:]] = Table(tuple(cells))
            continue
        try:
            row = tuple(map(int, cells))
        except ValueError as error:
            raise DataError(f"{where}, line {number}: a weight is no whole number") from error
        if table is None or len(row) != len(table.labels):
            raise DataError(f"{where}, line {number}: one weight a label is needed")
        table.weights[name] = row
    return tables


def write_weights(tables: Weights) -> str:
    """The text of a file of weights; equal tables give equal text."""
    lines: list[str] = []
    for name, table in tables.items():
        lines.append("\t".join([f"@{name}", *table.labels]))
        lines += ["\t".join([feature, *map(str, row)]) for feature, row in sorted(table.weights.items()) if any(row)]
    return "\n".join(lines) + "\n"


def weights_file(lang: str) -> Path:
    """Where the weights of a language are kept."""
    return lang_dir(lang) / "weights.tsv"


@lru_cache(maxsize=8)
def weights_of(lang: str) -> Weights | None:
    """The weights of a language; None where it has none, and rules alone decide."""
    path = weights_file(lang)
    return read_weights(path.read_text(encoding="utf-8"), f"{lang}/{path.name}") if path.is_file() else None
