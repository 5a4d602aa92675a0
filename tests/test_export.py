from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from kg import turtle
from kg.errors import StoreError
from kg.export import VIEWS, export, harmless
from kg.rdf import ART, article_iri, ontology_quads
from kg.store import Graph, open_graph

FIXTURE = Path(__file__).parent / "fixtures" / "questions.trig"
GP = "https://w3id.org/geopol/ns#"
ID = "https://w3id.org/geopol/id/"


def article_names() -> dict[str, str]:
    """The fixture's articles have short names; these are the ones that their ids give."""
    ids = {"a1": "one", "a2": "two", "a3": "three", "a4": "four", "a5": "five"}
    return {ART + short: article_iri(article_id).value for short, article_id in ids.items()}


def fill(graph: Graph) -> None:
    text = FIXTURE.read_text(encoding="utf-8")
    for short, iri in article_names().items():
        text = text.replace(f"<{short}", f"<{iri}").replace(f"art:{short[len(ART) :]} ", f"<{iri}> ")
    quads = sorted(set(ox.parse(text, ox.RdfFormat.TRIG)), key=str)
    graph.bulk(ontology_quads())
    graph.bulk(quads)


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        fill(opened)
        yield opened


def exported(graph: Graph, view: str, **chosen: str) -> bytes:
    out = io.BytesIO()
    export(graph, view, out, **chosen)
    return out.getvalue()


def triples(graph: Graph) -> set[ox.Triple]:
    return {quad.triple for quad in graph.quads() if quad.graph_name.value != GP + "store"}


@pytest.mark.parametrize("view", VIEWS)
def test_a_second_export_is_byte_equal_whatever_the_order_of_writing(graph: Graph, view: str) -> None:
    with open_graph(":memory:") as other:
        quads = sorted(graph.quads(), key=str, reverse=True)
        other.bulk(quad for quad in quads if quad.graph_name.value != GP + "store")
        assert exported(graph, view) == exported(graph, view) == exported(other, view)


def test_turtle_reads_back_to_the_same_graph_in_both_libraries(graph: Graph) -> None:
    body = exported(graph, "turtle")
    assert {quad.triple for quad in ox.parse(body, ox.RdfFormat.TURTLE)} == triples(graph)
    expected = rdflib.Graph().parse(data="".join(f"{one} .\n" for one in triples(graph)), format="nt")
    assert isomorphic(rdflib.Graph().parse(data=body, format="turtle"), expected)
    assert b"gp:operator id:russia" in body


@pytest.mark.parametrize(("view", "form"), [("nquads", "nquads"), ("trig", "trig"), ("jsonld", "json-ld")])
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_datasets_read_back_in_both_libraries(graph: Graph, view: str, form: str) -> None:
    body = exported(graph, view)
    forms = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
    expected = {quad for quad in graph.quads() if quad.graph_name.value != GP + "store"}
    assert set(ox.parse(body, forms[view])) == expected
    dataset = rdflib.Dataset()
    dataset.parse(data=body, format=form)
    assert len(set(dataset.quads())) == len(expected)


def test_one_article_comes_with_the_names_of_its_parties_and_nothing_of_others(graph: Graph) -> None:
    found = rdflib.Graph().parse(data=exported(graph, "turtle", article="one"), format="turtle")
    labels = {str(label) for label in found.objects(rdflib.URIRef(ID + "assad"), rdflib.RDFS.label)}
    assert labels == {"Bashar al-Assad", "بشار الأسد"}
    claims = set(found.subjects(rdflib.RDF.type, rdflib.URIRef(GP + "Claim")))
    assert len(claims) == 6


def test_one_entity_comes_with_its_claims_their_words_and_its_edges(graph: Graph) -> None:
    body = exported(graph, "turtle", entity=ID + "hmeimim")
    found = rdflib.Graph().parse(data=body, format="turtle")
    assert len(set(found.subjects(rdflib.RDF.type, rdflib.URIRef(GP + "Claim")))) == 4
    assert (rdflib.URIRef(ID + "hmeimim"), rdflib.URIRef(GP + "hostState"), rdflib.URIRef(ID + "syria")) in found
    quotes = {str(quote) for quote in found.objects(None, rdflib.URIRef("http://www.w3.org/ns/oa#exact"))}
    assert "Syria now runs Hmeimim" in quotes
    assert "Turkish forces in Syria" not in quotes


