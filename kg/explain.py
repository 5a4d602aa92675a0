"""Why the store says so: from an edge, a claim or an entity back to the sentences, words and rules.

Only tells what is in the store; nothing is read or judged anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.decisions import DECISIONS_GRAPH, Decision, as_read, read_decisions
from kg.errors import OntologyError, QueryError
from kg.model import Span
from kg.ontology import EV, GP, ontology
from kg.queries import find_entity
from kg.rdf import ART, article_iri, shorten
from kg.store import Graph
from kg.stored import Entities, StoredClaim, StoredEntity, StoredText, local, read_article
from kg.terminal import clean, isolate

# Where sentences end: a mark and what closes after it, or a line; no single capital before the stop (U.S.).
_END = re.compile(r"(?<!\b[A-Z])[.!?؟…]{1,9}[\s»”\"')\]]+|\n+")
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a sentence that a part of the claim rests on; offsets are those of the sentence."""

    role: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentences that a quote touches, with the offset in the article where they begin."""

    text: str
    start: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """Who fills a role: the entity that was linked, and the words that the article has for it."""

    role: str
    entity: StoredEntity
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One claim with everything that it rests on."""

    claim: StoredClaim
    article: StoredText
    sentence: Sentence
    parties: tuple[Party, ...]
    content: StoredClaim | None
    edges: tuple[tuple[str, str, str], ...]  # plain edges that exist because of this claim
    decisions: tuple[Decision, ...] = ()  # by which a party is who it is


def explain(graph: Graph, words: Sequence[str]) -> Iterator[Explanation]:
    """The claims behind what is named, in the order of their articles.

    One word is a claim (`art:…/c4`, or `<article id>/c4`), a relation or event type, or an entity; three
    words are an edge: subject, relation or event type, object. QueryError says what is unknown.
    """
    if len(words) == 3:
        subject, predicate, value = words
        terms = (find_entity(graph, subject), _type(predicate), find_entity(graph, value))
        found = explain_edge(graph, *terms)
    elif len(words) != 1:
        raise QueryError("name one claim, type or entity, or an edge in three words: subject relation object")
    elif claim := _claim(graph, words[0]):
        return explain_claim(graph, claim)
    elif words[0] in ontology().relations or words[0] in ontology().event_types:
        found = _explained(graph, _OF_TYPE, {"type": _type(words[0])})
    else:
        found = explain_entity(graph, find_entity(graph, words[0]))
    return found


def explain_claim(graph: Graph, claim: ox.NamedNode) -> Iterator[Explanation]:
    """The one claim of that IRI; QueryError when the store has none."""
    article = ox.NamedNode(claim.value.rsplit("/", 1)[0])
    text = read_article(graph, article)
    for one in text.claims:
        if one.iri == claim.value:
            return iter([_explanation(one, text, Entities(graph), behind(graph, article))])
    raise QueryError(f"no claim {shorten(claim.value)} in the store; `kg query claims` lists those of an entity")


def explain_edge(
    graph: Graph, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode
) -> Iterator[Explanation]:
    """All claims of that relation or event type between the two, facts or not."""
    terms = {"subject": subject, "type": predicate, "object": value}
    if predicate.value == GP + "heldOffice":
        terms["type"] = ox.NamedNode(GP + "holdsOffice")
    relation = ontology().relations.get(local(predicate.value))
    yield from _explained(graph, _EDGE, terms)
    if relation is not None and relation.symmetric:
        yield from _explained(graph, _EDGE, {**terms, "subject": value, "object": subject})


def explain_entity(graph: Graph, entity: ox.NamedNode) -> Iterator[Explanation]:
    """All claims in which the entity takes part, also as the speaker."""
    return _explained(graph, _ABOUT, {"entity": entity})


