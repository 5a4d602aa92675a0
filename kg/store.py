"""The graph: a folder, memory or an endpoint that holds one named graph per article.

Quads go in and out; what they mean is the business of `rdf`. Nothing is changed in place: an
article's graph is replaced as a whole, in one transaction, or removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.local import Local, open_folder, told
from kg.rdf import PREFIXES
from kg.remote import Dataset, Found, Substitutions, open_remote

FORMAT = 1  # raise when a store written by older programs must be built again
GP = "https://w3id.org/geopol/ns#"
STORE_GRAPH = ox.NamedNode(GP + "store")
FORMAT_VERSION = ox.NamedNode(GP + "formatVersion")
TEXT_DIGEST = ox.NamedNode(GP + "textDigest")

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT: one tuple of terms per row, None where a variable is not bound."""

    variables: tuple[str, ...]
    rows: Iterator[tuple[Term | None, ...]]


@dataclass(frozen=True, slots=True)
class Triples:
    """The answer to a CONSTRUCT or DESCRIBE."""

    triples: Iterator[ox.Triple]


Answer = Rows | Triples | bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whether an article must be read again: the digest of its text and its reader."""

    digest: str
    made_by: str
    about: tuple[str, str, str, str] = ("", "", "", "")  # title, date, address, source


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """One article as the store knows it."""

    iri: ox.NamedNode
    id: str
    lang: str
    title: str
    date: str | None


class Backend(Protocol):
    """What a place that keeps quads must be able to do."""

    def query(self, sparql: str, substitutions: Substitutions, dataset: Dataset | None = None) -> Found: ...
    def replace(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None: ...
    def remove(self, graph: ox.NamedNode) -> None: ...
    def bulk(self, quads: Iterable[ox.Quad]) -> None: ...
    def quads(self, graph: ox.NamedNode | None) -> Iterator[ox.Quad]: ...
    def count(self) -> int: ...
    def flush(self) -> None: ...
    def optimize(self) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class Graph:
    """All articles of one store, whatever keeps them."""

    location: str
    backend: Backend
    read_only: bool = False

    def query(self, sparql: str, substitutions: Mapping[str, ox.NamedNode | ox.Literal] | None = None) -> Answer:
        """Ask over the union of all graphs; QueryError for a question that cannot be read."""
        found = self.found(sparql, substitutions)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        if isinstance(found, ox.QuerySolutions):
            names = tuple(variable.value for variable in found.variables)
            return Rows(names, told(self.location, (tuple(solution[name] for name in names) for solution in found)))
        return Triples(told(self.location, found))

    def found(self, sparql: str, substitutions: Substitutions | None = None, dataset: Dataset | None = None) -> Found:
        """What the engine answers; asks the dataset, else the graphs that FROM names, else the union of all."""
        return self.backend.query(sparql, substitutions or {}, dataset)

    def select(
        self, sparql: str, substitutions: Mapping[str, ox.NamedNode | ox.Literal] | None = None
    ) -> Iterator[tuple[Term | None, ...]]:
        """The rows of a SELECT; QueryError when the query is of another form."""
        answer = self.query(sparql, substitutions)
        if not isinstance(answer, Rows):
            raise QueryError("this query does not SELECT rows")
        return answer.rows

    def replace(self, article: ox.NamedNode, quads: Iterable[ox.Quad]) -> int:
        """Put the quads in the place of the article's graph, all or none; returns how many."""
        self._must_write()
        quads = list(quads)
        if any(quad.graph_name != article for quad in quads):
            raise ValueError(f"a quad for another graph than {article}")
        self.backend.replace(article, quads)
        return len(quads)

    def withdraw(self, article_id: str) -> int:
        """Take out the article with all its claims and edges; returns how many quads went."""
        self._must_write()
        found = next(self.select(_BY_ID, {"id": ox.Literal(article_id)}), None)
        if found is None or not isinstance(found[1], ox.NamedNode):
            raise StoreError(f"{self.location}: no article '{article_id}'; `articles` lists what the store holds")
        gone = sum(1 for _ in self.backend.quads(found[1]))
        self.backend.remove(found[1])
        self.flush()
        return gone

    def bulk(self, quads: Iterable[ox.Quad]) -> None:
        """Add the graphs of many new articles; up to a million quads are written all or none."""
        self._must_write()
        self.backend.bulk(quads)

    def refresh(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> int:
        """Put background (ontology, world data) in place where it has changed; returns how many quads."""
        self._must_write()
        quads = list(quads)
        digest = "sha256:" + sha256("".join(sorted(map(str, quads))).encode()).hexdigest()
        if self.digest(graph) == digest:
            return 0
        self.replace(graph, quads)
        kept = [quad for quad in self.quads(STORE_GRAPH) if quad.subject != graph]
        note = ox.Quad(graph, TEXT_DIGEST, ox.Literal(digest), STORE_GRAPH)
        self.backend.replace(STORE_GRAPH, [*kept, note])
        return len(quads)

    def articles(self) -> Iterator[StoredArticle]:
        """The articles in the order of their ids."""
        for iri, article_id, lang, title, date in self.select(_ARTICLES):
            if isinstance(iri, ox.NamedNode):
                yield StoredArticle(iri, text(article_id), text(lang), text(title), text(date) or None)

    def stamps(self, articles: Sequence[ox.NamedNode]) -> dict[ox.NamedNode, Stamp]:
        """The stamps of those of the articles (or background graphs) that the store holds."""
        stamps = {}
        for article in articles:
            for _, digest, made_by, *about in self.select(_STAMP, {"graph": article}):
                title, date, address, source = map(text, about)
                stamps[article] = Stamp(text(digest), text(made_by), (title, date, address, source))
        return stamps

    def digest(self, article: ox.NamedNode) -> str | None:
        """The digest of the text that was read; None when the article is not in the store."""
        stamp = self.stamps([article]).get(article)
        return stamp.digest if stamp else None

    def quads(self, graph: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
        """Every quad, or those of one graph, in no order."""
        return self.backend.quads(graph)

    def count(self) -> int:
        """How many quads the store holds."""
        return self.backend.count()

    def flush(self) -> None:
        """See to it that what was written survives a power cut, as far as the disk allows."""
        self.backend.flush()

    def optimize(self) -> None:
        """Tidy up after many changes, so that questions are fast."""
        self.backend.optimize()

    def close(self) -> None:
        """Let the store go, so that others may open it."""
        self.backend.close()

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _must_write(self) -> None:
        if self.read_only:
            raise StoreError(f"{self.location}: opened for reading only; open it for writing")


_ARTICLES = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX dct: <http://purl.org/dc/terms/> PREFIX schema: <https://schema.org/>
SELECT ?article ?id ?lang ?title ?date WHERE {
  ?article a gp:Article ; dct:identifier ?id .
  OPTIONAL { ?article schema:inLanguage ?lang }
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:datePublished ?date }
} ORDER BY ?id"""
_BY_ID = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?id ?article WHERE { ?article dct:identifier ?id ; a gp:Article }"""
_STAMP = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
SELECT ?graph ?digest ?madeBy ?title ?date ?url ?source WHERE {
  ?graph gp:textDigest ?digest
  OPTIONAL { ?graph gp:madeBy ?madeBy }
  OPTIONAL { ?graph schema:headline ?title }
  OPTIONAL { ?graph schema:datePublished ?date }
  OPTIONAL { ?graph schema:url ?url }
  OPTIONAL { ?graph dct:source ?source }
} LIMIT 1"""
_FORMAT = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT ?v WHERE { GRAPH gp:store { gp:store gp:formatVersion ?v } }"""
_UNION = "PREFIX gp: <https://w3id.org/geopol/ns#> ASK { gp:store gp:formatVersion ?v }"


def text(term: Term | None) -> str:
    """The characters of a literal or IRI; empty when there is none."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def open_graph(location: str | Path, *, read_only: bool = False) -> Graph:
    """Open a folder (made when missing, unless read only), `:memory:` or an http address."""
    location = str(location)
    backend: Backend
    if location == ":memory:":
        backend = Local(location, ox.Store(), PREFIXES)
    elif location.startswith(("http://", "https://")):
        backend = open_remote(location, PREFIXES)
    else:
        backend = Local(location, open_folder(Path(location), read_only=read_only), PREFIXES)
    graph = Graph(location, backend, read_only)
    _check_format(graph)
    return graph


def _check_format(graph: Graph) -> None:
    """Refuse what another program or another version of this one wrote; mark what is new."""
    found = next(graph.select(_FORMAT), None)
    if found is None:
        if graph.read_only:
            return
        if isinstance(graph.backend, Local) and graph.count():
            graph.close()
            raise StoreError(f"{graph.location}: a store of another program; name a new or empty folder")
        marker = ox.Quad(STORE_GRAPH, FORMAT_VERSION, ox.Literal(FORMAT), STORE_GRAPH)
        graph.backend.replace(STORE_GRAPH, [marker])
        graph.flush()
    elif (version := text(found[0])) != str(FORMAT):
        graph.close()
        is_newer = version.isdecimal() and int(version) > FORMAT
        mend = "upgrade kg" if is_newer else "build it again from the articles into a new folder"
        raise StoreError(
            f"{graph.location}: written by {'a newer' if is_newer else 'an older'} kg "
            f"(format {version}, this one reads {FORMAT}); {mend}"
        )
    if graph.query(_UNION) is False:
        raise StoreError(
            f"{graph.location}: the server does not ask the union of its graphs; "
            "for oxigraph serve add --union-default-graph"
        )
