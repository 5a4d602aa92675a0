"""Claims to quads: the only place where an IRI is minted, exactly as `docs/rdf.md` says.

Sorted, without blank nodes, the same bytes for the same input. A term that the ontology lacks is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from kg import __version__
from kg.errors import InputError, OntologyError
from kg.model import Claim, Entity, Extraction
from kg.ontology import EV, GP, RDF, RDFS, SCHEMA, SKOS, Ontology, ontology, read_triples

if TYPE_CHECKING:  # reading world data needs pydantic, and a question to a store needs neither
    from kg.seeds import Record, World

ID = "https://w3id.org/geopol/id/"
ART = "https://w3id.org/geopol/article/"
SRC = "https://w3id.org/geopol/source/"
DECISION = "https://w3id.org/geopol/decision/"
WD = "http://www.wikidata.org/entity/"
XSD = "http://www.w3.org/2001/XMLSchema#"
OA = "http://www.w3.org/ns/oa#"
DCT = "http://purl.org/dc/terms/"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
PREFIXES = {
    "gp": GP, "ev": EV, "id": ID, "art": ART, "src": SRC, "wd": WD, "rdf": RDF, "rdfs": RDFS,
    "skos": SKOS, "schema": SCHEMA, "dct": DCT, "oa": OA, "geo": GEO, "xsd": XSD,
}  # fmt: skip
WORLD_GRAPH = NamedNode(GP + "world")
ONTOLOGY_GRAPH = NamedNode(GP + "ontology")
LEADING_OFFICES = frozenset({"headOfState", "headOfGovernment"})

# 80 bits: among a hundred million articles two share an IRI with a chance of one in 200 million
_HASH_LENGTH = 20
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)

Node = NamedNode | Literal


def article_iri(document_id: str) -> NamedNode:
    """The IRI of an article, which is also the name of its graph."""
    return NamedNode(ART + _hash(document_id))


def entity_iri(entity: Entity, *, post: str = "") -> NamedNode:
    """The IRI of an entity: its key in the world data, else a hash of class, name and `post`.

    `post` tells namesakes apart: the office and state that the article gives a person.
    """
    if entity.ref is not None:
        return NamedNode(ID + quote(entity.ref, safe=""))
    return NamedNode(f"{ID}x-{_hash(entity.cls, entity.name, post)}")


def entity_iris(extraction: Extraction) -> dict[str, NamedNode]:
    """The IRI of every entity of one article, by the entity's local id."""
    names = {entity.id: entity.ref or entity.name for entity in extraction.entities}
    posts: dict[str, str] = {}
    for claim in sorted(extraction.claims, key=lambda claim: (claim.quote, claim.id)):
        if claim.type == "holdsOffice" and not claim.negated:
            held = [names[entity] for entity in claim.args.get("object", ())]
            for person in claim.args.get("subject", ()):
                posts.setdefault(person, " ".join([claim.office or "", *sorted(held)]))
    return {entity.id: entity_iri(entity, post=posts.get(entity.id, "")) for entity in extraction.entities}


def apart_iri(entity: str, *where: str) -> NamedNode:
    """The IRI of somebody who was taken for an entity there: in these articles, or in this office."""
    return NamedNode(f"{ID}x-{_hash('apart', entity, *where)}")


def decision_iri(*parts: str) -> NamedNode:
    """The IRI of what a person has decided, by all that makes it another decision."""
    return NamedNode(DECISION + _hash(*parts))


def quads(extraction: Extraction, *, terms: Ontology | None = None) -> Iterator[Quad]:
    """All that one article says, in the article's own graph; sorted, each quad once.

    Raises OntologyError for a class, claim type, role, modality, office or branch that does not
    exist, and InputError for a date that is none.
    """
    return _sorted(_Article(extraction, terms or ontology()).quads())


