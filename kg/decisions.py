"""What people have decided on who is who: everywhere, or in some articles, what is read as one entity is another.

Pure functions. The quads of an article as they are written follow from those that were read and from the
decisions, and those that were read follow from those that are written: so every decision can be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.errors import DecisionError
from kg.model import ENTITY_CLASSES
from kg.ontology import GP, RDF, RDFS, SKOS
from kg.rdf import DCT, ID, XSD, Node, article_iri, decision_iri, shorten

DECISIONS_GRAPH = NamedNode(GP + "decisions")
AS_READ = NamedNode(GP + "asRead")
MEANT = NamedNode(GP + "entityMeant")
NOT_MEANT = NamedNode(GP + "entityNotMeant")
_CLASSES = frozenset(NamedNode(GP + name) for name in ENTITY_CLASSES)
_TYPE, _LABEL = NamedNode(RDF + "type"), NamedNode(RDFS + "label")
_POST = "/office/"  # a post's IRI goes on from that of the state or organization

Term = NamedNode | BlankNode | Literal | Triple
Posts = frozenset[tuple[str, str]]  # kind of office, IRI of whose


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """In these articles, or of this office, or everywhere: what is read as one entity is another."""

    entity: str  # IRI, as it is read
    meant: str  # IRI of who it is
    articles: tuple[str, ...] = ()  # ids of the articles where that is so
    office: str = ""  # else: where the article gives the entity an office of this kind …
    of: str = ""  # … of this state or organization (IRI)
    cls: str = ""  # class, name and its language of who is meant, where the world data does not know it
    name: str = ""
    lang: str = ""
    called: str = ""  # how the entity was called: for those who read the decision
    by: str = ""
    date: str = ""  # YYYY-MM-DD
    note: str = ""
    apart: bool = False  # the two are not one: nothing is written otherwise, and nobody is asked again

    @property
    def is_merge(self) -> bool:
        """True when it holds everywhere; else it splits an entity, or keeps two apart."""
        return not (self.articles or self.office or self.apart)

    @property
    def where(self) -> str:
        """In words, for tables and sentences."""
        if self.apart:
            return "nowhere"
        if self.office:
            return f"where {self.office} of {shorten(self.of)}"
        return f"in {', '.join(self.articles)}" if self.articles else "everywhere"


class Decisions:
    """All decisions together; DecisionError where they contradict each other."""

    def __init__(self, made: Iterable[Decision] = ()) -> None:
        self.made = tuple(sorted(set(made)))
        self._of: defaultdict[str, list[Decision]] = defaultdict(list)
        for one in sorted(self.made, key=lambda one: (one.is_merge, not one.articles, one)):
            if not one.apart:
                self._of[one.entity].append(one)
        self._in = {id_: article_iri(id_) for one in self.made for id_ in one.articles}
        for one in self.made:
            if not one.apart:
                self._check(one)

    def _check(self, one: Decision) -> None:
        for other in self._of[one.entity]:
            if other is one or other.is_merge != one.is_merge:
                continue
            if one.is_merge:
                raise DecisionError(
                    f"{shorten(one.entity)} is merged into {shorten(other.meant)} already; take that back first "
                    f"with `kg merge --undo {shorten(one.entity)}`"
                )
            if shared := set(one.articles) & set(other.articles):
                raise DecisionError(
                    f"{shorten(one.entity)} is split in {min(shared)} already; take that back first "
                    f"with `kg split --undo {shorten(other.meant)}`"
                )
            if one.office and (one.office, one.of) == (other.office, other.of):
                raise DecisionError(f"{shorten(one.entity)} is split {one.where} already; take that back first")
        if one.entity in self.reached(one.meant):
            raise DecisionError(
                f"{shorten(one.entity)} cannot become {shorten(one.meant)}, which has become {shorten(one.entity)} "
                "by an earlier decision; `kg decisions` lists them"
            )

    def reached(self, entity: str) -> set[str]:
        """All that the entity may have become, itself among them."""
        found, rest = {entity}, [entity]
        while rest:
            new = {one.meant for one in self._of.get(rest.pop(), ())} - found
            found |= new
            rest += new
        return found

    def chain(self, entity: str, article: NamedNode, posts: Posts = frozenset()) -> list[Decision]:
        """The decisions that lead from an entity, as it is read in that article, to who is meant."""
        found: list[Decision] = []
        while one := next((d for d in self._of.get(entity, ()) if self._holds(d, article, posts)), None):
            found.append(one)
            entity = one.meant
        return found

    def _holds(self, one: Decision, article: NamedNode, posts: Posts) -> bool:
        in_article = any(self._in[id_] == article for id_ in one.articles)
        return one.is_merge or in_article or (one.office, one.of) in posts

    def chains(self, quads: Sequence[Quad]) -> dict[str, list[Decision]]:
        """By entity of one article, as it was read: the decisions that lead to who is meant."""
        terms = {term.value for quad in quads for term in quad.triple if isinstance(term, NamedNode)}
        if not (read := self._of.keys() & terms):
            return {}
        posts = _posts(quads)
        chains = {one: self.chain(one, _graph(quads), posts.get(one, frozenset())) for one in read}
        return {one: chain for one, chain in chains.items() if chain}

    def settle(self, quads: Sequence[Quad]) -> list[Quad]:
        """The quads of one article as they are written; with a note of what was read where that differs."""
        names = {one: chain[-1].meant for one, chain in self.chains(quads).items()} if self.made else {}
        if not names:
            return list(quads)
        graph, read = _graph(quads), set(quads)
        moved = {quad for quad in read if _written(quad, names) != quad}
        made = {new for quad in moved if (new := _written(quad, names)) is not None}
        lines = {f"{quad.triple} .\n" for quad in moved | (read & made)}
        lines |= {f"{Triple(NamedNode(one), MEANT, NamedNode(other))} .\n" for one, other in names.items()}
        note = Quad(graph, AS_READ, Literal("".join(sorted(lines))), graph)
        return sorted((read - moved) | made | {note}, key=str)


def as_read(quads: Iterable[Quad]) -> list[Quad]:
    """The quads of one article as they were read, whatever had been decided when they were written."""
    stored = set(quads)
    note = next((quad for quad in stored if quad.predicate == AS_READ), None)
    if note is None:
        return sorted(stored, key=str)
    names, before = _noted(note)
    made = {new for quad in before if (new := _written(quad, names)) is not None}
    return sorted((stored - made - {note}) | before, key=str)


def _noted(note: Quad) -> tuple[dict[str, str], set[Quad]]:
    graph = note.graph_name
    assert isinstance(note.object, Literal)
    triples = [quad.triple for quad in parse(note.object.value, RdfFormat.N_TRIPLES)]
    names = {_iri(one.subject): _iri(one.object) for one in triples if one.predicate == MEANT}
    return names, {Quad(one.subject, one.predicate, one.object, graph) for one in triples if one.predicate != MEANT}


def _written(quad: Quad, names: Mapping[str, str]) -> Quad | None:
    """The quad with the names of who is meant; None for the class, which its own description has."""
    subject, value = _renamed(quad.subject, names), _renamed(quad.object, names)
    predicate = quad.predicate
    if subject != quad.subject:
        if predicate == _TYPE and quad.object in _CLASSES:
            return None
        if predicate == _LABEL:
            predicate = NamedNode(SKOS + "altLabel")
    if subject == quad.subject and value == quad.object:
        return quad
    assert isinstance(subject, NamedNode)
    return Quad(subject, predicate, value, quad.graph_name)


def _renamed(term: Term, names: Mapping[str, str]) -> Term:
    if not isinstance(term, NamedNode) or not term.value.startswith(ID):
        return term
    entity, post, kind = term.value.partition(_POST)
    meant = names.get(entity)
    return term if meant is None else NamedNode(meant + post + kind)


def _posts(quads: Iterable[Quad]) -> dict[str, Posts]:
    """The offices that one article gives each entity."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    parts: defaultdict[str, dict[str, set[str]]] = defaultdict(lambda: {"office": set(), "of": set()})
    for quad in quads:
        claim = _iri(quad.subject)
        if quad.predicate.value == GP + "office":
            parts[claim]["office"].add(_iri(quad.object).removeprefix(GP))
        elif quad.predicate.value == RDF + "object":
            parts[claim]["of"].add(_iri(quad.object))
        elif quad.predicate.value == RDF + "subject":
            holders[_iri(quad.object)].add(claim)
    return {
        person: frozenset((kind, of) for one in claims for kind in parts[one]["office"] for of in parts[one]["of"])
        for person, claims in holders.items()
    }


