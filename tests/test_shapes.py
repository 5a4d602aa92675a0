"""Faults of a graph: a sound one passes, each mutation is found, and SPARQL and SHACL agree.

All mutations are tried at once, each on a copy of the fixture with IRIs of its own, because a
validator takes long to start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from sample_article import CLAIMS, EXTRACTION, PAPER, TREATY

from kg.errors import DataError
from kg.rdf import PREFIXES, article_iri, entity_iri, ontology_quads, quads
from kg.resources import data_dir
from kg.shapes import Fault, Select, checks, faults, load_checks, shape_faults

FIXTURE = Path(__file__).parent / "fixtures" / "graph.trig"
ARTICLE = article_iri("sample-1").value
A = f"<{ARTICLE}>"
NEWSPAPER = f"<{entity_iri(PAPER).value}>"
POST = f"<{PREFIXES['id']}russia/office/headOfState>"


def evidence(claim: str) -> str:
    span = next(c.quote for c in CLAIMS if c.id == claim)
    return f"<{ARTICLE}#char={span.start},{span.end}>"


def start(claim: str) -> int:
    return next(c.quote.start for c in CLAIMS if c.id == claim)


@dataclass(frozen=True)
class Mutation:
    """Triples to take out of the fixture and put into the article's graph; what is found then."""

    name: str
    found: str
    out: str = ""
    put: str = ""


