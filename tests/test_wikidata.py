"""Links from a live endpoint: a real SPARQL server on loopback holds items shaped as Wikidata's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from endpoint import server  # noqa: F401
from wikidata import Door, Entry, door, fill

from kg.build import build
from kg.commands import main
from kg.errors import LinkError
from kg.links import LINKS_GRAPH, accept, refused, reject, stored_links, undo
from kg.model import Document, Extraction
from kg.ontology import GP, RDF, SKOS
from kg.rdf import ART, ID, WD, ontology_quads, world_quads
from kg.seeds import AnyRecord, Base, City, Organization, Person, State, World, world
from kg.shapes import shape_faults
from kg.store import Graph, open_graph
from kg.wikidata.cache import Cache
from kg.wikidata.endpoint import Endpoint
from kg.wikidata.judge import Subject, distance, judge
from kg.wikidata.live import Outcome, link_live, subjects
from kg.wikidata.search import Item, Search

HUMAN, BASE, TREATY, GROUP, TOWN = "Q5", "Q245016", "Q131569", "Q900000001", "Q900000002"
DAY = "2026-01-02"


def qid_of(number: int) -> str:
    """Identifiers beyond those that Wikidata has given."""
    return f"Q{910_000_000 + number}"


def entry(record: AnyRecord, number: int, known: World) -> Entry:
    """The item of a record: what Wikidata would say of it."""
    refs = {
        Person: lambda: {term.of for term in record.offices},  # type: ignore[union-attr]
        Base: lambda: {record.host},  # type: ignore[union-attr]
        City: lambda: {record.state},  # type: ignore[union-attr]
        Organization: lambda: {record.of},  # type: ignore[union-attr]
    }.get(type(record), set)()
    states = tuple(sorted(qid for ref in refs if (qid := known.records[ref].qid)))
    cls = {Person: HUMAN, Base: BASE, City: TOWN}.get(type(record), GROUP)
    place = (record.lat, record.lon) if isinstance(record, City | Base) and record.lat and record.lon else None
    by = "P27" if cls == HUMAN else "P17"
    ar = record.ar[0] if record.ar else ""
    return Entry(qid_of(number), cls, record.en[0], ar, states=states, by=by, place=place, sitelinks=1)


def unlinked(number: int) -> list[AnyRecord]:
    """Records of all kinds without a QID, whose names nobody else in the world data bears."""
    known = world()
    bearers: dict[str, int] = {}
    for record in known.records.values():
        for name in {*record.en, *record.ar}:
            bearers[name] = bearers.get(name, 0) + 1

    def wanted(record: AnyRecord) -> bool:
        alone = all(bearers[name] == 1 for name in (*record.en, *record.ar))
        stateless = isinstance(record, Organization) and not isinstance(known.records.get(record.of or ""), State)
        return alone and bool(record.ar) and record.qid is None and not stateless

    kinds = (Person, Base, City, Organization)
    rows = [[record for record in known.of_kind(kind) if wanted(record)] for kind in kinds]
    share = number // len(kinds)
    return [record for row in rows for record in row[:share]]


def mentioned(refs: list[str], article: str = "a1") -> Iterator[ox.Quad]:
    """An article that names these entities."""
    for ref in refs:
        yield ox.Quad(
            ox.NamedNode(ID + ref), ox.NamedNode(GP + "mentionedAs"), ox.Literal(ref), ox.NamedNode(ART + article)
        )


@pytest.fixture(scope="module")
def records() -> list[AnyRecord]:
    return unlinked(500)


@cache
def background() -> list[ox.Quad]:
    return list(world_quads(world()))


@pytest.fixture
def graph(records: list[AnyRecord]) -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        opened.bulk(background())
        opened.bulk(mentioned([record.id for record in records]))
        yield opened


@pytest.fixture(scope="module")
def items(server: str, records: list[AnyRecord]) -> str:  # noqa: F811
    """The server with an item for every record."""
    fill(server, [entry(record, number, world()) for number, record in enumerate(records)])
    return server


@pytest.fixture
def wikidata(items: str) -> Iterator[Door]:
    with door(items) as opened:
        yield opened


def run(graph: Graph, address: str, cache: Path, **options: int) -> Outcome:
    with Cache(cache) as kept:
        search = Search(Endpoint(address, sleep=lambda _: None), kept)
        return link_live(graph, world(), search, **options)[0]  # type: ignore[arg-type]


def test_five_hundred_entities_take_few_questions_and_the_second_time_none(
    graph: Graph, wikidata: Door, records: list[AnyRecord], tmp_path: Path
) -> None:
    outcome = run(graph, wikidata.url, tmp_path / "c.sqlite")
    assert outcome.asked == len(records) == 500
    assert outcome.requests == len(wikidata.questions) <= 20
    accepted = {link.entity: link.qid for link in stored_links(graph) if link.status == "accepted"}
    assert accepted == {
        ID + record.id: qid_of(number) for number, record in enumerate(records) if ID + record.id in accepted
    }
    assert len(accepted) >= 490  # who has no office in the world data stays proposed
    agent = wikidata.agents.pop()
    assert agent.startswith("kg/")
    assert "https://" in agent

    undone = [link.entity for link in stored_links(graph)]
    for entity in undone[:3]:
        undo(graph, world(), entity)
    again = run(graph, wikidata.url, tmp_path / "c.sqlite")
    assert again.requests == 0
    assert again.linked >= 1
    assert len(wikidata.questions) == outcome.requests


@pytest.mark.parametrize(
    "faults", [["503"], ["429 7"], ["cut"], ["html"], ["slow 1.5"], ["500", "504", "cut", "429 1"]]
)
def test_a_passing_fault_is_waited_out(graph: Graph, wikidata: Door, tmp_path: Path, faults: list[str]) -> None:
    waits: list[float] = []
    wikidata.faults = list(faults)
    with Cache(tmp_path / "c.sqlite") as kept:
        endpoint = Endpoint(wikidata.url, timeout=1, sleep=waits.append, jitter=lambda low, high: (low + high) / 2)
        outcome, _ = link_live(graph, world(), Search(endpoint, kept), limit=20)
    assert outcome.linked == 20
    assert len(waits) == len(faults)
    if faults[-1].startswith("429"):
        assert waits.pop() == float(faults[-1][4:])
    assert waits == [2.0**attempt for attempt in range(len(waits))]


def test_a_date_to_come_back_is_kept_to(wikidata: Door) -> None:
    waits: list[float] = []
    wikidata.faults = ["429 Wed, 21 Oct 2015 07:28:00 GMT"]
    Endpoint(wikidata.url, sleep=waits.append).rows("SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s")
    assert waits == [0.0]


def test_an_endpoint_that_stays_away_changes_nothing(graph: Graph, wikidata: Door, tmp_path: Path) -> None:
    before = set(graph.quads())
    wikidata.faults = ["", "503", "503", "503", "503", "503"]
    with pytest.raises(LinkError, match="no answer after 5 tries"):
        run(graph, wikidata.url, tmp_path / "c.sqlite")
    assert set(graph.quads()) == before
    asked = len(wikidata.questions)
    outcome = run(graph, wikidata.url, tmp_path / "c.sqlite")
    assert outcome.linked >= 490
    assert len(wikidata.questions) - asked == outcome.requests
    assert wikidata.questions[0] not in wikidata.questions[asked:]  # the first batch was kept


def test_a_refusal_is_not_asked_again(wikidata: Door) -> None:
    wikidata.faults = ["403"]
    with pytest.raises(LinkError, match="refused"):
        Endpoint(wikidata.url).rows("SELECT ?s WHERE { ?s ?p ?o }")
    assert len(wikidata.questions) == 1


def test_pages_are_put_together(wikidata: Door) -> None:
    select = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
    whole, paged = Endpoint(wikidata.url), Endpoint(wikidata.url, page=700)
    assert whole.rows(select) == paged.rows(select)
    assert paged.requests > whole.requests


def test_killed_in_the_middle_it_goes_on_with_the_rest(
    wikidata: Door, records: list[AnyRecord], tmp_path: Path
) -> None:
    store, cache = tmp_path / "kg", tmp_path / "c.sqlite"
    with open_graph(store) as opened:
        opened.bulk(background())
        opened.bulk(mentioned([record.id for record in records]))
        before = set(opened.quads())
    wikidata.faults = ["", "slow 60"]
    command = [
        sys.executable,
        "-m",
        "kg",
        "link",
        "--live",
        "--store",
        str(store),
        "--endpoint",
        wikidata.url,
        "--cache",
        str(cache),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while len(wikidata.questions) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done, asked = wikidata.questions[0], len(wikidata.questions)
    with open_graph(store) as opened:
        assert set(opened.quads()) == before
        outcome = run(opened, wikidata.url, cache)
    assert outcome.linked >= 490
    assert done not in wikidata.questions[asked:]


def test_without_a_network_one_sentence_and_nothing_half_written(tmp_path: Path, records: list[AnyRecord]) -> None:
    store = tmp_path / "kg"
    with open_graph(store) as opened:
        opened.bulk(background())
        opened.bulk(mentioned([records[0].id]))
        before = set(opened.quads())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.wikidata.endpoint.Endpoint", partial(Endpoint, sleep=lambda _: None))
        words = [
            "link",
            "--live",
            "--store",
            str(store),
            "--endpoint",
            "http://127.0.0.1:1/sparql",
            "--cache",
            str(tmp_path / "c"),
        ]
        result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert "no answer" in result.stderr
    assert "nothing was changed" in result.stderr
    assert "Traceback" not in result.stderr
    with open_graph(store) as opened:
        assert set(opened.quads()) == before


@pytest.mark.parametrize("address", ["wikidata.org", "ftp://x/sparql", "file:///etc/passwd", "https:///sparql"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(LinkError, match="not the address of an endpoint"):
        Endpoint(address)


# --- which one is meant


def item(
    qid: str, cls: str = "Person", states: str = "", place: tuple[float, float] | None = None, links: int = 1
) -> Item:
    classes = {cls} if cls else set()
    return Item(qid, classes, set(states.split()), {"en": "x"}, "", place, links)


def chosen(subject: Subject, how: dict[str, dict[str, str]], *items: Item) -> tuple[str, ...]:
    """The sure choice first, else a question mark, then all candidates."""
    hits = {name: how.get(name[0], {}) for name in subject.names}
    found = judge(subject, hits, {one.qid: one for one in items})
    sure = found[0].item.qid if found and found[0].sure else "?"
    return sure, *(one.item.qid for one in found)


def person(states: str = "Q1") -> Subject:
    return Subject("x", "Person", (("en", "John Smith"), ("ar", "جون سميث")), frozenset(states.split()))


def test_a_name_alone_is_only_a_proposal() -> None:
    assert chosen(person(""), {"en": {"Q7": "label"}}, item("Q7")) == ("?", "Q7")


def test_the_state_decides_between_namesakes() -> None:
    both = {"en": {"Q7": "label", "Q8": "label"}}
    assert chosen(person(), both, item("Q7", states="Q2", links=90), item("Q8", states="Q1")) == ("Q8", "Q8", "Q7")


def test_two_of_one_name_and_state_stay_open() -> None:
    both = {"en": {"Q7": "label", "Q8": "label"}}
    assert chosen(person(), both, item("Q7", states="Q1"), item("Q8", states="Q1"))[0] == "?"


def test_fame_is_the_last_resort_and_never_beats_the_state() -> None:
    both = {"en": {"Q7": "label", "Q8": "label"}, "ar": {"Q7": "label"}}
    assert chosen(person(""), both, item("Q7", links=100), item("Q8"))[0] == "Q7"
    famous = item("Q7", states="Q2", links=300)
    assert chosen(person(), both, famous, item("Q8", states="Q1"))[0] == "Q8"


def test_what_is_of_another_class_is_no_candidate() -> None:
    assert chosen(person(), {"en": {"Q7": "label"}}, item("Q7", cls="MilitaryBase", states="Q1")) == ("?",)
    place = Subject("x", "Place", (("en", "Lebanon"),))
    assert chosen(place, {"en": {"Q7": "label", "Q8": "label"}}, item("Q7", cls="State"), item("Q8", cls="")) == (
        "?",
        "Q8",
    )


def test_a_place_is_held_to_its_coordinates() -> None:
    base = Subject("x", "MilitaryBase", (("en", "North Camp"),), frozenset(), (35.0, 36.0))
    far, near = item("Q7", "MilitaryBase", place=(10.0, 10.0)), item("Q8", "MilitaryBase", place=(35.1, 36.1))
    assert chosen(base, {"en": {"Q7": "label", "Q8": "label"}}, far, near) == ("Q8", "Q8", "Q7")


def test_distance_is_right() -> None:
    assert distance((55.7558, 37.6173), (33.5138, 36.2765)) == pytest.approx(2475, abs=15)  # Moscow to Damascus
    assert distance((0, 179.5), (0, -179.5)) == pytest.approx(111.2, abs=0.5)


# --- decisions


RUSSIA = ID + "russia"


def matches(graph: Graph, entity: str) -> set[str]:
    found = graph.quads()
    return {
        q.object.value.removeprefix(WD)
        for q in found
        if q.subject == ox.NamedNode(entity)
        and q.predicate.value == SKOS + "exactMatch"
        and isinstance(q.object, ox.NamedNode)
    }


@pytest.fixture
def small() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        opened.bulk(ontology_quads())
        opened.bulk(background())
        opened.bulk(mentioned(["russia", "john-kerry"]))
        yield opened


def test_decisions_can_be_taken_back_and_survive_a_build(small: Graph) -> None:
    own = world().records["russia"].qid
    assert own is not None
    assert matches(small, RUSSIA) == {own}
    reject(small, world(), RUSSIA, own, DAY)
    assert matches(small, RUSSIA) == set()
    accept(small, world(), RUSSIA, "Q901", DAY)
    assert matches(small, RUSSIA) == {"Q901"}
    build([Document("b", "Text.", "en")], lambda: Extraction, small)
    assert matches(small, RUSSIA) == {"Q901"}
    assert refused(small) == {(RUSSIA, own)}
    assert shape_faults(small.quads(LINKS_GRAPH)) == []
    accept(small, world(), RUSSIA, own, DAY)
    assert matches(small, RUSSIA) == {own}
    assert refused(small) == {(RUSSIA, "Q901")}
    assert undo(small, world(), RUSSIA) == 1
    assert matches(small, RUSSIA) == {own}
    assert list(small.quads(LINKS_GRAPH)) == []


@pytest.mark.parametrize("qid", ["855", "q855", "Q0", "P17", "Q12 .", "Q١"])
def test_an_identifier_that_is_none_is_told(small: Graph, qid: str) -> None:
    with pytest.raises(LinkError, match="no identifier of Wikidata"):
        accept(small, world(), RUSSIA, qid, DAY)


def test_what_a_person_refused_is_not_proposed_again(
    graph: Graph, wikidata: Door, records: list[AnyRecord], tmp_path: Path
) -> None:
    entity = ID + records[0].id
    reject(graph, world(), entity, qid_of(0), DAY)
    run(graph, wikidata.url, tmp_path / "c.sqlite", limit=500)
    assert [(one.qid, one.status) for one in stored_links(graph) if one.entity == entity] == [(qid_of(0), "rejected")]
    accept(graph, world(), entity, "Q905", DAY)
    run(graph, wikidata.url, tmp_path / "c.sqlite")
    assert matches(graph, entity) == {"Q905"}


def test_local_entities_are_looked_for_with_the_state_of_their_office(
    wikidata: Door, items: str, tmp_path: Path
) -> None:
    text = "x"
    person = ID + "x-0123456789abcdef0123"
    article = ox.NamedNode(ART + "a1")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    with open_graph(":memory:") as graph:
        graph.bulk(background())
        node = ox.NamedNode(person)
        graph.bulk(
            [
                ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(GP + "Person"), article),
                ox.Quad(node, label, ox.Literal("خوسيه غارسيا", language="ar"), article),
                ox.Quad(node, ox.NamedNode(GP + "mentionedAs"), ox.Literal(text), article),
                ox.Quad(node, ox.NamedNode(GP + "holdsOffice"), ox.NamedNode(ID + "spain"), article),
            ]
        )
        spain, chile = world().records["spain"].qid, world().records["chile"].qid
        assert spain
        assert chile
        assert [s.states for s in subjects(graph, world()) if s.iri == person] == [{spain}]
        ar = "خوسيه غارسيا"
        fill(
            items,
            [
                Entry("Q921", HUMAN, ar=ar, states=(chile,), by="P27"),
                Entry("Q922", HUMAN, aliases=(("ar", ar),), states=(spain,), by="P27"),
            ],
        )
        run(graph, wikidata.url, tmp_path / "c.sqlite")
        assert [(one.qid, one.status) for one in stored_links(graph)] == [("Q922", "accepted"), ("Q921", "proposed")]


def test_the_command_shows_links_and_takes_decisions(wikidata: Door, records: list[AnyRecord], tmp_path: Path) -> None:
    store = str(tmp_path / "kg")
    with open_graph(store) as opened:
        opened.bulk(background())
        opened.bulk(mentioned([records[0].id]))
    runner = CliRunner()
    live = ["link", "--live", "--store", store, "--endpoint", wikidata.url, "--cache", str(tmp_path / "c")]
    tried = runner.invoke(main, [*live, "--dry-run"])
    assert tried.exit_code == 0, tried.stderr
    assert "nothing written" in tried.stderr
    assert qid_of(0) in tried.stdout
    assert "0 links" in runner.invoke(main, ["link", "--store", store]).stderr
    assert "1 linked" in runner.invoke(main, live).stderr
    assert qid_of(0) in runner.invoke(main, ["link", "--store", store]).stdout
    decided = runner.invoke(main, ["link", "--reject", records[0].id, qid_of(0), "--store", store])
    assert decided.exit_code == 0, decided.stderr
    assert '"rejected"' in runner.invoke(main, ["link", "--store", store, "--json"]).stdout
    assert "1 link taken back" in runner.invoke(main, ["link", "--undo", records[0].id, "--store", store]).stderr
    assert runner.invoke(main, ["link", "--set", "nobody-at-all", "Q1", "--store", store]).exit_code == 1
    assert runner.invoke(main, ["link", "--live", "x.txt"]).exit_code == 2
    assert runner.invoke(main, ["link"], env={"KG_STORE": ""}).exit_code == 2