class _Article:
    """One extraction on its way to quads: its graph and the IRIs of its parts."""

    def __init__(self, extraction: Extraction, terms: Ontology) -> None:
        self.extraction = extraction
        self.document = extraction.document
        self.terms = terms
        self.graph = article_iri(extraction.document.id)
        self.entities = entity_iris(extraction)
        self.claims = {claim.id: claim for claim in extraction.claims}
        # who is in no claim and not known either is a name without a story: no node
        self.parties = {claim.attributed_to for claim in extraction.claims}
        self.parties.update(
            filler for claim in extraction.claims for fillers in claim.args.values() for filler in fillers
        )

    def quads(self) -> Iterator[Quad]:
        yield from self._article()
        for entity in self.extraction.entities:
            if entity.ref is not None or entity.id in self.parties:
                yield from self._entity(entity)
        for claim in self.extraction.claims:
            yield from self._claim(claim)

    def _quad(self, subject: NamedNode, predicate: str, value: Node) -> Quad:
        return Quad(subject, NamedNode(predicate), value, self.graph)

    def _article(self) -> Iterator[Quad]:
        document, article = self.document, self.graph
        lang = document.lang or "und"
        yield self._quad(article, RDF + "type", NamedNode(GP + "Article"))
        yield self._quad(article, DCT + "identifier", Literal(document.id))
        yield self._quad(article, SCHEMA + "articleBody", Literal(document.text))
        digest = sha256(document.text.encode()).hexdigest()
        yield self._quad(article, GP + "textDigest", Literal(f"sha256:{digest}"))
        yield self._quad(article, GP + "madeBy", Literal(f"kg {__version__}"))
        if document.title:
            yield self._quad(article, SCHEMA + "headline", Literal(document.title, language=lang))
        if document.lang:
            yield self._quad(article, SCHEMA + "inLanguage", Literal(document.lang))
        if document.date:
            yield self._quad(article, SCHEMA + "datePublished", self._date(document.date))
        if document.url:
            yield self._quad(article, SCHEMA + "url", _link(document.url))
        if document.source:
            yield self._quad(article, DCT + "source", Literal(document.source))

    def _entity(self, entity: Entity) -> Iterator[Quad]:
        self.terms.classes[entity.cls]
        iri = self.entities[entity.id]
        words = {span.of(self.document.text) for span in entity.mentions}
        for mention in words:
            yield self._quad(iri, GP + "mentionedAs", Literal(mention))
        if entity.ref is None:
            lang = (self.document.lang or "und") if entity.name in words else "en"
            yield self._quad(iri, RDF + "type", NamedNode(GP + entity.cls))
            yield self._quad(iri, RDFS + "label", Literal(entity.name, language=lang))
            if entity.qid:
                yield self._quad(iri, SKOS + "exactMatch", NamedNode(WD + entity.qid))

    def _claim_iri(self, claim: Claim) -> NamedNode:
        return NamedNode(f"{self.graph.value}/{quote(claim.id, safe='')}")

    def _stated(self, claim: Claim) -> NamedNode:
        """What other claims point at: the happening, or the claim itself where it is a relation."""
        node = self._claim_iri(claim)
        return node if claim.type in self.terms.relations else NamedNode(f"{node.value}/event")

    def _claim(self, claim: Claim) -> Iterator[Quad]:
        node = self._claim_iri(claim)
        self.terms.type_of_claim(claim.type)
        self.terms.modalities[claim.modality]
        yield self._quad(node, RDF + "type", NamedNode(GP + "Claim"))
        yield self._quad(node, GP + "modality", NamedNode(GP + claim.modality))
        yield self._quad(node, GP + "negated", _boolean(claim.negated))
        yield self._quad(node, GP + "confidence", _decimal(claim.confidence))
        if claim.attributed_to is not None:
            yield self._quad(node, GP + "attributedTo", self.entities[claim.attributed_to])
        if claim.rule:
            yield self._quad(node, GP + "rule", Literal(claim.rule))
        if claim.anchors:
            anchors = sorted((a.span, a.role) for a in claim.anchors)
            words = " ".join(f"{role}={span.start}-{span.end}" for span, role in anchors)
            yield self._quad(node, GP + "anchors", Literal(words))
        yield from self._evidence(node, claim)
        yield from self._particulars(self._stated(claim), claim)
        if claim.type in self.terms.relations:
            yield from self._relation(node, claim)
        else:
            yield from self._happening(node, claim)

    def _evidence(self, node: NamedNode, claim: Claim) -> Iterator[Quad]:
        span = claim.quote
        evidence = NamedNode(f"{self.graph.value}#char={span.start},{span.end}")
        yield self._quad(node, GP + "evidence", evidence)
        yield self._quad(evidence, OA + "exact", Literal(span.of(self.document.text)))
        yield self._quad(evidence, OA + "start", _integer(span.start))

    def _particulars(self, stated: NamedNode, claim: Claim) -> Iterator[Quad]:
        """Date and content: on the happening, or on the claim of a relation."""
        if claim.date:
            yield self._quad(stated, GP + "date", self._date(claim.date))
        if claim.content is not None:
            yield self._quad(stated, GP + "content", self._stated(self.claims[claim.content]))

    def _happening(self, node: NamedNode, claim: Claim) -> Iterator[Quad]:
        cls, property_ = happening_class(claim)
        happening = self._stated(claim)
        yield self._quad(node, GP + "states", happening)
        yield self._quad(happening, RDF + "type", NamedNode(GP + cls))
        yield self._quad(happening, GP + property_, NamedNode(EV + claim.type))
        for role, fillers in claim.args.items():
            self.terms.roles[role]
            for filler in fillers:
                yield self._quad(happening, GP + role, self.entities[filler])

    def _relation(self, node: NamedNode, claim: Claim) -> Iterator[Quad]:
        if set(claim.args) - {"subject", "object"}:
            roles = ", ".join(sorted(set(claim.args) - {"subject", "object"}))
            raise OntologyError(f"{claim.id}: the relation {claim.type} has no role {roles}")
        subjects = [self.entities[entity] for entity in claim.args.get("subject", ())]
        objects = [self.entities[entity] for entity in claim.args.get("object", ())]
        yield self._quad(node, RDF + "predicate", NamedNode(GP + claim.type))
        for subject in subjects:
            yield self._quad(node, RDF + "subject", subject)
        for value in objects:
            yield self._quad(node, RDF + "object", value)
        if claim.office is not None:
            self.terms.offices[claim.office]
            yield self._quad(node, GP + "office", NamedNode(GP + claim.office))
        if claim.branch is not None:
            self.terms.branches[claim.branch]
            yield self._quad(node, GP + "branch", NamedNode(GP + claim.branch))
        if claim.former:
            yield self._quad(node, GP + "former", _boolean(True))
        if claim.is_fact:
            for subject in subjects:
                for value in objects:
                    yield from self._edges(subject, value, claim)

    def _edges(self, subject: NamedNode, value: NamedNode, claim: Claim) -> Iterator[Quad]:
        """The plain edges of a fact: what a question about the world finds without any claim."""
        if claim.type == "holdsOffice":
            verb = "held" if claim.former else "holds"
            yield self._quad(subject, f"{GP}{verb}Office", value)
            if claim.office is not None:
                post = NamedNode(f"{value.value}/office/{claim.office}")
                yield self._quad(subject, f"{GP}{verb}Post", post)
                yield self._quad(post, RDF + "type", NamedNode(GP + "Office"))
                yield self._quad(post, GP + "officeOf", value)
                yield self._quad(post, GP + "officeKind", NamedNode(GP + claim.office))
            if claim.office in LEADING_OFFICES:
                yield self._quad(subject, RDF + "type", NamedNode(GP + "Leader"))
        elif not claim.former:
            yield self._quad(subject, GP + claim.type, value)
            if self.terms.relations[claim.type].symmetric:
                yield self._quad(value, GP + claim.type, subject)

    def _date(self, value: str) -> Literal:
        if not _PARTIAL_DATE.fullmatch(value):
            raise InputError(f"{self.document.id}: '{value}' is no date; write YYYY, YYYY-MM or YYYY-MM-DD")
        return Literal(value, datatype=NamedNode(XSD + _DATES[len(value)]))


