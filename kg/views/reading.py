"""A text read here and now, shown like a stored article; nothing of it is kept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from kg import rdf
from kg.documents import Unreadable, from_text, read
from kg.errors import InputError
from kg.model import Discarded, Document, Entity, Extraction
from kg.seeds import World, world
from kg.store import Graph, open_graph
from kg.stored import Entities, StoredEntity, read_article
from kg.views.article import ArticlePage, laid_out
from kg.views.claim import ClaimCard, cards
from kg.views.layout import apart, longest_first

MAX_TEXT = 100_000  # code points; `kg extract` reads longer ones
MAX_CARDS = 40
MAX_TRACES = 60
NAME = "pasted"  # the article's id; no store ever sees it


@dataclass(frozen=True, slots=True)
class Meant:
    """A name of the text: who was chosen and why, and who else it might have been."""

    words: tuple[str, ...]
    entity: StoredEntity
    score: float
    reason: str
    others: tuple[tuple[StoredEntity, float, str], ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Words that set off a rule of which no claim was made, and why not."""

    words: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read out of a text."""

    page: ArticlePage
    cards: tuple[ClaimCard, ...]  # of the first claims
    meant: tuple[Meant, ...]
    traces: tuple[Trace, ...]


def document_of(text: str, *, lang: str = "", date: str = "") -> Document:
    """A pasted text; a first line of several words is the title where more follows. InputError says what is wrong."""
    document = from_text(text, id=NAME, lang=lang, date=date or None)
    head, _, rest = text.strip().partition("\n")
    title = head.strip() if rest.strip() and len(head) <= 300 and len(head.split()) > 1 else ""
    return replace(document, title=title)


def document_in(file: bytes, *, lang: str = "", date: str = "") -> Document:
    """The first article of a file: text, a web page or JSON, packed or not. InputError says what is wrong with it."""
    found = next(iter(read(["-"], stdin=io.BytesIO(file))), None)
    if found is None:
        raise InputError("empty; there is nothing to read")
    if isinstance(found, Unreadable):
        raise InputError(found.reason)
    return replace(found, id=NAME, lang=lang or found.lang, date=date or found.date)


def reading_of(extraction: Extraction, most: int | None = MAX_CARDS) -> Reading:
    """The extraction by way of a store in memory that holds nothing but it and the names that it uses.

    `most`: how many cards to make; None for one of each claim.
    """
    with open_graph(":memory:") as graph:
        graph.bulk(rdf.quads(extraction))
        graph.bulk(rdf.world_quads(_used(extraction, world())))
        return _shown(graph, extraction, most)


def _used(extraction: Extraction, known: World) -> World:
    """The world data of those entities alone that the text may mean."""
    wanted = {candidate.ref for entity in extraction.entities for candidate in entity.candidates}
    wanted.update(entity.ref for entity in extraction.entities if entity.ref)
    return World({ref: known.records[ref] for ref in sorted(wanted) if ref in known.records}, known.sources)


def _shown(graph: Graph, extraction: Extraction, most: int | None) -> Reading:
    iri = rdf.article_iri(extraction.document.id)
    article, entities, iris = read_article(graph, iri), Entities(graph), rdf.entity_iris(extraction)
    named = {(span, iris[entity.id].value) for entity in extraction.entities for span in entity.mentions}
    page = laid_out(article, entities, named=apart(longest_first(named)))
    first = islice(cards(graph, iri.value, entities, alone=True), most)
    return Reading(
        page,
        tuple(first),
        tuple(_meant(entity, entities[iris[entity.id].value], extraction, entities) for entity in extraction.entities),
        tuple(_traces(extraction.discarded, extraction.document.text)),
    )


def _meant(entity: Entity, chosen: StoredEntity, extraction: Extraction, entities: Entities) -> Meant:
    words = tuple(dict.fromkeys(span.of(extraction.document.text) for span in entity.mentions))
    best, others = entity.candidates[:1], entity.candidates[1:]
    return Meant(
        words,
        chosen,
        best[0].score if best else 0.0,
        best[0].reason if best else "",
        tuple((entities[rdf.ID + one.ref], one.score, one.reason) for one in others),
    )


def _traces(discarded: tuple[Discarded, ...], text: str) -> Iterator[Trace]:
    told = dict.fromkeys((one.span, one.rule, one.reason) for one in sorted(discarded, key=lambda one: one.span))
    for (span, rule, reason), _ in zip(told, range(MAX_TRACES), strict=False):
        yield Trace(span.of(text), rule, reason)
