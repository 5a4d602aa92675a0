"""Claim cards, articles and the list of articles."""

from __future__ import annotations

from kg.pages.answer import Answer, Asked
from kg.pages.template import html
from kg.rdf import ART
from kg.store import Graph
from kg.views.claim import claim_card


def claim(graph: Graph, asked: Asked, name: str) -> Answer:
    """One claim taken apart; `name` is `<hash>/c4`."""
    card = claim_card(graph, ART + name)
    if card is None:
        return Answer(html("failure.html", asked, {"status": 404, "said": ""}), 404)
    return Answer(html("claim.html", asked, {"card": card}))