MUTATIONS = [
    Mutation("prospect with the type of an event", "prospect-counted-as-event",
             put="<c5/event> gp:eventType ev:extradite ."),
    Mutation("prospect that is an event too",
             "prospect-counted-as-event event-type-not-one event-without-fact",
             put="<c5/event> a gp:Event ."),
    Mutation("prospect that is a reported event too",
             "prospect-counted-as-event event-type-not-one report-without-speaker",
             put="<c5/event> a gp:ReportedEvent ."),
    Mutation("misspelt event type", "event-type-outside-scheme",
             out="<c2/event> gp:eventType ev:reception .",
             put="<c2/event> gp:eventType ev:recepton ."),
    Mutation("event without type", "event-type-not-one",
             out="<c2/event> gp:eventType ev:reception ."),
    Mutation("event with two types", "event-type-not-one",
             put="<c2/event> gp:eventType ev:visit ."),
    Mutation("prospect without type", "event-type-not-one",
             out="<c5/event> gp:wouldBe ev:extradite ."),
    Mutation("edge that nobody claims", "edge-without-claim", put="id:syria gp:memberOf id:nato ."),
    Mutation("edge of a negated claim", "edge-without-claim",
             out="<c8> gp:negated false .", put="<c8> gp:negated true ."),
    Mutation("edge of a possible claim", "edge-without-claim",
             out="<c8> gp:modality gp:asserted .", put="<c8> gp:modality gp:possible ."),
    Mutation("edge of an attributed claim", "edge-without-claim",
             put=f"<c8> gp:attributedTo {NEWSPAPER} ."),
    Mutation("edge of an alliance that is over", "edge-without-claim",
             put="<c12> gp:former true ."),
    Mutation("former office that the claim calls present", "edge-without-claim claim-without-edge",
             out="<c6> gp:former true ."),
    Mutation("fact without edge", "claim-without-edge", out="id:hmeimim gp:operator id:russia ."),
    Mutation("former office without edge", "claim-without-edge",
             out="id:bashar-al-assad gp:heldOffice id:syria ."),
    Mutation("one of two objects without edge", "claim-without-edge",
             put="<c8> rdf:object id:syria ."),
    Mutation("claim without modality", "modality-not-one", out="<c5> gp:modality gp:requested ."),
    Mutation("claim with two modalities", "modality-not-one", put="<c5> gp:modality gp:possible ."),
    Mutation("claim with an unknown modality", "modality-not-one",
             out="<c5> gp:modality gp:requested .", put="<c5> gp:modality gp:certain ."),
    Mutation("claim without polarity", "polarity-not-one", out="<c5> gp:negated false ."),
    Mutation("claim both negated and not", "polarity-not-one", put="<c5> gp:negated true ."),
    Mutation("polarity in words", "polarity-not-one",
             out="<c5> gp:negated false .", put='<c5> gp:negated "no" .'),
    Mutation("claim without evidence", "evidence-missing",
             out=f"<c7> gp:evidence {evidence('c7')} ."),
    Mutation("evidence without offset", "evidence-missing",
             out=f"{evidence('c7')} oa:start {start('c7')} ."),
    Mutation("evidence that is not described", "evidence-missing",
             put="<c7> gp:evidence <nowhere> ."),
    Mutation("quotation one letter off", "quote-differs",
             out=f"{evidence('c7')} oa:start {start('c7')} .",
             put=f"{evidence('c7')} oa:start {start('c7') + 1} ."),
    Mutation("words that the article lacks", "quote-differs",
             put=f'<{ARTICLE}#char=0,5> oa:exact "other" ; oa:start 0 .'),
    Mutation("confidence above one", "confidence-out-of-range",
             out="<c7> gp:confidence 0.9 .", put="<c7> gp:confidence 1.5 ."),
    Mutation("no confidence", "confidence-out-of-range", out="<c7> gp:confidence 0.9 ."),
    Mutation("confidence in words", "confidence-out-of-range",
             out="<c7> gp:confidence 0.9 .", put='<c7> gp:confidence "high" .'),
    Mutation("relation without subject", "claim-incomplete edge-without-claim",
             out="<c9> rdf:subject id:hmeimim ."),
    Mutation("claim that states nothing", "claim-incomplete event-without-fact",
             out="<c2> gp:states <c2/event> ."),
    Mutation("unknown relation", "relation-unknown edge-without-claim claim-without-edge",
             out="<c7> rdf:predicate gp:residesIn .", put="<c7> rdf:predicate gp:livesIn ."),
    Mutation("city as a base", "subject-class",
             out="<c9> rdf:subject id:hmeimim . id:hmeimim gp:hostState id:syria .",
             put="<c9> rdf:subject id:moscow . id:moscow gp:hostState id:syria ."),
    Mutation("base in a person", "object-class",
             out="<c9> rdf:object id:syria . id:hmeimim gp:hostState id:syria .",
             put="<c9> rdf:object id:vladimir-putin . id:hmeimim gp:hostState id:vladimir-putin ."),
    Mutation("base whose host is no state", "object-class",
             out="<c9> rdf:object id:syria . id:hmeimim gp:hostState id:syria .",
             put="<c9> rdf:object id:moscow . id:hmeimim gp:hostState id:moscow ."),
    Mutation("agreement that acts", "role-class", put="<c2/event> gp:actor id:old-treaty ."),
    Mutation("person as a place", "role-class", put="<c2/event> gp:place id:vladimir-putin ."),
    Mutation("actor whom nobody describes", "role-class", put="<c2/event> gp:actor id:nobody ."),
    Mutation("city that speaks", "speaker-class",
             out=f"<c10> gp:attributedTo {NEWSPAPER} .", put="<c10> gp:attributedTo id:moscow ."),
    Mutation("request told as a fact", "prospect-stated-as-fact",
             out="<c5> gp:modality gp:requested ; gp:attributedTo id:ahmed-al-sharaa .",
             put="<c5> gp:modality gp:asserted ."),
    Mutation("event on somebody's word", "event-without-fact",
             put=f"<c2> gp:attributedTo {NEWSPAPER} ."),
    Mutation("report of nobody", "report-without-speaker",
             out=f"<c10> gp:attributedTo {NEWSPAPER} ."),
    Mutation("base in two states", "two-host-states",
             put="id:hmeimim gp:hostState id:russia . <c9> rdf:object id:russia ."),
    Mutation("ally in one direction", "one-way-alliance", out="id:syria gp:alliedWith id:russia ."),
    Mutation("entity without name", "label-missing",
             out='id:moscow rdfs:label "Moscow"@en , "موسكو"@ar .'),
    Mutation("name without language", "label-missing",
             out=f'<{entity_iri(TREATY).value}> rdfs:label "defence agreement"@en .',
             put=f'<{entity_iri(TREATY).value}> rdfs:label "defence agreement" .'),
    Mutation("link to a page of Wikidata", "wikidata-link",
             put="id:russia skos:exactMatch <https://www.wikidata.org/wiki/Q7747> ."),
    Mutation("link to no number", "wikidata-link", put="id:russia skos:exactMatch wd:Q0 ."),
    Mutation("two links to Wikidata", "wikidata-link",
             put="id:vladimir-putin skos:exactMatch wd:Q1 ."),
    Mutation("leader without office", "leader-without-office", put=f"{NEWSPAPER} a gp:Leader ."),
    Mutation("office of no kind", "office-missing", out="<c1> gp:office gp:headOfState ."),
    Mutation("office of an unknown kind", "office-missing",
             out="<c1> gp:office gp:headOfState .", put="<c1> gp:office gp:king ."),
    Mutation("post of nobody", "post-incomplete",
             out=f"{POST} gp:officeOf id:russia ."),
    Mutation("unknown branch", "branch-unknown",
             out="<c8> gp:branch gp:air .", put="<c8> gp:branch gp:space ."),
    Mutation("thirteenth month", "date-malformed",
             out='<c2/event> gp:date "2025-10-15"^^xsd:date .',
             put='<c2/event> gp:date "2025-13-15"^^xsd:date .'),
    Mutation("date in words", "date-malformed", put='<c7> gp:date "yesterday" .'),
    Mutation("date with time", "date-malformed",
             out=f'{A} schema:datePublished "2025-10-16"^^xsd:date .',
             put=f'{A} schema:datePublished "2025-10-16T00:00:00Z"^^xsd:dateTime .'),
    Mutation("content that is its own", "content-cycle",
             put="<c5/event> gp:content <c5/event> ."),
    Mutation("contents that go round", "content-cycle", put="<c5/event> gp:content <c4/event> ."),
    Mutation("content that is a state", "content-astray",
             put="<c5/event> gp:content id:russia ."),
    Mutation("article without identifier", "article-incomplete",
             out=f'{A} dct:identifier "sample-1" .'),
    Mutation("merged and named", "merged-yet-named", put="id:moscow gp:mergedInto id:syria ."),
    Mutation("decision on nobody", "decision-incomplete",
             put='<d> a gp:Decision ; gp:entityMeant id:syria ; dct:date "2026-01-02"^^xsd:date .'),
    Mutation("text that was changed", "digest-differs",
             put=f'{A} gp:textDigest "sha256:0" .'),
]  # fmt: skip

