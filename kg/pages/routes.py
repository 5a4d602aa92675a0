"""Which function answers which path."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kg.errors import QueryError
from kg.pages import articles, editor, questions, start
from kg.pages.answer import Answer, Asked
from kg.pages.template import html
from kg.store import Graph

Page = Callable[[Graph, Asked, str], Answer]

# pattern of the whole path -> the page; its one group, where it has one, is handed over
ROUTES: tuple[tuple[str, Page], ...] = (
    (r"/", start.page),
    (r"/articles", articles.articles),
    (r"/article/(\w+)", articles.article),
    (r"/article/(\w+/c\d+)", articles.claim),
    (r"/editor", editor.page),
    (r"/questions", questions.listing),
    (r"/questions/([a-z0-9-]+)", questions.page),
)


def respond(graph: Graph, asked: Asked) -> Answer:
    """The page at that path; 404 with a page that says so where there is none, 400 for a question we cannot ask."""
    for pattern, page in ROUTES:
        if match := re.fullmatch(pattern, asked.path):
            try:
                return page(graph, asked, "".join(match.groups("")))
            except QueryError as error:
                return _failure(asked, 400, str(error))
    return _failure(asked, 404, "")


def _failure(asked: Asked, status: int, said: str) -> Answer:
    values: dict[str, Any] = {"status": status, "said": said}
    return Answer(html("failure.html", asked, values), status)
