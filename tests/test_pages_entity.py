"""The start page, search, entities, neighbours and comparisons, rendered from a real store in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from explorer import ENDLESS, Page, check, hostile, shown_graph

from kg.identity import merge, undo
from kg.pages import Asked, respond
from kg.pages.answer import LANGUAGES
from kg.pages.template import phrase
from kg.rdf import ID, entity_iris
from kg.server.snapshot import take
from kg.store import Graph, open_graph
from kg.views.catalogue import SUFFIX, build, catalogue, spelling, write
from kg.views.claims import Reader
from kg.views.compare import compare
from kg.views.search import near, search
from kg.views.timeline import COLUMNS, SHAPES, columns


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with shown_graph() as graph:
        yield graph


def get(graph: Graph, path: str, lang: str = "en", **params: str) -> Page:
    answer = respond(graph, Asked(path, params, lang))
    assert answer.status == 200, path
    page = Page(answer.body)
    check(page, lang)
    return page


EVIL, NOWHERE = (iri.value.removeprefix(ID) for iri in entity_iris(hostile()).values())
PATHS = [
    ("/", {}),
    ("/id/russia", {}),
    ("/id/russia", {"manner": "planned-not", "year": "2017"}),
    ("/id/hmeimim", {}),
    ("/id/nato", {}),
    (f"/id/{EVIL}", {}),
    (f"/id/{NOWHERE}", {}),
    (f"/neighbours/{EVIL}", {}),
    ("/neighbours/russia", {"open": "syria"}),
    ("/neighbours/nato", {}),
    ("/compare", {}),
    ("/compare", {"a": "syria"}),
    ("/compare", {"a": "syria", "b": "روسيا"}),
    ("/compare", {"a": "syria", "b": "syria"}),
    ("/compare", {"a": "syria", "b": "<script>"}),
    ("/search", {}),
    ("/search", {"q": "hmeimim"}),
    ("/search", {"q": "\u202e<script>" + "x" * 10_000}),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("path", "params"), PATHS)
def test_every_page_is_well_formed_and_keeps_the_policy(
    graph: Graph, path: str, params: dict[str, str], lang: str
) -> None:
    page = get(graph, path, lang, **params)
    assert "alert(1)" not in "".join(str(attrs.get("href")) for _, attrs in page.tags)
    assert page.all("script") == [] or all(attrs["src"].startswith("/static/") for attrs in page.all("script"))
    assert len(page.text) < 150_000


@pytest.mark.parametrize("path", ["/id/nobody", "/neighbours/nobody", "/id/%3Cscript%3E"])
def test_an_entity_that_the_graph_does_not_know_is_told_so(graph: Graph, path: str) -> None:
    assert respond(graph, Asked(path)).status == 404


@pytest.mark.parametrize("page", ["/id/", "/neighbours/"])
def test_an_entity_that_was_merged_leads_to_the_one_that_remains(page: str) -> None:
    with shown_graph() as graph:
        merge(graph, ID + EVIL, ID + "nato", day="2026-01-02")
        answer = respond(graph, Asked(page + EVIL, {"year": "2017"}))
        assert (answer.status, answer.headers["Location"]) == (301, f"{page}nato?year=2017")
        assert answer.headers["Cache-Control"] == "no-cache"  # a merge can be taken back
        assert respond(graph, Asked(page + "nato")).status == 200
    with shown_graph() as graph:
        merge(graph, ID + EVIL, ID + "nato", day="2026-01-02")
        undo(graph, ID + EVIL, merges=True)
        assert respond(graph, Asked(page + EVIL)).status == 200


def test_the_start_page_leads_to_the_bases_and_their_sentence_in_two_clicks(graph: Graph) -> None:
    start = get(graph, "/")
    assert "Which bases does Russia run in Syria" in start.words
    assert "/questions/bases?state=syria&operator=russia" in start.links()
    assert "/id/hmeimim#operator-subject" in start.links()
    base = get(graph, "/id/hmeimim")
    assert any(attrs.get("id") == "operator-subject" for _, attrs in base.tags)
    assert "وتدير روسيا قاعدة حميميم الجوية" in base.words


def test_the_start_page_shows_what_was_asked_and_what_was_answered(graph: Graph) -> None:
    start = get(graph, "/")
    assert "What did Syria ask of Russia" in start.words
    assert "/compare?a=syria&b=russia" in start.links()
    assert "will not happen" in start.words


def test_the_start_page_of_an_empty_graph_is_a_page() -> None:
    with open_graph(":memory:") as empty:
        page = get(empty, "/")
    assert "Paste an article" in page.words


def test_equal_claims_are_one_statement_with_three_quotes_and_the_rest_behind_a_count(graph: Graph) -> None:
    page = get(graph, "/id/hmeimim")
    assert "6 claims" in page.words
    assert "3 more that say the same" in page.words
    assert page.words.count("“Syria runs") == 0  # the marks come from the sheet, the words from the article
    assert page.words.count("Syria runs Hmeimim Air Base") == 6


def test_a_filter_shows_what_it_says_and_can_be_taken_back(graph: Graph) -> None:
    page = get(graph, "/id/russia", manner="planned-not")
    chosen = [attrs for attrs in page.all("a") if attrs.get("aria-current") == "true"]
    assert [attrs["href"] for attrs in chosen] == ["/id/russia#said"]
    assert "Russia will not hand over Assad" in page.words
    assert "وروسيا حليفة سوريا" not in page.words


def test_what_nobody_says_is_written_out(graph: Graph) -> None:
    page = get(graph, "/id/bashar-al-assad")
    assert "No article here says that it happened." in page.words
    assert "not linked" in page.words
    assert "No article says anything about it." in get(graph, "/id/nato").words
    assert "No claim passes these filters." in get(graph, "/id/russia", year="1999").words


def test_a_link_to_wikidata_has_its_reason(graph: Graph) -> None:
    page = get(graph, "/id/vladimir-putin")
    assert "Q7747" in page.words
    assert "Heads of state" in page.words


def test_bases_have_their_places_for_the_map(graph: Graph) -> None:
    (figure,) = [attrs for attrs in get(graph, "/id/hmeimim", "ar").all("figure") if attrs.get("class") == "fig map"]
    assert json.loads(figure["data-points"]) == [{"lat": 35.4, "lon": 35.95, "name": "قاعدة حميميم"}]


def test_a_name_in_arabic_is_an_arabic_name_on_an_english_page(graph: Graph) -> None:
    names = [attrs for attrs in get(graph, "/id/russia").all("bdi") if attrs.get("lang") == "ar"]
    assert names
    assert {attrs["dir"] for attrs in names} == {"rtl"}


def test_neighbours_count_first_and_open_in_place(graph: Graph) -> None:
    closed, opened = get(graph, "/neighbours/russia"), get(graph, "/neighbours/russia", open="syria")
    assert "/neighbours/russia?open=syria#n-syria" in closed.links()
    assert "/neighbours/russia#n-syria" in opened.links()
    assert len(opened.links()) > len(closed.links())


@pytest.mark.parametrize("name", ["Hmeimim", "HMEIMIM air-base", "حميميم", "حمـيميم", "قاعده حميميم"])
def test_names_are_found_in_any_spelling(graph: Graph, name: str) -> None:
    assert search(catalogue(graph), name, 1)[0].iri == ID + "hmeimim"


def test_what_is_named_more_stands_first_and_the_same_name_before_all(graph: Graph) -> None:
    found = catalogue(graph)
    assert [hit.iri for hit in search(found, "s", 2)] == [ID + "syria", *[h.iri for h in search(found, "s", 2)[1:]]]
    assert search(found, "syria", 5)[0].iri == ID + "syria"
    assert search(found, "", 5) == ()
    assert search(found, "\u200f ", 5) == ()
    assert spelling("أحمد الشّرع") == spelling("احمد الشرع")


def test_a_name_that_nobody_has_leads_to_those_like_it(graph: Graph) -> None:
    assert [hit.iri for hit in near(catalogue(graph), "Hmeimem Air Base", 1)] == [ID + "hmeimim"]
    assert "Similar names" in get(graph, "/search", q="Bashar al-Asad").words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_suggestions_are_json_in_the_language_of_the_page(graph: Graph, lang: str) -> None:
    answer = respond(graph, Asked("/suggest", {"q": "russ"}, lang))
    assert answer.media_type == "application/json"
    first = json.loads(answer.body)[0]
    assert first["href"] == "/id/russia"
    assert first["name"] == {"en": "Russia", "ar": "روسيا"}[lang]
    assert first["other"] == {"en": "", "ar": "Russia"}[lang]


def test_what_one_asks_and_the_other_refuses_stands_face_to_face(graph: Graph) -> None:
    found = compare(Reader(graph, catalogue(graph)), ID + "syria", ID + "russia")
    face = found.faces[0]
    assert (face.type, face.verdict) == ("extradite", "refused")
    assert {one.modality for one in face.a} == {"requested", "asserted"}
    assert [(one.modality, one.negated) for one in face.b] == [("planned", True)]
    page = get(graph, "/compare", a="syria", b="russia")
    assert phrase("en", "compare.verdict.refused") in page.words
    assert phrase("en", "compare.silent") in page.words


def test_years_without_claims_keep_their_place_and_many_claims_are_counted(graph: Graph) -> None:
    found = catalogue(graph)
    (strip,) = columns(found.of[ID + "hmeimim"])
    assert [column.year for column in strip] == [str(year) for year in range(2017, 2026)]
    assert strip[1].is_empty
    many = [entry for entry in found.entries if entry.article == found.entries[0].article] * SHAPES
    (counted,) = columns(many)
    assert counted[0].claims == ()
    assert sum(count for _, count in counted[0].counts) == len(many)
    assert len(strip) <= COLUMNS


def test_a_catalogue_is_kept_beside_the_store_and_read_from_there(tmp_path: Path, graph: Graph) -> None:
    folder = tmp_path / "store"
    with open_graph(folder) as stored:
        stored.bulk(graph.quads())
        write(stored, folder)
        stored.bulk([])
        assert catalogue(stored) == build(graph)
    (tmp_path / "store.catalogue").write_text("{", encoding="utf-8")
    with open_graph(folder, read_only=True) as stored:
        assert catalogue(stored) == build(graph)


def test_a_name_without_end_is_cut_wherever_it_stands(graph: Graph) -> None:
    for path in (f"/id/{NOWHERE}", f"/neighbours/{EVIL}"):
        page = get(graph, path)
        assert "x" * 300 not in page.words.replace(ENDLESS + ".", "")


def test_the_server_makes_the_catalogue_with_the_snapshot(tmp_path: Path, graph: Graph) -> None:
    with open_graph(tmp_path / "graph.kg") as stored:
        stored.bulk(graph.quads())
        stored.flush()
    snapshot = take(tmp_path / "graph.kg")
    assert snapshot.folder.with_name(snapshot.folder.name + SUFFIX).exists()
    snapshot.remove()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["graph.kg"]
