"""The W3C tests of SPARQL 1.1: protocol and query evaluation against a `kg serve`, syntax and updates in the store.

    python benchmarks/w3c.py FOLDER [--known benchmarks/w3c-known.yml]

FOLDER is `sparql/sparql11` of w3c/rdf-tests. Left out is what no store of ours has: entailment, federation and the
protocol's tests of updates, for `kg serve` only reads. The file of known failures gives each its reason. Prints a
Markdown table and each failure; exit code 1 where a test fails that is not known, or a known one passes.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import url2pathname

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyoxigraph as ox

from benchmarks.serve import Server, kg_serve
from benchmarks.tables import heads, row
from kg.errors import QueryError
from kg.local import Local
from kg.resources import read_yaml
from kg.store import Graph, open_graph

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
KNOWN = Path(__file__).with_name("w3c-known.yml")
EMPTY = "urn:empty"  # a graph without triples
SUITES = {  # by the types of their tests
    "protocol (queries)": ("ProtocolTest",),
    "query evaluation": ("QueryEvaluationTest", "CSVResultFormatTest"),
    "update evaluation": ("UpdateEvaluationTest",),
    "syntax": ("PositiveSyntaxTest11", "NegativeSyntaxTest11",
               "PositiveUpdateSyntaxTest11", "NegativeUpdateSyntaxTest11"),
}  # fmt: skip
PROLOGUE = re.compile(r"(?:\s|#.*|BASE\s*<[^>]*>|PREFIX\s*\w*:\s*<[^>]*>)*", re.I)
LEFT_OUT = ("entailment", "service", "graph-store-protocol", "service-description")
ROWS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
KINDS = {"boolean": ROWS[:2], "tabular": ROWS, "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml")}
FORMATS = {".srx": ROWS[1], ".srj": ROWS[0], ".csv": ROWS[2], ".tsv": ROWS[3], ".ttl": "text/turtle"}
Node = ox.NamedNode | ox.BlankNode | ox.Literal


class Wrong(Exception):
    """What is wrong with an answer."""


class Manifest:
    """The tests of all manifests and what hangs on them."""

    def __init__(self, folder: Path) -> None:
        self.facts = ox.Store()
        for file in sorted(folder.glob("*/manifest.ttl")):
            if file.parent.name not in LEFT_OUT:
                self.facts.extend(_parsed(file))

    def all(self, subject: Node | None, name: str) -> list[Node]:
        return [quad.object for quad in self.facts.quads_for_pattern(subject, ox.NamedNode(name), None)]

    def one(self, subject: Node | None, name: str) -> Node | None:
        return next(iter(self.all(subject, name)), None)

    def value(self, subject: Node | None, name: str) -> str:
        found = self.one(subject, name)
        return found.value if found is not None else ""

    def listed(self, head: Node | None) -> Iterator[Node]:
        while head is not None and head.value != RDF + "nil":
            entry = self.one(head, RDF + "first")
            assert entry is not None
            yield entry
            head = self.one(head, RDF + "rest")

    def kind(self, test: Node) -> str:
        return self.value(test, RDF + "type").rpartition("#")[2]

    def tests(self, suite: str) -> list[Node]:
        """Those that a manifest enters, in the order of their names."""
        heads = [quad.object for quad in self.facts.quads_for_pattern(None, ox.NamedNode(MF + "entries"), None)]
        found = [test for head in heads for test in self.listed(head) if self.kind(test) in SUITES[suite]]
        return sorted((test for test in found if suite != "protocol (queries)" or "update" not in test.value), key=str)

    def graphs(self, holder: Node | None) -> Iterator[tuple[Path, ox.NamedNode]]:
        """Files of named graphs of a test of updates or of the protocol, and their names."""
        for entry in self.all(holder, UT + "graphData"):
            yield _path(self.value(entry, UT + "graph")), ox.NamedNode(self.value(entry, LABEL))


def main() -> None:
    """Run the suites, print, compare with what is known."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--known", type=Path, default=KNOWN)
    given = options.parse_args()
    if not (given.folder / "protocol" / "manifest.ttl").is_file():
        sys.exit(f"{given.folder}: no tests here; name the folder sparql/sparql11 of w3c/rdf-tests")
    failed = run(Manifest(given.folder.resolve()))
    known = read_yaml(given.known) or {}
    print("".join(f"- {test}: {known.get(test, wrong)}\n" for test, wrong in failed.items()), end="")
    for test in sorted(failed.keys() - known.keys()):
        print(f"{test} fails and is not known: {failed[test]}", file=sys.stderr)
    for test in sorted(known.keys() - failed.keys()):
        print(f"{test} is known to fail and passes; take it out of {given.known}", file=sys.stderr)
    sys.exit(failed.keys() != known.keys())


