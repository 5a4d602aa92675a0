"""A store behind a SPARQL 1.1 endpoint: questions and updates over HTTP, and nothing else.

Speaks only to the address that the user gave as store. Whether an update is one transaction is up
to the server; Oxigraph keeps that promise.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import Request, urlopen

import pyoxigraph as ox

from kg.errors import QueryError, StoreError

TIMEOUT = 300  # seconds; a batch of updates on a busy server takes its time
UPDATE_QUADS = 2_000  # quads in one request: about 1 MB, far below the limits of common servers
ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"
Substitutions = Mapping[str, ox.NamedNode | ox.Literal]
Found = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]

# Comments, IRIs and strings must not be searched for SELECT and WHERE.
_HEADS = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*
      |\b(?P<select>SELECT\b)|\b(?P<where>WHERE\s*\{)""",
    re.I | re.X,
)

# FROM as a word of the query: not inside a comment, IRI, string, variable or prefixed name.
_FROM = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*
      |[?$]\w+|[\w.-]*:[\w.%:-]*|\b(?P<from>FROM)\b""",
    re.I | re.X | re.S,
)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that one question sees, in place of the union of all."""

    default: tuple[ox.NamedNode, ...] = ()
    named: tuple[ox.NamedNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Remote:
    """The two addresses of one endpoint, and who asks."""

    query_url: str
    update_url: str
    authorization: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)  # what a question may use without declaring it

    def query(self, sparql: str, substitutions: Substitutions, dataset: Dataset | None = None) -> Found:
        """Ask the dataset, else what FROM names, else the union; QueryError when the server refuses the question."""
        fields = [("query", bind(declared(sparql, self.prefixes), substitutions))]
        if dataset:
            fields += [("default-graph-uri", graph.value) for graph in dataset.default]
            fields += [("named-graph-uri", graph.value) for graph in dataset.named]
        elif not names_dataset(sparql):
            fields.append(("union-default-graph", ""))
        body, kind = self._post(self.query_url, urlencode(fields).encode(), "application/x-www-form-urlencoded", ACCEPT)
        try:
            if kind == "application/n-triples":
                return iter([quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES)])
            found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
            return found if isinstance(found, ox.QueryBoolean) else _whole(body)
        except (SyntaxError, ValueError) as error:
            raise StoreError(
                f"{self.query_url}: the answer is no SPARQL result ({error}); is this an endpoint?"
            ) from error

    def replace(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        """Put these quads in the place of the graph, in one update."""
        self._update(replacement(graph, quads))

    def remove(self, graph: ox.NamedNode) -> None:
        """Take the graph out."""
        self._update(f"DROP SILENT GRAPH {graph}")

    def bulk(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads; a graph is never cut in two as long as its quads stand together."""
        parts: list[str] = []
        size = 0
        for graph, group in groupby(quads, key=lambda quad: quad.graph_name):
            lines = [_line(quad) for quad in group]
            if parts and size + len(lines) > UPDATE_QUADS:
                self._update(f"INSERT DATA {{ {''.join(parts)} }}")
                parts, size = [], 0
            parts.append(f"GRAPH {graph} {{ {' '.join(lines)} }} ")
            size += len(lines)
        if parts:
            self._update(f"INSERT DATA {{ {''.join(parts)} }}")

    def count(self) -> int:
        """How many quads the named graphs hold."""
        found = self.query("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }", {})
        assert isinstance(found, ox.QuerySolutions)
        return int(next(found)["n"].value)

    def quads(self, graph: ox.NamedNode | None) -> Iterator[ox.Quad]:
        """Every quad, or those of one graph."""
        found = self.query(
            "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }",
            {} if graph is None else {"g": graph},
        )
        assert isinstance(found, ox.QuerySolutions)
        return (ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in found)

    def flush(self) -> None:
        """Nothing to do: the server answers when it has written."""

    def optimize(self) -> None:
        """Nothing to do: the server keeps its own house."""

    def close(self) -> None:
        """Nothing to do: no connection stays open."""

    def _update(self, update: str) -> None:
        self._post(self.update_url, update.encode(), "application/sparql-update", "*/*")

    def _post(self, url: str, body: bytes, kind: str, accept: str) -> tuple[bytes, str]:
        headers = {"Content-Type": kind, "Accept": accept, "User-Agent": "kg"}
        if self.authorization:
            headers["Authorization"] = self.authorization
        try:
            with urlopen(Request(url, body, headers), timeout=TIMEOUT) as response:
                return response.read(), response.headers.get_content_type()
        except HTTPError as error:
            with error:
                said = error.read(300).decode("utf-8", "replace").strip().split("\n")[0]
            if error.code == 400:
                raise QueryError(f"{url}: the server does not understand this: {said}") from error
            raise StoreError(f"{url}: the server answered {error.code} {error.reason}: {said}") from error
        except (URLError, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", error)
            raise StoreError(f"{url}: no answer ({reason}); start the server or check the address") from error


def open_remote(location: str, prefixes: Mapping[str, str]) -> Remote:
    """An endpoint from its address: `…/sparql` does all, else `/query` and `/update` below it."""
    parts = urlsplit(location)
    if not parts.hostname:
        raise StoreError(f"{location}: no host in this address; write http://host:port")
    host = parts.netloc.rpartition("@")[2]
    base = urlunsplit((parts.scheme, host, parts.path.rstrip("/").removesuffix("/query"), "", ""))
    authorization = None
    if parts.username is not None:
        user = f"{parts.username}:{parts.password or ''}".encode()
        authorization = "Basic " + base64.b64encode(user).decode()
    if base.endswith("/sparql"):
        return Remote(base, base, authorization, prefixes)
    return Remote(base + "/query", base + "/update", authorization, prefixes)


def bind(sparql: str, substitutions: Substitutions) -> str:
    """The query with a VALUES row of terms at the head of each group whose SELECT names the variable.

    So a parameter reaches into a sub-select that projects it, as a substitution of pyoxigraph does.
    """
    if not substitutions:
        return sparql
    parts, done, head, bound = [], 0, 0, False
    for match in _HEADS.finditer(sparql):
        if match["select"]:
            head = match.end()
        elif match["where"]:
            projected = set(re.findall(r"[?$](\w+)", sparql[head : match.start()]))
            names = [name for name in substitutions if name in projected]
            if names:
                terms = " ".join(str(substitutions[name]) for name in names)
                row = f" VALUES ({' '.join('?' + name for name in names)}) {{ ({terms}) }} "
                parts += [sparql[done : match.end()], row]
                done, bound = match.end(), True
    if not bound:
        raise QueryError("a query with parameters must SELECT them and have the word WHERE")
    return "".join([*parts, sparql[done:]])


def names_dataset(sparql: str) -> bool:
    """True for a query that says by FROM which graphs it asks."""
    return "from" in sparql.lower() and any(found["from"] for found in _FROM.finditer(sparql))


def declared(sparql: str, prefixes: Mapping[str, str]) -> str:
    """The query with those of the prefixes that it uses and does not declare; its lines keep their numbers."""
    used = [name for name in prefixes if re.search(rf"\b{name}:", sparql)]
    heads = [f"PREFIX {name}: <{prefixes[name]}>" for name in used if not re.search(rf"(?i)prefix\s+{name}:", sparql)]
    return " ".join([*heads, sparql])


def replacement(graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> str:
    """One SPARQL update that puts the quads in the place of the graph."""
    lines = " ".join(_line(quad) for quad in quads)
    drop = f"DROP SILENT GRAPH {graph}"
    return f"{drop} ; INSERT DATA {{ GRAPH {graph} {{ {lines} }} }}" if lines else drop


def _line(quad: ox.Quad) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object} ."


def _whole(body: bytes) -> ox.QuerySolutions:
    """The solutions of a complete answer: a cut-off body fails here and now."""
    complete = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    assert isinstance(complete, ox.QuerySolutions)
    for _ in complete:
        pass
    again = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    assert isinstance(again, ox.QuerySolutions)
    return again
