"""The first page: what is in the graph, three things to try, how to read the marks."""

from __future__ import annotations

from kg.pages.answer import Answer, Asked
from kg.pages.template import html
from kg.store import Graph
from kg.stored import local
from kg.views.start import start


def page(graph: Graph, asked: Asked, _: str) -> Answer:
    """The start page."""
    found = start(graph)
    most = max([count for _, count in found.manners] + [found.negated, 1])
    shares = {manner: 100 * count / most for manner, count in found.manners}
    values = {"start": found, "key": local, "shares": {**shares, "not": 100 * found.negated / most}}
    return Answer(html("start.html", asked, values))
