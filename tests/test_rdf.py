"""How a claim is written: every promise of docs/rdf.md, on one article read by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from sample_article import CLAIMS, DOCUMENT, EXTRACTION, PUTIN, QAMISHLI, WORLD, entity

from kg.errors import InputError, OntologyError
from kg.model import Claim, Extraction
from kg.ontology import GP
from kg.rdf import (
    ID,
    ONTOLOGY_GRAPH,
    PREFIXES,
    WORLD_GRAPH,
    article_iri,
    entity_iri,
    entity_iris,
    nquads,
    ontology_quads,
    quads,
    shorten,
    world_quads,
)

FIXTURE = Path(__file__).parent / "fixtures" / "graph.trig"
ARTICLE = article_iri("sample-1").value
Triple = tuple[str, str, str]


def short(node: object) -> str:
    if isinstance(node, ox.NamedNode):
        return shorten(node.value.replace(ARTICLE, "art:A"))
    assert isinstance(node, ox.Literal)
    return node.value


def triples(extraction: Extraction) -> set[Triple]:
    """The statements of the article, abbreviated."""
    return {(short(q.subject), short(q.predicate), short(q.object)) for q in quads(extraction)}


def with_claim(number: int, **changes: object) -> Extraction:
    """The sample article with one claim changed."""
    changed = tuple(
        replace(claim, **changes) if claim.id == f"c{number}" else claim  # type: ignore[arg-type]
        for claim in CLAIMS
    )
    return replace(EXTRACTION, claims=changed)


def test_the_fixture_graph_is_what_the_sample_article_gives() -> None:
    written = set(ox.parse(path=FIXTURE, format=ox.RdfFormat.TRIG))
    assert written == {*quads(EXTRACTION), *world_quads(WORLD)}


def test_a_fact_has_a_claim_and_a_plain_edge() -> None:
    found = triples(EXTRACTION)
    assert ("id:hmeimim", "gp:operator", "id:russia") in found
    assert ("art:A/c8", "rdf:subject", "id:hmeimim") in found
    assert ("art:A/c8", "rdf:predicate", "gp:operator") in found
    assert ("art:A/c8", "rdf:object", "id:russia") in found
    assert ("art:A/c8", "gp:branch", "gp:air") in found


@pytest.mark.parametrize(
    "change",
    [
        {"negated": True},
        {"modality": "possible"},
        {"modality": "promised"},
        {"attributed_to": "e9"},
        {"former": True},
    ],
    ids=str,
)
def test_what_is_no_fact_has_no_plain_edge(change: dict[str, object]) -> None:
    found = triples(with_claim(8, **change))
    assert ("id:hmeimim", "gp:operator", "id:russia") not in found
    assert ("art:A/c8", "rdf:predicate", "gp:operator") in found


@pytest.mark.parametrize(
    ("change", "cls", "property_"),
    [
        ({}, "gp:Event", "gp:eventType"),
        ({"attributed_to": "e9"}, "gp:ReportedEvent", "gp:saidToBe"),
        ({"negated": True}, "gp:Prospect", "gp:wouldBe"),
        ({"negated": True, "attributed_to": "e9"}, "gp:Prospect", "gp:wouldBe"),
        ({"modality": "planned"}, "gp:Prospect", "gp:wouldBe"),
        ({"modality": "promised"}, "gp:Prospect", "gp:wouldBe"),
        ({"modality": "requested"}, "gp:Prospect", "gp:wouldBe"),
        ({"modality": "conditional"}, "gp:Prospect", "gp:wouldBe"),
        ({"modality": "possible", "attributed_to": "e9"}, "gp:Prospect", "gp:wouldBe"),
    ],
    ids=str,
)
def test_only_what_the_article_asserts_itself_is_an_event(change: dict[str, object], cls: str, property_: str) -> None:
    found = triples(with_claim(2, **change))
    about = {(p, o) for s, p, o in found if s == "art:A/c2/event"}
    assert ("rdf:type", cls) in about
    assert (property_, "ev:reception") in about
    assert len({p for p, o in about if o == "ev:reception"}) == 1


def test_a_request_points_at_the_prospect_that_is_asked_for() -> None:
    found = triples(EXTRACTION)
    assert ("art:A/c4/event", "gp:content", "art:A/c5/event") in found
    assert ("art:A/c5/event", "rdf:type", "gp:Prospect") in found
    assert ("art:A/c5", "gp:attributedTo", "id:ahmed-al-sharaa") in found


def test_content_that_is_a_relation_is_the_claim_itself() -> None:
    assert ("art:A/c4/event", "gp:content", "art:A/c8") in triples(with_claim(4, content="c8"))


def test_an_alliance_is_written_in_both_directions() -> None:
    found = triples(EXTRACTION)
    assert ("id:russia", "gp:alliedWith", "id:syria") in found
    assert ("id:syria", "gp:alliedWith", "id:russia") in found


def test_a_head_of_state_is_a_leader_and_holds_a_post() -> None:
    found = triples(EXTRACTION)
    post = "id:russia/office/headOfState"
    assert {
        ("id:vladimir-putin", "gp:holdsOffice", "id:russia"),
        ("id:vladimir-putin", "gp:holdsPost", post),
        ("id:vladimir-putin", "rdf:type", "gp:Leader"),
        (post, "gp:officeOf", "id:russia"),
        (post, "gp:officeKind", "gp:headOfState"),
    } <= found


def test_a_former_head_of_state_held_the_office_and_holds_none() -> None:
    about = {(p, o) for s, p, o in triples(EXTRACTION) if s == "id:bashar-al-assad"}
    assert ("gp:heldOffice", "id:syria") in about
    assert ("gp:heldPost", "id:syria/office/headOfState") in about
    assert not {p for p, _o in about} & {"gp:holdsOffice", "gp:holdsPost"}


def test_a_minister_is_no_leader() -> None:
    found = triples(with_claim(1, office="minister"))
    assert ("id:vladimir-putin", "rdf:type", "gp:Leader") not in found


def test_every_quote_stands_in_the_article_at_its_offset() -> None:
    found = triples(EXTRACTION)
    for subject, predicate, words in found:
        if predicate == "oa:exact":
            start = next(int(o) for s, p, o in found if s == subject and p == "oa:start")
            assert DOCUMENT.text[start : start + len(words)] == words
            assert subject.endswith(f"#char={start},{start + len(words)}")


@pytest.mark.parametrize(("date", "kind"), [("2025", "gYear"), ("2025-10", "gYearMonth"), ("2025-10-15", "date")])
def test_a_date_is_as_fine_as_the_text(date: str, kind: str) -> None:
    values = [q.object for q in quads(with_claim(2, date=date)) if q.predicate.value == GP + "date"]
    assert values == [ox.Literal(date, datatype=ox.NamedNode(PREFIXES["xsd"] + kind))]


@pytest.mark.parametrize("date", ["2025-13", "25", "2025-10-15T00:00", "yesterday", "٢٠٢٥"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(InputError, match="is no date; write YYYY"):
        list(quads(with_claim(2, date=date)))


@pytest.mark.parametrize(
    ("number", "change", "sentence"),
    [
        (2, {"type": "receptoin"}, "did you mean 'reception'"),
        (2, {"modality": "certain"}, "there is no modality 'certain'"),
        (2, {"args": {"subject": ("e1",)}}, "there is no role 'subject'"),
        (8, {"args": {"actor": ("e1",)}}, "the relation operator has no role actor"),
        (8, {"branch": "space"}, "there is no branch 'space'"),
        (1, {"office": "headofstate"}, "did you mean 'headOfState'"),
    ],
)
def test_a_term_outside_the_ontology_is_refused(number: int, change: dict[str, object], sentence: str) -> None:
    with pytest.raises(OntologyError, match=sentence):
        list(quads(with_claim(number, **change)))


def test_an_unknown_class_is_refused() -> None:
    strange = replace(PUTIN, cls="Persn")
    with pytest.raises(OntologyError, match="no class 'Persn'; did you mean 'Person'"):
        list(quads(Extraction(DOCUMENT, (strange,))))


def test_the_same_input_gives_the_same_bytes_in_whatever_order() -> None:
    turned = replace(
        EXTRACTION,
        entities=tuple(reversed(EXTRACTION.entities)),
        claims=tuple(reversed(EXTRACTION.claims)),
    )
    assert nquads(quads(turned)) == nquads(quads(EXTRACTION))


def test_quads_come_sorted_and_once_and_without_blank_nodes() -> None:
    found = list(quads(EXTRACTION))
    assert [str(q) for q in found] == sorted({str(q) for q in found})
    assert not any(isinstance(node, ox.BlankNode) for quad in found for node in quad)


def test_all_quads_of_an_article_are_in_its_graph() -> None:
    assert {q.graph_name.value for q in quads(EXTRACTION)} == {ARTICLE}


def test_a_store_gives_back_the_same_bytes() -> None:
    store = ox.Store()
    everything = [*quads(EXTRACTION), *world_quads(WORLD), *ontology_quads()]
    store.extend(everything)
    assert nquads(store) == nquads(everything)


def test_rdflib_reads_the_same_statements() -> None:
    lines = [line.rsplit(" ", 2)[0] + " ." for line in nquads(quads(EXTRACTION)).decode().splitlines()]
    graph = rdflib.Graph().parse(data="\n".join(lines), format="nt")
    assert len(graph) == len(lines)


@pytest.mark.parametrize("number", [0.1, 1 / 3, 1.0, 0.0, 1e-9, 0.8999999])
def test_confidence_is_a_plain_decimal(number: float) -> None:
    found = quads(with_claim(2, confidence=number))
    values = {q.object.value for q in found if q.predicate.value == GP + "confidence"}
    assert all(set(value) <= set("0123456789.") for value in values)
    assert min(abs(float(value) - number) for value in values) < 1e-6


def test_an_entity_of_the_world_data_has_its_key_as_iri() -> None:
    assert entity_iri(PUTIN).value == f"{ID}vladimir-putin"


def test_an_unknown_entity_has_a_stable_local_iri_with_class_and_label() -> None:
    iri = entity_iri(QAMISHLI).value
    assert iri == f"{ID}x-14c6fccbf9405021895a"  # a changed IRI is a breaking change
    about = {(p, o) for s, p, o in triples(EXTRACTION) if s == shorten(iri)}
    assert ("rdf:type", "gp:MilitaryBase") in about
    assert ("rdfs:label", "Qamishli Airport") in about


def test_namesakes_with_different_offices_are_two_people() -> None:
    here = entity(3, "Person", "Ali Hasan", "فلاديمير بوتين")
    there = replace(here, id="e4")
    both = Extraction(
        DOCUMENT,
        (here, there, *(e for e in EXTRACTION.entities if e.id not in ("e3", "e4"))),
        tuple(c for c in CLAIMS if c.id in ("c1", "c3")),
    )
    iris = entity_iris(both)
    assert iris["e3"] != iris["e4"]


def test_a_name_in_the_words_of_the_text_carries_the_language_of_the_text() -> None:
    labels = {
        (q.object.value, q.object.language)
        for q in quads(EXTRACTION)
        if isinstance(q.object, ox.Literal) and shorten(q.predicate.value) == "rdfs:label"
    }
    assert ("صحيفة الفجر", "ar") in labels
    assert ("defence agreement", "en") in labels


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a b", "file:///etc/passwd"])
def test_an_address_that_is_no_web_page_stays_text(url: str) -> None:
    document = replace(DOCUMENT, url=url)
    values = [
        q.object for q in quads(replace(EXTRACTION, document=document)) if shorten(q.predicate.value) == "schema:url"
    ]
    assert values == [ox.Literal(url)]


def test_an_article_without_claims_is_still_an_article() -> None:
    found = triples(Extraction(replace(DOCUMENT, lang="", date=None, url=None, source=None)))
    assert ("art:A", "rdf:type", "gp:Article") in found
    assert len(found) == 6


def test_the_world_graph_names_things_and_relates_none() -> None:
    found = list(world_quads(WORLD))
    said = {shorten(q.predicate.value) for q in found if q.subject.value.startswith(ID)}
    assert said == {
        "rdf:type", "rdfs:label", "skos:altLabel", "skos:exactMatch", "dct:source",
        "geo:lat", "geo:long",
    }  # fmt: skip
    assert {q.graph_name for q in found} == {WORLD_GRAPH}


def test_a_head_of_state_of_the_world_data_is_a_leader_and_a_person() -> None:
    types = {
        shorten(q.object.value)
        for q in world_quads(WORLD)
        if q.subject.value == f"{ID}vladimir-putin" and shorten(q.predicate.value) == "rdf:type"
    }
    assert types == {"gp:Person", "gp:Leader"}


def test_an_identifier_names_the_source_that_vouches_for_it() -> None:
    found = {(shorten(q.subject.value), shorten(q.predicate.value), short(q.object)) for q in world_quads(WORLD)}
    assert ("id:vladimir-putin", "skos:exactMatch", "wd:Q7747") in found
    assert ("id:vladimir-putin", "dct:source", "src:wikidata-heads-2021") in found
    assert ("src:wikidata-heads-2021", "dct:license", "CC0") in found


def test_the_ontology_has_a_graph_of_its_own() -> None:
    found = list(ontology_quads())
    assert {q.graph_name for q in found} == {ONTOLOGY_GRAPH}
    assert len(found) > 1000


def test_a_claim_costs_at_most_fifteen_and_a_half_quads() -> None:
    about_articles_and_names = ("gp:mentionedAs", "rdfs:label", "skos:exactMatch")
    counted = [
        (s, p, o)
        for s, p, o in triples(EXTRACTION)
        if s != "art:A" and p not in about_articles_and_names and not s.startswith("id:x-")
    ]
    assert len(counted) / len(CLAIMS) <= 15.5


def test_the_sample_has_the_claims_it_promises() -> None:
    assert len(CLAIMS) == 12
    assert all(isinstance(claim, Claim) for claim in CLAIMS)


def test_without_a_claim_only_those_stand_in_the_graph_whom_the_world_data_knows() -> None:
    found = triples(replace(EXTRACTION, claims=()))
    assert ("id:hmeimim", "gp:mentionedAs") in {triple[:2] for triple in found}
    assert not any(subject.startswith("id:x-") for subject, _, _ in found)
    assert any(subject.startswith("id:x-") for subject, _, _ in triples(EXTRACTION))
