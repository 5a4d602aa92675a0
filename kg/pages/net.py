"""Edges of an answer as a drawing of two columns: who acts at the start, whom it concerns at the end.

Reads like a sentence and needs no force; Arabic mirrors it. The same edges stand below it as a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.stored import StoredEntity
from kg.views.sources import Edge

COLUMN, LINES = 8, 14  # entities of one column, and lines, that can be told apart; the list below has all
APART = 20  # pixels from one label to the next
WIDTH, BOX, HEIGHT, GAP = 800, 200, 44, 18  # pixels of the drawing


@dataclass(frozen=True, slots=True)
class Node:
    """An entity in its box; x and y are its start corner, in pixels."""

    entity: StoredEntity
    x: int
    y: int
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edge with its path and the middle of its label."""

    edge: Edge
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Net:
    """The drawing; `left_out` edges did not fit in it."""

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    height: int
    left_out: int


def draw(edges: Sequence[Edge], count: Callable[[str], int], *, mirrored: bool) -> Net:
    """The best supported edges; `count` tells how many claims an entity has, before anybody opens it."""
    starts: dict[str, StoredEntity] = {}
    ends: dict[str, StoredEntity] = {}
    kept: list[Edge] = []
    for edge in edges:
        one, other = edge.source.iri, edge.target.iri
        if len(kept) < LINES and (one in starts or len(starts) < COLUMN) and (other in ends or len(ends) < COLUMN):
            starts[one], ends[other] = edge.source, edge.target
            kept.append(edge)
    height = max(max(len(starts), len(ends)) * (HEIGHT + GAP), len(kept) * APART) + GAP
    near, far = (WIDTH - BOX - 2, 2) if mirrored else (2, WIDTH - BOX - 2)
    counts = {iri: count(iri) for iri in {**starts, **ends}}
    left = _column(starts, near, height, counts)
    right = _column(ends, far, height, counts)
    out: dict[tuple[str, str], int] = {}
    lines = []
    for edge in kept:
        pair = edge.source.iri, edge.target.iri
        out[pair] = out.get(pair, 0) + 1
        many = len(starts) > len(ends)
        lines.append(_line(edge, left[pair[0]], right[pair[1]], out[pair] - 1, at_start=many, mirrored=mirrored))
    return Net((*left.values(), *right.values()), tuple(_apart(lines)), height, len(edges) - len(kept))


def _apart(lines: Sequence[Line]) -> list[Line]:
    """The labels, none on another: from the top each as low as it must be."""
    placed, low = [], 0
    for line in sorted(lines, key=lambda one: one.y):
        low = max(line.y, low + APART)
        placed.append(replace(line, y=low))
    return placed


def _column(entities: Mapping[str, StoredEntity], x: int, height: int, counts: Mapping[str, int]) -> dict[str, Node]:
    step = height / max(len(entities), 1)
    return {
        iri: Node(entity, x, round(step * (place + 0.5) - HEIGHT / 2), counts[iri])
        for place, (iri, entity) in enumerate(entities.items())
    }


def _line(edge: Edge, start: Node, end: Node, again: int, *, at_start: bool, mirrored: bool) -> Line:
    x1, x2 = (start.x, end.x + BOX) if mirrored else (start.x + BOX, end.x)
    y1, y2 = start.y + HEIGHT // 2 + 10 * again, end.y + HEIGHT // 2 + 10 * again
    middle = (x1 + x2) // 2
    place = 0.28 if at_start else 0.72
    # where the curve is at that place, by its four points
    way = 3 * (1 - place) * place**2 + place**3
    across = (1 - place) ** 3 * x1 + 3 * (1 - place) * place * middle + place**3 * x2
    return Line(
        edge,
        f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}",
        round(across),
        round(y1 + (y2 - y1) * way) + 11 * again,
    )
