"""One claim taken apart: its sentence, who does what in it, what it lies inside of, and the same act elsewhere."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pyoxigraph as ox

from kg.explain import sentence
from kg.model import Anchor, Span
from kg.ontology import GP, RDF
from kg.rdf import ART, PREFIXES
from kg.store import Graph, text
from kg.stored import Entities, StoredClaim, StoredEntity, StoredText, from_quads, read_article
from kg.views.catalogue import catalogue
from kg.views.choices import Choice, choices
from kg.views.layout import part_of
from kg.views.segments import Piece, pieces

ROLES = ("subject", "actor", "recipient", "object", "place")
SHOWN = 5  # claims of other articles that are quoted
CONTEXT = 400  # code points beside the quote


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the table of roles: the words, where they stand, and who is meant."""

    role: str  # trigger, a role, modality, negation or speaker
    words: str
    span: Span | None  # None where no words of the sentence name it
    entity: StoredEntity | None
    aliases: tuple[str, ...]  # what the article calls the entity elsewhere


@dataclass(frozen=True, slots=True)
class Brief:
    """A claim in a line: who does what to whom."""

    claim: StoredClaim
    doers: tuple[StoredEntity, ...]
    others: tuple[StoredEntity, ...]
    speaker: StoredEntity | None


@dataclass(frozen=True, slots=True)
class Quoted:
    """A claim of another article, with what is needed to quote it."""

    brief: Brief
    article: StoredText


@dataclass(frozen=True, slots=True)
class Same:
    """Claims of other articles of the same type about the same parties, by how they are said."""

    counts: tuple[tuple[StoredClaim, int], ...]  # one claim of each manner; happened or holds first, also with 0
    total: int
    about: tuple[StoredEntity, ...]
    quoted: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """All that a claim card shows."""

    brief: Brief
    article: StoredText
    pieces: tuple[Piece[str], ...]  # of the sentences around the quote; each mark is a role, or "quote"
    parts: tuple[Part, ...]
    chain: tuple[Brief, ...]  # from the claim that holds this one down to what this one holds; empty when alone
    choices: tuple[Choice, ...]
    same: Same
    turtle: str

    @property
    def claim(self) -> StoredClaim:
        """The claim itself."""
        return self.brief.claim

    @property
    def part(self) -> int:
        """The part of a long article's page that shows it."""
        return part_of(self.article, self.claim.span.start)


def claim_card(graph: Graph, iri: str) -> ClaimCard | None:
    """The card of the claim of that IRI; None when the store has none."""
    return next(cards(graph, iri.rpartition("/")[0], Entities(graph), only=iri), None)


def cards(
    graph: Graph, article_iri: str, entities: Entities, only: str = "", alone: bool = False
) -> Iterator[ClaimCard]:
    """The cards of an article's claims in text order, or `only` that of one; `alone`: without what others say."""
    by_subject: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in graph.quads(ox.NamedNode(article_iri)):
        by_subject[text(quad.subject)].append(quad)
    article = from_quads(article_iri, (quad for quads in by_subject.values() for quad in quads))
    for claim in article.claims:
        if only in ("", claim.iri):
            brief = brief_of(claim, entities)
            yield ClaimCard(
                brief,
                article,
                tuple(_sentence(article.text, claim)),
                tuple(_parts(claim, article, entities)),
                tuple(brief_of(one, entities) for one in _chain(claim, article)),
                () if alone else tuple(choices(graph, article, _everybody(claim), entities)),
                Same((), 0, (), ()) if alone else _same(graph, claim, entities),
                _turtle(by_subject, claim),
            )


def brief_of(claim: StoredClaim, entities: Entities) -> Brief:
    """Who does what to whom; where nobody is said to do it, the doers are empty."""
    doers = claim.args.get("actor", ()) + claim.args.get("subject", ())
    others = [iri for role in ("recipient", "object", "place") for iri in claim.args.get(role, ())]
    return Brief(
        claim,
        tuple(entities[iri] for iri in doers),
        tuple(entities[iri] for iri in dict.fromkeys(others)),
        entities[claim.attributed_to] if claim.attributed_to else None,
    )


def _everybody(claim: StoredClaim) -> list[str]:
    fillers = [iri for role in ROLES for iri in claim.args.get(role, ())]
    return list(dict.fromkeys([*fillers, *([claim.attributed_to] if claim.attributed_to else [])]))


# The sentence


def _sentence(body: str, claim: StoredClaim) -> list[Piece[str]]:
    """The sentences that the quote touches, cut at the words that the claim rests on and at the quote."""
    found = sentence(body, claim)
    marks = [(mark.span, mark.role) for mark in found.marks]
    start = claim.span.start - found.start
    quote = Span(start, start + len(claim.quote))
    return pieces(found.text, [*marks, (quote, "quote")], _around(quote, found.text))


def _around(quote: Span, words: str) -> Span:
    """The quote with as many whole words beside it as give the context; a paragraph may be pages long."""
    before, after = max(0, quote.start - CONTEXT), min(len(words), quote.end + CONTEXT)
    start = words.find(" ", before, quote.start) + 1 if before else 0
    end = words.rfind(" ", quote.end, after) if after < len(words) else len(words)
    return Span(start or before, end if end >= 0 else after)


