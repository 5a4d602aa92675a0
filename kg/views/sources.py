"""What stands behind the rows of an answer: claims, who makes them, and where their parties are.

Looks up only what a page shows: each claim by its own IRI, not by reading its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import pyoxigraph as ox

from kg.rdf import ART
from kg.store import Graph, text
from kg.stored import Entities, StoredClaim, StoredEntity, read_claim

_OURS = re.compile(re.escape(ART) + r"[0-9a-f]+/c\d+")


@dataclass(frozen=True, slots=True)
class Article:
    """What a line about an article tells."""

    iri: str
    id: str
    lang: str
    title: str
    date: str


@dataclass(frozen=True, slots=True)
class Source:
    """One claim with its article, who says so (None: the article itself) and all who take part."""

    claim: StoredClaim
    article: Article
    speaker: StoredEntity | None
    parties: tuple[StoredEntity, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """Claims of one type and standing between the same two entities."""

    source: StoredEntity
    target: StoredEntity
    type: str
    is_event: bool
    modality: str
    negated: bool
    claims: tuple[str, ...]  # their IRIs


@dataclass(frozen=True, slots=True)
class Place:
    """An entity with its position in degrees, north and east positive."""

    entity: StoredEntity
    lat: float
    long: float


def is_claim(iri: str) -> bool:
    """True for the IRI of a claim, as far as its form tells."""
    return _OURS.fullmatch(iri) is not None


class Sources:
    """Looks claims up, each once, with what belongs to them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._entities = Entities(graph)
        self._articles: dict[str, Article] = {}
        self._found: dict[str, Source | None] = {}
        self._called: dict[tuple[str, str], StoredEntity | None] = {}

    def get(self, iri: str) -> Source | None:
        """The claim of that IRI with its source; None where the store has none."""
        if iri not in self._found:
            self._found[iri] = self._look_up(iri) if is_claim(iri) else None
        return self._found[iri]

    def entity(self, iri: str) -> StoredEntity:
        """Who or what the IRI stands for."""
        return self._entities[iri]

    def called(self, name: str, lang: str) -> StoredEntity | None:
        """The only entity with that label in that language; None where there is none or several."""
        if (name, lang) not in self._called:
            rows = self._graph.select(_CALLED, {"name": ox.Literal(name, language=lang)})
            iris = {text(row[1]) for row in rows}
            self._called[name, lang] = self._entities[iris.pop()] if len(iris) == 1 else None
        return self._called[name, lang]

    def _look_up(self, iri: str) -> Source | None:
        claim = read_claim(self._graph, iri)
        if claim is None:
            return None
        parties = dict.fromkeys(filler for fillers in claim.args.values() for filler in fillers)
        return Source(
            claim,
            self._article(iri.rpartition("/")[0]),
            self._entities[claim.attributed_to] if claim.attributed_to else None,
            tuple(self._entities[party] for party in parties),
        )

    def _article(self, iri: str) -> Article:
        if iri not in self._articles:
            row = next(self._graph.select(_ARTICLE, {"article": ox.NamedNode(iri)}), (None,) * 5)
            self._articles[iri] = Article(iri, *map(text, row[1:]))
        return self._articles[iri]


_CALLED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?name ?entity WHERE {
  ?entity rdfs:label ?name FILTER (STRSTARTS(STR(?entity), "https://w3id.org/geopol/id/"))
} LIMIT 2"""
_ARTICLE = """
PREFIX dct: <http://purl.org/dc/terms/> PREFIX schema: <https://schema.org/>
SELECT ?article ?id ?lang ?title ?date WHERE {
  ?article dct:identifier ?id .
  OPTIONAL { ?article schema:inLanguage ?lang }
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:datePublished ?date }
} LIMIT 1"""


def edges(sources: Iterable[Source]) -> list[Edge]:
    """From who acts to whom it concerns, equal ones together; the most supported first."""
    found: dict[tuple[str, str, str, bool, str, bool], Edge] = {}
    for source in sources:
        claim = source.claim
        named = {party.iri: party for party in source.parties}
        starts = claim.args.get("subject") or claim.args.get("actor") or ()
        for start, end in product(starts, _ends(claim, starts)):
            kind = (claim.type, claim.is_event, claim.modality, claim.negated)
            before = found.get((start, end, *kind))
            claims = dict.fromkeys([*(before.claims if before else ()), claim.iri])
            if start != end:
                found[start, end, *kind] = Edge(named[start], named[end], *kind, claims=tuple(claims))
    return [edge for _, edge in sorted(found.items(), key=lambda item: (-len(item[1].claims), item[0]))]


def _ends(claim: StoredClaim, starts: Sequence[str]) -> Sequence[str]:
    for role in ("recipient", "object", "place"):
        if role in claim.args:
            return claim.args[role]
    return starts[1:]  # a meeting or signing of several: from the first to the others


def places(graph: Graph, entities: Iterable[StoredEntity]) -> list[Place]:
    """Those of the entities that have a position, in the order given."""
    found = []
    for entity in entities:
        for _, lat, long in graph.select(_POSITION, {"entity": ox.NamedNode(entity.iri)}):
            found.append(Place(entity, float(text(lat)), float(text(long))))
    return found


_POSITION = """
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
SELECT ?entity ?lat ?long WHERE { ?entity geo:lat ?lat ; geo:long ?long } LIMIT 1"""


def claim_count(graph: Graph, entity: str) -> int:
    """How many claims the entity takes part in, in whatever role."""
    row = next(graph.select(_COUNT, {"entity": ox.NamedNode(entity)}))
    return int(text(row[1]))


_COUNT = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?entity (COUNT(DISTINCT ?claim) AS ?n) WHERE {
  { ?claim rdf:subject ?entity ; gp:modality ?m } UNION { ?claim rdf:object ?entity ; gp:modality ?m }
  UNION { ?e gp:actor ?entity . ?claim gp:states ?e } UNION { ?e gp:recipient ?entity . ?claim gp:states ?e }
  UNION { ?e gp:object ?entity . ?claim gp:states ?e } UNION { ?e gp:place ?entity . ?claim gp:states ?e }
} GROUP BY ?entity"""
