"""The library of questions as pages: forms, answers in three views, downloads; asked of a real store."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from sample_article import EXTRACTION, WORLD

from kg.pages import Answer, Asked, respond
from kg.pages.answer import LANGUAGES
from kg.pages.net import COLUMN, LINES, draw
from kg.pages.questions import GROUPS, PAGE, VIEWS, heading
from kg.pages.template import phrase
from kg.queries import load_query, saved_queries
from kg.rdf import article_iri, ontology_quads, world_quads
from kg.rdf import quads as quads_of
from kg.store import Graph, open_graph
from kg.stored import read_claim
from kg.views.sources import Edge, Sources, edges, is_claim

NAMES = [query.name for query in saved_queries()]
GIVEN = {"entity": "russia", "subject": "hmeimim", "relation": "operator", "object": "russia"}


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        opened.bulk(ontology_quads())
        opened.bulk(world_quads(WORLD))
        opened.bulk(quads_of(EXTRACTION))
        yield opened


def page(graph: Graph, name: str, lang: str = "en", **params: str) -> Answer:
    return respond(graph, Asked(f"/questions/{name}", params, lang))


def words(answer: Answer) -> str:
    """What a reader sees of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.body.decode()).split())


def needed(name: str) -> dict[str, str]:
    return {p.name: GIVEN.get(p.name, "russia") for p in load_query(name).parameters if p.required}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_has_every_question_in_the_language_of_the_page(graph: Graph, lang: str) -> None:
    body = respond(graph, Asked("/questions", lang=lang)).body.decode()
    for query in saved_queries():
        assert f'href="/questions/{query.name}"' in body
        assert query.title[lang].replace("'", "&#39;") in body


def test_every_question_belongs_to_one_group() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == NAMES


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_answered_in_every_view(graph: Graph, name: str, lang: str) -> None:
    for view in VIEWS:
        answer = page(graph, name, lang, view=view, **needed(name))
        assert answer.status == 200
        assert load_query(name).title[lang].replace("'", "&#39;") in answer.body.decode()


@pytest.mark.parametrize("name", NAMES)
def test_every_column_has_a_heading_in_both_languages(graph: Graph, name: str) -> None:
    sparql = load_query(name).sparql
    head = sparql[sparql.index("SELECT") : sparql.index("WHERE")]
    columns = re.findall(r"AS \?(\w+)|(?<!\()\?(\w+)(?= )", re.sub(r"\(.*?(AS \?\w+)\)", r"\1", head))
    names = {one or other for one, other in columns} - {p.name for p in load_query(name).parameters}
    shown = names - {"quote", "title", "speaker", "modality", "negated", "first", "second"}
    assert shown
    for lang in LANGUAGES:
        assert [column for column in sorted(shown) if heading(column, lang).startswith("?")] == []


def test_a_row_ends_with_who_says_so_and_the_sentence(graph: Graph) -> None:
    seen = words(page(graph, "bases", operator="russia", state="syria"))
    assert "Who says so The sentence" in seen
    assert "Hmeimim Air Base Syria Russia air 1 the article’s own voice holds وتدير روسيا قاعدة حميميم الجوية" in seen
    body = page(graph, "bases").body.decode()
    article = article_iri("sample-1").value.removeprefix("https://w3id.org/geopol")
    assert f'href="{article}/c8"' in body
    assert 'href="/id/hmeimim"' in body


def test_what_was_asked_for_is_not_shown_as_a_deed(graph: Graph) -> None:
    body = page(graph, "prospects").body.decode()
    assert 'class="mod m-requested"' in body
    assert phrase("en", "modality.requested") in body
    assert 'class="mod m-asserted"' not in body


def test_names_of_the_answer_lead_to_their_pages(graph: Graph) -> None:
    body = page(graph, "visits").body.decode()
    assert 'href="/id/ahmed-al-sharaa"' in body
    assert 'href="/id/moscow"' in body


def test_a_form_keeps_what_was_asked_and_shows_the_name(graph: Graph) -> None:
    body = page(graph, "bases", "ar", operator="russia").body.decode()
    assert re.search(r'name="operator" value="روسيا"', body)
    body = page(graph, "leaders", office="headOfState").body.decode()
    assert '<option value="headOfState" selected>head of state</option>' in body


