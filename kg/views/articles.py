"""The articles of a store, the newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.store import Graph, text
from kg.views.catalogue import catalogue

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """One article of the list."""

    iri: str
    id: str
    title: str
    lang: str
    date: str
    source: str
    claims: int


@dataclass(frozen=True, slots=True)
class ArticleList:
    """One page of the list."""

    articles: tuple[Listed, ...]
    total: int
    page: int  # from 1
    page_count: int


def article_list(graph: Graph, page: int = 1) -> ArticleList | None:
    """That page of the list; None when there are not so many."""
    dates = catalogue(graph).dates
    dated = sorted(sorted(dates), key=dates.__getitem__, reverse=True)
    pages = max(1, -(-len(dated) // PAGE))
    if not 1 <= page <= pages:
        return None
    shown = dated[(page - 1) * PAGE : page * PAGE]
    return ArticleList(tuple(_listed(graph, iri) for iri in shown), len(dated), page, pages)


def _listed(graph: Graph, iri: str) -> Listed:
    node = {"article": ox.NamedNode(iri)}
    _, id_, title, lang, date, source = map(text, next(graph.select(_ABOUT, node)))
    claims = next(graph.select(_CLAIMS, node), (None, None))[1]
    return Listed(iri, id_, title, lang, date, source, int(text(claims) or 0))


_PREFIXES = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX dct: <http://purl.org/dc/terms/> PREFIX schema: <https://schema.org/>
"""
_ABOUT = (
    _PREFIXES
    + """SELECT ?article ?id ?title ?lang ?date ?source WHERE {
  ?article dct:identifier ?id
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:inLanguage ?lang }
  OPTIONAL { ?article schema:datePublished ?date }
  OPTIONAL { ?article dct:source ?source }
} LIMIT 1"""
)
_CLAIMS = (
    _PREFIXES
    + "SELECT ?article (COUNT(?claim) AS ?count) WHERE { GRAPH ?article { ?claim a gp:Claim } } GROUP BY ?article"
)