def _graph(quads: Sequence[Quad]) -> NamedNode:
    graph = quads[0].graph_name
    assert isinstance(graph, NamedNode)
    return graph


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""


# --- as RDF


def decision_quads(made: Iterable[Decision]) -> list[Quad]:
    """The decisions as they stand in the graph gp:decisions, and in a file."""
    triples = {triple for one in made for triple in _triples(one)}
    return sorted((Quad(one.subject, one.predicate, one.object, DECISIONS_GRAPH) for one in triples), key=str)


def _triples(one: Decision) -> Iterator[Triple]:
    apart = ("apart",) if one.apart else ()
    node = decision_iri(one.entity, one.meant, *one.articles, one.office, one.of, *apart)
    entity, meant = NamedNode(one.entity), NamedNode(one.meant)
    values: list[tuple[str, NamedNode | Literal]] = [
        (RDF + "type", NamedNode(GP + "Decision")),
        (GP + "entityRead", entity),
        ((NOT_MEANT if one.apart else MEANT).value, meant),
        *((GP + "inArticle", Literal(id_)) for id_ in one.articles),
        (DCT + "date", Literal(one.date, datatype=NamedNode(XSD + "date"))),
    ]
    if one.office:
        values += [(GP + "whereOffice", NamedNode(GP + one.office)), (GP + "whereOfficeOf", NamedNode(one.of))]
    words = ((GP + "nameRead", one.called), (DCT + "creator", one.by), (RDFS + "comment", one.note))
    for predicate, value in [*values, *((name, Literal(word)) for name, word in words if word)]:
        yield Triple(node, NamedNode(predicate), value)
    if one.is_merge:
        yield Triple(entity, NamedNode(GP + "mergedInto"), meant)
    if one.cls:
        yield Triple(meant, _TYPE, NamedNode(GP + one.cls))
        yield Triple(meant, _LABEL, Literal(one.name, language=one.lang))


