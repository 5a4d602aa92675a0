"""The vocabulary: closed, bilingual, loadable everywhere; refused terms come with a hint."""

from __future__ import annotations

import pickle
import runpy
from pathlib import Path

import pytest
import rdflib

from kg.errors import OntologyError
from kg.model import ENTITY_CLASSES, EVENT_ROLES, MODALITIES
from kg.ontology import FILES, Class, EventType, Relation, load_ontology, ontology
from kg.resources import data_dir
from kg.seeds import Agreement
from kg.shapes import checks

NAMED = [
    *ontology().classes.values(),
    *ontology().relations.values(),
    *ontology().event_types.values(),
    *ontology().roots.values(),
    *ontology().modalities.values(),
]


def edited(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of the vocabulary in which one passage of core.ttl is replaced."""
    for name in FILES:
        text = (data_dir("ontology") / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("term", NAMED, ids=lambda term: term.name)
def test_every_class_relation_and_event_type_is_named_and_defined_in_both_languages(
    term: Class | Relation | EventType,
) -> None:
    assert set(term.labels) >= {"ar", "en"}
    assert set(term.definitions) >= {"ar", "en"}


def test_classes_roles_and_modalities_are_those_of_the_model() -> None:
    assert set(ENTITY_CLASSES) <= set(ontology().classes)
    assert tuple(ontology().modalities) == MODALITIES
    assert tuple(ontology().roles) == EVENT_ROLES


def test_agreement_status_is_that_of_the_world_data() -> None:
    status = Agreement.model_fields["status"].annotation
    assert all(f"'{name}'" in str(status) for name in ontology().statuses)


def test_there_are_at_least_nine_relations_and_twenty_eight_event_types() -> None:
    assert len(ontology().relations) >= 9
    assert len(ontology().event_types) >= 28


@pytest.mark.parametrize("kind", ontology().event_types.values(), ids=lambda kind: kind.name)
def test_an_event_type_has_a_known_root_roles_and_notes(kind: EventType) -> None:
    assert kind.root in ontology().roots
    assert set(kind.roles) <= set(EVENT_ROLES)
    assert "actor" in kind.roles
    assert set(kind.notes) == {"ar", "en"}
    assert all(cls in ontology().classes for accepted in kind.roles.values() for cls in accepted)


@pytest.mark.parametrize("kind", ontology().event_types.values(), ids=lambda kind: kind.name)
def test_an_event_type_never_widens_what_its_role_accepts(kind: EventType) -> None:
    for role, accepted in kind.roles.items():
        wide = ontology().roles[role]
        assert all(ontology().fits(cls, wide) for cls in accepted)


def test_political_change_has_no_plover_code() -> None:
    without = {kind.name for kind in ontology().event_types.values() if kind.plover is None}
    assert without == {"overthrow", "takeOffice", "leaveOffice"}


def test_a_state_is_both_agent_and_place_and_a_person_is_no_place() -> None:
    assert ontology().is_a("State", "Agent")
    assert ontology().is_a("State", "Place")
    assert ontology().is_a("Leader", "Entity")
    assert not ontology().is_a("Person", "Place")
    assert not ontology().fits("Place", ontology().relations["hostState"].range)


def test_only_the_alliance_is_symmetric_and_is_its_own_inverse() -> None:
    symmetric = [name for name, relation in ontology().relations.items() if relation.symmetric]
    assert symmetric == ["alliedWith"]
    inverse = ontology().relations["alliedWith"].inverse
    assert inverse is not None
    assert inverse.name == "alliedWith"


def test_every_relation_reads_from_both_sides() -> None:
    assert all(relation.inverse for relation in ontology().relations.values())


@pytest.mark.parametrize(
    ("table", "name", "sentence"),
    [
        ("relations", "hostsState", "there is no relation 'hostsState'; did you mean 'hostState'"),
        ("event_types", "vist", "there is no event type 'vist'; did you mean 'visit'"),
        ("classes", "Stat", "did you mean 'State'"),
        ("modalities", "xyz", "known are asserted, planned"),
        ("offices", "head", "there is no kind of office 'head'"),
    ],
)
def test_an_unknown_term_is_refused_with_a_hint(table: str, name: str, sentence: str) -> None:
    with pytest.raises(OntologyError, match=sentence):
        getattr(ontology(), table)[name]


def test_a_claim_type_is_a_relation_or_an_event_type() -> None:
    assert isinstance(ontology().type_of_claim("operator"), Relation)
    assert isinstance(ontology().type_of_claim("visit"), EventType)
    with pytest.raises(OntologyError, match=r"relation or event type 'operater'.*'operator'"):
        ontology().type_of_claim("operater")


def test_the_ontology_travels_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(ontology())) == ontology()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("schema:rangeIncludes gp:State ;", "", "hostState needs schema:domainIncludes"),
        (' , "يقيم في"@ar', "", "residesIn has no label in 'ar'; add one"),
        ("skos:broader root:COERCE ;", "", "coerce has no root"),
        ("gp:Agent a owl:Class ;", "gp:Agent a owl:Class ", "core.ttl: cannot be read"),
        ("gp:Agent a owl:Class ;", "gp:Agent a owl:Class ; gp:x [] ;", "blank node"),
    ],
)
def test_a_faulty_vocabulary_is_told_in_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(OntologyError, match=sentence):
        load_ontology(edited(tmp_path, old, new))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"core.ttl: cannot be read"):
        load_ontology(tmp_path)


@pytest.mark.parametrize("name", [*FILES, "shapes.ttl"])
def test_every_turtle_file_loads_in_rdflib(name: str) -> None:
    assert len(rdflib.Graph().parse(data_dir("ontology") / name, format="turtle")) > 100


def test_no_term_is_used_without_being_declared() -> None:
    graph = rdflib.Graph()
    for name in FILES:
        graph.parse(data_dir("ontology") / name, format="turtle")
    used = {node for triple in graph for node in triple if isinstance(node, rdflib.URIRef)}
    ours = {node for node in used if "/geopol/ns#" in node or "/geopol/event-" in node}
    assert {node for node in ours if (node, rdflib.RDF.type, None) not in graph} == set()


def test_the_version_of_the_ontology_is_told() -> None:
    assert ontology().version.count(".") == 2


def test_the_page_about_the_ontology_is_current() -> None:
    script = Path(__file__).parent.parent / "docs" / "ontology_page.py"
    names = runpy.run_path(str(script))
    written = (script.parent / "ontology.md").read_text(encoding="utf-8")
    assert written == names["page"](ontology(), checks()), "run: python docs/ontology_page.py"
