"""Logistic regression over features that are there or not, with an L2 penalty. Deterministic; small enough to read."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
SEEN = 2  # examples that must have a feature before it gets a weight
STEPS = 60
MEMORY = 8  # steps that the search remembers of the shape of the function
HALVINGS = 30
ENOUGH = 1e-5


def fit(examples: Sequence[Sequence[str]], answers: Sequence[bool], strength: float) -> dict[str, float]:
    """Weights by feature: positive speaks for yes. `strength`: how much the examples count against the penalty."""
    counts = Counter(feature for example in examples for feature in set(example))
    number = {feature: k for k, feature in enumerate(sorted(f for f, n in counts.items() if n >= SEEN))}
    rows = [[number[f] for f in dict.fromkeys(example) if f in number] for example in examples]
    kept = [k for k, row in enumerate(rows) if row]
    if not kept:
        return {}
    lengths = np.array([len(rows[k]) for k in kept])
    indices = np.array([i for k in kept for i in rows[k]])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    signs = np.array([1.0 if answers[k] else -1.0 for k in kept])

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        sums = signs * np.add.reduceat(weights[indices], starts)
        value = strength * float(np.logaddexp(0.0, -sums).sum())
        missed = -signs / (1.0 + np.exp(sums))
        slope = strength * np.bincount(indices, np.repeat(missed, lengths), minlength=len(number))
        return value + 0.5 * float(weights @ weights), slope + weights

    found = minimum(loss, np.zeros(len(number)))
    return {feature: float(found[k]) for feature, k in number.items()}


def minimum(function: Callable[[Numbers], tuple[float, Numbers]], start: Numbers) -> Numbers:
    """Where a convex function is least, by L-BFGS (Nocedal and Wright, algorithm 7.5) with halved steps."""
    place = start
    value, slope = function(place)
    memory: deque[tuple[Numbers, Numbers, float]] = deque(maxlen=MEMORY)
    for _ in range(STEPS):
        way = _direction(slope, memory)
        falls = float(slope @ way)
        step = 1.0 if memory else 1.0 / max(1.0, float(np.abs(slope).sum()))
        for _ in range(HALVINGS):
            after, turned = function(place + step * way)
            if after <= value + 1e-4 * step * falls:
                break
            step /= 2
        else:
            return place
        moved, bent = step * way, turned - slope
        if (curve := float(moved @ bent)) > 0:
            memory.append((moved, bent, 1.0 / curve))
        gained, place, value, slope = value - after, place + moved, after, turned
        if gained < ENOUGH * max(1.0, abs(value)):
            break
    return place


def _direction(slope: Numbers, memory: deque[tuple[Numbers, Numbers, float]]) -> Numbers:
    way = -slope
    shares = []
    for moved, bent, inverse in reversed(memory):
        share = inverse * float(moved @ way)
        shares.append(share)
        way = way - share * bent
    if memory:
        moved, bent, inverse = memory[-1]
        way = way / (inverse * float(bent @ bent))
    for (moved, bent, inverse), share in zip(memory, reversed(shares), strict=True):
        way = way + moved * (share - inverse * float(bent @ way))
    return way
