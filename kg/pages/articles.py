"""Claim cards, articles and the list of articles."""

from __future__ import annotations

import re

from kg.pages.answer import Answer, Asked
from kg.pages.template import html
from kg.rdf import ART
from kg.store import Graph
from kg.views.article import article_page
from kg.views.articles import article_list
from kg.views.claim import claim_card


def claim(graph: Graph, asked: Asked, name: str) -> Answer:
    """One claim taken apart; `name` is `<hash>/c4`."""
    card = claim_card(graph, ART + name)
    if card is None:
        return not_there(asked)
    return Answer(html("claim.html", asked, {"card": card}))


def article(graph: Graph, asked: Asked, name: str) -> Answer:
    """The text with its claims; `part` of a long one."""
    page = article_page(graph, ART + name, _number(asked, "part"))
    return Answer(html("article.html", asked, {"page": page})) if page else not_there(asked)


def articles(graph: Graph, asked: Asked, _: str) -> Answer:
    """The list, `page` by page."""
    found = article_list(graph, _number(asked, "page"))
    return Answer(html("articles.html", asked, {"found": found})) if found else not_there(asked)


def _number(asked: Asked, name: str) -> int:
    """A parameter that counts from 1; 0, which no page has, for anything else."""
    value = asked.params.get(name, "1")
    return int(value) if re.fullmatch("[0-9]{1,6}", value) else 0


def not_there(asked: Asked) -> Answer:
    """404 with a page that says so."""
    return Answer(html("failure.html", asked, {"status": 404, "said": ""}), 404)
