"""Who stands in claims together with an entity, and by what: counts first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from kg.stored import StoredEntity
from kg.views.catalogue import Entry
from kg.views.claims import SPEAKER, Reader, roles_of


@dataclass(frozen=True, slots=True)
class Edge:
    """Claims of one type and manner between the two; `role` is that of the entity in the middle."""

    type: str
    role: str
    is_event: bool
    modality: str
    negated: bool
    count: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another party of the entity's claims."""

    entity: StoredEntity
    shared: int  # claims in which both take part
    beyond: int  # further claims of the neighbour
    edges: tuple[Edge, ...]  # the most frequent first


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Some neighbours of how many there are."""

    entity: StoredEntity
    total: int
    shown: tuple[Neighbour, ...]


def neighbourhood(reader: Reader, iri: str, *, limit: int, start: int = 0) -> Neighbourhood:
    """The neighbours with most claims in common, from `start` on."""
    edges: dict[str, Counter[tuple[str, str, bool, str, bool]]] = defaultdict(Counter)
    shared: Counter[str] = Counter()
    for entry in reader.found.of.get(iri, ()):
        role = roles_of(entry, iri)
        if role == SPEAKER:
            continue
        for other in {filler for _, filler in entry.parts} - {iri}:
            shared[other] += 1
            edges[other][entry.type, role, entry.is_event, entry.modality, entry.negated] += 1
    ranked = sorted(shared, key=lambda other: (-shared[other], other))[start : start + limit]
    return Neighbourhood(
        reader.entity(iri),
        len(shared),
        tuple(
            Neighbour(
                reader.entity(other),
                shared[other],
                len(reader.found.of.get(other, ())) - shared[other],
                tuple(Edge(*edge, count) for edge, count in edges[other].most_common()),
            )
            for other in ranked
        ),
    )


def claims_between(reader: Reader, one: str, other: str) -> list[Entry]:
    """The claims in which both take part, the newest first."""
    return [entry for entry in reader.found.of.get(one, ()) if any(filler == other for _, filler in entry.parts)]