_PREFIXES = """
PREFIX gp: <https://w3id.org/geopol/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
_EDGE = (
    _PREFIXES
    + """SELECT DISTINCT ?subject ?type ?object ?claim WHERE {
  { ?claim rdf:subject ?subject ; rdf:predicate ?type ; rdf:object ?object }
  UNION { ?e gp:actor ?subject ; gp:recipient|gp:object|gp:place ?object ; gp:eventType|gp:saidToBe|gp:wouldBe ?type .
          ?claim gp:states ?e }
} ORDER BY ?claim"""
)
_OF_TYPE = (
    _PREFIXES
    + """SELECT DISTINCT ?type ?claim WHERE {
  ?claim (gp:states/(gp:eventType|gp:saidToBe|gp:wouldBe))|rdf:predicate ?type
} ORDER BY ?claim"""
)
_ABOUT = (
    _PREFIXES
    + """SELECT DISTINCT ?entity ?claim WHERE {
  ?claim (gp:states/(gp:actor|gp:recipient|gp:object|gp:place))|rdf:subject|rdf:object|gp:attributedTo ?entity
} ORDER BY ?claim"""
)


def _type(name: str) -> ox.NamedNode:
    if name in ontology().event_types:
        return ox.NamedNode(EV + name)
    name = name.removeprefix("gp:").removeprefix(GP)
    if name == "heldOffice":
        return ox.NamedNode(GP + name)
    try:
        ontology().type_of_claim(name)
    except OntologyError as error:
        raise QueryError(str(error)) from error
    return ox.NamedNode((GP if name in ontology().relations else EV) + name)


def _claim(graph: Graph, name: str) -> ox.NamedNode | None:
    """The IRI of a claim in any of its three spellings; None when it is no claim."""
    article, slash, claim = name.strip("<>").rpartition("/")
    if not slash or not re.fullmatch(r"c\d+", claim):
        return None
    if article.startswith(ART):
        return ox.NamedNode(f"{article}/{claim}")
    if article.startswith("art:") and re.fullmatch(r"art:\w+", article):
        return ox.NamedNode(f"{ART}{article[4:]}/{claim}")
    return ox.NamedNode(f"{article_iri(article).value}/{claim}")


def _explained(graph: Graph, query: str, terms: dict[str, ox.NamedNode]) -> Iterator[Explanation]:
    """The claims that a query finds; an article is read once for all of its claims that follow."""
    entities, text = Entities(graph), None
    decided: dict[str, tuple[Decision, ...]] = {}
    for row in graph.select(query, terms):
        claim = row[-1]
        assert isinstance(claim, ox.NamedNode)
        article = claim.value.rsplit("/", 1)[0]
        if text is None or text.iri != article:
            text, decided = read_article(graph, ox.NamedNode(article)), behind(graph, ox.NamedNode(article))
        for one in text.claims:
            if one.iri == claim.value:
                yield _explanation(one, text, entities, decided)


def behind(graph: Graph, article: ox.NamedNode) -> dict[str, tuple[Decision, ...]]:
    """The decisions that made an article name an entity, by the entity's IRI."""
    decisions = read_decisions(quad.triple for quad in graph.quads(DECISIONS_GRAPH))
    if not decisions.made:
        return {}
    found: dict[str, set[Decision]] = {}
    for chain in decisions.chains(as_read(graph.quads(article))).values():
        found.setdefault(chain[-1].meant, set()).update(chain)
    return {entity: tuple(sorted(made)) for entity, made in found.items()}


def _explanation(
    claim: StoredClaim, text: StoredText, entities: Entities, decided: Mapping[str, tuple[Decision, ...]]
) -> Explanation:
    fillers = [(role, iri) for role, iris in claim.args.items() for iri in iris]
    if claim.attributed_to:
        fillers.append(("speaker", claim.attributed_to))
    content = next((one for one in text.claims if claim.content in (one.node, one.iri)), None)
    return Explanation(
        claim,
        text,
        sentence(text.text, claim),
        tuple(Party(role, entities[iri], text.mentions.get(iri, ())) for role, iri in fillers),
        content if claim.content else None,
        tuple(_edges(claim)),
        tuple(dict.fromkeys(one for _, iri in fillers for one in decided.get(iri, ()))),
    )


def _edges(claim: StoredClaim) -> Iterator[tuple[str, str, str]]:
    if claim.is_event or not claim.is_fact or (claim.former and claim.type != "holdsOffice"):
        return
    name = "heldOffice" if claim.former else claim.type
    for subject in claim.args.get("subject", ()):
        for value in claim.args.get("object", ()):
            yield shorten(subject), f"gp:{name}", shorten(value)


def sentence(text: str, claim: StoredClaim) -> Sentence:
    """The sentences that the quote touches, and the words marked in them.

    Where the store holds no text, the quote stands for its sentence.
    """
    span = claim.span
    if span.of(text) != claim.quote:
        text, span = claim.quote, Span(0, len(claim.quote))
        return Sentence(text, claim.span.start, _marks(claim, claim.span))
    start, end = 0, len(text)
    for match in _END.finditer(text):
        if match.end() <= span.start:
            start = match.end()
        elif match.end() >= span.end:
            end = match.end()
            break
    words = text[start:end].rstrip()
    return Sentence(words, start, _marks(claim, Span(start, start + len(words))))