def read_decisions(triples: Iterable[Triple]) -> Decisions:
    """Back from RDF; DecisionError where a decision does not say of whom, who is meant, or when."""
    about: defaultdict[str, defaultdict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for one in triples:
        if isinstance(one.object, NamedNode | Literal):
            about[_iri(one.subject)][one.predicate.value].append(one.object)
    nodes = [node for node, said in about.items() if NamedNode(GP + "Decision") in said[_TYPE.value]]
    return Decisions(_decision(node, about) for node in nodes)


def from_turtle(data: bytes) -> Decisions:
    """The decisions of a file; SyntaxError where it is no Turtle."""
    return read_decisions(quad.triple for quad in parse(data, RdfFormat.TURTLE))


def _decision(node: str, about: Mapping[str, Mapping[str, list[Node]]]) -> Decision:
    def values(subject: str, predicate: str) -> list[str]:
        return sorted(value.value for value in about.get(subject, {}).get(predicate, ()))

    def one(predicate: str, *, needed: bool = False) -> str:
        found = values(node, predicate)
        if len(found) > 1 or (needed and not found):
            raise DecisionError(f"<{node}> has {len(found)} values of {shorten(predicate)}; a decision has one")
        return found[0] if found else ""

    apart = one(NOT_MEANT.value)
    entity, meant = one(GP + "entityRead", needed=True), apart or one(MEANT.value, needed=True)
    if not (entity.startswith(ID) and meant.startswith(ID)) or _POST in entity + meant:
        raise DecisionError(f"<{node}> is about <{entity}> and <{meant}>; both must be entities of {ID}")
    classes = [value.removeprefix(GP) for value in values(meant, _TYPE.value)]
    labels = about.get(meant, {}).get(_LABEL.value, [])
    names = sorted((label.value, label.language or "") for label in labels if isinstance(label, Literal))
    name, lang = names[0] if names else ("", "")
    cls = next((value for value in classes if value in ENTITY_CLASSES), "") if name and lang else ""
    articles = tuple(values(node, GP + "inArticle"))
    office, of = one(GP + "whereOffice").removeprefix(GP), one(GP + "whereOfficeOf")
    if bool(office) != bool(of) or (office and articles):
        raise DecisionError(f"<{node}> needs articles, or an office and whose it is, or neither")
    return Decision(
        entity, meant, articles, office, of,
        cls, name if cls else "", lang if cls else "",
        one(GP + "nameRead"), one(DCT + "creator"), one(DCT + "date", needed=True), one(RDFS + "comment"),
        bool(apart),
    )  # fmt: skip
