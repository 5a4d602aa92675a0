"""What the store holds of one article, read back into dataclasses: the other direction of `rdf`.

Works on the quads of one article at a time, so that a store of any size can be gone through.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.model import EVENT_ROLES, Anchor, Span
from kg.ontology import EV, GP, RDF, RDFS, SCHEMA, SKOS
from kg.rdf import DCT, OA, WORLD_GRAPH
from kg.store import Graph, Term, text

TYPES = (GP + "eventType", GP + "saidToBe", GP + "wouldBe")
_ANCHOR = re.compile(r"(\w+)=(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """One claim as it stands in the graph; entities, happenings and other claims are IRIs."""

    iri: str
    node: str  # the happening, or the claim itself where it is a relation
    type: str
    is_event: bool
    args: Mapping[str, tuple[str, ...]]
    modality: str
    negated: bool
    attributed_to: str
    content: str
    date: str
    office: str
    former: bool
    branch: str
    rule: str
    confidence: float
    anchors: tuple[Anchor, ...]
    quote: str
    span: Span

    @property
    def is_fact(self) -> bool:
        """The promotion rule: asserted, not negated, in the article's own voice."""
        return self.modality == "asserted" and not self.negated and not self.attributed_to


@dataclass(frozen=True, slots=True)
class StoredText:
    """One article with its claims in text order and the words it uses for each entity."""

    iri: str
    id: str
    lang: str
    title: str
    date: str
    url: str
    source: str
    text: str
    claims: tuple[StoredClaim, ...]
    mentions: Mapping[str, tuple[str, ...]]


class _Index:
    """Quads by subject and predicate."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            self.values[text(quad.subject)][quad.predicate.value].append(text(quad.object))

    def all(self, subject: str, predicate: str) -> tuple[str, ...]:
        found = self.values.get(subject, {})
        return tuple(sorted(found.get(predicate, ())))

    def one(self, subject: str, predicate: str) -> str:
        return next(iter(self.all(subject, predicate)), "")


def read_article(graph: Graph, article: ox.NamedNode) -> StoredText:
    """All that the store holds of one article; empty fields where it holds nothing."""
    return from_quads(article.value, graph.quads(article))


def read_articles(graph: Graph) -> Iterator[StoredText]:
    """All articles in the order of their ids."""
    return (read_article(graph, article.iri) for article in graph.articles())


def from_quads(article: str, quads: Iterable[ox.Quad]) -> StoredText:
    """One article from the quads of its graph."""
    index = _Index(quads)
    claims = (_claim(iri, index) for iri in list(index.values) if _is_claim(iri, index))
    return StoredText(
        article,
        index.one(article, DCT + "identifier"),
        index.one(article, SCHEMA + "inLanguage"),
        index.one(article, SCHEMA + "headline"),
        index.one(article, SCHEMA + "datePublished"),
        index.one(article, SCHEMA + "url"),
        index.one(article, DCT + "source"),
        index.one(article, SCHEMA + "articleBody"),
        tuple(sorted(claims, key=lambda claim: (claim.span, len(claim.iri), claim.iri))),
        {
            iri: index.all(iri, GP + "mentionedAs")
            for iri in sorted(index.values)
            if GP + "mentionedAs" in index.values[iri]
        },
    )


def claim_triples(graph: Graph, iri: str) -> list[ox.Triple]:
    """What the store says of one claim, its happening and its words."""
    rows = graph.select(_CLAIM, {"claim": ox.NamedNode(iri)})
    return [
        ox.Triple(subject, predicate, value)
        for _, subject, predicate, value in rows
        if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode) and value is not None
    ]


def read_claim(graph: Graph, iri: str) -> StoredClaim | None:
    """One claim, without the rest of its article; None when the store has no such claim."""
    index = _Index(ox.Quad(*triple) for triple in claim_triples(graph, iri))
    return _claim(iri, index) if _is_claim(iri, index) else None


_CLAIM = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT ?claim ?s ?p ?o WHERE {
  { ?claim ?p ?o . BIND (?claim AS ?s) } UNION { ?claim gp:states|gp:evidence ?s . ?s ?p ?o }
}"""