def _marks(claim: StoredClaim, within: Span) -> tuple[Mark, ...]:
    inside = (one for one in claim.anchors if within.start <= one.span.start and one.span.end <= within.end)
    shifted = (Mark(one.role, Span(one.span.start - within.start, one.span.end - within.start)) for one in inside)
    return tuple(sorted(shifted, key=lambda mark: (mark.span, mark.role)))


# For the terminal


def render(explanation: Explanation, *, lang: str = "en", color: bool = False) -> Iterator[str]:
    """Lines for the terminal; what comes from the article can neither move the cursor nor turn the line."""
    claim, article = explanation.claim, explanation.article
    names = {party.entity.iri: _name(party.entity, lang) for party in explanation.parties}
    yield f"{_bold(shorten(claim.iri), color)}  {claim.type}: {_manner(explanation, names)}"
    about = ", ".join(part for part in (article.id, article.date, article.source) if part)
    yield f"  article   {_safe(about)}: {_safe(article.title)}"
    yield f"  sentence  {_sentence(explanation.sentence, color)}"
    for mark in explanation.sentence.marks:
        start = explanation.sentence.start + mark.span.start
        yield f"    {mark.role:10}{_safe(mark.span.of(explanation.sentence.text))}  [{start}]"
    for party in explanation.parties:
        link = " ".join(shorten(match) for match in party.entity.matches) or _unlinked(party.entity.iri)
        words = ", ".join(map(_safe, party.words))
        yield f"  {party.role:10}{names[party.entity.iri]}  {shorten(party.entity.iri)} ({link}) {words}".rstrip()
    for one in explanation.decisions:
        yield f"  decided   {_decided(one)}"
    yield f"  rule      {_safe(claim.rule) or 'not named'}, confidence {claim.confidence:g}"
    for edge in explanation.edges:
        yield "  edge      " + " ".join(edge)


def _decided(one: Decision) -> str:
    """Who is who by whose word; `kg decisions` lists them all."""
    who = f" by {_safe(one.by)}" if one.by else ""
    note = f": {_safe(one.note)}" if one.note else ""
    called = f" ({_safe(one.called)})" if one.called else ""
    return f"{shorten(one.entity)}{called} is {shorten(one.meant)} {_safe(one.where)}, {one.date}{who}{note}"


def _unlinked(iri: str) -> str:
    return "not in the world data" if shorten(iri).startswith("id:x-") else "no Wikidata id"


def _manner(explanation: Explanation, names: dict[str, str]) -> str:
    claim = explanation.claim
    said = ["a fact, in the article's own voice" if claim.is_fact else claim.modality]
    said += ["denied"] if claim.negated else []
    said += [f"on the word of {names[claim.attributed_to]}"] if claim.attributed_to else []
    said += [f"about {shorten(explanation.content.iri)} ({explanation.content.type})"] if explanation.content else []
    said += [part for part in (claim.office, claim.branch, claim.date) if part]
    return ", ".join([*said, "former"] if claim.former else said)


def _sentence(shown: Sentence, color: bool) -> str:
    """The sentence as one isolated line; marked words bold, or in brackets where there are no colours."""
    before, after = (BOLD, PLAIN) if color else ("[", "]")
    parts, done = [], 0
    for mark in shown.marks:
        if mark.span.start >= done:
            parts += [_piece(shown.text[done : mark.span.start]), before, _piece(mark.span.of(shown.text)), after]
            done = mark.span.end
    return f"«{isolate(''.join([*parts, _piece(shown.text[done:])]))}»"


def _piece(words: str) -> str:
    """Harmless words with the blanks at their ends kept, for they go on."""
    inner = clean(words)
    before = " " if words[:1].isspace() else ""
    after = " " if inner and words[-1:].isspace() else ""
    return before + inner + after


def _bold(words: str, color: bool) -> str:
    return f"{BOLD}{words}{PLAIN}" if color else words


def _name(entity: StoredEntity, lang: str) -> str:
    return _safe(entity.name(lang))


def _safe(words: str) -> str:
    return isolate(clean(words))
