"""The graph for other programs: RDF in several forms, Web Annotations, GraphML, a table of events.

Every view of the same store is the same bytes each time.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product
from typing import IO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg import turtle
from kg.errors import StoreError
from kg.ontology import RDF, ontology
from kg.rdf import ART, WORLD_GRAPH, article_iri, shorten
from kg.store import STORE_GRAPH, Graph, text
from kg.stored import Entities, StoredClaim, StoredText, read_article, read_articles

RDF_FORMS = {
    "turtle": ox.RdfFormat.TURTLE,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
}
CONTEXT = 32  # code points before and after a quote that tell it from its equals


def export(graph: Graph, view: str, out: IO[bytes], *, article: str | None = None, entity: str | None = None) -> None:
    """Write a view of VIEWS of all, of the article of that id, or of what is said about an entity's IRI.

    StoreError when there is no such view, article or entity.
    """
    if article is not None and graph.digest(article_iri(article)) is None:
        raise StoreError(f"{graph.location}: no article '{article}'; `kg query articles` lists what there is")
    if view in RDF_FORMS or view == "rdf12":
        quads = _chosen(graph, article, entity)
        if view == "rdf12":
            turtle.write(reified(quads), out, ox.RdfFormat.TURTLE)
        else:
            turtle.write(quads, out, RDF_FORMS[view])
    elif view in _TEXTS:
        texts = _texts(graph, article, entity)
        words = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        try:
            words.writelines(_TEXTS[view](texts, Entities(graph)))
        finally:
            words.detach()  # the file belongs to the caller
    else:
        raise StoreError(f"no view '{view}'; choose one of {', '.join(VIEWS)}")


def _texts(graph: Graph, article: str | None, entity: str | None) -> Iterator[StoredText]:
    texts = read_articles(graph) if article is None else iter([read_article(graph, article_iri(article))])
    return texts if entity is None else (_about(one, entity) for one in texts)


def _about(one: StoredText, entity: str) -> StoredText:
    kept = tuple(claim for claim in one.claims if entity in _parties(claim))
    return StoredText(one.iri, one.id, one.lang, one.title, one.date, one.url, one.source, one.text, kept, one.mentions)


def _parties(claim: StoredClaim) -> set[str]:
    return {iri for fillers in claim.args.values() for iri in fillers} | {claim.attributed_to} - {""}


# RDF


def _chosen(graph: Graph, article: str | None, entity: str | None) -> Iterator[ox.Quad]:
    """The quads to write; with those of one article or entity come the names of all who take part."""
    if article is None and entity is None:
        return (quad for quad in graph.quads() if quad.graph_name != STORE_GRAPH)
    own = graph.quads(article_iri(article)) if article is not None else _on(graph, str(entity))
    if article is not None and entity is not None:
        about = set(_on(graph, entity))
        own = (quad for quad in own if quad in about)
    return _with_names(graph, own)


def _on(graph: Graph, entity: str) -> Iterator[ox.Quad]:
    """Claims in which the entity takes part with their happenings and evidence, its edges and itself."""
    node = ox.NamedNode(entity)
    for query in (_CLAIMS_ON, _EDGES_FROM, _EDGES_TO):
        for row in graph.select(query, {"entity": node}):
            _, where, subject, predicate, value = row
            if isinstance(where, ox.NamedNode) and isinstance(subject, ox.NamedNode) and value is not None:
                assert isinstance(predicate, ox.NamedNode)
                yield ox.Quad(subject, predicate, value, where)


_CLAIMS_ON = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT DISTINCT ?entity ?g ?s ?p ?o WHERE {
  ?claim (gp:states/(gp:actor|gp:recipient|gp:object|gp:place))|rdf:subject|rdf:object|gp:attributedTo ?entity .
  ?claim (gp:states|gp:evidence)? ?s .
  OPTIONAL { GRAPH ?g { ?s ?p ?o } }
}"""
_EDGES_FROM = "SELECT DISTINCT ?entity ?g (?entity AS ?s) ?p ?o WHERE { GRAPH ?g { ?entity ?p ?o } }"
_EDGES_TO = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT DISTINCT ?entity ?g ?s ?p (?entity AS ?o) WHERE {
  GRAPH ?g { ?s ?p ?entity }
  FILTER (STRSTARTS(STR(?s), "https://w3id.org/geopol/id/"))
}"""


def _with_names(graph: Graph, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    named: set[ox.NamedNode] = set()
    for quad in quads:
        yield quad
        named.update(
            node
            for node in (quad.subject, quad.object)
            if isinstance(node, ox.NamedNode) and node.value.startswith("https://w3id.org/geopol/id/")
        )
    for node in named:
        for row in graph.select(_WORLD, {"entity": node}):
            _, predicate, value = row
            assert isinstance(predicate, ox.NamedNode)
            assert value is not None
            yield ox.Quad(node, predicate, value, WORLD_GRAPH)


_WORLD = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT ?entity ?p ?o WHERE { GRAPH gp:world { ?entity ?p ?o } }"""