def happening_class(claim: Claim) -> tuple[str, str]:
    """The class of what an event claim states, and the property that gives its type."""
    if claim.is_fact:
        return "Event", "eventType"
    if claim.modality == "asserted" and not claim.negated:
        return "ReportedEvent", "saidToBe"
    return "Prospect", "wouldBe"


def world_quads(world: World, refused: Container[tuple[str, str]] = ()) -> Iterator[Quad]:
    """The world data in the graph gp:world: what things are and are called, no relations.

    `refused`: (IRI, QID) of links that a person has taken back.
    """
    statements = (quad for record in world.records.values() for quad in _record(record, world))
    no = SKOS + "exactMatch"
    return _sorted(q for q in statements if q.predicate.value != no or _link_of(q) not in refused)


def _link_of(quad: Quad) -> tuple[str, str]:
    """Entity and QID of a link to Wikidata."""
    assert isinstance(quad.subject, NamedNode)
    assert isinstance(quad.object, NamedNode)
    return quad.subject.value, quad.object.value.removeprefix(WD)


def _record(record: Record, world: World) -> Iterator[Quad]:
    from kg.seeds import Base, City, Person

    iri = NamedNode(ID + record.id)

    def quad(predicate: str, value: Node) -> Quad:
        return Quad(iri, NamedNode(predicate), value, WORLD_GRAPH)

    yield quad(RDF + "type", NamedNode(GP + world.cls(record.id)))
    if isinstance(record, Person) and LEADING_OFFICES & {term.office for term in record.offices}:
        yield quad(RDF + "type", NamedNode(GP + "Leader"))
    for lang, names in (("en", record.en), ("ar", record.ar)):
        for number, name in enumerate(names):
            yield quad(SKOS + "altLabel" if number else RDFS + "label", Literal(name, language=lang))
    if record.qid:
        yield quad(SKOS + "exactMatch", NamedNode(WD + record.qid))
        for source in record.source:
            yield quad(DCT + "source", NamedNode(SRC + source))
            yield from _source(source, world)
    if isinstance(record, City | Base) and record.lat is not None and record.lon is not None:
        yield quad(GEO + "lat", _decimal(record.lat))
        yield quad(GEO + "long", _decimal(record.lon))


