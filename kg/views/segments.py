"""Overlapping marks on a text as pieces: joined they are the text, and no mark begins or ends inside one.

Offsets are code points of the whole text, end exclusive, as everywhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar
from unicodedata import combining

from kg.model import Span

Mark = TypeVar("Mark")
JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Piece(Generic[Mark]):
    """A stretch of text over which the same marks lie, in the order in which they were given."""

    text: str
    span: Span
    marks: tuple[Mark, ...]
    begins: tuple[Mark, ...]  # of these, the marks whose first piece this is
    ends: tuple[Mark, ...]  # and those whose last piece it is


def pieces(
    text: str, marks: Iterable[tuple[Span, Mark]], within: Span | None = None, cuts: Iterable[int] = ()
) -> list[Piece[Mark]]:
    """The text, or the stretch `within` it, cut wherever a mark begins or ends, and at `cuts`.

    What a mark has outside of the stretch is cut off; a mark without letters there is left out.
    """
    whole = Span(0, len(text)) if within is None else Span(max(0, within.start), min(len(text), within.end))
    inside = [(_clipped(span, whole), mark) for span, mark in marks]
    inside = [(span, mark) for span, mark in inside if span.start < span.end]
    edges = {whole.start, whole.end, *(cut for cut in cuts if whole.start < cut < whole.end)}
    edges.update(edge for span, _ in inside for edge in (span.start, span.end))
    order = sorted(edges)
    over: list[list[tuple[Span, Mark]]] = [[] for _ in order]
    for span, mark in inside:
        for place in range(bisect_left(order, span.start), bisect_left(order, span.end)):
            over[place].append((span, mark))
    return [
        Piece(
            text[start:end],
            Span(start, end),
            tuple(mark for _, mark in over[place]),
            tuple(mark for span, mark in over[place] if span.start == start),
            tuple(mark for span, mark in over[place] if span.end == end),
        )
        for place, (start, end) in enumerate(pairwise(order))
    ]


def _clipped(span: Span, whole: Span) -> Span:
    return Span(max(span.start, whole.start), min(span.end, whole.end))


def lanes(spans: Sequence[Span], count: int) -> list[int | None]:
    """For each span the lowest lane that no earlier one takes where it lies; None where all `count` are taken."""
    taken: list[list[Span]] = [[] for _ in range(count)]
    found: list[int | None] = []
    for span in spans:
        free = (number for number, lane in enumerate(taken) if _is_free(lane, span))
        number = next(free, None)
        if number is not None:
            taken[number].insert(bisect_right(taken[number], span), span)
        found.append(number)
    return found


def _is_free(lane: Sequence[Span], span: Span) -> bool:
    """True when the span overlaps none of these, which are sorted and lie apart."""
    place = bisect_right(lane, span)
    return not any(other.overlaps(span) for other in lane[max(0, place - 1) : place + 1])


def word_end(text: str, end: int) -> int:
    """Where the word ends that the offset lies in: nothing may stand between letters that are joined."""
    while 0 < end < len(text) and _joins(text[end - 1]) and _joins(text[end]):
        end += 1
    return end


def _joins(char: str) -> bool:
    return char.isalpha() or bool(combining(char)) or char in JOINERS
