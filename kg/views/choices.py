"""Who was meant by a name: why that one, its link to Wikidata, and who else bears the name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.rdf import WD
from kg.store import Graph, text
from kg.stored import Entities, StoredEntity, StoredText, local

NAMES = 6  # words of one entity that are looked up for namesakes
NAMESAKES = 5


@dataclass(frozen=True, slots=True)
class Item:
    """An item of Wikidata that the entity is, might be, or was found not to be."""

    qid: str
    status: str  # accepted, proposed or rejected
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a name was taken for."""

    words: tuple[str, ...]
    entity: StoredEntity
    sources: tuple[str, ...]  # titles of the data sets that vouch for the link of the world data
    items: tuple[Item, ...]  # found or decided later, the likeliest first
    namesakes: tuple[StoredEntity, ...]  # others of the world data who bear one of the words as a name


def choices(graph: Graph, article: StoredText, iris: Iterable[str], entities: Entities) -> Iterator[Choice]:
    """For each entity what the store knows of how it was chosen."""
    for iri in iris:
        node = {"entity": ox.NamedNode(iri)}
        words = article.mentions.get(iri, ())
        yield Choice(
            words,
            entities[iri],
            tuple(text(title) for _, title in graph.select(_SOURCES, node)),
            tuple(_items(graph, node)),
            tuple(entities[other] for other in _namesakes(graph, iri, words, article.lang)),
        )


def _items(graph: Graph, node: dict[str, ox.NamedNode]) -> Iterator[Item]:
    for row in graph.select(_LINKS, node):
        _, item, status, score, reason = map(text, row)
        yield Item(item.removeprefix(WD), local(status), float(score or 0), reason)


def _namesakes(graph: Graph, iri: str, words: Iterable[str], lang: str) -> list[str]:
    found: set[str] = set()
    for name in sorted(words, key=lambda name: (-len(name), name))[:NAMES]:
        literal = ox.Literal(name, language=lang) if lang.isalpha() else ox.Literal(name)
        found.update(text(other) for _, other in graph.select(_NAMED, {"name": literal}))
    return sorted(found - {iri})[:NAMESAKES]


_PREFIXES = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_SOURCES = (
    _PREFIXES
    + """SELECT DISTINCT ?entity ?title WHERE {
  GRAPH gp:world { ?entity skos:exactMatch ?item ; dct:source ?source . ?source dct:title ?title }
} ORDER BY ?title"""
)
_LINKS = (
    _PREFIXES
    + """SELECT DISTINCT ?entity ?item ?status ?score ?reason WHERE {
  ?link gp:linkOf ?entity ; gp:linkTo ?item ; gp:linkStatus ?status ; gp:linkScore ?score ; gp:linkReason ?reason
} ORDER BY DESC(?score) ?item"""
)
_NAMED = (
    _PREFIXES + """SELECT DISTINCT ?name ?other WHERE { GRAPH gp:world { ?other rdfs:label|skos:altLabel ?name } }"""
)
