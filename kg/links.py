"""Links from entities to Wikidata that are not world data: found live or decided by a person, with their reasons.

They stand in a graph of their own, so reading articles again leaves them alone; each can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

import pyoxigraph as ox

from kg import rdf
from kg.errors import LinkError
from kg.ontology import GP, RDF, SKOS
from kg.rdf import DCT, WD, XSD
from kg.seeds import World
from kg.store import Graph, text

LINKS_GRAPH = ox.NamedNode(GP + "links")
BY_HAND = "by hand"

Status = Literal["accepted", "proposed", "rejected"]


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """What an entity is, or might be, in Wikidata."""

    entity: str  # IRI
    qid: str
    status: Status
    score: float  # 0 to 1
    reason: str
    source: str  # address of the endpoint, or BY_HAND
    date: str  # YYYY-MM-DD

    @property
    def by_hand(self) -> bool:
        """True when a person has decided it: no search changes it."""
        return self.source == BY_HAND


_LINKS = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?entity ?item ?status ?score ?reason ?source ?date WHERE {
  ?link a gp:Link ; gp:linkOf ?entity ; gp:linkTo ?item ; gp:linkStatus ?status ; gp:linkScore ?score ;
    gp:linkReason ?reason ; dct:date ?date .
  OPTIONAL { ?link dct:source ?source }
} ORDER BY ?entity DESC(?score) ?item"""


def stored_links(graph: Graph) -> list[Link]:
    """All links of the store but those of the world data, by entity, the likeliest first."""
    found = []
    for entity, item, status, score, reason, source, date in graph.select(_LINKS):
        kind = cast(Status, text(status).removeprefix(GP))
        qid = text(item).removeprefix(WD)
        found.append(
            Link(text(entity), qid, kind, float(text(score)), text(reason), text(source) or BY_HAND, text(date))
        )
    return found


def write_links(graph: Graph, links: Iterable[Link]) -> None:
    """Put these links in the place of all that stand in the store, in one update."""
    graph.replace(LINKS_GRAPH, sorted(set(_quads(links)), key=str))
    graph.flush()


def _quads(links: Iterable[Link]) -> Iterator[ox.Quad]:
    for link in links:
        node, entity, item = ox.NamedNode(f"{link.entity}/wikidata/{link.qid}"), ox.NamedNode(link.entity), _item(link)
        values: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            (RDF + "type", ox.NamedNode(GP + "Link")),
            (GP + "linkOf", entity),
            (GP + "linkTo", item),
            (GP + "linkStatus", ox.NamedNode(GP + link.status)),
            (GP + "linkScore", ox.Literal(f"{link.score:.2f}".rstrip("0").rstrip("."), datatype=_type("decimal"))),
            (GP + "linkReason", ox.Literal(link.reason)),
            (DCT + "date", ox.Literal(link.date, datatype=_type("date"))),
        ]
        if not link.by_hand:
            values.append((DCT + "source", ox.NamedNode(link.source)))
        for predicate, value in values:
            yield ox.Quad(node, ox.NamedNode(predicate), value, LINKS_GRAPH)
        if link.status == "accepted":
            yield ox.Quad(entity, ox.NamedNode(SKOS + "exactMatch"), item, LINKS_GRAPH)


def _type(name: str) -> ox.NamedNode:
    return ox.NamedNode(XSD + name)


def _item(link: Link) -> ox.NamedNode:
    return ox.NamedNode(WD + link.qid)


# --- what a person decides


def accept(graph: Graph, world: World, entity: str, qid: str, day: str) -> None:
    """The entity is this item and no other."""
    _must_be_qid(qid)
    kept = [link for link in stored_links(graph) if link.entity != entity or (link.by_hand and link.qid != qid)]
    kept = [_rejected(link, day) if link.entity == entity else link for link in kept]
    of_world = _world_qid(world, entity)
    if of_world and of_world != qid and not any((one.entity, one.qid) == (entity, of_world) for one in kept):
        kept.append(Link(entity, of_world, "rejected", 0.0, "another item was chosen", BY_HAND, day))
    if of_world != qid:
        kept.append(Link(entity, qid, "accepted", 1.0, "chosen by a person", BY_HAND, day))
    _settle(graph, world, kept)


def reject(graph: Graph, world: World, entity: str, qid: str, day: str) -> None:
    """The entity is not this item, whatever a search or the world data says."""
    _must_be_qid(qid)
    kept = [link for link in stored_links(graph) if (link.entity, link.qid) != (entity, qid)]
    _settle(graph, world, [*kept, Link(entity, qid, "rejected", 0.0, "refused by a person", BY_HAND, day)])


def undo(graph: Graph, world: World, entity: str) -> int:
    """Take back all that was found or decided about the entity; returns how many links went."""
    links = stored_links(graph)
    kept = [link for link in links if link.entity != entity]
    if len(kept) < len(links):
        _settle(graph, world, kept)
    return len(links) - len(kept)


def refused(graph: Graph) -> frozenset[tuple[str, str]]:
    """(entity, QID) pairs that a person has refused."""
    return frozenset((link.entity, link.qid) for link in stored_links(graph) if link.status == "rejected")


def _settle(graph: Graph, world: World, links: list[Link]) -> None:
    """Write the links, and the world data without those of its links that are refused, if those have changed."""
    before = _of_world(world, refused(graph))
    write_links(graph, links)
    if _of_world(world, after := refused(graph)) != before:
        graph.refresh(rdf.WORLD_GRAPH, rdf.world_quads(world, after))
        graph.flush()


def _of_world(world: World, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(entity, qid) for entity, qid in pairs if _world_qid(world, entity) == qid}


def _rejected(link: Link, day: str) -> Link:
    return Link(link.entity, link.qid, "rejected", 0.0, "another item was chosen", BY_HAND, day)


def _world_qid(world: World, entity: str) -> str | None:
    record = world.records.get(entity.removeprefix(rdf.ID))
    return record.qid if record is not None else None


def _must_be_qid(qid: str) -> None:
    if not re.fullmatch(r"Q[1-9][0-9]{0,11}", qid, re.ASCII):
        raise LinkError(f"'{qid}' is no identifier of Wikidata; write Q and a number, such as Q855")
