"""One article: its text with names and claims marked, its claims as a list, and who is joined with whom in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.export import ends
from kg.model import MODALITIES, Span
from kg.store import Graph
from kg.stored import Entities, StoredClaim, StoredEntity, StoredText, read_article
from kg.views.claim import Brief, brief_of
from kg.views.layout import Kind, Line, lines, names, parts
from kg.views.network import Network, network, ties
from kg.views.segments import Piece, lanes, pieces, word_end

LANES = 2  # of underline; a third claim over the same words has its number only


@dataclass(frozen=True, slots=True)
class Underline:
    """A claim over words: which of the lanes below them it takes, None for neither."""

    claim: StoredClaim
    lane: int | None


Mark = StoredEntity | Underline


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the article in pieces; behind the offsets of `refs` stand the numbers of the claims that end there."""

    kind: Kind
    pieces: tuple[Piece[Mark], ...]
    refs: Mapping[int, tuple[StoredClaim, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A claim in the list beside the text; `inner` when the one before it holds it as its content."""

    brief: Brief
    inner: bool


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """What the page of an article shows; of a long one, one part."""

    article: StoredText
    title: Block | None  # the line of the text that is the title
    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]
    tally: tuple[tuple[StoredClaim, int], ...]  # one claim of each manner with the count of all in the article
    part: int  # from 1
    part_count: int
    network: Network
    entities: Mapping[str, StoredEntity]

    @property
    def link(self) -> str:
        """Where it was published, when that is a web address."""
        return self.article.url if self.article.url.startswith(("https://", "http://")) else ""


def article_page(graph: Graph, iri: str, part: int = 1) -> ArticlePage | None:
    """The page of the article of that IRI; None when the store has none, or not so many parts."""
    article = read_article(graph, ox.NamedNode(iri))
    in_parts = parts(lines(article))
    return _page(article, Entities(graph), in_parts, part) if article.id and 1 <= part <= len(in_parts) else None


def whole_article(graph: Graph, iri: str) -> ArticlePage | None:
    """The same in one part, however long it is."""
    article = read_article(graph, ox.NamedNode(iri))
    return laid_out(article, Entities(graph)) if article.id else None


def laid_out(article: StoredText, entities: Entities, named: Sequence[tuple[Span, str]] | None = None) -> ArticlePage:
    """The same of an article that has been read, in one part; `named`: where names stand, if that is known exactly."""
    return _page(article, entities, [lines(article)], 1, named)


def _page(
    article: StoredText,
    entities: Entities,
    in_parts: Sequence[Sequence[Line]],
    part: int,
    named: Sequence[tuple[Span, str]] | None = None,
) -> ArticlePage:
    shown = in_parts[part - 1]
    first = shown[0].span.start if shown else 0
    last = in_parts[part][0].span.start if part < len(in_parts) else len(article.text) + 1
    claims = [claim for claim in article.claims if first <= claim.span.start < last]
    found = names(article, Span(first, last)) if named is None else named
    marks = _underlines(claims) + [(span, entities[iri]) for span, iri in found if first <= span.start < last]
    blocks = _blocks(article.text, shown, marks, claims)
    joined = [
        (*pair, claim.type, claim.modality, claim.negated) for claim in article.claims for pair in sorted(ends(claim))
    ]
    drawn = network(ties(joined))
    return ArticlePage(
        article,
        next((block for block in blocks if block.kind == "title"), None),
        tuple(block for block in blocks if block.kind != "title"),
        tuple(_rows(claims, entities)),
        tuple(_tally(article.claims)),
        part,
        len(in_parts),
        drawn,
        {end: entities[end] for _, group in drawn.groups for tie in group for end in (tie.source, tie.target)},
    )


def is_deed(claim: StoredClaim) -> bool:
    """True for what is said to have happened or to hold."""
    return claim.modality == "asserted" and not claim.negated


def _underlines(claims: Iterable[StoredClaim]) -> list[tuple[Span, Mark]]:
    """What is no deed takes the first lane."""
    order = sorted(claims, key=lambda claim: (is_deed(claim), claim.span))
    free = lanes([claim.span for claim in order], LANES)
    return [(claim.span, Underline(claim, lane)) for claim, lane in zip(order, free, strict=True)]


def _blocks(
    text: str, shown: Iterable[Line], marks: Sequence[tuple[Span, Mark]], claims: Iterable[StoredClaim]
) -> list[Block]:
    """Each line with the marks that lie over it."""
    refs: dict[int, list[StoredClaim]] = defaultdict(list)
    for claim in claims:
        refs[word_end(text, claim.span.end)].append(claim)
    ordered = sorted(marks, key=lambda mark: mark[0].start)
    waiting, blocks = list(reversed(ordered)), []
    over: list[tuple[Span, Mark]] = []
    for line in shown:
        while waiting and waiting[-1][0].start < line.span.end:
            over.append(waiting.pop())
        over = [mark for mark in over if mark[0].end > line.span.start]
        own = {at: tuple(found) for at, found in refs.items() if line.span.start < at <= line.span.end}
        blocks.append(Block(line.kind, tuple(pieces(text, over, line.span, own)), own))
    return blocks


def _rows(claims: Sequence[StoredClaim], entities: Entities) -> Iterable[Row]:
    """In text order, but what a claim holds comes right after it."""
    by_node = {node: claim for claim in claims for node in (claim.node, claim.iri)}
    held = {by_node[claim.content].iri for claim in claims if claim.content in by_node}
    told: set[str] = set()
    for claim in [*(one for one in claims if one.iri not in held), *claims]:  # the second time for rings
        next_: StoredClaim | None = claim
        while next_ is not None and next_.iri not in told:
            told.add(next_.iri)
            yield Row(brief_of(next_, entities), next_ is not claim)
            next_ = by_node.get(next_.content)


def _tally(claims: Iterable[StoredClaim]) -> Iterable[tuple[StoredClaim, int]]:
    counts = Counter((claim.modality, claim.negated) for claim in claims)
    some = {(claim.modality, claim.negated): claim for claim in claims}
    for modality in MODALITIES:
        for negated in (False, True):
            if count := counts[modality, negated]:
                yield some[modality, negated], count
