"""Spans that somebody else named, a trained tagger or the caller, as mentions beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extraction.mentions import Mention
from kg.extraction.segments import segmenter
from kg.extraction.words import COMMA, Reading, Word
from kg.language import Pack, fold
from kg.model import Span

ATTACHED = frozenset({"conjunction", "preposition"})
ENDS = ("prep", "rel", "open", "comp")  # what ends the noun phrase proper: «diplomats from Poland»


def joined(own: list[Mention], words: list[Word], given: Sequence[tuple[Span, str]], pack: Pack) -> list[Mention]:
    """Our mentions and, where none of them holds its head word, the noun phrase of every given span.

    What we found within such a phrase hangs on it as `inner`: the state in «Syrian protesters».
    """
    found, head_first = list(own), pack.language.head_first
    for span, cls in given:
        inside = [w for w in words if span.start <= w.start and w.end <= span.end and w.kind != "break"]
        if not inside:
            continue
        inside, proper = _phrase(inside)
        first, last = inside[0].i, inside[-1].i + 1
        head = first if head_first else proper - 1
        found = [part for m in found for part in _yielding(m, first, last, head_first=head_first)]
        near = [m for m in found if m.first < last and first < m.last]
        if any(m.first <= head < m.last for m in near) or any(m.first < first or m.last > last for m in near):
            continue
        found = [m for m in found if m not in near]
        found.append(_mention(inside, cls, near, _reading(inside[0], pack)))
    return sorted(found, key=lambda mention: mention.first) if len(found) != len(own) or given else own


def _yielding(mention: Mention, first: int, last: int, *, head_first: bool) -> list[Mention]:
    """The mention, or what is named within it where it is a guess that the given words `[first, last)` correct.

    That is so where only its class is in doubt, or where a name that we do not know was thought to go on after its
    head word: «the movement Zorv the army».
    """
    same = (mention.first, mention.last) == (first, last)
    longer = head_first and mention.first == first and mention.last > last
    guessed = not mention.senses and mention.office is None
    return mention.inner if guessed and (longer or (same and mention.kind == "unknown")) else [mention]


def _phrase(words: list[Word]) -> tuple[list[Word], int]:
    """The words of a span up to what only describes it, without determiners before them; where its head word ends.

    A name may go on behind a preposition: «Bank of England».
    """
    while len(words) > 1 and words[0].has("article", "definite", "det"):
        words = words[1:]
    for number, word in enumerate(words):
        if number and (word.text in COMMA or word.has(*ENDS)):
            is_name = words[number - 1].capital and words[-1].capital and word.text not in COMMA
            return (words if is_name else words[:number]), word.i
    return words, words[-1].i + 1


def _reading(word: Word, pack: Pack) -> Reading:
    """How the first word of a span is read: a tagger takes what is attached before a name for a part of it."""
    ours = segmenter(pack.code)
    pieces = ours.split(fold(word.text, {})) if ours is not None else []
    attached = sum(len(piece) for piece, kind in pieces if kind in ATTACHED)
    found = (reading for reading in word.readings if reading.skip == attached and not reading.enclitic)
    return next(found, Reading(stem=word.norm, bare=word.norm))


def _mention(words: list[Word], cls: str, inner: list[Mention], reading: Reading) -> Mention:
    first, last = words[0].i, words[-1].i + 1
    start, end = words[0].start + reading.skip, words[-1].end
    core = " ".join([reading.stem, *(word.norm for word in words[1:])])
    made = Mention(first, last, start, end, cls, "unknown", reading, name=(first, last), core=core, inner=inner)
    made.of = next((m for m in inner if m.cls in {"State", "Organization"}), None)
    return made
