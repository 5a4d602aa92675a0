"""The first page: what is in the graph, three things to try, how to read the marks."""

from __future__ import annotations

from kg.pages.answer import Answer, Asked
from kg.pages.template import html
from kg.store import Graph


def page(graph: Graph, asked: Asked, _: str) -> Answer:
    """The start page."""
    return Answer(html("start.html", asked, {}))
