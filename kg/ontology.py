"""Turtle to Ontology: the closed set of classes, relations, event types and codes.

Nothing else in the program knows which terms exist; a term that is not here is refused, with a
suggestion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.errors import OntologyError
from kg.resources import data_dir

GP = "https://w3id.org/geopol/ns#"
EV = "https://w3id.org/geopol/event-type/"
ROOT = "https://w3id.org/geopol/event-root/"
PLOVER = "https://w3id.org/geopol/datatype/plover"
CAMEO = "https://w3id.org/geopol/datatype/cameo"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
WIKIDATA = "http://www.wikidata.org/"
FILES = ("core.ttl", "event-types.ttl")  # in the order in which they are read

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Term:
    """A name with its label and definition by language (`en`, `ar`)."""

    name: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    wikidata: tuple[str, ...] = ()  # P… and Q… that it is mapped to, by whatever property
    stated_as: tuple[str, ...] = ()  # P… of which one states the same in Wikidata


@dataclass(frozen=True, slots=True)
class Class(Term):
    """A class with its direct superclasses of this ontology."""

    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation(Term):
    """A relation; `domain` and `range` list the classes that fit, any one of them."""

    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    symmetric: bool = False
    inverse: Term | None = None  # how it reads from the object's side; never written to a graph


@dataclass(frozen=True, slots=True)
class EventType(Term):
    """An event type; `roles` gives the classes that each role accepts (any of them)."""

    root: str = ""  # PLOVER event, or OVERTHROW, TAKEOFFICE, LEAVEOFFICE
    plover: str | None = None  # PLOVER code: EVENT or EVENT/mode
    cameo: str | None = None
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    takes_content: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)


class Terms(dict[str, Value]):
    """Terms by name; asking for an unknown one raises OntologyError and suggests the nearest."""

    def __init__(self, kind: str, values: Iterable[tuple[str, Value]]) -> None:
        super().__init__(values)
        self.kind = kind

    def __missing__(self, name: str) -> Value:
        near = get_close_matches(name, self, n=1, cutoff=0.6)
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(self)}"
        raise OntologyError(f"ontology: there is no {self.kind} '{name}'; {hint}")


@dataclass(frozen=True, slots=True)
class Ontology:
    """All that may be said; see `ontology/core.ttl` and `ontology/event-types.ttl`."""

    version: str
    classes: Terms[Class]
    relations: Terms[Relation]
    roles: Terms[tuple[str, ...]]  # role -> the classes it accepts, whatever the event type
    event_types: Terms[EventType]
    roots: Terms[Term]
    modalities: Terms[Term]
    offices: Terms[Term]
    branches: Terms[Term]
    statuses: Terms[Term]
    properties: Terms[Term]  # every property, relations and roles among them

    def is_a(self, cls: str, ancestor: str) -> bool:
        """True when the class is the other or lies below it."""
        if cls == ancestor:
            return True
        self.classes[ancestor]
        return any(self.is_a(parent, ancestor) for parent in self.classes[cls].parents)

    def fits(self, cls: str, accepted: Iterable[str]) -> bool:
        """True when the class is, or lies below, any of those accepted."""
        return any(self.is_a(cls, one) for one in accepted)

    def type_of_claim(self, name: str) -> Relation | EventType:
        """The relation or event type of that name."""
        known: Terms[Relation | EventType] = Terms(
            "relation or event type", [*self.relations.items(), *self.event_types.items()]
        )
        return known[name]


def read_triples(folder: Path | None = None) -> Iterator[Triple]:
    """The triples of the vocabulary in file order; OntologyError names an unreadable file."""
    folder = folder or data_dir("ontology")
    for name in FILES:
        try:
            for quad in parse(path=folder / name, format=RdfFormat.TURTLE):
                yield quad.triple
        except (OSError, SyntaxError) as error:
            raise OntologyError(f"{folder / name}: cannot be read: {error}") from error


class _Index:
    """The triples by subject and predicate, with IRIs of this ontology cut to local names."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.objects: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        self.subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                raise OntologyError(f"ontology: {triple} has a blank node; give it an IRI")
            self.objects[subject.value, predicate.value].append(value)
            self.subjects[predicate.value, value.value].append(subject.value)

    def iris(self, subject: str, predicate: str, prefix: str = "") -> tuple[str, ...]:
        """IRIs that start with the prefix, without it."""
        values = (v.value for v in self.objects[subject, predicate] if isinstance(v, NamedNode))
        return tuple(value[len(prefix) :] for value in values if value.startswith(prefix))

    def texts(self, subject: str, *predicates: str) -> dict[str, str]:
        """Text by language."""
        found = (v for p in predicates for v in self.objects[subject, p] if isinstance(v, Literal))
        return {v.language: v.value for v in found if v.language}

    def code(self, subject: str, datatype: str) -> str | None:
        """The notation of that datatype."""
        for value in self.objects[subject, SKOS + "notation"]:
            if isinstance(value, Literal) and value.datatype.value == datatype:
                return value.value
        return None

    def typed(self, cls: str, prefix: str = GP) -> list[str]:
        """Instances of the class, as IRIs in file order."""
        return [iri for iri in self.subjects[RDF + "type", cls] if iri.startswith(prefix)]

    def in_scheme(self, scheme: str) -> list[str]:
        """Concepts of the scheme, as IRIs in file order."""
        return self.subjects[SKOS + "inScheme", scheme]