def test_a_form_with_something_missing_is_not_asked(graph: Graph) -> None:
    answer = page(graph, "claims")
    assert answer.status == 200
    assert phrase("en", "form.missing") in words(answer)
    assert "required" in answer.body.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_name_is_told_beside_the_form(graph: Graph, lang: str) -> None:
    answer = page(graph, "bases", lang, operator="Rusia")
    assert answer.status == 400
    assert "did you mean Russia?" in words(answer)
    assert 'value="Rusia"' in answer.body.decode()


def test_an_unknown_question_lists_those_that_exist(graph: Graph) -> None:
    answer = page(graph, "basis")
    assert answer.status == 404
    assert "/questions/bases" in answer.body.decode()


def test_no_row_is_an_answer_in_words(graph: Graph) -> None:
    assert phrase("en", "answer.none") in words(page(graph, "bases", operator="syria"))


def test_downloads_hold_the_whole_answer(graph: Graph) -> None:
    answer = page(graph, "bases", format="csv")
    [row] = csv.DictReader(io.StringIO(answer.body.decode()))
    assert (row["base"], row["runBy"]) == ("Hmeimim Air Base", "Russia")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bases.csv"'
    json = page(graph, "bases", "ar", format="json")
    assert json.media_type == "application/sparql-results+json"
    assert "قاعدة حميميم" in json.body.decode()


def test_turtle_holds_the_claims_behind_the_rows(graph: Graph) -> None:
    answer = page(graph, "requests", format="turtle")
    triples = {str(quad.predicate) for quad in ox.parse(answer.body, ox.RdfFormat.TURTLE)}
    assert "<https://w3id.org/geopol/ns#actor>" in triples
    assert "<http://www.w3.org/ns/oa#exact>" in triples
    assert page(graph, "mentions", entity="russia", format="turtle").status == 400
    assert page(graph, "bases", format="pdf").status == 400


def test_the_graph_shows_counts_before_anybody_opens_a_neighbour(graph: Graph) -> None:
    body = page(graph, "claims", entity="russia", view="graph").body.decode()
    assert '<svg class="net"' in body
    assert "+1 claim" in body
    assert 'class="e m-requested e-dash"' in body


def test_the_map_has_its_points_as_text_too(graph: Graph) -> None:
    body = page(graph, "bases", view="map").body.decode()
    assert "data-points=" in body
    assert "35.400°N 35.950°E" in body


def test_long_answers_come_in_pages(graph: Graph) -> None:
    quads = [
        ox.Quad(
            ox.NamedNode("https://w3id.org/geopol/id/russia"),
            ox.NamedNode("https://w3id.org/geopol/ns#mentionedAs"),
            ox.Literal(f"name {number:03}"),
            article_iri("sample-1"),
        )
        for number in range(PAGE + 1)
    ]
    with open_graph(":memory:") as many:
        many.bulk(world_quads(WORLD))
        many.bulk([*quads_of(EXTRACTION), *quads])
        first, last = page(many, "mentions", entity="russia"), page(many, "mentions", entity="russia", page="2")
    assert first.body.decode().count("<tr>") == PAGE + 1
    assert 'rel="next"' in first.body.decode()
    assert 'rel="next"' not in last.body.decode()
    assert 'rel="prev"' in last.body.decode()


def test_a_claim_is_read_without_its_article(graph: Graph) -> None:
    iri = article_iri("sample-1").value + "/c5"
    claim = read_claim(graph, iri)
    assert claim is not None
    assert (claim.type, claim.modality, claim.quote) == (
        "extradite", "requested", "وطلب الشرع من روسيا تسليم الرئيس السابق بشار الأسد",
    )  # fmt: skip
    assert read_claim(graph, iri + "0") is None
    assert is_claim(iri)
    assert not is_claim("https://example.org/c1")


def test_equal_claims_are_one_edge_and_a_drawing_has_room(graph: Graph) -> None:
    sources = Sources(graph)
    source = sources.get(article_iri("sample-1").value + "/c8")
    assert source is not None
    [edge] = edges([source, source])
    assert (edge.type, edge.claims) == ("operator", (source.claim.iri,))
    assert len({one.y for one in draw([edge] * 3, lambda iri: 7, mirrored=False).lines}) == 3
    others = [
        Edge(sources.entity(f"x:{n}"), edge.target, "operator", False, "asserted", False, ("c",)) for n in range(40)
    ]
    net = draw(others, lambda iri: 7, mirrored=True)
    assert len(net.nodes) == COLUMN + 1
    assert len(net.lines) <= LINES
    assert net.left_out == 40 - len(net.lines)
    assert {node.count for node in net.nodes} == {7}
