from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.explain import Explanation, Mark, explain, explain_claim, render
from kg.model import Span
from kg.rdf import ontology_quads
from kg.store import Graph, open_graph
from kg.stored import from_quads

FIXTURE = Path(__file__).parent / "fixtures" / "questions.trig"
ART = "https://w3id.org/geopol/article/"


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        opened.bulk(ontology_quads())
        opened.bulk(ox.parse(path=str(FIXTURE), format=ox.RdfFormat.TRIG))
        yield opened


def claims(graph: Graph, *words: str) -> list[str]:
    return [one.claim.iri.removeprefix(ART) for one in explain(graph, words)]


def only(graph: Graph, *words: str) -> Explanation:
    (found,) = explain(graph, words)
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("hmeimim", "operator", "russia"), ["a1/c4", "a4/c5"]),
        (("قاعدة حميميم", "gp:operator", "روسيا"), ["a1/c4", "a4/c5"]),
        (("syria", "alliedWith", "russia"), ["a3/c4"]),
        (("assad", "heldOffice", "syria"), ["a3/c5"]),
        (("sharaa", "visit", "russia"), ["a1/c1", "a2/c2"]),
        (("russia", "operator", "turkey"), []),
        (("visit",), ["a1/c1", "a2/c2", "a4/c2"]),
        (("memberOf",), ["a3/c3"]),
        (("assad",), ["a1/c3", "a3/c5"]),
        (("art:a1/c4",), ["a1/c4"]),
        ((ART + "a1/c4",), ["a1/c4"]),
    ],
)
def test_what_is_named_leads_to_its_claims(graph: Graph, words: tuple[str, ...], expected: list[str]) -> None:
    assert claims(graph, *words) == expected


def test_the_sentence_around_the_quote_is_found_with_its_words_marked(graph: Graph) -> None:
    found = only(graph, "art:a1/c4")
    assert found.sentence.text == "وتدير روسيا قاعدة حميميم في سوريا."
    assert found.sentence.start == 68
    assert found.sentence.marks == (
        Mark("trigger", Span(0, 5)),
        Mark("object", Span(6, 11)),
        Mark("subject", Span(12, 24)),
    )
    assert found.edges == (("id:hmeimim", "gp:operator", "id:russia"),)


def test_parties_come_with_their_link_and_the_words_of_the_article(graph: Graph) -> None:
    parties = {party.role: party for party in only(graph, "art:a1/c2").parties}
    assert parties["actor"].entity.name("ar") == "أحمد الشرع"
    assert parties["actor"].words == ("الشرع",)
    assert parties["recipient"].words == ("الروسي", "روسيا", "موسكو")


def test_a_request_leads_to_what_is_asked_for(graph: Graph) -> None:
    content = only(graph, "art:a1/c2").content
    assert content is not None
    assert (content.type, content.modality) == ("extradite", "requested")
    assert only(graph, "art:a1/c2").edges == ()


def test_where_the_text_is_missing_the_quote_stands_for_the_sentence(graph: Graph) -> None:
    assert only(graph, "art:a4/c5").sentence.text == "Russia's Hmeimim base"


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    text = "Title\n\nThe U.S. Navy left. It went home. All is well."
    start = text.index("Navy")
    article = ox.NamedNode("urn:a")
    quads = "\n".join(
        f"<urn:a{s}> <{p}> {o} <urn:a> ."
        for s, p, o in (
            ("", "https://schema.org/articleBody", ox.Literal(text)),
            ("/c1", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "<https://w3id.org/geopol/ns#Claim>"),
            ("/c1", "https://w3id.org/geopol/ns#evidence", "<urn:e>"),
        )
    )
    quads += '\n<urn:e> <http://www.w3.org/ns/oa#exact> "Navy left. It went" <urn:a> .'
    quads += f"\n<urn:e> <http://www.w3.org/ns/oa#start> {ox.Literal(start)} <urn:a> ."
    with open_graph(":memory:") as graph:
        graph.bulk(ox.parse(quads, ox.RdfFormat.N_QUADS))
        (found,) = explain_claim(graph, ox.NamedNode("urn:a/c1"))
    assert found.sentence.text == "The U.S. Navy left. It went home."
    assert from_quads(article.value, []).claims == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody at all",), "nobody in the store"),
        (("russia", "operater", "syria"), "did you mean 'operator'"),
        (("russia", "operator"), "in three words"),
        (("one/c99",), "no claim"),
        (("art:a1/c99",), "no claim art:a1/c99"),
    ],
)
def test_what_is_not_there_is_named(graph: Graph, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(QueryError, match=said):
        list(explain(graph, words))


def test_the_terminal_shows_claim_sentence_parties_rule_and_edge(graph: Graph) -> None:
    assert list(render(only(graph, "art:a1/c4"))) == [
        "art:a1/c4  operator: a fact, in the article's own voice, air",
        "  article   one, 2025-10-15, Example: \u2068الشرع يطلب تسليم الأسد\u2069",
        "  sentence  «\u2068[وتدير] [روسيا] [قاعدة حميميم] في سوريا.\u2069»",
        "    trigger   \u2068وتدير\u2069  [68]",
        "    object    \u2068روسيا\u2069  [74]",
        "    subject   \u2068قاعدة حميميم\u2069  [80]",
        "  subject   Hmeimim Air Base  id:hmeimim (no Wikidata id)",
        "  object    Russia  id:russia (no Wikidata id) \u2068الروسي\u2069, \u2068روسيا\u2069, \u2068موسكو\u2069",
        "  rule      base: operator, confidence 0.9",
        "  edge      id:hmeimim gp:operator id:russia",
    ]


def test_what_is_no_fact_says_on_whose_word(graph: Graph) -> None:
    first = next(render(only(graph, "art:a1/c3"), lang="ar"))
    assert first == "art:a1/c3  extradite: requested, on the word of \u2068أحمد الشرع\u2069"
    assert "denied" in next(render(only(graph, "art:a2/c2")))


def test_colours_come_only_when_asked_for(graph: Graph) -> None:
    assert "\x1b" not in "".join(render(only(graph, "art:a1/c4")))
    colored = list(render(only(graph, "art:a1/c4"), color=True))
    assert "\x1b[1mوتدير\x1b[0m \x1b[1mروسيا\x1b[0m" in colored[2]
