"""The page that sets two parties face to face."""

from __future__ import annotations

from typing import Any

from kg.pages.answer import Answer, Asked
from kg.pages.template import href, html
from kg.rdf import ID
from kg.store import Graph
from kg.stored import local
from kg.views.catalogue import Catalogue, catalogue
from kg.views.claims import Reader
from kg.views.compare import compare
from kg.views.neighbours import Neighbour, neighbourhood
from kg.views.search import search

PROPOSED = 8  # parties to compare with, and pairs to begin with


def page(graph: Graph, asked: Asked, _: str) -> Answer:
    """Two parties, given by key or name; a choice of them where one is missing or not known."""
    found = catalogue(graph)
    reader = Reader(graph, found)
    given = {side: asked.params.get(side, "").strip()[:200] for side in ("a", "b")}
    known = {side: _find(found, words) for side, words in given.items()}
    a, b = known["a"], known["b"]
    both = compare(reader, a, b) if a and b and a != b else None
    one = a or b

    def link(**_: str) -> str:
        return href("/compare", a=local(a), b=local(b)) + "#faces"

    values: dict[str, Any] = {
        "given": given,
        "known": {side: reader.entity(iri) if iri else None for side, iri in known.items()},
        "comparison": both,
        "same": bool(a) and a == b,
        "others": _others(reader, one) if one and not both else (),
        "one": one,
        "first": tuple(reader.entity(iri) for iri in _most(found)) if not one else (),
        "link": link,
    }
    return Answer(html("compare.html", asked, values))


def _find(found: Catalogue, words: str) -> str:
    """The entity of a key or, best, a name; nothing where there is none."""
    if not words:
        return ""
    if ID + words in found.labels:
        return ID + words
    hits = search(found, words, 1)
    return hits[0].iri if hits else ""


def _others(reader: Reader, iri: str) -> tuple[Neighbour, ...]:
    near = neighbourhood(reader, iri, limit=4 * PROPOSED).shown
    return tuple(one for one in near if one.entity.cls in ("State", "Person", "Organization"))[:PROPOSED]


def _most(found: Catalogue) -> list[str]:
    states = (one for one, cls in found.classes.items() if cls == "State" and one in found.of)
    return sorted(states, key=lambda one: (-len(found.of[one]), one))[:PROPOSED]
