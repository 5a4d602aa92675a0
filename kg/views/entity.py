"""One entity: what it is called and linked to, what is said of it, its neighbours, places and articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyoxigraph as ox

from kg.ontology import GP
from kg.rdf import ID, WD
from kg.store import Graph, text
from kg.stored import StoredEntity, local
from kg.views.catalogue import Entry, catalogue
from kg.views.claims import QUOTES, Filter, Group, Headline, Option, Reader, grouped, matches, merged, options
from kg.views.neighbours import Neighbourhood, neighbourhood
from kg.views.timeline import Column, columns

WHOLE = 60  # claims that are shown all on one page
GROUPS, STATEMENTS = 10, 3  # shown of an entity with more
PAGE = 40  # claims on a page of one relation
MENTIONS, ARTICLES, NEIGHBOURS, POINTS = 12, 8, 6, 40


@dataclass(frozen=True, slots=True)
class WikidataLink:
    """What an entity is, or might be, in Wikidata, and why."""

    qid: str
    status: str  # accepted, proposed or rejected
    reason: str  # of a search or a person; empty where data sets vouch for it
    sources: tuple[str, ...] = ()  # titles of those data sets
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A base on the map."""

    entity: StoredEntity
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Listing:
    """Claims as groups, and where in them the page is."""

    groups: tuple[Group, ...]
    others: tuple[Group, ...]  # told by their count only
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class EntityView:
    """All that the page of an entity shows."""

    entity: StoredEntity
    aliases: tuple[str, ...]  # names beside the labels
    mentions: tuple[str, ...]
    branch: str
    former_offices: tuple[str, ...]
    position: tuple[float, float] | None
    links: tuple[WikidataLink, ...]
    in_world: bool
    total: int
    article_count: int
    wanted: Filter
    options: dict[str, tuple[Option, ...]]
    strip: list[Column]
    listing: Listing
    tally: Group | None
    neighbours: Neighbourhood
    points: tuple[Point, ...]
    articles: tuple[Headline, ...]


def view(graph: Graph, key: str, wanted: Filter, page: int = 1) -> EntityView | None:
    """The entity of that key; None when the graph has nothing about it."""
    found = catalogue(graph)
    iri = ID + key
    reader = Reader(graph, found)
    entries = found.of.get(iri, ())
    if iri not in found.labels and not entries:
        return None
    selected = [entry for entry in entries if matches(entry, wanted)] if wanted else list(entries)
    entity = reader.entity(iri)
    listing = listed(reader, selected, iri, wanted, page)
    articles = Counter(entry.article for entry in selected)
    return EntityView(
        entity,
        tuple(
            dict.fromkeys(name for one, name, _, _ in found.names if one == iri and name not in entity.labels.values())
        ),
        tuple(text(row[1]) for row in graph.select(_MENTIONS, {"entity": ox.NamedNode(iri)})),
        _branch(graph, iri) if entity.cls == "MilitaryBase" else "",
        tuple(sorted({entry.office for entry in entries if entry.former and iri in entry.fillers("subject")} - {""})),
        found.places.get(iri),
        _links(graph, iri),
        not key.startswith("x-"),
        len(selected),
        len(articles),
        wanted,
        options(entries, wanted),
        columns(selected)[0],
        listing,
        next((group for group in listing.groups if group.is_disputed and group.is_event), None),
        neighbourhood(reader, iri, limit=NEIGHBOURS),
        _points(reader, iri, entries),
        tuple(_counted(reader.headline(article), count) for article, count in list(articles.items())[:ARTICLES]),
    )