SOUND = [
    Mutation("the fixture itself", ""),
    Mutation("a month", "", put='<c7> gp:date "2025-10"^^xsd:gYearMonth .'),
    Mutation("a year", "", put='<c7> gp:date "2025"^^xsd:gYear .'),
    Mutation("content that is a claim of a relation", "", put="<c5/event> gp:content <c8> ."),
    Mutation("former member without edge", "",
             out="<c8> gp:confidence 0.9 . id:hmeimim gp:operator id:russia .",
             put="<c8> gp:former true ; gp:confidence 1.0 ."),
    Mutation("state as a place", "", put="<c2/event> gp:place id:russia ."),
    Mutation("decision", "",
             put='<d> a gp:Decision ; gp:entityRead id:x-1 ; gp:entityMeant id:syria ; dct:date "2026" .'),
    Mutation("leader with an office", "",
             put=f"{NEWSPAPER} a gp:Leader ; gp:heldPost {POST} ."),
]  # fmt: skip
ALL = [*SOUND, *MUTATIONS]
_PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def turtle(text: str) -> set[ox.Triple]:
    """Triples; relative IRIs are parts of the article."""
    parsed = ox.parse(_PROLOGUE + text, format=ox.RdfFormat.TURTLE, base_iri=ARTICLE + "/")
    return {quad.triple for quad in parsed}


def mutated(mutation: Mutation) -> set[ox.Quad]:
    """The fixture with the mutation made; what is taken out must have been there."""
    fixture = set(ox.parse(path=FIXTURE, format=ox.RdfFormat.TRIG))
    out = turtle(mutation.out)
    kept = {quad for quad in fixture if quad.triple not in out}
    assert len(fixture) - len(kept) == len(out), f"{mutation.name}: not in the fixture"
    put = {ox.Quad(*triple, ox.NamedNode(ARTICLE)) for triple in turtle(mutation.put)}
    return kept | put


def copy(statements: Iterable[ox.Quad], number: int) -> Iterator[ox.Quad]:
    """The same graph with IRIs of its own: articles and entities carry the number."""
    text = "".join(f"{quad} .\n" for quad in statements)
    text = re.sub(r"(geopol/article/[0-9a-f]+)", rf"\g<1>m{number}", text)
    text = re.sub(r"(geopol/id/[a-z0-9-]+)", rf"\g<1>-m{number}", text)
    yield from ox.parse(text, format=ox.RdfFormat.N_QUADS)


@lru_cache(maxsize=1)
def copies() -> frozenset[ox.Quad]:
    return frozenset(q for number, m in enumerate(ALL) for q in copy(mutated(m), number))