def run(manifest: Manifest) -> dict[str, str]:
    """Each test that fails, and why; prints the table."""
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, open_graph(":memory:") as graph:
        store = Path(folder) / "store"
        fill(manifest, store)
        assert isinstance(graph.backend, Local)
        assert graph.backend.store is not None
        engine = graph.backend.store
        with kg_serve(store) as server:
            checks: dict[str, Callable[[Node], None]] = {
                "protocol (queries)": lambda test: exchange(manifest, test, server),
                "query evaluation": lambda test: evaluate(manifest, test, server),
                "update evaluation": lambda test: update(manifest, test, engine),
                "syntax": lambda test: parse(manifest, test, graph, engine),
            }
            print(heads("suite", "passed", "of"))
            for suite, check in checks.items():
                tests, before = manifest.tests(suite), len(failed)
                for test in tests:
                    try:
                        check(test)
                    except Wrong as wrong:
                        failed["/".join(test.value.split("/")[-2:]).replace("/manifest", "")] = str(wrong)
                print(row(suite, len(tests) - len(failed) + before, len(tests)), flush=True)
    print()
    return failed


def fill(manifest: Manifest, store: Path) -> None:
    """One store for all tests: each file is a graph of its own, so that a request names its data as its dataset."""
    with open_graph(store) as graph:
        actions = [manifest.one(test, MF + "action") for test in manifest.tests("query evaluation")]
        names = {
            file for action in actions for part in ("data", "graphData") for file in manifest.all(action, QT + part)
        }
        for name in sorted(names, key=str):
            graph.bulk(_parsed(_path(name.value), ox.NamedNode(name.value)))
        for test in manifest.tests("protocol (queries)"):
            for file, named in manifest.graphs(test):
                graph.bulk(_parsed(file, named))
        graph.flush()


def _path(iri: str) -> Path:
    return Path(url2pathname(urlsplit(iri).path))


def _parsed(file: Path, graph: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
    for quad in ox.parse(path=str(file), base_iri=file.as_uri(), rename_blank_nodes=True):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph or quad.graph_name)


def exchange(manifest: Manifest, test: Node, server: Server) -> None:
    """Send the requests of a test of the protocol as they stand."""
    for request in manifest.listed(manifest.one(manifest.one(test, MF + "action"), HT + "requests")):
        headers = {
            manifest.value(header, HT + "fieldName"): manifest.value(header, HT + "fieldValue")
            for header in manifest.listed(manifest.one(request, HT + "headers"))
        }
        body = manifest.one(request, HT + "body")
        encoding = manifest.value(body, CNT + "characterEncoding") or "UTF-8"
        content = manifest.value(body, CNT + "chars").encode(encoding) if body is not None else None
        path = manifest.value(request, HT + "absolutePath").replace("/sparql/", "/sparql", 1)
        response, answer = _asked(server, manifest.value(request, HT + "methodName"), path, content, headers)
        _agrees(manifest, manifest.one(request, HT + "resp"), response, answer)