def _is_claim(iri: str, index: _Index) -> bool:
    return GP + "Claim" in index.all(iri, RDF + "type")


def _claim(iri: str, index: _Index) -> StoredClaim:
    event = index.one(iri, GP + "states")
    node = event or iri
    if event:
        kind = next((index.one(event, kind) for kind in TYPES if index.one(event, kind)), "")
        args = {role: index.all(event, GP + role) for role in EVENT_ROLES}
    else:
        kind = index.one(iri, RDF + "predicate")
        args = {role: index.all(iri, RDF + role) for role in ("subject", "object")}
    evidence = index.one(iri, GP + "evidence")
    quote, start = index.one(evidence, OA + "exact"), int(index.one(evidence, OA + "start") or 0)
    return StoredClaim(
        iri,
        node,
        local(kind),
        bool(event),
        {role: fillers for role, fillers in args.items() if fillers},
        local(index.one(iri, GP + "modality")),
        index.one(iri, GP + "negated") == "true",
        index.one(iri, GP + "attributedTo"),
        index.one(node, GP + "content"),
        index.one(node, GP + "date"),
        local(index.one(iri, GP + "office")),
        index.one(iri, GP + "former") == "true",
        local(index.one(iri, GP + "branch")),
        index.one(iri, GP + "rule"),
        float(index.one(iri, GP + "confidence") or 1),
        _anchors(index.one(iri, GP + "anchors")),
        quote,
        Span(start, start + len(quote)),
    )


def _anchors(words: str) -> tuple[Anchor, ...]:
    found = _ANCHOR.findall(words)
    return tuple(Anchor(role, Span(int(start), int(end))) for role, start, end in found)


def local(iri: str) -> str:
    """What stands behind the namespace: `operator`, `visit`, `russia`."""
    for namespace in (GP, EV):
        if iri.startswith(namespace):
            return iri[len(namespace) :]
    return iri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """Who or what an IRI stands for, as far as the store knows."""

    iri: str
    cls: str
    labels: Mapping[str, str]
    matches: tuple[str, ...]  # the same thing elsewhere, as Wikidata
    in_world: bool

    def name(self, lang: str = "en") -> str:
        """The name in that language, else in any, else the key."""
        return self.labels.get(lang) or next(iter(self.labels.values()), "") or local(self.iri)


class Entities:
    """Looks entities up, each once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._found: dict[str, StoredEntity] = {}

    def __getitem__(self, iri: str) -> StoredEntity:
        if iri not in self._found:
            if len(self._found) >= 50_000:  # some 20 MB; the next look-up finds it again
                self._found.clear()
            self._found[iri] = self._look_up(iri)
        return self._found[iri]

    def name(self, iri: str, lang: str = "en") -> str:
        """The name of the entity; empty for none."""
        return self[iri].name(lang) if iri else ""

    def _look_up(self, iri: str) -> StoredEntity:
        labels: dict[str, str] = {}
        classes: set[str] = set()
        matches: set[str] = set()
        in_world = False
        for row in self._graph.select(_ABOUT, {"entity": ox.NamedNode(iri)}):
            _, where, predicate, value = row
            in_world |= where == WORLD_GRAPH
            if text(predicate) == RDFS + "label":
                lang = tongue(value)
                labels[lang] = min(labels.get(lang, text(value)), text(value))
            elif text(predicate) == RDF + "type":
                classes.add(local(text(value)))
            elif text(predicate) == SKOS + "exactMatch":
                matches.add(text(value))
        cls = min(classes - {"Leader"}, default="")
        return StoredEntity(iri, cls, dict(sorted(labels.items())), tuple(sorted(matches)), in_world)


_ABOUT = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?entity ?g ?p ?value WHERE {
  GRAPH ?g { ?entity ?p ?value . FILTER (?p IN (rdf:type, rdfs:label, skos:exactMatch)) }
}"""


def tongue(value: Term | None) -> str:
    """The language of a literal; empty for anything else."""
    return (value.language or "") if isinstance(value, ox.Literal) else ""
