"""The SPARQL editor as a form: answers, downloads, and where a mistake is; without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sample_article import EXTRACTION, WORLD

from kg.errors import UnreadableQuery
from kg.ontology import ontology
from kg.pages import Answer, Asked, respond
from kg.pages.answer import LANGUAGES
from kg.pages.editor import ROWS
from kg.pages.template import phrase
from kg.rdf import PREFIXES, ontology_quads, world_quads
from kg.rdf import quads as quads_of
from kg.store import Graph, open_graph


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        opened.bulk(ontology_quads())
        opened.bulk(world_quads(WORLD))
        opened.bulk(quads_of(EXTRACTION))
        yield opened


def ask(graph: Graph, query: str, lang: str = "en", **params: str) -> Answer:
    return respond(graph, Asked("/editor", {"query": query, **params}, lang, "POST"))


def words(answer: Answer) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.body.decode()).split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_query_that_stands_there_at_first_has_an_answer(graph: Graph, lang: str) -> None:
    empty = respond(graph, Asked("/editor", lang=lang))
    assert empty.status == 200
    assert "id:russia" in empty.body.decode()
    body = ask(graph, phrase(lang, "editor.example"), lang).body.decode()
    assert "ev:extradite" in body
    assert 'href="/id/ahmed-al-sharaa"' in body
    assert "وطلب الشرع من روسيا" in body


def test_every_prefix_and_term_of_ours_stands_beside_the_query(graph: Graph) -> None:
    body = respond(graph, Asked("/editor")).body.decode()
    for prefix in PREFIXES:
        assert f"{prefix}:" in body
    for name in ontology().event_types:
        assert f"<dt>ev:{name}</dt>" in body
    for name in ontology().relations:
        assert f"<dt>gp:{name}</dt>" in body


def test_a_saved_question_can_be_taken_as_a_start(graph: Graph) -> None:
    body = respond(graph, Asked("/editor", {"question": "bases"})).body.decode()
    assert "SELECT ?lang ?state ?operator" in body
    assert ask(graph, "SELECT ?x { ?x a gp:Claim }", question="none").status == 200


def test_an_answer_in_rows_has_links_and_files(graph: Graph) -> None:
    query = "SELECT ?claim ?who { ?claim gp:attributedTo ?who } ORDER BY ?claim"
    body = ask(graph, query).body.decode()
    assert re.search(r'href="/article/\w+/c10"', body)
    assert 'name="format" value="csv"' in body
    assert ask(graph, query, format="csv").body.decode().startswith("claim,who\r\n")
    assert ask(graph, query, format="xml").media_type == "application/sparql-results+xml"
    assert ask(graph, query, format="pdf").status == 400


def test_yes_or_no_triples_and_nothing_are_shown_too(graph: Graph) -> None:
    assert phrase("en", "editor.yes") in words(ask(graph, "ASK { ?x a gp:Claim }"))
    turtle = ask(graph, "CONSTRUCT WHERE { ?x gp:attributedTo ?y }")
    assert "gp:attributedTo id:ahmed-al-sharaa" in words(turtle)
    assert ask(graph, "CONSTRUCT WHERE { ?x gp:attributedTo ?y }", format="turtle").media_type == "text/turtle"
    assert phrase("en", "editor.none") in words(ask(graph, "SELECT ?x { ?x a gp:Nothing }"))


def test_more_rows_than_a_page_shows_are_announced(graph: Graph) -> None:
    answer = ask(graph, "SELECT ?s ?q { ?s ?p ?o . ?q ?r ?t } LIMIT 1200")
    assert answer.body.decode().count("<tr>") == ROWS + 1
    assert "the first 1,000 rows" in words(answer)


@pytest.mark.parametrize(
    ("query", "line", "seen"),
    [
        (
            "SELECT ?a {\n  ?a gp:actor ?b\n  ?b gp:x ?c .\n}",
            3,
            "full stop or semicolon is missing at the end of line 2",
        ),
        ("SELECT ?a {\r\n  ?a gp:actor ?b\r\n  ?b gp:x ?c .\r\n}", 3, "at the end of line 2"),
        (
            "SELECT ?a {\n  ?a foo:actor ?b }",
            2,
            "There is no such prefix; declare it, or use one of those beside: foo:",
        ),
        ("SELECT ?a {\n  ?a gp:actor ?b .", 2, "Something is missing here."),
    ],
)
def test_a_mistake_is_shown_at_its_line(graph: Graph, query: str, line: int, seen: str) -> None:
    answer = ask(graph, query)
    assert answer.status == 400
    assert f'data-line="{line}"' in answer.body.decode()
    assert f"Line {line}, column" in words(answer)
    assert seen in words(answer)
    assert f"السطر {line}، العمود" in words(ask(graph, query, "ar"))


def test_what_the_engine_says_in_a_sentence_is_told(graph: Graph) -> None:
    with pytest.raises(UnreadableQuery, match="The SELECT contains a variable that is unbound"):
        graph.query("SELECT (COUNT(?x) AS ?n) ?s WHERE { ?s ?p ?x }")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("DELETE WHERE { ?s ?p ?o }", "DELETE changes the store"),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "SERVICE asks another server"),
        ("{" * 200, "nests brackets"),
    ],
)
def test_what_is_refused_is_told_in_words(graph: Graph, query: str, said: str) -> None:
    answer = ask(graph, query, "ar")
    assert answer.status == 400
    assert said in words(answer)


def test_a_query_is_shown_as_it_was_written(graph: Graph) -> None:
    body = ask(graph, 'SELECT ?x { ?x rdfs:label "</textarea><script>alert(1)</script>" }').body.decode()
    assert "<script>alert" not in body
    assert "&lt;/textarea&gt;" in body
