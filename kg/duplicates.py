"""Which entities of a store may be one: pairs with what speaks for them, for a person to decide.

Nothing is merged here. A pair is not offered that somebody has decided on, nor one that has two items of Wikidata,
two classes, or stands in one claim together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import pyoxigraph as ox

from kg.identity import stored_decisions
from kg.ontology import ontology
from kg.queries import fold
from kg.rdf import ID, shorten
from kg.resources import PACKAGE, read_yaml
from kg.store import Graph, text
from kg.stored import Entities, local

LOCAL = ID + "x-"  # entities that only articles know
ITEM, NAME, SOUND, FAMILY = 0.95, 0.6, 0.4, 0.25  # what each kind of evidence is worth
OFFICE, OTHER_OFFICE = 0.3, -0.2  # one office of one state, or none of several in common
NEIGHBOUR, NEIGHBOURS = 0.05, 0.25  # for one other entity in claims of both; at most
LEAST = 0.5  # of a pair worth a look
CONSONANTS = 4  # of a name that is told apart by them
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two entities that may be one; the first would be merged into the second."""

    entity: str  # IRI
    into: str
    name: str
    into_name: str
    score: float  # 0 to 1
    evidence: tuple[str, ...]

    @property
    def command(self) -> str:
        """What says so, but for the store."""
        return f"kg merge {self.entity.removeprefix(ID)} {self.into.removeprefix(ID)}"


@dataclass(frozen=True, slots=True)
class _Named:
    """An entity with its names: folded, and as skeletons of their words."""

    iri: str
    cls: str
    matches: frozenset[str]  # items of Wikidata
    folded: frozenset[str]
    skeletons: frozenset[tuple[str, ...]]


def duplicates(graph: Graph, *, least: float = LEAST) -> list[Duplicate]:
    """Pairs of at least that score, the likeliest first."""
    evidence = _Evidence(graph, least)
    found = (evidence.weigh(*pair) for pair in _pairs(evidence.named.values()))
    pairs = [one for one in found if one is not None and one.score >= least]
    return sorted(pairs, key=lambda one: (-one.score, one.entity, one.into))


def skeleton(name: str) -> tuple[str, ...]:
    """The consonants of each word, the same for one name in both scripts; nothing for words without any.

    >>> skeleton("Mikhail Bogdanov") == skeleton("Michail Bogdanof")
    True
    """
    table = _table()
    words = _WORDS.findall(fold(name))
    found = (_consonants(word, table) for word in words if word not in table["articles"])
    return tuple(word for word in found if word)


def _consonants(word: str, table: dict[str, Any]) -> str:
    if word.startswith(table["prefix"]) and len(word) > len(table["prefix"]) + 2:
        word = word.removeprefix(table["prefix"])
    for pair, sign in table["pairs"].items():
        word = word.replace(pair, sign)
    signs = "".join(table["letters"].get(letter, "") for letter in word)
    return re.sub(r"(.)\1+", r"\1", signs)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    found = read_yaml(PACKAGE / "lang" / "skeleton.yml")
    return {**found, "prefix": fold(found["prefix"])}


def _pairs(named: Iterable[_Named]) -> Iterator[tuple[_Named, _Named]]:
    """Those that share an item, a name or a family name, at least one of them known from articles alone."""
    blocks: defaultdict[tuple[str, ...], dict[str, _Named]] = defaultdict(dict)
    for one in named:
        for match in one.matches:
            blocks["item", match][one.iri] = one
        for name in one.folded:
            blocks["name", one.cls, name][one.iri] = one
        for words in one.skeletons:
            blocks["sound", one.cls, *words][one.iri] = one
            if one.cls == "Person":
                blocks["family", words[-1]][one.iri] = one
    seen = set()
    for members in blocks.values():
        for pair in combinations(sorted(members), 2):
            if any(iri.startswith(LOCAL) for iri in pair) and pair not in seen:
                seen.add(pair)
                yield members[pair[0]], members[pair[1]]