def of_copies(found: Iterable[Fault]) -> dict[str, set[str]]:
    """Names of the checks that found something, by mutation."""
    result: dict[str, set[str]] = {mutation.name: set() for mutation in ALL}
    for fault in found:
        number = re.search(r"(?:article/[0-9a-f]+|-)m(\d+)", fault.node)
        assert number, fault
        result[ALL[int(number[1])].name].add(fault.check)
    return result


def select_from(store: ox.Store) -> Select:
    def select(query: str) -> Iterator[dict[str, str]]:
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        for row in found:
            yield {v.value: row[v].value for v in found.variables if row[v] is not None}  # type: ignore[union-attr]

    return select


def stored(statements: Iterable[ox.Quad]) -> Select:
    store = ox.Store()
    store.extend([*statements, *ontology_quads()])
    return select_from(store)


@lru_cache(maxsize=1)
def by_sparql() -> tuple[Fault, ...]:
    return tuple(faults(stored(copies())))


@lru_cache(maxsize=1)
def by_shacl() -> tuple[Fault, ...]:
    return tuple(shape_faults(copies()))


@pytest.mark.parametrize("mutation", SOUND, ids=lambda m: m.name)
@pytest.mark.parametrize("found", [by_sparql, by_shacl])
def test_a_sound_graph_has_no_fault(mutation: Mutation, found: Callable[[], tuple[Fault, ...]]) -> None:
    assert of_copies(found())[mutation.name] == set()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
@pytest.mark.parametrize("found", [by_sparql, by_shacl])
def test_a_fault_is_found_and_nothing_else(mutation: Mutation, found: Callable[[], tuple[Fault, ...]]) -> None:
    assert of_copies(found())[mutation.name] == set(mutation.found.split())


def test_shapes_and_queries_agree_on_the_nodes_at_fault() -> None:
    def nodes(found: Iterable[Fault]) -> set[tuple[str, str]]:
        return {(fault.check, fault.node) for fault in found}

    assert nodes(by_sparql()) == nodes(by_shacl())


def test_every_check_has_a_mutation_and_a_shape() -> None:
    names = {check.name for check in checks()} - {"ontology-missing"}
    assert {name for mutation in MUTATIONS for name in mutation.found.split()} == names
    shapes = (data_dir("ontology") / "shapes.ttl").read_text(encoding="utf-8")
    named = {name.split(".")[0] for name in re.findall(r"^gps:([a-z][\w.-]+) a", shapes, re.M)}
    assert named == names | {"in-scheme"}  # a part of event-type-outside-scheme


def test_a_store_without_ontology_has_that_one_fault() -> None:
    store = ox.Store()
    store.extend(mutated(MUTATIONS[0]))
    assert [fault.check for fault in faults(select_from(store))] == ["ontology-missing"]


def test_a_fault_is_told_in_one_sentence() -> None:
    found = list(faults(stored(mutated(Mutation("", "", put="id:syria gp:memberOf id:nato .")))))
    assert [fault.sentence for fault in found] == [
        "id:syria gp:memberOf id:nato has no claim in the same article that asserts it in the article's own voice"
    ]


def test_an_edge_needs_its_claim_in_the_same_article() -> None:
    one, other = mutated(ALL[0]), set(copy(mutated(ALL[0]), 1))
    edge = ox.NamedNode(PREFIXES["gp"] + "operator")
    moved = {ox.Quad(*quad.triple, article_iri("elsewhere")) if quad.predicate == edge else quad for quad in one}
    found = {fault.check for fault in faults(stored(moved | other))}
    assert found == {"edge-without-claim", "claim-without-edge"}


def test_two_articles_may_contradict_each_other() -> None:
    elsewhere = "id:hmeimim gp:hostState id:russia ."
    quads_ = {ox.Quad(*triple, article_iri("elsewhere")) for triple in turtle(elsewhere)}
    found = {fault.check for fault in faults(stored(mutated(ALL[0]) | quads_))}
    assert "two-host-states" not in found


def test_all_queries_name_every_variable_of_their_sentence() -> None:
    for check in checks():
        head = check.query.split("WHERE")[0]
        assert "?node" in head
        assert all(f"?{name}" in head for name in re.findall(r"\{(\w+)\}", check.fault))


def test_a_check_without_title_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.rq").write_text("# title: X\nSELECT ?node {}", encoding="utf-8")
    with pytest.raises(DataError, match="no line '# title@ar"):
        load_checks(tmp_path)


def test_what_the_writer_writes_is_sound_in_both() -> None:
    world = [q for q in mutated(ALL[0]) if q.graph_name.value.endswith("#world")]
    written = [*quads(EXTRACTION), *world]
    assert list(faults(stored(written))) == []
