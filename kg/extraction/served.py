"""Whom the holder of an office serves, where the title itself names no state or body: his foreign minister."""

from __future__ import annotations

from kg.extraction.mentions import Mention
from kg.extraction.words import Word

REACH = 12  # words between an office with a pronoun and whom the pronoun stands for
BEFORE, AFTER = 60, 15  # words between a counterpart and the title whose office he holds


def serve(mentions: list[Mention], words: list[Word]) -> None:
    """Gives titles the office or the state that the mentions around them tell."""
    _counterparts(mentions)
    _borrowed(mentions)
    _sided(mentions, words)


def _counterparts(mentions: list[Mention]) -> None:
    """«His Egyptian counterpart» holds the office of the last title before it, or of the next one after it."""
    titled = [m for m in mentions if m.office is not None and m.office.kind]
    for mention in mentions:
        if mention.group == "counterpart" and mention.office is not None and not mention.office.kind:
            before = [m for m in titled if m.first < mention.first and mention.first - m.last < BEFORE]
            after = [m for m in titled if 0 < m.first - mention.last < AFTER]
            near = before[-1:] or after[:1]
            if near and near[0].office is not None and mention.of is not near[0].of:
                mention.office.kind = near[0].office.kind


def _borrowed(mentions: list[Mention]) -> None:
    """«His foreign minister John Kerry» serves the state of the title before."""
    last: Mention | None = None
    for i, mention in enumerate(mentions):
        if mention.owner:
            mention.of = _owner(mention, mentions[:i])
        elif mention.group == "borrowed" and mention.of is None and last is not None:
            mention.of = last.of
        elif mention.office is not None and mention.of is not None:
            last = mention


def _owner(title: Mention, before: list[Mention]) -> Mention | None:
    """Whose officer «their leader Khaled Meshaal» is: the nearest one before that the pronoun may stand for."""
    for mention in reversed(before):
        if title.first - mention.last > REACH:
            return None
        if mention.cls in title.owner and mention.cls == "Person" and mention.of is not None:
            return mention.of
        body = mention if mention.cls == "State" or not mention.collective else mention.of
        if body is not None and body.cls in title.owner and body.cls != "Person" and body.kind != "own":
            return body
    return None


def _sided(mentions: list[Mention], words: list[Word]) -> None:
    """ومن جانب النيجر، وزير الدفاع X، ووزير الصحة Y: who is listed for a side serves its state."""
    side: Mention | None = None
    previous: Mention | None = None
    for mention in mentions:
        start = mention.name[0] if mention.cls == "State" and mention.name else mention.first
        before = words[start - 1] if start else None
        if side is not None and any(w.kind == "break" or w.text == "." for w in words[side.last : mention.first]):
            side = None
        if mention.cls == "State" and before is not None and before.has("side"):
            side = mention
        elif side is not None and mention.kind == "title" and mention.name and mention.of is None:
            chained = previous is not None and previous.last == mention.first  # الدولة وزير التخطيط
            if mention.reading.conj or chained or before is None or before.kind != "word":
                mention.of = side
        previous = mention
