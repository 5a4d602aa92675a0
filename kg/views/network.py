"""Who is joined with whom, laid out in three columns: no forces, the same picture for the same claims.

In the middle stand the fewest that have a part in every tie, at the sides those who are joined with them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
WIDTH = 800.0
BOX = 150.0  # width of a node
ROW = 34.0  # its height
STEP = 24.0  # room for one label
LABEL = 66.0  # from the box to the middle of its label
MOST = 12  # nodes that are drawn


@dataclass(frozen=True, slots=True)
class Tie:
    """Claims that join two entities in the same manner, asserted or not; most of them lead from source to target."""

    source: str
    target: str
    both: bool  # some lead the other way
    modality: str
    negated: bool
    types: tuple[tuple[str, int], ...]  # with their counts, the most frequent first

    @property
    def count(self) -> int:
        """How many claims."""
        return sum(count for _, count in self.types)


@dataclass(frozen=True, slots=True)
class Node:
    """One entity in its place; x and y are the middle of its box."""

    key: str
    x: float
    y: float
    height: float
    hub: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A tie as a cubic curve from source to target, its two control points between them, and where its label stands."""

    tie: Tie
    curve: tuple[Point, Point, Point, Point]
    label: Point


@dataclass(frozen=True, slots=True)
class Network:
    """A picture, and the same as a list."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[tuple[str, tuple[Tie, ...]], ...]  # every tie once, by the entity in the middle
    left_out: int  # entities that are not drawn


def ties(joined: Iterable[tuple[str, str, str, str, bool]]) -> list[Tie]:
    """Ties out of (source, target, type, modality, negated), the strongest first."""
    types: dict[tuple[frozenset[str], str, bool], Counter[str]] = defaultdict(Counter)
    ways: dict[tuple[frozenset[str], str, bool], Counter[tuple[str, str]]] = defaultdict(Counter)
    for source, target, type_, modality, negated in joined:
        if source != target:
            key = (frozenset((source, target)), modality, negated)
            types[key][type_] += 1
            ways[key][source, target] += 1
    made = []
    for key, found in types.items():
        source, target = min(ways[key], key=lambda way: (-ways[key][way], way))
        in_order = tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))
        made.append(Tie(source, target, len(ways[key]) > 1, key[1], key[2], in_order))
    return sorted(made, key=lambda tie: (-tie.count, tie.source, tie.target, tie.modality, tie.negated))


def network(all_ties: Sequence[Tie]) -> Network:
    """The picture of these ties."""
    degree = Counter(end for tie in all_ties for end in (tie.source, tie.target))
    best = set(sorted(degree, key=lambda key: (-degree[key], key))[:MOST])
    drawn = [tie for tie in all_ties if tie.source in best and tie.target in best]
    hubs = _cover(drawn)
    nodes, height = _placed(drawn, hubs)
    edges = _edges(drawn, nodes)
    return Network(
        WIDTH, height, tuple(nodes.values()), tuple(edges), tuple(_groups(drawn, hubs)), len(degree) - len(nodes)
    )


def _cover(drawn: Sequence[Tie]) -> list[str]:
    """Few entities of which each tie has at least one, the busiest first."""
    hubs: list[str] = []
    while open_ := [tie for tie in drawn if tie.source not in hubs and tie.target not in hubs]:
        degree = Counter(end for tie in open_ for end in {tie.source, tie.target})
        hubs.append(min(degree, key=lambda key: (-degree[key], key)))
    return hubs


def _placed(drawn: Sequence[Tie], hubs: Sequence[str]) -> tuple[dict[str, Node], float]:
    """The hubs in the middle, the others left and right of them in the order of those they are joined with."""
    labels = Counter(end for tie in drawn for end in (tie.source, tie.target))
    near: dict[str, list[int]] = defaultdict(list)
    for tie in drawn:
        for one, other in ((tie.source, tie.target), (tie.target, tie.source)):
            if one not in hubs:
                near[one].append(hubs.index(other))
    order = sorted(near, key=lambda key: (sum(near[key]) / len(near[key]), key))
    columns: tuple[list[str], list[str]] = ([], [])
    heights = [0.0, 0.0]
    for key in order:
        side = heights.index(min(heights))
        columns[side].append(key)
        heights[side] += _height(labels[key])
    height = max(*heights, (ROW + 76) * len(hubs)) + STEP
    nodes: dict[str, Node] = {}
    for place, key in enumerate(hubs):
        nodes[key] = Node(key, WIDTH / 2, height * (place + 0.5) / len(hubs), ROW, True)
    for side, column in enumerate(columns):
        y = (height - heights[side]) / 2
        for key in column:
            own = _height(labels[key])
            x = BOX / 2 + 3 if side == 0 else WIDTH - BOX / 2 - 3
            nodes[key] = Node(key, x, y + own / 2, own - 16, False)
            y += own
    return nodes, height


def _height(labels: int) -> float:
    return max(ROW + 16, STEP * labels + 22)


def _edges(drawn: Sequence[Tie], nodes: Mapping[str, Node]) -> list[Edge]:
    """Beside a box at the side its ties leave from above to below; between two in the middle they lie side by side."""
    bundles: dict[tuple[str, ...], list[Tie]] = defaultdict(list)
    for tie in drawn:
        sides = tuple(end for end in (tie.source, tie.target) if not nodes[end].hub)
        bundles[sides or tuple(sorted((tie.source, tie.target)))].append(tie)
    edges = []
    for key, bundle in bundles.items():
        if len(key) == 1:
            bundle.sort(key=lambda tie: nodes[tie.source if tie.target in key else tie.target].y)
        for place, tie in enumerate(bundle):
            shift = place - (len(bundle) - 1) / 2
            draw = _arc if len(key) == 2 else _edge
            edges.append(draw(tie, nodes[tie.source], nodes[tie.target], shift))
    return edges


def _edge(tie: Tie, source: Node, target: Node, shift: float) -> Edge:
    """From a box at the side to one in the middle, or back; `shift` places off the middle of the former."""
    side, hub = (target, source) if source.hub else (source, target)
    way = 1 if side.x < hub.x else -1
    outer = (side.x + way * BOX / 2, side.y + shift * STEP)
    inner = (hub.x - way * BOX / 2, hub.y)
    curve = (outer, (outer[0] + way * 150, outer[1]), (inner[0] - way * 30, inner[1]), inner)
    label = (outer[0] + way * LABEL, outer[1])  # beside the box, where the curve is still level
    return Edge(tie, curve if side is source else curve[::-1], label)


def _arc(tie: Tie, source: Node, target: Node, shift: float) -> Edge:
    """Between two in the middle: straight to the next one, else round what lies between."""
    down = 1 if source.y < target.y else -1
    apart = max(0.0, abs(source.y - target.y) - 120)
    foot = shift * 30 + (BOX / 2 - 12 if apart else 0)
    out = source.x + shift * 50 + (BOX / 2 + 34 + apart / 8 if apart else 0)
    start, end = (source.x + foot, source.y + down * ROW / 2), (target.x + foot, target.y - down * ROW / 2)
    curve = (start, (out, start[1]), (out, end[1]), end)
    return Edge(tie, curve, ((start[0] + 3 * out) / 4, (start[1] + end[1]) / 2 + shift * STEP))


def _groups(drawn: Sequence[Tie], hubs: Sequence[str]) -> list[tuple[str, tuple[Tie, ...]]]:
    """Every tie once, under the entity of the middle that it touches first."""
    groups: dict[str, list[Tie]] = {hub: [] for hub in hubs}
    for tie in drawn:
        groups[next(hub for hub in hubs if hub in (tie.source, tie.target))].append(tie)
    return [(hub, tuple(found)) for hub, found in groups.items() if found]
