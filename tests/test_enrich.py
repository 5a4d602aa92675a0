"""What Wikidata says beside what articles say: fetched from a real SPARQL server on loopback, never mixed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from endpoint import server  # noqa: F401
from wikidata import Entry, door, fill

from kg.commands import main
from kg.errors import LinkError
from kg.ontology import GP, SKOS
from kg.queries import answer, load_query
from kg.rdf import ART, ID, WD, ontology_quads
from kg.shapes import faults
from kg.store import Graph, Rows, open_graph, text
from kg.wikidata.cache import Cache
from kg.wikidata.endpoint import Endpoint
from kg.wikidata.enrich import FACTS_GRAPH, Enriched, enrich
from kg.wikidata.search import Search

FIXTURE = Path(__file__).parent / "fixtures" / "questions.trig"
# made up, beyond the identifiers that Wikidata has given
HMEIMIM, RUSSIA, SYRIA, PUTIN, ASSAD, SUCCESSOR, POST = (f"Q92000000{n}" for n in range(1, 8))
LINKS = {
    "hmeimim": HMEIMIM, "russia": RUSSIA, "syria": SYRIA, "putin": PUTIN, "assad": ASSAD,
}  # fmt: skip
ITEMS = [
    Entry(HMEIMIM, "Q245016", "Hmeimim", states=(SYRIA,), place=(35.4, 35.9), facts=(("P137", RUSSIA),)),
    Entry(RUSSIA, "Q3624078", "Russia", facts=(("P35", PUTIN),)),
    Entry(SYRIA, "Q3624078", "Syria", facts=(("P35", SUCCESSOR),)),
    Entry(PUTIN, "Q5", "Vladimir Putin", offices=((POST, "2012-05-07", ""),)),
    Entry(SUCCESSOR, "Q5", "Somebody Else", ar="شخص آخر"),
    Entry(POST, "Q294414", "President of Russia", facts=(("P1001", RUSSIA),)),
]


@pytest.fixture(scope="module")
def items(server: str) -> str:  # noqa: F811
    fill(server, ITEMS)
    return server


def filled(graph: Graph) -> None:
    graph.bulk(ontology_quads())
    graph.bulk(ox.parse(path=str(FIXTURE), format=ox.RdfFormat.TRIG))
    match, words, world = (ox.NamedNode(iri) for iri in (SKOS + "exactMatch", GP + "mentionedAs", GP + "world"))
    graph.replace(world, [quad for quad in graph.quads(world) if quad.predicate != match])
    for ref, qid in LINKS.items():
        entity = ox.NamedNode(ID + ref)
        graph.bulk([ox.Quad(entity, match, ox.NamedNode(WD + qid), world)])
        graph.bulk([ox.Quad(entity, words, ox.Literal(ref), ox.NamedNode(ART + "a1"))])


@pytest.fixture
def graph() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        filled(opened)
        yield opened


def fetch(graph: Graph, address: str, cache: Path) -> Enriched:
    with Cache(cache) as kept:
        return enrich(graph, Search(Endpoint(address, sleep=lambda _: None), kept))


def compared(graph: Graph, **values: str) -> set[tuple[str, ...]]:
    found = answer(graph, load_query("against-wikidata"), values)
    assert isinstance(found, Rows)
    wanted = [found.variables.index(name) for name in ("found", "relation", "name", "articleSays", "wikidataSays")]
    return {tuple(text(row[number]) for number in wanted) for row in found.rows}


def test_articles_are_compared_with_wikidata(graph: Graph, items: str, tmp_path: Path) -> None:
    assert {row[0] for row in compared(graph)} == {"silent"}
    before = set(graph.quads())
    with door(items) as opened:
        first = fetch(graph, opened.url, tmp_path / "c")
        assert first.requests == len(opened.questions) <= 3
        again = fetch(graph, opened.url, tmp_path / "c")
        assert (again.requests, again.quads) == (0, first.quads)
    assert set(graph.quads()) - set(graph.quads(FACTS_GRAPH)) == before
    rows = compared(graph)
    assert ("agrees", "operator", "Hmeimim Air Base", "Russia", "Russia") in rows
    assert ("differs", "operator", "Hmeimim Air Base", "Syria", "Russia") in rows
    assert ("agrees", "head of state", "Russia", "Vladimir Putin", "Vladimir Putin") in rows
    assert all(row[0] == "differs" for row in compared(graph, verdict="differs"))
    assert {row[2] for row in compared(graph, about="russia", lang="ar")} >= {"روسيا"}


def test_facts_never_look_like_claims(graph: Graph, items: str, tmp_path: Path) -> None:
    def select(query: str) -> Iterator[dict[str, str]]:
        found = graph.query(query)
        assert isinstance(found, Rows)
        return (dict(zip(found.variables, map(text, row), strict=True)) for row in found.rows)

    before = sorted(str(fault) for fault in faults(select))
    with door(items) as opened:
        fetch(graph, opened.url, tmp_path / "c")
    assert sorted(str(fault) for fault in faults(select)) == before
    predicates = {quad.predicate.value for quad in graph.quads(FACTS_GRAPH)}
    assert not any(predicate.startswith(GP) for predicate in predicates)
    dates = [q for q in graph.quads(FACTS_GRAPH) if q.predicate.value.endswith("P580")]
    assert [text(q.object) for q in dates if isinstance(q.object, ox.Literal)] == ["2012-05-07"]
    days = {text(q.subject) for q in graph.quads(FACTS_GRAPH) if q.predicate.value.endswith("/terms/date")}
    assert days == {WD + qid for qid in LINKS.values()}


def test_without_an_answer_the_former_facts_stay(graph: Graph, items: str, tmp_path: Path) -> None:
    with door(items) as opened:
        fetch(graph, opened.url, tmp_path / "c")
        before = set(graph.quads())
        opened.faults = ["503"] * 5
        with pytest.raises(LinkError, match="no answer"):
            fetch(graph, opened.url, tmp_path / "other")
    assert set(graph.quads()) == before


def test_the_command_tells_what_it_fetched(items: str, tmp_path: Path) -> None:
    store = str(tmp_path / "kg")
    with open_graph(store) as graph:
        filled(graph)
    with door(items) as opened:
        words = ["enrich", "--store", store, "--endpoint", opened.url, "--cache", str(tmp_path / "c")]
        result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.stderr
    assert "5 linked names" in result.stderr