_MAPPINGS = (
    RDFS + "subClassOf", RDFS + "subPropertyOf", OWL + "equivalentProperty", SKOS + "closeMatch",
    SKOS + "broadMatch", SKOS + "narrowMatch", SKOS + "relatedMatch",
)  # fmt: skip


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _term(index: _Index, iri: str) -> Term:
    labels = index.texts(iri, RDFS + "label", SKOS + "prefLabel")
    for lang in ("en", "ar"):
        if lang not in labels:
            raise OntologyError(f"ontology: {_local(iri)} has no label in '{lang}'; add one to {FILES[0]}")
    mapped = (_local(x) for p in _MAPPINGS for x in index.iris(iri, p) if x.startswith(WIKIDATA))
    stated = (_local(x) for x in index.iris(iri, GP + "statedAs"))
    return Term(_local(iri), labels, index.texts(iri, SKOS + "definition"), tuple(mapped), tuple(stated))


def _fields(term: Term) -> tuple[str, Mapping[str, str], Mapping[str, str], tuple[str, ...], tuple[str, ...]]:
    return term.name, term.labels, term.definitions, term.wikidata, term.stated_as


def _relation(index: _Index, iri: str) -> Relation:
    domain = index.iris(iri, SCHEMA + "domainIncludes", GP)
    range_ = index.iris(iri, SCHEMA + "rangeIncludes", GP)
    if not domain or not range_:
        raise OntologyError(
            f"ontology: {_local(iri)} needs schema:domainIncludes and schema:rangeIncludes; "
            f"say in {FILES[0]} what it accepts"
        )
    inverse = index.iris(iri, OWL + "inverseOf")
    return Relation(
        *_fields(_term(index, iri)),
        domain=domain,
        range=range_,
        symmetric=OWL + "SymmetricProperty" in index.iris(iri, RDF + "type"),
        inverse=_term(index, inverse[0]) if inverse else None,
    )


def _event_type(index: _Index, iri: str, roles: Mapping[str, tuple[str, ...]]) -> EventType:
    broader = index.iris(iri, SKOS + "broader", ROOT)
    if not broader:
        raise OntologyError(f"ontology: {_local(iri)} has no root; add skos:broader to {FILES[1]}")
    taken = index.iris(iri, GP + "takesRole", GP)
    return EventType(
        *_fields(_term(index, iri)),
        root=broader[0],
        plover=index.code(iri, PLOVER),
        cameo=index.code(iri, CAMEO),
        roles={role: index.iris(iri, f"{GP}{role}Class", GP) or roles[role] for role in taken if role != "content"},
        takes_content="content" in taken,
        notes=index.texts(iri, SKOS + "scopeNote"),
    )


def _terms(index: _Index, kind: str, iris: Iterable[str]) -> Terms[Term]:
    return Terms(kind, ((_local(iri), _term(index, iri)) for iri in iris))


def load_ontology(folder: Path | None = None) -> Ontology:
    """Read `core.ttl` and `event-types.ttl`, by default those that come with the program."""
    index = _Index(read_triples(folder))
    classes = (
        Class(*_fields(_term(index, iri)), parents=index.iris(iri, RDFS + "subClassOf", GP))
        for iri in index.typed(OWL + "Class")
    )
    roles = Terms(
        "role",
        ((_local(iri), index.iris(iri, SCHEMA + "rangeIncludes", GP)) for iri in index.typed(GP + "Role")),
    )
    relations = (_relation(index, iri) for iri in index.typed(GP + "Relation"))
    types = (_event_type(index, iri, roles) for iri in index.in_scheme(EV + "scheme"))
    kinds = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    properties = [iri for kind in kinds for iri in index.typed(OWL + kind)]
    version = index.objects[GP.rstrip("#"), OWL + "versionInfo"]
    return Ontology(
        version=version[0].value if version else "",
        classes=Terms("class", ((cls.name, cls) for cls in classes)),
        relations=Terms("relation", ((relation.name, relation) for relation in relations)),
        roles=roles,
        event_types=Terms("event type", ((kind.name, kind) for kind in types)),
        roots=_terms(index, "root", index.in_scheme(ROOT + "scheme")),
        modalities=_terms(index, "modality", index.in_scheme(GP + "Modality")),
        offices=_terms(index, "kind of office", index.in_scheme(GP + "OfficeKind")),
        branches=_terms(index, "branch", index.in_scheme(GP + "Branch")),
        statuses=_terms(index, "status", index.in_scheme(GP + "AgreementStatus")),
        properties=_terms(index, "property", properties),
    )


@lru_cache(maxsize=1)
def ontology() -> Ontology:
    """The ontology that comes with the program, read once."""
    return load_ontology()
