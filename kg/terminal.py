"""What people see: tables with words in two directions, and a progress line.

Refuses to pass control characters of an article on to the terminal.
"""

from __future__ import annotations

import shutil
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TextIO, TypeVar

ISOLATE, POP = "\u2068", "\u2069"  # first strong isolate: the words find their own direction
_RTL = ("R", "AL", "AN")
_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
MIN_WIDTH, MAX_WIDTH = 60, 200
GAP = "  "

Item = TypeVar("Item")


def clean(words: str) -> str:
    """One line without what could move the cursor or turn the line round; joiners stay."""
    return " ".join("".join(map(_harmless, words)).split())


def _harmless(char: str) -> str:
    if char.isspace():
        return " "
    if unicodedata.category(char) == "Cc":
        return f"<{ord(char):X}>"
    return "" if char in _DIRECTION or char in "\ufeff" else char


def isolate(words: str) -> str:
    """The words, kept from turning round what stands beside them when they are right to left."""
    if any(unicodedata.bidirectional(char) in _RTL for char in words):
        return f"{ISOLATE}{words}{POP}"
    return words


def width(words: str) -> int:
    """How many columns the words take: none for marks and invisible signs, two for wide letters."""
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in words
        if unicodedata.category(char) not in ("Mn", "Me", "Cf")
    )


def shorten(words: str, columns: int) -> str:
    """The words cut to so many columns, with an ellipsis where something is left out."""
    if width(words) <= columns:
        return words
    kept, used = [], 0
    for char in words:
        used += width(char)
        if used > columns - 1:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def screen_width() -> int:
    """Columns of the terminal, within reason; COLUMNS is heeded."""
    return max(MIN_WIDTH, min(MAX_WIDTH, shutil.get_terminal_size((100, 24)).columns))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, columns: int | None = None) -> Iterator[str]:
    """The lines of a table; the widest columns are folded so that it fits."""
    cells = [[clean(cell) for cell in row] for row in rows]
    wanted = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]
    widths = _fit(wanted, (columns or screen_width()) - len(GAP) * (len(heads) - 1))
    yield _line(heads, widths)
    yield GAP.join("─" * columns for columns in widths)
    for row in cells:
        folded = (fold(cell, size) for cell, size in zip(row, widths, strict=True))
        for line in zip_longest(*folded, fillvalue=""):
            yield _line(line, widths)


def fold(words: str, columns: int) -> list[str]:
    """The words on as many lines as they take; a single word too long for one is cut."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer) <= columns:
            lines[-1] = longer
        elif lines[-1]:
            lines.append(word)
        else:
            lines[-1] = word
    return [shorten(line, columns) for line in lines]


def _fit(wanted: Sequence[int], room: int) -> list[int]:
    """Give every column what it wants, the widest ones what is left in equal parts."""
    widths: dict[int, int] = {}
    for place, (want, index) in enumerate(sorted((want, i) for i, want in enumerate(wanted))):
        fair = max(4, (room - sum(widths.values())) // (len(wanted) - place))
        widths[index] = min(want, fair)
    return [widths[index] for index in range(len(wanted))]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for cell, columns in zip(cells, widths, strict=True):
        words = shorten(cell, columns)
        padded.append(isolate(words) + " " * (columns - width(words)))
    return GAP.join(padded).rstrip()


def progress(items: Iterable[Item], what: str, *, stream: TextIO | None = None, quiet: bool = False) -> Iterator[Item]:
    """The items, counted on one line of a terminal while they pass; silent elsewhere."""
    stream = stream or sys.stderr
    if quiet or not stream.isatty():
        yield from items
        return
    start = shown = time.monotonic()
    number = 0
    try:
        for number, item in enumerate(items, 1):
            yield item
            now = time.monotonic()
            if now - shown > 0.1:  # ten times a second is smooth and costs nothing
                shown = now
                stream.write(f"\r{number:,} {what}, {number / (now - start):,.1f} a second\x1b[K")
                stream.flush()
    finally:
        if number:
            stream.write("\r\x1b[K")
            stream.flush()
