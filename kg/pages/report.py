"""What an article or an entity has to say as one file: to mail, to print, to keep; no server, no script."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any

from markupsafe import Markup

from kg import __version__
from kg.pages.answer import Asked
from kg.pages.entity import edge_word
from kg.pages.star import draw
from kg.pages.template import HERE, html
from kg.store import Graph
from kg.stored import Entities
from kg.views.article import whole_article
from kg.views.choices import choices
from kg.views.claim import ClaimCard, cards
from kg.views.claims import Filter
from kg.views.entity import EntityView, view
from kg.views.reading import Reading


def article_report(graph: Graph, iri: str, lang: str) -> bytes | None:
    """The text of a stored article, whole, with a card for each claim; None when the store has no such article."""
    page, entities = whole_article(graph, iri), Entities(graph)
    if page is None:
        return None
    found = tuple(cards(graph, iri, entities, alone=True))
    named = dict.fromkeys(part.entity.iri for card in found for part in card.parts if part.entity)
    values = {
        "page": page,
        "found": found,
        "choices": tuple(choices(graph, page.article, named, entities)),
        "reading": None,
    }
    return _file("report-article.html", values, lang)


def reading_report(reading: Reading, lang: str) -> bytes:
    """The same of a text that was read here and now, with what was discarded in it."""
    return _file("report-article.html", {"page": reading.page, "found": reading.cards, "reading": reading}, lang)


def entity_report(graph: Graph, key: str, lang: str) -> bytes | None:
    """What is said of an entity, with a card for each claim that is quoted; None when nothing is known of it."""
    found = view(graph, key, Filter())
    if found is None:
        return None
    word = partial(edge_word, lang)
    values = {
        "view": found,
        "found": tuple(_quoted(graph, found)),
        "edge_word": word,
        "net": draw(found.neighbours, lang, word),
    }
    return _file("report-entity.html", values, lang)


def _quoted(graph: Graph, of: EntityView) -> list[ClaimCard]:
    """The cards of the claims that the report links to: those quoted, what they are about, and what holds them."""
    statements = [statement for group in of.listing.groups for statement in group.statements]
    wanted = {quote.claim for statement in statements for quote in statement.quotes}
    wanted |= {statement.about.claim for statement in statements if statement.about}
    by_article = defaultdict(set)
    for iri in wanted:
        by_article[iri.rpartition("/")[0]].add(iri)
    entities, found = Entities(graph), []
    for article, claims in sorted(by_article.items()):
        own = {card.claim.iri: card for card in cards(graph, article, entities, alone=True)}
        claims |= {one.claim.iri for iri in claims for one in own[iri].chain}
        found += [card for iri, card in own.items() if iri in claims]
    return found


def _file(template: str, values: dict[str, Any], lang: str) -> bytes:
    style = Markup((HERE / "static" / "style.css").read_text(encoding="utf-8"))  # ours, and within <style>
    return html(template, Asked("", lang=lang), {**values, "style": style, "version": __version__}, "file")
