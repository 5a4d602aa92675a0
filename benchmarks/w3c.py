"""Runs the W3C tests of the SPARQL 1.1 Protocol for queries against a `kg serve` that it starts.

    python benchmarks/w3c.py FOLDER

FOLDER is `sparql/sparql11` of w3c/rdf-tests. Tests of updates are left out: `kg serve` only reads. Names each test that
fails; exit code 1 where one does.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyoxigraph as ox

from benchmarks.serve import Server, kg_serve
from kg.store import open_graph

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ROWS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
KINDS = {"boolean": ROWS[:2], "tabular": ROWS, "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml")}


class Manifest:
    """The tests and what hangs on them."""

    def __init__(self, file: Path) -> None:
        self.facts = ox.Store()
        self.facts.load(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=file.as_uri())

    def all(self, subject: ox.NamedNode | ox.BlankNode, name: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        return [quad.object for quad in self.facts.quads_for_pattern(subject, ox.NamedNode(name), None)]

    def one(self, subject: ox.NamedNode | ox.BlankNode, name: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        return next(iter(self.all(subject, name)), None)

    def value(self, subject: ox.NamedNode | ox.BlankNode, name: str) -> str:
        found = self.one(subject, name)
        return found.value if found is not None else ""

    def listed(self, head: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> Iterator[ox.NamedNode | ox.BlankNode]:
        while head is not None and head != ox.NamedNode(RDF + "nil"):
            yield self.one(head, RDF + "first")
            head = self.one(head, RDF + "rest")

    def tests(self) -> list[ox.NamedNode]:
        """Those of queries, in the order of their names."""
        kind = ox.NamedNode(MF + "ProtocolTest")
        found = [quad.subject for quad in self.facts.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind)]
        return sorted((test for test in found if "update" not in test.value), key=str)


def main() -> None:
    """Load the graphs that the tests name, serve, ask, print."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    manifest = Manifest(Path(sys.argv[1]) / "protocol" / "manifest.ttl")
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        with open_graph(store) as graph:
            graph.bulk(quad for test in manifest.tests() for quad in data_of(manifest, test))
            graph.flush()
        with kg_serve(store) as server:
            for test in manifest.tests():
                if wrong := fault(manifest, test, server):
                    failed.append(f"{test.value.partition('#')[2]}: {wrong}")
    print(f"protocol: {len(manifest.tests()) - len(failed)} of {len(manifest.tests())}")
    print("".join(f"- {line}\n" for line in failed), end="")
    sys.exit(bool(failed))


def data_of(manifest: Manifest, test: ox.NamedNode) -> Iterator[ox.Quad]:
    """The named graphs of one test."""
    for entry in manifest.all(test, UT + "graphData"):
        file = Path(manifest.value(entry, UT + "graph").removeprefix("file://"))
        name = ox.NamedNode(manifest.value(entry, LABEL.value))
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def fault(manifest: Manifest, test: ox.NamedNode, server: Server) -> str:
    """What is wrong with the answers; empty where nothing is."""
    action = manifest.one(test, MF + "action")
    for request in manifest.listed(manifest.one(action, HT + "requests")):
        path = manifest.value(request, HT + "absolutePath").replace("/sparql/", "/sparql", 1)
        headers = {
            manifest.value(header, HT + "fieldName"): manifest.value(header, HT + "fieldValue")
            for header in manifest.listed(manifest.one(request, HT + "headers"))
        }
        body = manifest.one(request, HT + "body")
        content = None
        if body is not None:
            encoding = manifest.value(body, CNT + "characterEncoding") or "UTF-8"
            content = manifest.value(body, CNT + "chars").encode(encoding)
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request(manifest.value(request, HT + "methodName"), path, content, headers)
        response = connection.getresponse()
        wrong = compared(manifest, manifest.one(request, HT + "resp"), response, response.read())
        connection.close()
        if wrong:
            return wrong
    return ""


def compared(manifest: Manifest, wanted: ox.NamedNode | ox.BlankNode, response: HTTPResponse, body: bytes) -> str:
    """What the answer lacks of what the test wants."""
    statuses = {status.value[-3:] for status in manifest.all(wanted, MF + "expectedStatus")}
    if statuses and f"{response.status // 100}xx" not in statuses and str(response.status) not in statuses:
        return f"status {response.status}: {body[:100]!r}"
    media_type = response.headers.get_content_type()
    form = manifest.value(wanted, MF + "expectedFormat")
    if form and media_type not in KINDS[form]:
        return f"{media_type} where {form} is wanted"
    boolean = manifest.value(wanted, MF + "expectedBoolean")
    if boolean:
        found = ox.parse_query_results(body, ox.QueryResultsFormat.from_media_type(media_type))
        if bool(found) != (boolean == "true"):
            return f"{bool(found)} where {boolean} is wanted"
    return ""


if __name__ == "__main__":
    main()