def test_rdf12_has_reifiers_in_the_place_of_subject_predicate_object(graph: Graph) -> None:
    found = [quad.triple for quad in ox.parse(exported(graph, "rdf12"), ox.RdfFormat.TURTLE)]
    reifies = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")
    stated = {one.object for one in found if one.predicate == reifies}
    deal, russia = ox.NamedNode(ID + "x-deal"), ox.NamedNode(ID + "russia")
    assert ox.Triple(deal, ox.NamedNode(GP + "signatory"), russia) in stated
    assert len(stated) == 11
    assert not [one for one in found if one.predicate.value.endswith("#predicate")]


def test_annotations_point_at_their_words_by_quote_and_by_position(graph: Graph) -> None:
    page = json.loads(exported(graph, "annotations", article="one"))
    assert page["type"] == "AnnotationPage"
    assert len(page["items"]) == 6
    text = next(
        q.object.value for q in graph.quads() if q.predicate.value.endswith("articleBody") and "زار" in q.object.value
    )
    for item in page["items"]:
        quote, position = item["target"]["selector"]
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert text[: position["start"]].endswith(quote["prefix"])
        assert text[position["end"] :].startswith(quote["suffix"])


def test_graphml_joins_entities_by_weighted_typed_edges(graph: Graph) -> None:
    root = ET.fromstring(exported(graph, "graphml"))
    ns = {"g": "http://graphml.graphdrawing.org/xmlns"}
    edges = {
        (edge.get("source"), edge.get("target"), *(data.text for data in edge.findall("g:data", ns)))
        for edge in root.iterfind(".//g:edge", ns)
    }
    assert ("id:hmeimim", "id:russia", "operator", "asserted", "yes", "article", "2") in edges
    assert ("id:sharaa", "id:russia", "visit", "asserted", "no", "article", "1") in edges
    assert ("id:russia", "id:syria", "militaryPresenceIn", "asserted", "yes", "word", "1") in edges
    assert ("id:russia", "id:turkey", "meeting", "asserted", "yes", "article", "1") in edges
    nodes = {node.get("id"): [d.text for d in node.findall("g:data", ns)] for node in root.iterfind(".//g:node", ns)}
    assert nodes["id:hmeimim"][:3] == ["MilitaryBase", "Hmeimim Air Base", "قاعدة حميميم"]
    assert {end for edge in edges for end in edge[:2]} == nodes.keys()


def test_the_table_of_events_has_codes_parties_and_content(graph: Graph) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(graph, "events").decode(), newline="")))
    assert len(rows) == 12
    (request,) = [row for row in rows if row["type"] == "request"]
    assert request["plover"] == "REQUEST"
    assert (request["actors"], request["recipients"], request["content"]) == ("Ahmed al-Sharaa", "Russia", "extradite")
    (asked,) = [row for row in rows if row["type"] == "extradite"]
    assert (asked["modality"], asked["attributedTo"], asked["objects"]) == (
        "requested", "Ahmed al-Sharaa", "Bashar al-Assad",
    )  # fmt: skip


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == "'" + cell
    assert harmless("a" + cell) == "a" + cell


def test_what_there_is_not_is_named(graph: Graph) -> None:
    with pytest.raises(StoreError, match="no view 'pdf'; choose one of turtle"):
        exported(graph, "pdf")
    with pytest.raises(StoreError, match="no article 'six'; `kg query articles`"):
        exported(graph, "turtle", article="six")


def test_sorting_outside_of_memory_gives_the_same_lines(tmp_path: Path) -> None:
    lines = [f"{number * 7919 % 100:02} ؟\n" for number in range(300)]
    assert list(turtle.sorted_once(lines, chunk=7)) == sorted(set(lines)) == list(turtle.sorted_once(lines))
    assert list(turtle.sorted_once([])) == []
