"""Linear weights in a text file: the least probability, then one weight a feature; tabs divide, all in hundredths.

@least    45
rule=A    -210
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
LEAST = "@least"


@dataclass(slots=True)
class Weights:
    """What a logistic model has learned. Features that it does not know count nothing."""

    least: float  # probability below which a claim is not made
    weights: dict[str, int] = field(default_factory=dict)

    def likely(self, features: Iterable[str]) -> float:
        """Probability of what has these features, from 0 to 1."""
        total = sum(self.weights.get(feature, 0) for feature in features)
        return 1 / (1 + math.exp(-total / SCALE))


def read_weights(text: str, where: str) -> Weights:
    """The weights of a file; DataError names the line at fault."""
    numbers: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, _, cell = line.partition("\t")
        try:
            numbers[name] = int(cell)
        except ValueError as error:
            raise DataError(f"{where}, line {number}: a feature, a tab and a whole number are needed") from error
    if LEAST not in numbers:
        raise DataError(f"{where}, line 1: '{LEAST}' with the least probability, in hundredths, is needed")
    return Weights(numbers.pop(LEAST) / SCALE, numbers)


def write_weights(weights: Weights) -> str:
    """The text of a file of weights; equal weights give equal text."""
    rows = [f"{LEAST}\t{round(weights.least * SCALE)}"]
    rows += [f"{feature}\t{weight}" for feature, weight in sorted(weights.weights.items()) if weight]
    return "\n".join(rows) + "\n"


def weights_file(lang: str) -> Path:
    """Where the weights of a language are kept."""
    return lang_dir(lang) / "weights.tsv"


@lru_cache(maxsize=8)
def weights_of(lang: str) -> Weights | None:
    """The weights of a language; None where it has none, and rules alone decide."""
    path = weights_file(lang)
    return read_weights(path.read_text(encoding="utf-8"), f"{lang}/{path.name}") if path.is_file() else None