class _Evidence:
    """What the store knows of the two."""

    def __init__(self, graph: Graph, least: float) -> None:
        self.graph, self.entities, self.least = graph, Entities(graph), least
        decisions = stored_decisions(graph).made
        self.decided = {frozenset((one.entity, one.meant)) for one in decisions}
        gone = {one.entity for one in decisions if one.is_merge}
        names: defaultdict[str, set[str]] = defaultdict(set)
        for entity, name in graph.select(_NAMES):
            names[text(entity)].add(text(name))
        classes = {text(entity): local(text(cls)) for entity, cls in graph.select(_CLASSES)}
        matches: defaultdict[str, set[str]] = defaultdict(set)
        for entity, item in graph.select(_MATCHES):
            matches[text(entity)].add(text(item))
        self.named = {
            iri: _Named(iri, classes[iri], frozenset(matches[iri]), *_forms(names[iri]))
            for iri in sorted(classes.keys() & names.keys() - gone)
        }
        self.posts: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for entity, office, of in graph.select(_POSTS):
            self.posts[text(entity)].add((local(text(office)), text(of)))
        self._near: dict[str, frozenset[str]] = {}

    def weigh(self, a: _Named, b: _Named) -> Duplicate | None:
        """The pair with its evidence; None where it cannot be, or was decided on."""
        same_item = a.matches & b.matches
        if a.cls != b.cls or (a.matches and b.matches and not same_item) or {a.iri, b.iri} in self.decided:
            return None
        score, evidence = _by_name(a, b)
        if same_item:
            score, evidence = ITEM, [*evidence, f"one item of Wikidata, {shorten(min(same_item))}"]
        if not evidence:
            return None
        if shared := self.posts[a.iri] & self.posts[b.iri]:
            office, of = min(shared)
            score += OFFICE
            evidence.append(f"both {ontology().offices[office].labels['en']} of {self.entities.name(of)}")
        elif self.posts[a.iri] and self.posts[b.iri]:
            score += OTHER_OFFICE
            evidence.append("other offices")
        if score + NEIGHBOURS < self.least or b.iri in self.near(a.iri):
            return None
        if common := self.near(a.iri) & self.near(b.iri):
            score += min(NEIGHBOURS, NEIGHBOUR * len(common))
            some = ", ".join(sorted(self.entities.name(iri) for iri in common)[:3])
            evidence.append(f"{len(common)} neighbours of both: {some}")
        first, second = sorted((a, b), key=lambda one: (*self._standing(one), one.iri))
        name, into = (self.entities.name(one.iri) for one in (first, second))
        return Duplicate(first.iri, second.iri, name, into, round(min(score, 1.0), 2), tuple(evidence))

    def _standing(self, entity: _Named) -> tuple[bool, bool, int]:
        """What is merged into the other: the unlinked, the one only articles know, the one with fewer neighbours."""
        return bool(entity.matches), not entity.iri.startswith(LOCAL), len(self.near(entity.iri))

    def near(self, iri: str) -> frozenset[str]:
        """The entities that stand in one claim with it."""
        if iri not in self._near:
            rows = self.graph.select(_NEAR, {"entity": ox.NamedNode(iri)})
            self._near[iri] = frozenset(text(other) for _, other in rows)
        return self._near[iri]


def _forms(names: set[str]) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    return frozenset(map(fold, names)), frozenset(words for name in names if (words := skeleton(name)))


def _by_name(one: _Named, other: _Named) -> tuple[float, list[str]]:
    if same := one.folded & other.folded:
        return NAME, [f"one name, “{min(same)}”"]
    alike = one.skeletons & other.skeletons
    if any(len("".join(words)) >= CONSONANTS for words in alike):
        return SOUND, ["one name in two spellings"]
    if one.cls == "Person" and (words := _family(one, other) or _family(other, one)):
        return FAMILY, [f"“{words}” may be the family name alone"]
    return 0.0, []


def _family(short: _Named, full: _Named) -> str:
    """The name of one word that ends a name of the other; empty where none does."""
    lasts = {words[-1] for words in full.skeletons if len(words) > 1}
    alone = [name for name in short.folded if len(words := skeleton(name)) == 1 and words[0] in lasts]
    return min(alone, default="")


_NAMES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?entity ?name WHERE {
  ?entity rdfs:label|skos:altLabel ?name FILTER (STRSTARTS(STR(?entity), "https://w3id.org/geopol/id/")) }"""
_CLASSES = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT DISTINCT ?entity ?cls WHERE {
  VALUES ?cls { gp:State gp:Person gp:Organization gp:MilitaryBase gp:Place gp:Agreement } ?entity a ?cls }"""
_MATCHES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?entity ?item WHERE { ?entity skos:exactMatch ?item }"""
_POSTS = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT DISTINCT ?entity ?kind ?of WHERE {
  GRAPH ?g { ?entity gp:holdsPost|gp:heldPost ?post . ?post gp:officeKind ?kind ; gp:officeOf ?of } }"""
_NEAR = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT DISTINCT ?entity ?other WHERE {
  ?node ?p ?entity ; ?q ?other
  FILTER (STRSTARTS(STR(?node), "https://w3id.org/geopol/article/") && ?other != ?entity
    && STRSTARTS(STR(?other), "https://w3id.org/geopol/id/")) }"""
