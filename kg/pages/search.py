"""The page of a search, and suggestions as one types, as JSON."""

from __future__ import annotations

import json

from kg.pages.answer import JSON, Answer, Asked
from kg.pages.template import cut, html, path_of, phrase, term
from kg.store import Graph
from kg.terminal import clean
from kg.views.catalogue import Catalogue, catalogue
from kg.views.claims import Reader
from kg.views.search import Hit, near, search

SUGGESTED, LISTED, NEAR = 8, 50, 3


def page(graph: Graph, asked: Asked, _: str) -> Answer:
    """Everybody and everything with such a name."""
    found = catalogue(graph)
    words = asked.params.get("q", "").strip()
    hits = search(found, words, LISTED)
    values = {
        "words": words,
        "hits": hits,
        "near": near(found, words, NEAR) if words and not hits else (),
        "entity": Reader(graph, found).entity,
        "limit": LISTED,
    }
    return Answer(html("search.html", asked, values))


def suggest(graph: Graph, asked: Asked, _: str) -> Answer:
    """The first few, as `[{"name", "other", "class", "claims", "href"}]`."""
    found = catalogue(graph)
    hits = search(found, asked.params.get("q", ""), SUGGESTED)
    return Answer(json.dumps([_row(found, hit, asked.lang) for hit in hits], ensure_ascii=False).encode(), 200, JSON)


def _row(found: Catalogue, hit: Hit, lang: str) -> dict[str, str]:
    name = found.name(hit.iri, lang)
    return {
        "name": cut(clean(name)),
        "other": "" if hit.name == name else cut(clean(hit.name)),
        "class": term(lang, hit.cls),
        "claims": phrase(lang, "claims", count=hit.claims),
        "href": path_of(hit.iri),
    }
