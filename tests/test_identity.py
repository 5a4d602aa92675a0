"""Who is who across articles: what is decided holds for what was read and what will be, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from endpoint import server  # noqa: F401

from kg import identity
from kg.build import build
from kg.commands import main
from kg.decisions import DECISIONS_GRAPH, Decision, Decisions, as_read, decision_quads, from_turtle, read_decisions
from kg.errors import DecisionError
from kg.explain import explain, render
from kg.identity import adopt, finish, merge, split, undo
from kg.links import accept
from kg.model import Claim, Document, Entity, Extraction, Span
from kg.ontology import GP
from kg.queries import find_entity
from kg.rdf import ID, ONTOLOGY_GRAPH, WORLD_GRAPH, article_iri, entity_iri, nquads, ontology_quads, world_quads
from kg.seeds import World, world
from kg.shapes import faults
from kg.store import STORE_GRAPH, Graph, Rows, open_graph, text
from kg.stored import read_article

DAY = "2026-01-02"
WORLD = {"Russia": "russia", "Egypt": "egypt", "Vladimir Putin": "vladimir-putin", "Dmitry Peskov": "dmitry-peskov"}
STATES = ("Russia", "Egypt", "Atlantis")


def extract(document: Document) -> Extraction:
    """A reader of two patterns: «A met B.» and «A is minister of B.»"""
    entities: dict[str, Entity] = {}
    claims, numbers = [], count(1)

    def entity(name: str, start: int) -> str:
        old = entities.get(name)
        spans = (*(old.mentions if old else ()), Span(start, start + len(name)))
        cls = "State" if name in STATES else "Organization" if name.isupper() else "Person"
        entities[name] = Entity(old.id if old else f"e{len(entities) + 1}", cls, name, spans, WORLD.get(name))
        return entities[name].id

    start = 0
    for line in document.text.split("\n"):
        for verb, kind, roles in ((" met ", "meeting", ("actor", "recipient")),
                                  (" is minister of ", "holdsOffice", ("subject", "object"))):  # fmt: skip
            if verb in line:
                one, other = line.rstrip(".").split(verb)
                args = {roles[0]: (entity(one, start),), roles[1]: (entity(other, start + len(one + verb)),)}
                quote = Span(start, start + len(line))
                office = "minister" if kind == "holdsOffice" else None
                claims.append(Claim(f"c{next(numbers)}", kind, args, quote, office=office, rule="pattern"))
        start += len(line) + 1
    return Extraction(document, tuple(entities.values()), tuple(claims))


ARTICLES = [
    Document("a1", "Mira Lundo met Vladimir Putin.\nMira Lundo is minister of Russia.", "en", date="2025-01-01"),
    Document("a2", "Mira Lundow met Vladimir Putin.\nMira Lundow is minister of Russia.", "en", date="2025-01-02"),
    Document("a3", "Mira Lundow met Mira Lundo.\nMira Lundow is minister of Russia.\n"
             "Mira Lundo is minister of Russia.", "en"),
    Document("a4", "Dmitry Peskov met Vladimir Putin.\nJohn Doe met Dmitry Peskov.", "en"),
    Document("a5", "Dmitry Peskov met John Doe.\nDmitry Peskov is minister of Egypt.", "en"),
    Document("a6", "ACME met Vladimir Putin.\nJohn Doe is minister of Atlantis.", "en"),
]  # fmt: skip


def local(name: str, post: str = "") -> str:
    return entity_iri(Entity("e1", "Person", name, ()), post=post).value


LUNDO, LUNDOW = (local(name, "minister russia") for name in ("Mira Lundo", "Mira Lundow"))
DOE, DOE_MINISTER = local("John Doe"), local("John Doe", "minister Atlantis")
PESKOV, PUTIN = ID + "dmitry-peskov", ID + "vladimir-putin"


@cache
def background() -> tuple[tuple[ox.Quad, ...], tuple[ox.Quad, ...]]:
    """The ontology, and of the world data no more than the articles name."""
    known = world()
    few = World({ref: known.records[ref] for ref in WORLD.values()}, known.sources)
    return tuple(ontology_quads()), tuple(world_quads(few))


def fill(graph: Graph, *documents: Document) -> None:
    terms, few = background()
    graph.refresh(ONTOLOGY_GRAPH, terms)
    graph.refresh(WORLD_GRAPH, few)
    build(documents or ARTICLES, lambda: extract, graph, background=False)


@pytest.fixture
def graph() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        fill(opened)
        yield opened


def dump(graph: Graph) -> bytes:
    return nquads(graph.quads())


def named(graph: Graph, article: str) -> set[str]:
    return set(read_article(graph, article_iri(article)).mentions)


def sentences(graph: Graph) -> list[str]:
    def select(sparql: str) -> Iterator[dict[str, str]]:
        found = graph.query(sparql)
        assert isinstance(found, Rows)
        for row in found.rows:
            yield {n: text(term) for n, term in zip(found.variables, row, strict=True) if term is not None}

    return [fault.sentence for fault in faults(select)]


# --- merging


def test_what_is_merged_is_written_everywhere_as_the_other_with_its_edges_and_posts(graph: Graph) -> None:
    merge(graph, LUNDO, PUTIN, day=DAY)
    assert not any(LUNDO in str(quad.triple) for quad in graph.quads() if quad.graph_name != DECISIONS_GRAPH
                   and quad.predicate.value != GP + "asRead")  # fmt: skip
    holds = ox.Quad(
        ox.NamedNode(PUTIN), ox.NamedNode(GP + "holdsOffice"), ox.NamedNode(ID + "russia"), article_iri("a1")
    )
    assert holds in set(graph.quads(article_iri("a1")))
    assert named(graph, "a1") == {PUTIN, ID + "russia"}
    assert sentences(graph) == []


def test_a_state_that_is_merged_takes_its_posts_along(graph: Graph) -> None:
    atlantis = entity_iri(Entity("e1", "State", "Atlantis", ())).value
    merge(graph, atlantis, ID + "egypt", day=DAY)
    posts = {text(quad.object) for quad in graph.quads(article_iri("a6")) if quad.predicate.value == GP + "holdsPost"}
    assert posts == {ID + "egypt/office/minister"}
    assert sentences(graph) == []


def test_taking_a_merge_back_restores_every_byte_also_where_an_article_names_both(graph: Graph) -> None:
    before = dump(graph)
    merge(graph, LUNDO, LUNDOW, day=DAY, by="Ann", note="one spelling of many")
    assert named(graph, "a3") == {LUNDOW, ID + "russia"}
    assert sentences(graph) == []
    assert dump(graph) != before
    assert undo(graph, LUNDO, merges=True) == (stored(by="Ann", note="one spelling of many"),)
    assert dump(graph) == before


def stored(**rest: str) -> Decision:
    return Decision(LUNDO, LUNDOW, cls="Person", name="Mira Lundow", lang="en", called="Mira Lundo", date=DAY, **rest)  # type: ignore[arg-type]


def test_articles_that_are_read_later_or_again_are_written_as_decided(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY)
    decided = dump(graph)
    fill(graph, Document("a7", "Mira Lundo met John Doe.\nMira Lundo is minister of Russia.", "en"))
    assert LUNDOW in named(graph, "a7")
    graph.withdraw("a7")
    build(ARTICLES, lambda: extract, graph, background=False, again=True)
    assert dump(graph) == decided


def test_decisions_carried_to_a_new_store_give_the_same_graph(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY, by="Ann")
    split(graph, PESKOV, articles=["a5"], day=DAY, note="a namesake")
    split(graph, DOE, articles=["a4"], to=PUTIN, day=DAY)
    with open_graph(":memory:") as other:
        adopt(other, read_decisions(quad.triple for quad in graph.quads(DECISIONS_GRAPH)))
        fill(other)
        assert dump(other) == dump(graph)


def test_a_chain_of_merges_ends_at_its_end_and_a_link_of_it_can_be_taken_out(graph: Graph) -> None:
    before = dump(graph)
    merge(graph, LUNDO, LUNDOW, day=DAY)
    one = dump(graph)
    merge(graph, LUNDOW, PUTIN, day=DAY)
    assert LUNDO not in named(graph, "a1") | named(graph, "a3")
    assert named(graph, "a1") == {PUTIN, ID + "russia"}
    undo(graph, LUNDOW, merges=True)
    assert dump(graph) == one
    merge(graph, LUNDOW, PUTIN, day=DAY)
    undo(graph, LUNDO, merges=True)
    assert named(graph, "a1") == {LUNDO, PUTIN, ID + "russia"}
    undo(graph, LUNDOW, merges=True)
    assert dump(graph) == before


def test_the_order_of_decisions_does_not_matter(graph: Graph) -> None:
    merge(graph, LUNDOW, PUTIN, day=DAY)
    adopt(graph, Decisions([stored()]))
    one = dump(graph)
    with open_graph(":memory:") as other:
        fill(other)
        merge(other, LUNDO, LUNDOW, day=DAY)
        merge(other, LUNDOW, PUTIN, day=DAY)
        assert dump(other) == one


def test_what_was_merged_is_found_under_its_old_key_and_name(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY)
    assert {find_entity(graph, name).value for name in (LUNDO, LUNDO.removeprefix(ID), "Mira Lundo")} == {LUNDOW}


@pytest.mark.parametrize(
    ("entity", "into", "sentence"),
    [
        (LUNDO, LUNDO, "is itself"),
        (LUNDO, ID + "egypt", "is a Person and id:egypt a State"),
        (PUTIN, PESKOV, "where a link is wrong, refuse it first"),
        (PUTIN, LUNDO, "has no Wikidata id: merge"),
        (LUNDO, ID + "x-0", "no article names it"),
    ],
)
def test_a_merge_that_cannot_be_is_refused_in_a_sentence_and_nothing_is_written(
    graph: Graph, entity: str, into: str, sentence: str
) -> None:
    before = dump(graph)
    if into == PESKOV and not any(one.qid for one in (world().records["dmitry-peskov"],)):
        accept(graph, world(), PESKOV, "Q999999999", DAY)
        before = dump(graph)
    with pytest.raises(DecisionError, match=sentence):
        merge(graph, entity, into, day=DAY)
    assert dump(graph) == before


def test_circles_and_second_merges_are_refused(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY)
    circle = Decision(LUNDOW, LUNDO, date=DAY)
    with pytest.raises(DecisionError, match="which has become"):
        adopt(graph, Decisions([circle]))
    with pytest.raises(DecisionError, match="already; take that back"):
        adopt(graph, Decisions([Decision(LUNDO, PUTIN, date=DAY)]))
    with pytest.raises(DecisionError, match="which has become"):
        Decisions([circle, stored()])
    made = split(graph, PESKOV, articles=["a5"], day=DAY)
    with pytest.raises(DecisionError, match="which has become"):
        merge(graph, made.meant, PESKOV, day=DAY)


def test_taking_back_what_was_not_decided_says_what_was(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY)
    with pytest.raises(DecisionError, match="into it were merged id:x-"):
        undo(graph, LUNDOW, merges=True)
    with pytest.raises(DecisionError, match="no split to take back"):
        undo(graph, LUNDO, merges=False)


# --- splitting


def test_a_split_makes_somebody_new_in_these_articles_only(graph: Graph) -> None:
    before = dump(graph)
    made = split(graph, PESKOV, articles=["a5"], day=DAY, note="a namesake in Cairo")
    assert (made.cls, made.name, made.lang) == ("Person", "Dmitry Peskov", "en")
    assert made.meant in named(graph, "a5")
    assert PESKOV not in named(graph, "a5")
    assert PESKOV in named(graph, "a4")
    assert sentences(graph) == []
    undo(graph, made.meant, merges=False)
    assert dump(graph) == before


def test_a_split_may_name_who_it_is(graph: Graph) -> None:
    before = dump(graph)
    split(graph, DOE, articles=["a4", "a5"], to=DOE_MINISTER, day=DAY)
    assert DOE_MINISTER in named(graph, "a4") & named(graph, "a5") & named(graph, "a6")
    undo(graph, DOE, merges=False)
    assert dump(graph) == before


def test_a_split_by_office_holds_for_articles_to_come(graph: Graph) -> None:
    made = split(graph, PESKOV, office="minister", of=ID + "egypt", day=DAY)
    fill(
        graph,
        Document("a8", "Dmitry Peskov is minister of Egypt.", "en"),
        Document("a9", "Dmitry Peskov met ACME.", "en"),
    )
    assert made.meant in named(graph, "a5") & named(graph, "a8")
    assert PESKOV in named(graph, "a4") & named(graph, "a9")


def test_what_was_merged_can_be_split_in_an_article(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY)
    merged = dump(graph)
    made = split(graph, LUNDOW, articles=["a1"], day=DAY)
    assert made.meant in named(graph, "a1")
    assert LUNDOW in named(graph, "a3")
    undo(graph, LUNDOW, merges=False)
    assert dump(graph) == merged


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ({"articles": ["nowhere"]}, "no article 'nowhere'"),
        ({"articles": ["a1"]}, "does not name id:dmitry-peskov"),
        ({"office": "minister", "of": ID + "russia"}, "no article says"),
        ({}, "say where"),
        ({"articles": ["a4"], "to": ID + "egypt"}, "is a Person and id:egypt a State"),
    ],
)
def test_a_split_that_cannot_be_is_refused(graph: Graph, where: dict[str, str], sentence: str) -> None:
    before = dump(graph)
    with pytest.raises(DecisionError, match=sentence):
        split(graph, PESKOV, day=DAY, **where)  # type: ignore[arg-type]
    assert dump(graph) == before


def test_one_article_is_split_once(graph: Graph) -> None:
    split(graph, PESKOV, articles=["a4", "a5"], day=DAY)
    with pytest.raises(DecisionError, match="is split in a5 already"):
        adopt(graph, Decisions([Decision(PESKOV, DOE, ("a5",), date=DAY)]))


# --- interruptions, files, other stores


def test_what_was_interrupted_is_finished_by_the_next_command_that_writes(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = Graph.replace, 3  # the mark, the decisions and one of two articles

    def replace(self: Graph, article: ox.NamedNode, quads: list[ox.Quad]) -> int:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return real(self, article, quads)

    with monkeypatch.context() as patch:
        patch.setattr(Graph, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            merge(graph, LUNDO, LUNDOW, day=DAY)
    assert len([article for article in ("a1", "a3") if LUNDO in named(graph, article)]) == 1
    assert any("was merged into" in sentence for sentence in sentences(graph))
    assert finish(graph) == 1
    assert finish(graph) == 0
    with open_graph(":memory:") as other:
        fill(other)
        merge(other, LUNDO, LUNDOW, day=DAY)
        assert dump(graph) == dump(other)


def test_the_store_keeps_no_trace_of_decisions_that_were_taken_back(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY)
    undo(graph, LUNDO, merges=True)
    assert list(graph.quads(DECISIONS_GRAPH)) == []
    assert not any(quad.subject == DECISIONS_GRAPH for quad in graph.quads(STORE_GRAPH))


def test_what_is_written_leads_back_to_what_was_read() -> None:
    from kg.rdf import quads

    read = list(quads(extract(ARTICLES[2])))
    for made in ([stored()], [Decision(LUNDO, PUTIN), Decision(LUNDOW, PUTIN)], [Decision(LUNDOW, DOE, ("a3",))]):
        assert as_read(Decisions(made).settle(read)) == read
    assert Decisions([Decision(DOE, PUTIN)]).settle(read) == read


def test_decisions_go_through_rdf_unchanged() -> None:
    made = {
        stored(by="Ann «A»", note="two\nlines"),
        Decision(PESKOV, ID + "x-1", ("a 1", "a2"), cls="Person", name="بيسكوف", lang="ar", date=DAY),
        Decision(DOE, PUTIN, office="minister", of=ID + "egypt", called="Doe", date=DAY),
    }
    assert set(read_decisions(quad.triple for quad in decision_quads(made)).made) == made


@pytest.mark.parametrize(
    ("turtle", "sentence"),
    [
        ("<x:d> a gp:Decision ; gp:entityMeant id:a .", "0 values of gp:entityRead"),
        ("<x:d> a gp:Decision ; gp:entityRead id:a , id:b ; gp:entityMeant id:c .", "2 values of gp:entityRead"),
        ('<x:d> a gp:Decision ; gp:entityRead <x:a> ; gp:entityMeant id:c ; dct:date "2026-01-02" .', "entities of"),
        ("<x:d> a gp:Decision ; gp:entityRead id:a ; gp:entityMeant id:c .", "0 values of dct:date"),
        ('<x:d> a gp:Decision ; gp:entityRead id:a ; gp:entityMeant id:c ; dct:date "2026-01-02" ; gp:whereOffice '
         "gp:minister .", "an office and whose it is"),
    ],
)  # fmt: skip
def test_a_file_of_decisions_that_says_too_little_is_refused(turtle: str, sentence: str) -> None:
    head = f"@prefix gp: <{GP}> . @prefix id: <{ID}> . @prefix dct: <http://purl.org/dc/terms/> .\n"
    with pytest.raises(DecisionError, match=sentence):
        from_turtle((head + turtle).encode())


def test_decisions_work_in_a_store_behind_an_address(server: str) -> None:  # noqa: F811
    with open_graph(server) as graph:
        fill(graph)
        before = dump(graph)
        merge(graph, LUNDO, LUNDOW, day=DAY)
        assert LUNDO not in named(graph, "a3")
        undo(graph, LUNDO, merges=True)
        assert dump(graph) == before


# --- what is told


def test_explain_tells_who_merged_whom_and_why(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY, by="Ann", note="one spelling of many")
    lines = [line for one in explain(graph, ["a1/c1"]) for line in render(one)]
    [decided] = [line for line in lines if line.startswith("  decided")]
    assert all(words in decided for words in ("Mira Lundo", "everywhere", DAY, "Ann", "one spelling of many"))
    assert not any("decided" in line for one in explain(graph, ["a2/c1"]) for line in render(one))


def kg(*words: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, words)), prog_name="kg", catch_exceptions=False)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with open_graph(tmp_path / "store") as graph:
        fill(graph)
    return tmp_path / "store"


def test_the_commands_merge_split_list_carry_over_and_take_back(store: Path, tmp_path: Path) -> None:
    assert kg("merge", "Mira Lundo", "Mira Lundow", "--store", store, "--by", "Ann", "--note", "why not").exit_code == 0
    done = kg("split", "dmitry-peskov", "--article", "a5", "--store", store, "--by", "Bob", "--name", "D. Peskov")
    assert "in a5" in done.stderr
    listed = json.loads(kg("decisions", "--store", store, "--json").stdout)
    assert [(one["by"], one["note"], one["name"]) for one in listed] == [
        ("Bob", "", "D. Peskov"), ("Ann", "why not", "Mira Lundow")
    ]  # fmt: skip
    assert "why not" in kg("decisions", "--store", store).stdout
    file, copy = tmp_path / "who.ttl", tmp_path / "copy.ttl"
    assert kg("decisions", "--export", file, "--store", store).exit_code == 0
    other = tmp_path / "other"
    with open_graph(other) as graph:
        fill(graph)
    assert "2 decisions taken over" in kg("decisions", "--import", file, "--store", other).stderr
    assert "0 decisions taken over" in kg("decisions", "--import", file, "--store", other).stderr
    kg("decisions", "--export", copy, "--store", other)
    assert copy.read_bytes() == file.read_bytes() == kg("decisions", "--export", "-", "--store", other).stdout_bytes
    assert "is no longer" in kg("merge", "--undo", "Mira Lundo", "--store", store).stderr
    assert "is no longer" in kg("split", "--undo", "dmitry-peskov", "--store", store).stderr
    assert kg("decisions", "--store", store).stdout == ""
    with open_graph(store) as one:
        fill(one)
        assert named(one, "a5") >= {PESKOV}


def test_build_applies_a_file_of_decisions_to_a_new_store(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Russian President Vladimir Putin visited Damascus.", encoding="utf-8")
    file = tmp_path / "who.ttl"
    made = Decision(PUTIN, ID + "x-1", ("a",), cls="Person", name="A namesake", lang="en", date=DAY)
    with open_graph(":memory:") as graph:
        adopt(graph, Decisions([made]))
        with file.open("wb") as out:
            identity.write_turtle(graph, out)
    assert kg("build", article, "--store", tmp_path / "store", "--decisions", file).exit_code == 0
    with open_graph(tmp_path / "store") as graph:
        assert ID + "x-1" in named(graph, "a")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["merge", "russia"], "name two entities"),
        (["merge", "--undo", "russia", "egypt"], "name two entities"),
        (["split", "russia"], "say where it is another"),
        (["split"], "name the entity to split"),
        (["split", "russia", "--office", "minister"], "say where it is another"),
        (["decisions", "--export", "x", "--import", "y"], "one after the other"),
    ],
)
def test_wrong_usage_is_told(store: Path, words: list[str], sentence: str) -> None:
    done = kg(*words, "--store", store)
    assert done.exit_code == 2
    assert sentence in done.stderr


@pytest.mark.parametrize(("content", "sentence"), [("x", "cannot be read as decisions"), ("", "holds no decision")])
def test_a_file_that_holds_no_decisions_is_refused(store: Path, tmp_path: Path, content: str, sentence: str) -> None:
    file = tmp_path / "who.ttl"
    file.write_text(content, encoding="utf-8")
    done = kg("decisions", "--import", file, "--store", store)
    assert done.exit_code == 1
    assert sentence in done.stderr


def test_the_ontology_has_every_term_that_a_decision_uses(graph: Graph) -> None:
    merge(graph, LUNDO, LUNDOW, day=DAY, by="Ann", note="why")
    split(graph, LUNDOW, articles=["a2"], day=DAY)
    split(graph, PESKOV, office="minister", of=ID + "egypt", to=DOE, day=DAY)
    used = {quad.predicate.value for quad in graph.quads(DECISIONS_GRAPH)} | {GP + "asRead", GP + "Decision"}
    known = {text(quad.subject) for quad in ontology_quads()}
    assert {iri for iri in used if iri.startswith(GP)} <= known
