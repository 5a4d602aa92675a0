"""Spans that somebody else named, a trained tagger or the caller, as mentions beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extraction.mentions import Mention
from kg.extraction.words import Reading, Word
from kg.model import Span

ENDS = ("prep", "rel", "open", "comp")  # what ends the noun phrase proper: «diplomats from Poland»


def joined(
    own: list[Mention], words: list[Word], given: Sequence[tuple[Span, str]], *, head_first: bool
) -> list[Mention]:
    """Our mentions and, where none of them holds its head word, the noun phrase of every given span.

    What we found within such a phrase hangs on it as `inner`: the state in «Syrian protesters».
    """
    found = list(own)
    for span, cls in given:
        inside = _phrase([w for w in words if span.start <= w.start and w.end <= span.end and w.kind != "break"])
        if not inside:
            continue
        first, last = inside[0].i, inside[-1].i + 1
        head = first if head_first else last - 1
        near = [m for m in found if m.first < last and first < m.last]
        if any(m.first <= head < m.last for m in near) or any(m.first < first or m.last > last for m in near):
            continue
        found = [m for m in found if m not in near]
        found.append(_mention(inside, cls, near))
    return sorted(found, key=lambda mention: mention.first) if len(found) != len(own) or given else own


def _phrase(words: list[Word]) -> list[Word]:
    """The words of a span up to what only describes it, without determiners before them."""
    while len(words) > 1 and words[0].has("article", "definite", "det"):
        words = words[1:]
    for number, word in enumerate(words):
        if number and ((word.kind == "punct" and word.text == ",") or word.has(*ENDS)):
            return words[:number]
    return words


def _mention(words: list[Word], cls: str, inner: list[Mention]) -> Mention:
    first, last = words[0].i, words[-1].i + 1
    reading = Reading(stem=words[0].norm, bare=words[0].norm)
    core = " ".join(word.norm for word in words)
    made = Mention(
        first, last, words[0].start, words[-1].end, cls, "unknown", reading, name=(first, last), core=core, inner=inner
    )
    made.of = next((m for m in inner if m.cls in {"State", "Organization"}), None)
    return made