def listed(reader: Reader, selected: list[Entry], iri: str, wanted: Filter, page: int) -> Listing:
    """The claims as groups: all of a few, a choice of many, a page of those of one relation."""
    groups = grouped(selected, iri)
    if len(selected) <= WHOLE:
        shown = [reader.group(key, members, iri, statements=WHOLE, quotes=WHOLE) for key, members in groups]
        return Listing(tuple(shown), (), len(selected), 1, 1)
    if wanted.type:
        ordered = [entry for _, members in groups for equal in merged(members, iri) for entry in equal]
        pages = -(-len(ordered) // PAGE)
        page = min(max(page, 1), pages)
        part = grouped(ordered[(page - 1) * PAGE : page * PAGE], iri)
        shown = [reader.group(key, members, iri, statements=PAGE, quotes=PAGE) for key, members in part]
        return Listing(tuple(shown), (), len(ordered), page, pages)
    shown = [reader.group(key, members, iri, statements=STATEMENTS, quotes=QUOTES) for key, members in groups[:GROUPS]]
    rest = [reader.group(key, members, iri, statements=0, quotes=0) for key, members in groups[GROUPS:]]
    return Listing(tuple(shown), tuple(rest), len(selected), 1, 1)


def _counted(article: Headline, claims: int) -> Headline:
    return Headline(article.iri, article.id, article.title, article.date, claims)


def _branch(graph: Graph, iri: str) -> str:
    """The branch of a base that most claims give it."""
    counts = Counter(local(text(row[1])) for row in graph.select(_BRANCHES, {"entity": ox.NamedNode(iri)}))
    return max(sorted(counts), key=lambda branch: counts[branch], default="")


def _links(graph: Graph, iri: str) -> tuple[WikidataLink, ...]:
    entity = {"entity": ox.NamedNode(iri)}
    found: dict[str, WikidataLink] = {}
    for _, item, source in graph.select(_MATCHES, entity):
        qid = text(item).removeprefix(WD)
        sources = found[qid].sources if qid in found else ()
        found[qid] = WikidataLink(qid, "accepted", "", (*sources, *([text(source)] if source else [])))
    for _, item, status, reason, score in graph.select(_DECIDED, entity):
        qid = text(item).removeprefix(WD)
        kind = text(status).removeprefix(GP)
        found[qid] = WikidataLink(qid, kind, text(reason), (), float(text(score) or 0))
    order = ("accepted", "proposed", "rejected")
    return tuple(sorted(found.values(), key=lambda link: (order.index(link.status), -(link.score or 1), link.qid)))


def _points(reader: Reader, iri: str, entries: tuple[Entry, ...]) -> tuple[Point, ...]:
    """The entity, where it has a place, and the bases in its claims; for a base, those of the same articles."""
    found = reader.found
    wanted = Counter({iri: len(entries) + 1})
    if found.classes.get(iri) == "MilitaryBase":
        articles = {entry.article for entry in entries}
        near = (entry for host in _hosts(entries, iri) for entry in found.of.get(host, ()) if entry.article in articles)
        entries = (*entries, *near)
    wanted.update(
        filler for entry in entries for _, filler in entry.parts if found.classes.get(filler) == "MilitaryBase"
    )
    placed = [one for one, _ in wanted.most_common() if one in found.places][:POINTS]
    is_base = any(found.classes.get(one) == "MilitaryBase" for one in placed)
    return tuple(Point(reader.entity(one), *found.places[one]) for one in placed) if is_base else ()


def _hosts(entries: tuple[Entry, ...], iri: str) -> set[str]:
    """Who runs or hosts the base."""
    stated = (entry for entry in entries if entry.type in ("hostState", "operator", "locatedIn"))
    return {filler for entry in stated for _, filler in entry.parts} - {iri}


_MENTIONS = f"SELECT DISTINCT ?entity ?words WHERE {{ ?entity gp:mentionedAs ?words }} LIMIT {MENTIONS}"
_BRANCHES = "SELECT ?entity ?branch WHERE { ?claim rdf:subject ?entity ; gp:branch ?branch } LIMIT 1000"
_MATCHES = """
SELECT DISTINCT ?entity ?item ?title WHERE {
  ?entity skos:exactMatch ?item OPTIONAL { ?entity dct:source ?source . ?source dct:title ?title }
} ORDER BY ?item ?title"""
_DECIDED = """
SELECT DISTINCT ?entity ?item ?status ?reason ?score WHERE {
  ?link gp:linkOf ?entity ; gp:linkTo ?item ; gp:linkStatus ?status ; gp:linkReason ?reason ; gp:linkScore ?score
}"""
