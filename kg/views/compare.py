"""Two parties face to face: what each did, asked or said about the other, and where they contradict each other.

Whoever holds an office of a state, by a claim of the graph, speaks and acts for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kg.stored import StoredEntity
from kg.views.catalogue import Catalogue, Entry
from kg.views.claims import Reader, Statement, merged
from kg.views.timeline import Column, columns

Side = Literal["a", "b", "both", ""]
Verdict = Literal["refused", "denied", "differs", "agreed", "together", "unanswered", "alone"]
ORDER: tuple[Verdict, ...] = ("refused", "denied", "unanswered", "differs", "agreed", "together", "alone")
FACES, STATEMENTS, QUOTES = 12, 3, 2
OFFICE = "holdsOffice"


@dataclass(frozen=True, slots=True)
class Face:
    """One point where the two meet; `doer` says whose act it is."""

    type: str
    is_event: bool
    doer: StoredEntity | None
    objects: tuple[StoredEntity, ...]
    verdict: Verdict
    count: int
    a: tuple[Statement, ...]
    b: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that the page shows."""

    a: StoredEntity
    b: StoredEntity
    total: int
    over_time: tuple[list[Column], list[Column]]
    faces: tuple[Face, ...]
    verdicts: tuple[tuple[Verdict, int], ...]
    hidden: int  # points that are not shown


@dataclass(frozen=True, slots=True)
class _Parties:
    """The two, each with those who speak for it."""

    found: Catalogue
    a: frozenset[str]
    b: frozenset[str]

    def side(self, entities: Iterable[str]) -> Side:
        known = set(entities)
        in_a, in_b = bool(known & self.a), bool(known & self.b)
        return "both" if in_a and in_b else "a" if in_a else "b" if in_b else ""

    def act(self, entry: Entry) -> Entry:
        """What the claim is about in the end: the act that is asked for, of a request."""
        return self.found.claims.get(entry.content, entry)

    def teller(self, entry: Entry) -> Side:
        """On whose side the claim stands: who says it, else who asks for it, else who does it."""
        if entry.speaker and (told := self.side([entry.speaker])):
            return told
        doer = self.side(entry.doers)
        if entry.modality == "requested" and doer in ("a", "b"):
            return "b" if doer == "a" else "a"
        return doer or self.side(filler for _, filler in entry.parts)


def spokespeople(found: Catalogue, iri: str) -> frozenset[str]:
    """The entity and everybody who holds an office of it."""
    held = (entry for entry in found.of.get(iri, ()) if entry.type == OFFICE and entry.manner == "asserted")
    return frozenset({iri, *(one for entry in held if iri in entry.fillers("object") for one in entry.doers)})


def compare(reader: Reader, a: str, b: str) -> Comparison:
    """What the graph holds between the two, contradictions first."""
    found = reader.found
    ours, theirs = spokespeople(found, a), spokespeople(found, b)
    parties = _Parties(found, ours - {b} - (theirs & ours), theirs - {a} - (theirs & ours))
    between = _between(parties)
    sides: dict[Side, list[Entry]] = {"a": [], "b": [], "both": [], "": []}
    topics: dict[tuple[str, Side, tuple[str, ...]], list[tuple[Side, Entry]]] = defaultdict(list)
    for entry in between:
        told, act = parties.teller(entry), parties.act(entry)
        sides[told].append(entry)
        topics[act.type, parties.side(act.doers), act.fillers("object")].append((told, entry))
    judged = [(_verdict(told, topic[0]), topic, told) for topic, told in topics.items()]
    judged.sort(key=lambda one: (ORDER.index(one[0]), -len(one[2]), one[1]))
    counts = [(verdict, sum(1 for one in judged if one[0] == verdict)) for verdict in ORDER]
    strips = columns([*sides["a"], *sides["both"]], [*sides["b"], *sides["both"]])
    return Comparison(
        reader.entity(a),
        reader.entity(b),
        len(between),
        (strips[0], strips[1]),
        tuple(_face(reader, a, b, *one) for one in judged[:FACES]),
        tuple((verdict, count) for verdict, count in counts if count),
        max(len(judged) - FACES, 0),
    )


def _between(parties: _Parties) -> list[Entry]:
    """Claims in which both take part or that one makes about the other, the newest first."""
    found = parties.found
    ours = {entry.claim for one in parties.a for entry in found.of.get(one, ())}
    both = {entry.claim: entry for one in parties.b for entry in found.of.get(one, ()) if entry.claim in ours}
    met = (entry for entry in both.values() if entry.type != OFFICE)
    return sorted(met, key=lambda entry: (entry.date, entry.claim), reverse=True)


def _verdict(told: list[tuple[Side, Entry]], name: str) -> Verdict:
    """What the two say of one act; a claim that only asks for it tells nothing of the act itself."""
    told = [(side, entry) for side, entry in told if entry.type == name] or told
    ours = [entry for side, entry in told if side in ("a", "both")]
    theirs = [entry for side, entry in told if side in ("b", "both")]
    if not ours or not theirs:
        asked = any(entry.modality in ("requested", "conditional") for _, entry in told)
        return "unanswered" if asked else "alone"
    if all(side == "both" for side, _ in told):
        return "together"
    refusal = {entry.negated for entry in ours} != {entry.negated for entry in theirs}
    if refusal:
        asked = any(entry.modality == "requested" for _, entry in told)
        return "refused" if asked else "denied"
    return "agreed" if {entry.manner for entry in ours} & {entry.manner for entry in theirs} else "differs"


def _face(
    reader: Reader,
    a: str,
    b: str,
    verdict: Verdict,
    topic: tuple[str, Side, tuple[str, ...]],
    told: list[tuple[Side, Entry]],
) -> Face:
    name, doer, objects = topic
    known = {"a": a, "b": b}

    def side(which: Side) -> tuple[Statement, ...]:
        entries = [entry for side, entry in told if side in (which, "both")]
        return tuple(reader.statement(equal, "", QUOTES) for equal in merged(entries, "")[:STATEMENTS])

    return Face(
        name,
        told[0][1].is_event,
        reader.entity(known[doer]) if doer in known else None,
        tuple(reader.entity(one) for one in objects if one not in (a, b)),
        verdict,
        len(told),
        side("a"),
        side("b"),
    )
