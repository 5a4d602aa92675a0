"""Where the parts of a drawing of neighbours stand: the entity in the middle, its neighbours in two columns.

Computed here and drawn by the template, so that it needs no script, and never moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.pages.template import cut
from kg.stored import StoredEntity
from kg.terminal import clean, width
from kg.views.neighbours import Edge, Neighbour, Neighbourhood

WIDTH = 800
NODE, HUB = 148, 176  # width of a box
NODE_HEIGHT, HUB_HEIGHT = 44, 34
STEP = 54  # height that an edge takes in its column, so that labels do not meet
EDGES = 2  # drawn for a neighbour; the list has all
LETTER = 7.2  # width of an average letter of a label
NAME = 19  # letters of a name in a box


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as a curve with its label in the middle."""

    edge: Edge
    path: str
    label: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Box:
    """A neighbour as a box."""

    neighbour: Neighbour
    name: str
    x: float
    y: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Star:
    """The whole drawing."""

    entity: StoredEntity
    name: str
    height: float
    boxes: tuple[Box, ...]


def draw(found: Neighbourhood, lang: str, label: Callable[[Edge], str]) -> Star:
    """The drawing for a page in that language; in Arabic it begins at the right."""
    sides = _sides(found.shown)
    heights = [sum(_height(neighbour) for neighbour in side) for side in sides]
    height = max([*heights, 90])
    boxes = []
    for number, side in enumerate(sides):
        top = (height - heights[number]) / 2
        for neighbour in side:
            middle = top + _height(neighbour) / 2
            is_left = (number == 0) == (lang != "ar")
            boxes.append(_box(neighbour, is_left, middle, height / 2, lang, label))
            top += _height(neighbour)
    return Star(found.entity, cut(clean(found.entity.name(lang)), NAME + 3), height, tuple(boxes))


def _sides(neighbours: Sequence[Neighbour]) -> tuple[list[Neighbour], list[Neighbour]]:
    """Two columns of about the same height, in order."""
    first: list[Neighbour] = []
    second: list[Neighbour] = []
    for neighbour in neighbours:
        shorter = min((first, second), key=lambda side: sum(map(_height, side)))
        shorter.append(neighbour)
    return first, second


def _height(neighbour: Neighbour) -> int:
    return STEP * min(len(neighbour.edges), EDGES) + 8


def _box(neighbour: Neighbour, is_left: bool, y: float, middle: float, lang: str, label: Callable[[Edge], str]) -> Box:
    x = 2.0 if is_left else WIDTH - NODE - 2.0
    near = x + NODE if is_left else x
    far = (WIDTH - HUB) / 2 if is_left else (WIDTH + HUB) / 2
    edges = neighbour.edges[:EDGES]
    lines = []
    for number, edge in enumerate(edges):
        off = number - (len(edges) - 1) / 2
        words = label(edge)
        at = (near + far) / 2, y + (middle - y) * 0.5 + off * STEP / 2
        start, end = y + off * 10, middle + off * 8
        bend = 2 * at[1] - (start + end) / 2  # the curve passes through its label
        path = f"M{near:g} {start:.1f}Q{at[0]:g} {bend:.1f} {far:g} {end:.1f}"
        lines.append(Line(edge, path, words, at[0], at[1], width(words) * LETTER + 14))
    return Box(neighbour, cut(clean(neighbour.entity.name(lang)), NAME), x, y, tuple(lines))
