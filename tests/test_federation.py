"""SERVICE, carried out by us against a real SPARQL server on loopback, and refused everywhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from endpoint import server  # noqa: F401
from wikidata import Door, Entry, door, fill

from kg import federation
from kg.commands import main
from kg.errors import LinkError, QueryError
from kg.federation import federated, services
from kg.rdf import ART, ID, WD
from kg.store import Graph, Rows, Triples, open_graph, text
from kg.wikidata.endpoint import Endpoint

HEAD = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
"""
QIDS = {"alpha": "Q930000001", "beta": "Q930000002", "gamma": "Q930000003"}


@pytest.fixture(scope="module")
def items(server: str) -> str:  # noqa: F811
    fill(server, [Entry(qid, "Q5", f"Label of {name}") for name, qid in QIDS.items() if name != "gamma"])
    fill(server, [Entry(f"Q94{n:07}", "Q5", f"Stranger {n}") for n in range(600)])
    return server


@pytest.fixture
def wikidata(items: str) -> Iterator[Door]:
    with door(items) as opened:
        yield opened


@pytest.fixture
def graph() -> Iterator[Graph]:
    match = ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    with open_graph(":memory:") as opened:
        article = ox.NamedNode(ART + "a1")
        opened.bulk(ox.Quad(ox.NamedNode(ID + n), match, ox.NamedNode(WD + q), article) for n, q in QIDS.items())
        yield opened


def asked(graph: Graph, wikidata: Door, sparql: str) -> list[tuple[str, ...]]:
    endpoint = Endpoint(wikidata.url, sleep=lambda _: None)
    found = federated(graph, HEAD + sparql.replace("!!", f"<{wikidata.url}>"), {wikidata.url: endpoint})
    assert isinstance(found, Rows)
    return [tuple(text(cell).removeprefix(ID) for cell in row) for row in found.rows]


@pytest.mark.parametrize(
    ("sparql", "rows"),
    [
        ("SELECT ?e ?l WHERE { ?e skos:exactMatch ?i SERVICE !! { ?i rdfs:label ?l } } ORDER BY ?e",
         [("alpha", "Label of alpha"), ("beta", "Label of beta")]),
        ("SELECT ?e ?l { SERVICE !! { ?i rdfs:label ?l } ?e skos:exactMatch ?i } ORDER BY ?e",
         [("alpha", "Label of alpha"), ("beta", "Label of beta")]),
        ("SELECT ?e ?l WHERE { ?e skos:exactMatch ?i OPTIONAL { SERVICE !! { ?i rdfs:label ?l } } } ORDER BY ?e",
         [("alpha", "Label of alpha"), ("beta", "Label of beta"), ("gamma", "")]),
        ('SELECT ?e WHERE { ?e skos:exactMatch ?i SERVICE SILENT !! { ?i rdfs:label "Label of beta"@en } }',
         [("beta",)]),
        ("SELECT ?e (COUNT(?l) AS ?n) WHERE { ?e skos:exactMatch ?i"
            " { SERVICE !! { ?i rdfs:label ?l } } UNION { ?e ?p ?l } } GROUP BY ?e ORDER BY ?e",
         [("alpha", "2"), ("beta", "2"), ("gamma", "1")]),
        ("# SERVICE <http://no.example/> { }\nSELECT ?e WHERE { ?e skos:exactMatch ?i "
            "SERVICE !! { ?i wdt:P31 ?c } SERVICE !! { ?i rdfs:label ?l } } ORDER BY ?e",
         [("alpha",), ("beta",)]),
        ("SELECT ?e WHERE { ?e skos:exactMatch ?i SERVICE !! { ?i rdfs:label ?l } } ORDER BY ?e"
            " VALUES ?e { <https://w3id.org/geopol/id/beta> }",
         [("beta",)]),
    ],
)  # fmt: skip
def test_what_an_endpoint_answers_joins_the_rest(
    graph: Graph, wikidata: Door, sparql: str, rows: list[tuple[str, ...]]
) -> None:
    assert asked(graph, wikidata, sparql) == rows
    assert all("Q930000001" in question for question in wikidata.questions)  # bindings are sent along


def test_what_no_binding_narrows_is_asked_as_it_is(graph: Graph, wikidata: Door) -> None:
    rows = asked(
        graph, wikidata, 'SELECT ?l WHERE { SERVICE !! { ?i rdfs:label ?l FILTER(STRSTARTS(?l, "Stranger")) } }'
    )
    assert len(rows) == 600
    assert len(wikidata.questions) == 1


def test_bindings_go_in_batches(graph: Graph, wikidata: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation, "BATCH", 2)
    assert len(asked(graph, wikidata, "SELECT ?e WHERE { ?e skos:exactMatch ?i SERVICE !! { ?i rdfs:label ?l } }")) == 2
    assert len(wikidata.questions) == 2


