"""What Wikidata says of the entities of a store, in a graph of its own: never mixed with what articles say.

The subject is our entity, the property Wikidata's, and the value our entity where we have it, else the item with its
label; so `id:x wdt:P137 id:y` never looks like the edge that an article asserts (`gp:operator`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from kg.ontology import GP, RDFS
from kg.rdf import DCT, WD, XSD
from kg.store import Graph, text
from kg.wikidata.search import Search, qid_of

FACTS_GRAPH = ox.NamedNode(GP + "wikidata")
ITEMS = 200  # in one question
WDT, P, PS, PQ = (f"http://www.wikidata.org/prop/{part}" for part in ("direct/", "", "statement/", "qualifier/"))
# head of state, head of government, country, operator, coordinates, signatory, member of
DIRECT = ("P35", "P6", "P17", "P137", "P625", "P1891", "P463")
_WKT = ox.NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")

_LINKED = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?entity ?item ?named WHERE {
  ?entity skos:exactMatch ?item OPTIONAL { ?entity gp:mentionedAs ?words } BIND(BOUND(?words) AS ?named) }"""


@dataclass(frozen=True, slots=True)
class Enriched:
    """What was fetched."""

    entities: int  # asked for
    facts: int
    quads: int
    requests: int


def enrich(graph: Graph, search: Search) -> Enriched:
    """Fetch the facts for every linked entity that an article names, and put them in the place of the former ones.

    LinkError when the endpoint does not answer: then nothing is written.
    """
    before = search.endpoint.requests
    ours: dict[str, str] = {}  # QID -> IRI of our entity
    named: set[str] = set()
    for entity, item, told in graph.select(_LINKED):
        qid = text(item).removeprefix(WD)
        ours[qid] = text(entity)
        if text(told) == "true":
            named.add(qid)
    wanted = sorted(named, key=lambda qid: int(qid[1:]))
    url = search.endpoint.url
    found = search.cache.answers(url, "facts", wanted, lambda some: _ask(search, some), ITEMS, fresh=search.fresh)
    days = {qid: search.cache.when(url, "facts", qid) for qid in wanted}
    facts = {qid: rows or [] for qid, rows in found.items()}
    strangers = {qid for rows in facts.values() for row in rows for qid in _items(row) if qid not in ours}
    labels = {qid: item.labels for qid, item in search.items(sorted(strangers)).items()}
    quads = sorted(set(_quads(facts, days, ours, labels, url)), key=str)
    graph.replace(FACTS_GRAPH, quads)
    graph.flush()
    number = sum(map(len, facts.values()))
    return Enriched(len(wanted), number, len(quads), search.endpoint.requests - before)


def _ask(search: Search, qids: list[str]) -> dict[str, list[dict[str, str]]]:
    items = " ".join(f"<{WD}{qid}>" for qid in qids)
    direct = " ".join(f"<{WDT}{name}>" for name in DIRECT)
    rows = search.endpoint.rows(
        f"""PREFIX wikibase: <http://wikiba.se/ontology#>
SELECT DISTINCT ?item ?property ?value ?statement ?from ?to ?of WHERE {{
  VALUES ?item {{ {items} }}
  {{ VALUES ?property {{ {direct} }} ?item ?property ?value }}
  UNION {{
    ?item <{P}P39> ?statement . ?statement <{PS}P39> ?value .
    OPTIONAL {{ ?statement <{PQ}P580> ?from }} OPTIONAL {{ ?statement <{PQ}P582> ?to }}
    OPTIONAL {{ ?value <{WDT}P1001> ?of }}
    MINUS {{ ?statement wikibase:rank wikibase:DeprecatedRank }}
    BIND(<{P}P39> AS ?property)
  }}
}} ORDER BY ?item ?property ?value ?statement ?from ?to ?of"""
    )
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        found[qid_of(row["item"])].append({name: value for name, value in row.items() if name != "item"})
    return dict(found)


def _items(row: Mapping[str, str]) -> list[str]:
    return [qid for name in ("value", "of") if (qid := qid_of(row.get(name, "")))]


def _quads(
    facts: Mapping[str, list[dict[str, str]]],
    days: Mapping[str, str],
    ours: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]],
    url: str,
) -> Iterator[ox.Quad]:
    def quad(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, FACTS_GRAPH)

    def node(iri: str) -> ox.NamedNode:
        return ox.NamedNode(ours.get(qid_of(iri), iri))

    yield quad(FACTS_GRAPH.value, DCT + "source", ox.NamedNode(url))
    for qid, rows in facts.items():
        yield quad(WD + qid, DCT + "date", ox.Literal(days[qid], datatype=ox.NamedNode(XSD + "date")))
        for row in rows:
            value, property_ = row["value"], row["property"]
            if property_ == WDT + "P625":
                yield quad(ours[qid], property_, ox.Literal(value, datatype=_WKT))
            elif qid_of(value) and property_ == P + "P39" and _is_iri(row.get("statement", "")):
                statement = row["statement"]
                yield quad(ours[qid], property_, ox.NamedNode(statement))
                yield quad(statement, PS + "P39", node(value))
                for name, qualifier in (("from", "P580"), ("to", "P582")):
                    if (day := row.get(name, "")[:10]) and _is_day(day):
                        yield quad(statement, PQ + qualifier, ox.Literal(day, datatype=ox.NamedNode(XSD + "date")))
                if qid_of(row.get("of", "")):
                    yield quad(node(value).value, WDT + "P1001", node(row["of"]))
            elif qid_of(value):
                yield quad(ours[qid], property_, node(value))
    for qid, names in labels.items():
        for lang, name in names.items():
            yield quad(WD + qid, RDFS + "label", ox.Literal(name, language=lang))


def _is_iri(value: str) -> bool:
    return value.startswith("http://www.wikidata.org/entity/statement/")


def _is_day(value: str) -> bool:
    """True for a day that the calendar has: some dates of Wikidata lie before our era, others are unknown."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