def _asked(
    server: Server, method: str, path: str, content: bytes | None, headers: dict[str, str]
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request(method, path, content, headers)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def _agrees(manifest: Manifest, wanted: Node | None, response: HTTPResponse, body: bytes) -> None:
    """Wrong where the answer lacks what the test of the protocol wants."""
    statuses = {status.value[-3:] for status in manifest.all(wanted, MF + "expectedStatus")}
    if statuses and f"{response.status // 100}xx" not in statuses and str(response.status) not in statuses:
        raise Wrong(f"status {response.status}: {body[:100]!r}")
    media_type = response.headers.get_content_type()
    form = manifest.value(wanted, MF + "expectedFormat")
    if form and media_type not in KINDS[form]:
        raise Wrong(f"{media_type} where {form} is wanted")
    boolean = manifest.value(wanted, MF + "expectedBoolean")
    if boolean and canonical(body, media_type) != str(boolean == "true"):
        raise Wrong(f"{body[:100]!r} where {boolean} is wanted")


def evaluate(manifest: Manifest, test: Node, server: Server) -> None:
    """Ask over the graphs that the test names, in the format of the result that it gives."""
    action, result = manifest.one(test, MF + "action"), _path(manifest.value(test, MF + "result"))
    file = _path(manifest.value(action, QT + "query"))
    media_type = FORMATS[result.suffix]
    is_set = result.suffix == ".ttl" and "ResultSet" in result.read_text(encoding="utf-8")  # rows written as RDF
    query = file.read_text(encoding="utf-8")
    fields = [("query", f"BASE <{file.as_uri()}> {query}")]
    if not re.search(r"^FROM\b", query, re.M):  # which a dataset of the request would override
        graphs = manifest.all(action, QT + "data") or [ox.NamedNode(EMPTY)]
        fields += [("default-graph-uri", graph.value) for graph in graphs]
        fields += [("named-graph-uri", graph.value) for graph in manifest.all(action, QT + "graphData")]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": ROWS[0] if is_set else media_type}
    response, body = _asked(server, "POST", server.path, urlencode(fields).encode(), headers)
    if response.status != 200:
        raise Wrong(f"status {response.status}: {body.decode()[:200]}")
    wanted = rows_of(result) if is_set else canonical(result.read_bytes(), media_type, result.as_uri())
    if canonical(body, response.headers.get_content_type()) != wanted:
        raise Wrong("other results than wanted")


def canonical(body: bytes, media_type: str, base: str | None = None) -> str:
    """Results or triples in a form that is the same for equal ones, whatever their order and blank nodes."""
    if media_type == "text/turtle":
        return _sorted(ox.parse(body, ox.RdfFormat.TURTLE, base_iri=base))
    if media_type == "text/csv":  # tells IRIs, blank nodes and literals apart by nothing but their look
        head, *lines = csv.reader(io.StringIO(body.decode()))
        return _rows(head, [[_cell(cell) for cell in one] for one in lines])
    found = ox.parse_query_results(body, ox.QueryResultsFormat.from_media_type(media_type))
    if isinstance(found, ox.QueryBoolean):
        return str(bool(found))
    names = [variable.value for variable in found.variables]
    return _rows(names, [[solution[name] for name in names] for solution in found])


def _cell(cell: str) -> Node:
    try:
        return ox.Literal(float(cell))
    except ValueError:
        return ox.BlankNode(cell[2:]) if cell.startswith("_:") else ox.Literal(cell)


def rows_of(file: Path) -> str:
    """The rows of a result set written in Turtle, as `canonical` gives them."""
    facts = Manifest(file.parent / "none")
    facts.facts.extend(_parsed(file))
    result = next(facts.facts.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(RS + "ResultSet")))
    names = [name.value for name in facts.all(result.subject, RS + "resultVariable")]
    rows = []
    for solution in facts.all(result.subject, RS + "solution"):
        bound = {
            facts.value(b, RS + "variable"): facts.one(b, RS + "value") for b in facts.all(solution, RS + "binding")
        }
        rows.append([bound.get(name) for name in names])
    return _rows(names, rows)


def _rows(names: list[str], rows: list[list[Node | None]]) -> str:
    quads = []
    for terms in rows:
        node = ox.BlankNode()
        quads.append(ox.Quad(node, ox.NamedNode("row:of"), ox.Literal("result")))
        quads += [ox.Quad(node, ox.NamedNode(f"row:{n}"), term) for n, term in zip(names, terms, strict=True) if term]
    return " ".join(sorted(names)) + "\n" + _sorted(iter(quads))


def _sorted(quads: Iterator[ox.Quad]) -> str:
    """A canonical form; numbers and truth values are written as the engine writes them: 2.0E-1 is 0.2."""
    store = ox.Store()
    store.extend(quads)
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return "\n".join(sorted(map(str, dataset)))


def update(manifest: Manifest, test: Node, engine: ox.Store) -> None:
    """Make the update in an empty store of ours; the endpoint refuses all updates."""
    action, result = manifest.one(test, MF + "action"), manifest.one(test, MF + "result")
    engine.clear()
    engine.extend(_dataset(manifest, action))
    file = _path(manifest.value(action, UT + "request"))
    try:
        engine.update(file.read_text(encoding="utf-8"), base_iri=file.as_uri())
    except (SyntaxError, RuntimeError, OSError) as error:
        raise Wrong(str(error)) from error
    if _sorted(iter(engine)) != _sorted(_dataset(manifest, result)):
        raise Wrong("another store than wanted")


def _dataset(manifest: Manifest, holder: Node | None) -> Iterator[ox.Quad]:
    for data in manifest.all(holder, UT + "data"):
        yield from _parsed(_path(data.value))
    for file, name in manifest.graphs(holder):
        yield from _parsed(file, name)


def parse(manifest: Manifest, test: Node, graph: Graph, engine: ox.Store) -> None:
    """Read a query or an update without carrying it out: some would open a connection."""
    file = _path(manifest.value(test, MF + "action"))
    text, kind = file.read_text(encoding="utf-8"), manifest.kind(test)
    try:
        if "Update" in kind or file.suffix == ".ru":
            engine.clear()
            begun = PROLOGUE.match(text)
            assert begun is not None
            text = f"{begun[0]} CLEAR GRAPH <{EMPTY}> ;\n{text[begun.end() :]}"  # ends there: there is no such graph
            engine.update(text, base_iri=file.as_uri())
        else:
            graph.found(f"BASE <{file.as_uri()}> {text}")
    except (QueryError, SyntaxError, RuntimeError) as error:
        if isinstance(error, SyntaxError) or isinstance(error.__cause__, SyntaxError):
            if kind.startswith("Positive"):
                raise Wrong(str(error)) from error
            return
    if kind.startswith("Negative"):
        raise Wrong("is read, and should not be")


if __name__ == "__main__":
    main()