def _parts(claim: StoredClaim, article: StoredText, entities: Entities) -> Iterator[Part]:
    """The table of roles: what triggers the claim, who fills each role, what makes it more or less than a fact."""
    yield from _worded("trigger", claim, article)
    for role in ROLES:
        yield from _filled(role, claim.args.get(role, ()), claim, article, entities)
    yield from _worded("modality", claim, article)
    yield from _worded("negation", claim, article)
    if claim.attributed_to:
        yield from _filled("speaker", (claim.attributed_to,), claim, article, entities)


def _worded(role: str, claim: StoredClaim, article: StoredText) -> Iterator[Part]:
    for span in _spans(role, claim):
        yield Part(role, span.of(article.text), span, None, ())


def _filled(
    role: str, fillers: Iterable[str], claim: StoredClaim, article: StoredText, entities: Entities
) -> Iterator[Part]:
    """Each filler with the words that name it: those it is known by, else the only ones that are left."""
    left = list(_spans(role, claim))
    open_ = []
    named: dict[str, Span] = {}
    for iri in fillers:
        known = article.mentions.get(iri, ())
        span = next((span for span in left if span.of(article.text) in known), None)
        if span is None:
            open_.append(iri)
        else:
            named[iri] = span
            left.remove(span)
    if len(open_) == len(left) == 1:
        named[open_[0]] = left[0]
    for iri in fillers:
        place = named.get(iri)
        words = place.of(article.text) if place else ""
        aliases = tuple(name for name in article.mentions.get(iri, ()) if name != words)
        yield Part(role, words, place, entities[iri], aliases)


def _spans(role: str, claim: StoredClaim) -> list[Span]:
    return [anchor.span for anchor in claim.anchors if isinstance(anchor, Anchor) and anchor.role == role]


# What it lies in


def _chain(claim: StoredClaim, article: StoredText) -> list[StoredClaim]:
    """The claims that hold this one and that it holds, the outermost first; a ring of them is cut open."""
    by_node = {node: one for one in article.claims for node in (one.node, one.iri)}
    holders = {one.content: one for one in reversed(article.claims) if one.content}
    chain = [claim]
    while (outer := holders.get(chain[0].node) or holders.get(chain[0].iri)) and outer not in chain:
        chain.insert(0, outer)
    while chain[-1].content and (inner := by_node.get(chain[-1].content)) and inner not in chain:
        chain.append(inner)
    return chain if len(chain) > 1 else []


# The same act elsewhere


def _same(graph: Graph, claim: StoredClaim, entities: Entities) -> Same:
    """Claims of other articles of this type in which two of its parties take part, or the only one."""
    parties = [claim.args[role][0] for role in ROLES[:4] if role in claim.args]
    article = claim.iri.rpartition("/")[0]
    found: dict[str, tuple[str, bool]] = {}
    shared: Counter[str] = Counter()
    for party in dict.fromkeys(parties):
        alike = {iri: how for iri, how in _claims_on(graph, claim, party) if not iri.startswith(f"{article}/")}
        found |= alike
        shared.update(alike.keys())
    least = min(2, len(set(parties)))
    both = sorted(iri for iri, count in shared.items() if count >= least > 0)
    return Same(
        tuple(_by_manner(claim, Counter(found[iri] for iri in both))),
        len(both),
        tuple(entities[iri] for iri in dict.fromkeys(parties)),
        tuple(_quoted(graph, both[:SHOWN], entities)),
    )


def _claims_on(graph: Graph, claim: StoredClaim, party: str) -> Iterator[tuple[str, tuple[str, bool]]]:
    for entry in catalogue(graph).of.get(party, ()):
        if entry.type == claim.type and party in entry.fillers(*ROLES[:4]):
            yield entry.claim, (entry.modality, entry.negated)


def _by_manner(claim: StoredClaim, counts: Counter[tuple[str, bool]]) -> Iterator[tuple[StoredClaim, int]]:
    """How often it is said in which manner; that it happened is told also where nobody says so."""
    fact = ("asserted", False)
    for modality, negated in [fact, *(manner for manner, _ in counts.most_common() if manner != fact)]:
        yield replace(claim, modality=modality, negated=negated), counts[modality, negated]


def _quoted(graph: Graph, iris: Iterable[str], entities: Entities) -> Iterator[Quoted]:
    for article, wanted in groupby(iris, key=lambda iri: iri.rpartition("/")[0]):
        found = read_article(graph, ox.NamedNode(article))
        by_iri = {one.iri: one for one in found.claims}
        for iri in wanted:
            yield Quoted(brief_of(by_iri[iri], entities), found)


# Turtle


def _turtle(by_subject: Mapping[str, Sequence[ox.Quad]], claim: StoredClaim) -> str:
    """What the store holds of the claim, the happening that it states and its evidence, with the prefixes in use."""
    own = by_subject.get(claim.iri, ())
    evidence = [text(quad.object) for quad in own if quad.predicate.value == GP + "evidence"]
    nodes = dict.fromkeys([claim.iri, claim.node, *evidence])
    found = [quad for node in nodes for quad in sorted(by_subject.get(node, ()), key=_type_first)]
    used = {term.value for quad in found for term in (quad.predicate, quad.object) if isinstance(term, ox.NamedNode)}
    prefixes = {
        name: root for name, root in PREFIXES.items() if root != ART and any(iri.startswith(root) for iri in used)
    }
    out = io.BytesIO()
    ox.serialize((quad.triple for quad in found), out, ox.RdfFormat.TURTLE, prefixes=prefixes)
    return out.getvalue().decode()


def _type_first(quad: ox.Quad) -> tuple[bool, str]:
    return quad.predicate.value != RDF + "type", str(quad)