def test_without_a_binding_nothing_is_asked(wikidata: Door) -> None:
    with open_graph(":memory:") as empty:
        assert asked(empty, wikidata, "SELECT ?l WHERE { ?e skos:exactMatch ?i SERVICE !! { ?i rdfs:label ?l } }") == []
    assert wikidata.questions == []


def test_other_forms_of_query(graph: Graph, wikidata: Door) -> None:
    endpoints = {wikidata.url: Endpoint(wikidata.url)}
    inside = f"?e skos:exactMatch ?i SERVICE <{wikidata.url}> {{ ?i rdfs:label ?l }}"
    assert federated(graph, f"{HEAD} ASK {{ {inside} }}", endpoints) is True
    for where in ("WHERE", ""):
        made = federated(graph, f"{HEAD} CONSTRUCT {{ ?e rdfs:label ?l }} {where} {{ {inside} }}", endpoints)
        assert isinstance(made, Triples)
        assert len(list(made.triples)) == 2


def test_more_rows_than_allowed_are_refused(graph: Graph, wikidata: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation, "MOST", 50)
    with pytest.raises(QueryError, match="more than 50 rows"):
        asked(graph, wikidata, "SELECT ?l WHERE { SERVICE !! { ?i rdfs:label ?l } }")


@pytest.mark.parametrize(
    ("sparql", "sentence"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }", "is not allowed; only"),
        ("SELECT * { SERVICE <http://169.254.169.254/> { ?s ?p ?o } }", "is not allowed; only"),
        ("SELECT * { SERVICE ?where { ?s ?p ?o } }", "no variable"),
        ("SELECT * { SERVICE wd:x { ?s ?p ?o } }", "no prefix"),
        ("SELECT * { SERVICE !! { ?s ?p ?o SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }", "not allowed"),
        ("SELECT * { SERVICE !! { ?s ?p ?o } \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "not allowed"),
        ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE !! { ?s ?q ?r } } }", "cannot be carried out"),
        ("SELECT * { ?s ?p ?o MINUS { SERVICE !! { ?s ?q ?r } } }", "cannot be carried out"),
        ("SELECT * { ?s ?p ?o }", "has none"),
        ("SELECT * { SERVICE !! { ?s ?p ?o }", "this query|closing|read"),
        ("SELECT * { SERVICE !! { ?s ?p ?o ", "closing brace"),
        ("INSERT DATA { <a:b> <a:b> <a:b> } ; SELECT * { SERVICE !! { } }", "changes the store"),
        ("SELECT * { SERVICE !! { INSERT DATA { <a:b> <a:b> <a:b> } } }", "refused"),
        ("SELECT * { SERVICE !! " + "{" * 200 + "}" * 200 + " }", "nests"),
    ],
)
def test_what_is_refused(graph: Graph, wikidata: Door, sparql: str, sentence: str) -> None:
    with pytest.raises((QueryError, LinkError), match=sentence):
        asked(graph, wikidata, sparql)
    assert len(wikidata.questions) == (sentence == "refused")


def test_a_redirection_is_not_followed(graph: Graph, wikidata: Door, items: str) -> None:
    with door(items) as other:
        wikidata.faults = [f"302 {other.url}", f"307 {other.url}"]
        for _ in range(2):
            with pytest.raises(LinkError, match="refused"):
                asked(graph, wikidata, "SELECT * { SERVICE !! { ?s ?p ?o } }")
        assert other.questions == []


def test_silence_is_kept_only_where_it_was_asked_for(graph: Graph, wikidata: Door) -> None:
    sparql = "SELECT ?e ?l WHERE { ?e skos:exactMatch ?i SERVICE !! { ?i rdfs:label ?l } } ORDER BY ?e"
    wikidata.faults = ["503"] * 5
    with pytest.raises(LinkError, match="no answer"):
        asked(graph, wikidata, sparql)
    wikidata.faults = ["503"] * 5
    silent = asked(graph, wikidata, sparql.replace("SERVICE", "SERVICE SILENT"))
    assert silent == [("alpha", ""), ("beta", ""), ("gamma", "")]


def test_words_in_strings_and_names_are_no_service() -> None:
    assert services('SELECT * { ?service ?p "SERVICE <x> { }" . ex:SERVICE ?q <http://x/SERVICE> } # SERVICE') == []


def test_the_command_calls_only_what_it_was_given(wikidata: Door, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("kg")
    store, query = str(folder / "store"), folder / "q.rq"
    with open_graph(store) as opened:
        opened.flush()
    query.write_text(f"{HEAD} SELECT ?l {{ SERVICE <{wikidata.url}> {{ <{WD}Q930000001> rdfs:label ?l }} }}")
    words = ["query", str(query), "--store", store]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1
    assert "--federate" in refused.stderr
    assert wikidata.questions == []
    allowed = CliRunner().invoke(main, [*words, "--federate", wikidata.url, "--format", "csv"])
    assert allowed.exit_code == 0, allowed.stderr
    assert "Label of alpha" in allowed.stdout
    assert CliRunner().invoke(main, [*words, "--federate", "http://127.0.0.1:1/"]).exit_code == 1