def reified(quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
    """RDF 1.2: a relation claim becomes a reifier of its triple; all else stays as it is."""
    parts: dict[str, dict[str, list[ox.Quad]]] = {}
    names = {RDF + "subject": "s", RDF + "predicate": "p", RDF + "object": "o"}
    for quad in quads:
        place = names.get(quad.predicate.value)
        if place is None:
            yield quad.triple
        else:
            parts.setdefault(text(quad.subject), {}).setdefault(place, []).append(quad)
    for found in parts.values():
        for s, p, o in product(*(found.get(place, []) for place in "spo")):
            assert isinstance(s.object, ox.NamedNode)
            assert isinstance(p.object, ox.NamedNode)
            stated = ox.Triple(s.object, p.object, o.object)
            yield ox.Triple(s.subject, ox.NamedNode(RDF + "reifies"), stated)


# Web Annotations


def _annotations(texts: Iterable[StoredText], entities: Entities) -> Iterator[str]:
    """A page of the W3C Web Annotation model: each claim points at its words, by quote and by position."""
    head = {"@context": "http://www.w3.org/ns/anno.jsonld", "id": ART + "annotations", "type": "AnnotationPage"}
    yield json.dumps(head)[:-1] + ', "items": ['
    comma = "\n"
    for one in texts:
        for claim in one.claims:
            yield comma + json.dumps(_annotation(one, claim), ensure_ascii=False)
            comma = ",\n"
    yield "\n]}\n"


def _annotation(one: StoredText, claim: StoredClaim) -> dict[str, object]:
    start, end = claim.span.start, claim.span.end
    return {
        "id": claim.iri + "#annotation",
        "type": "Annotation",
        "motivation": "identifying",
        "body": claim.iri,
        "target": {
            "source": one.iri,
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": claim.quote,
                    "prefix": one.text[max(0, start - CONTEXT) : start],
                    "suffix": one.text[end : end + CONTEXT],
                },
                {"type": "TextPositionSelector", "start": start, "end": end},
            ],
        },
    }


# GraphML


def _graphml(texts: Iterable[StoredText], entities: Entities) -> Iterator[str]:
    """Entities as nodes; relations and events between two of them as edges, equal ones added up."""
    weights: Counter[tuple[str, str, str, str, str, str]] = Counter()
    for one in texts:
        for claim in one.claims:
            polarity, voice = ("no" if claim.negated else "yes"), ("word" if claim.attributed_to else "article")
            for source, target in sorted(ends(claim)):
                weights[source, target, claim.type, claim.modality, polarity, voice] += 1
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for owner, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for key in keys:
            kind = "int" if key == "weight" else "string"
            yield f'<key id="{key}" for="{owner}" attr.name="{key}" attr.type="{kind}"/>\n'
    yield '<graph id="kg" edgedefault="directed">\n'
    for iri in sorted({end for edge in weights for end in edge[:2]}):
        entity = entities[iri]
        values = (entity.cls, entity.name("en"), entity.name("ar"), iri)
        yield f"<node id={quoteattr(shorten(iri))}>{_data(_NODE_KEYS, values)}</node>\n"
    for edge, weight in sorted(weights.items()):
        source, target = (quoteattr(shorten(end)) for end in edge[:2])
        yield f"<edge source={source} target={target}>{_data(_EDGE_KEYS, (*edge[2:], str(weight)))}</edge>\n"
    yield "</graph>\n</graphml>\n"


_NODE_KEYS = ("class", "labelEn", "labelAr", "iri")
_EDGE_KEYS = ("type", "modality", "holds", "voice", "weight")


def _data(keys: Iterable[str], values: Iterable[str]) -> str:
    pairs = zip(keys, values, strict=True)
    return "".join(f'<data key="{key}">{escape(_in_xml(value))}</data>' for key, value in pairs if value)


def _in_xml(value: str) -> str:
    """XML 1.0 has no control characters, not even escaped."""
    return "".join(sign if sign >= " " and sign not in "\ufffe\uffff" else "\ufffd" for sign in value)


def ends(claim: StoredClaim) -> set[tuple[str, str]]:
    """Who is joined with whom: subject and object; actor and recipient, else object; else the actors."""
    if not claim.is_event:
        return set(product(claim.args.get("subject", ()), claim.args.get("object", ())))
    actors = claim.args.get("actor", ())
    others = claim.args.get("recipient") or claim.args.get("object")
    return set(product(actors, others)) if others else set(combinations(actors, 2))


# Table of events


COLUMNS = (
    "article", "published", "claim", "plover", "cameo", "type", "date", "actors", "recipients", "objects",
    "places", "modality", "negated", "attributedTo", "content", "quote",
)  # fmt: skip


def _events(texts: Iterable[StoredText], entities: Entities) -> Iterator[str]:
    """One row for each event claim; cells that a spreadsheet would run as formulas begin with an apostrophe."""
    yield _csv_line(COLUMNS)
    types = ontology().event_types
    for one in texts:
        kinds = {claim.node: claim.type for claim in one.claims}
        for claim in one.claims:
            if not claim.is_event:
                continue
            known = types.get(claim.type)
            names = (
                "; ".join(entities.name(iri) for iri in claim.args.get(role, ()))
                for role in ("actor", "recipient", "object", "place")
            )
            yield _csv_line(
                (
                    one.id, one.date, shorten(claim.iri), known.root if known else "",
                    (known.cameo if known else "") or "", claim.type, claim.date, *names,
                    claim.modality, "true" if claim.negated else "false",
                    entities.name(claim.attributed_to), kinds.get(claim.content, ""), claim.quote,
                )
            )  # fmt: skip


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(harmless, cells))
    return line.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell


_TEXTS: dict[str, Callable[[Iterable[StoredText], Entities], Iterator[str]]] = {
    "annotations": _annotations,
    "graphml": _graphml,
    "events": _events,
}
VIEWS = (*RDF_FORMS, "rdf12", *_TEXTS)
