"""Links for the entities of a store that have none, from a live endpoint: asked in batches, written all at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.links import Link, Status, refused, stored_links, write_links
from kg.ontology import GP
from kg.rdf import ID, WD
from kg.seeds import Agreement, AnyRecord, Base, City, Organization, Person, World
from kg.store import Graph, Term, text
from kg.wikidata.judge import Judged, Subject, judge
from kg.wikidata.search import Search

CLASSES = ("State", "Person", "Organization", "MilitaryBase", "Agreement", "Place")
KEPT = 5  # candidates that are told of an entity
SHORTEST = 2  # letters of a name that is worth asking for

_HEAD = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_OPEN = f"""{_HEAD}SELECT DISTINCT ?entity ?class WHERE {{
  ?entity gp:mentionedAs ?words ; a ?class MINUS {{ ?entity skos:exactMatch ?item }} }} ORDER BY ?entity"""
_NAMES = f"""{_HEAD}SELECT DISTINCT ?entity ?name WHERE {{
  {{ ?entity rdfs:label ?name }} UNION {{ ?entity skos:altLabel ?name }} ?entity gp:mentionedAs ?words }}"""
_STATES = f"""{_HEAD}SELECT DISTINCT ?entity ?item WHERE {{
  ?entity gp:holdsOffice|gp:heldOffice|gp:hostState|gp:locatedIn|gp:signatory ?state .
  ?state skos:exactMatch ?item }}"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search has brought."""

    asked: int  # entities
    linked: int
    proposed: int  # entities with candidates of which none is sure
    requests: int


def link_live(
    graph: Graph, world: World, search: Search, *, limit: int = 0, dry: bool = False
) -> tuple[Outcome, list[Link]]:
    """Look for every entity without a link; what a person has decided stays. `dry`: nothing is written.

    Returns the figures and the links, the new ones and those that stood there before. LinkError when the endpoint
    does not answer: then nothing is written.
    """
    before = search.endpoint.requests
    wanted = subjects(graph, world)[: limit or None]
    hits = search.names(name for subject in wanted for name in subject.names)
    no = refused(graph)
    items = search.items(qid for found in hits.values() for qid in found)
    links = {(link.entity, link.qid): link for link in stored_links(graph)}
    iris = {subject.iri for subject in wanted}
    links = {key: link for key, link in links.items() if link.by_hand or link.entity not in iris}
    linked = proposed = 0
    for subject in wanted:
        allowed = {
            name: {qid: how for qid, how in hits[name].items() if (subject.iri, qid) not in no}
            for name in subject.names
        }
        found = judge(subject, allowed, items)[:KEPT]
        linked += bool(found) and found[0].sure
        proposed += bool(found) and not found[0].sure
        for one in found:
            links[subject.iri, one.item.qid] = _link(subject, one, search)
    made = sorted(links.values())
    if not dry:
        write_links(graph, made)
    return Outcome(len(wanted), linked, proposed, search.endpoint.requests - before), made


def _link(subject: Subject, one: Judged, search: Search) -> Link:
    name = one.item.labels.get("en") or one.item.labels.get("ar") or ""
    told = "; ".join([*one.reasons, ", ".join(part for part in (name, one.item.description) if part)])
    day = search.cache.when(search.endpoint.url, "item", one.item.qid)
    status: Status = "accepted" if one.sure else "proposed"
    return Link(subject.iri, one.item.qid, status, one.score, told.rstrip("; "), search.endpoint.url, day)


def subjects(graph: Graph, world: World) -> list[Subject]:
    """The entities that articles name and nobody has linked, in the order of their IRIs."""
    names: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    states: defaultdict[str, set[str]] = defaultdict(set)
    for entity, name in graph.select(_NAMES):
        if (lang := _language(name)) in {"en", "ar"} and len(text(name)) >= SHORTEST:
            names[text(entity)].append((lang, text(name)))
    for entity, item in graph.select(_STATES):
        states[text(entity)].add(text(item).removeprefix(WD))
    found: dict[str, Subject] = {}
    for entity, cls in graph.select(_OPEN):
        iri, kind = text(entity), text(cls).removeprefix(GP)
        if kind in CLASSES and iri not in found:
            record = world.records.get(iri.removeprefix(ID))
            known = states[iri] | (states_of(record, world) if record is not None else set())
            found[iri] = Subject(iri, kind, tuple(sorted(names[iri])), frozenset(known), place_of(record))
    return list(found.values())


def _language(term: Term | None) -> str:
    return str(getattr(term, "language", None) or "")


def states_of(record: AnyRecord, world: World) -> set[str]:
    """QIDs of the states that the world data connects with a record."""
    match record:
        case Person():
            refs = {term.of for term in record.offices}
        case Base():
            refs = {record.host}
        case City():
            refs = {record.state}
        case Organization():
            refs = {record.of} if record.of else set()
        case Agreement():
            refs = set(record.parties)
        case _:
            refs = set()
    refs |= {above.of for ref in refs if isinstance(above := world.records[ref], Organization) and above.of}
    return {qid for ref in refs if (qid := world.records[ref].qid)}


def place_of(record: AnyRecord | None) -> tuple[float, float] | None:
    if isinstance(record, City | Base) and record.lat is not None and record.lon is not None:
        return record.lat, record.lon
    return None