def _source(key: str, world: World) -> Iterator[Quad]:
    iri, source = NamedNode(SRC + key), world.sources[key]
    yield Quad(iri, NamedNode(DCT + "title"), Literal(source.title), WORLD_GRAPH)
    yield Quad(iri, NamedNode(DCT + "license"), Literal(source.licence), WORLD_GRAPH)
    if source.url:
        yield Quad(iri, NamedNode(SCHEMA + "url"), _link(source.url), WORLD_GRAPH)


def ontology_quads() -> Iterator[Quad]:
    """The vocabulary in the graph gp:ontology."""
    return _sorted(Quad(triple.subject, triple.predicate, triple.object, ONTOLOGY_GRAPH) for triple in read_triples())


def nquads(statements: Iterable[Quad]) -> bytes:
    """N-Quads, one line each, sorted, each once: equal graphs give equal bytes."""
    lines = sorted({f"{quad} .\n" for quad in statements})
    return "".join(lines).encode()


def shorten(iri: str) -> str:
    """`gp:operator` for a full IRI, or the IRI itself where no prefix fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _sorted(statements: Iterable[Quad]) -> Iterator[Quad]:
    return iter(sorted(set(statements), key=str))


def _hash(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()[:_HASH_LENGTH]


def _boolean(value: bool) -> Literal:
    return Literal("true" if value else "false", datatype=NamedNode(XSD + "boolean"))


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def _decimal(value: float) -> Literal:
    """Canonical xsd:decimal, at most six places: a store gives back the same bytes."""
    text = f"{Decimal(repr(value)):.6f}".rstrip("0").rstrip(".")
    return Literal("0" if text == "-0" else text, datatype=NamedNode(XSD + "decimal"))


def _link(url: str) -> Node:
    """An IRI for a web address; anything else stays text, so that nobody clicks on a script."""
    if url.startswith(("http://", "https://")):
        try:
            return NamedNode(url)
        except ValueError:
            return Literal(url)
    return Literal(url)
