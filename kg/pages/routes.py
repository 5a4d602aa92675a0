"""Which function answers which path."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kg.errors import QueryError
from kg.pages import articles, compare, editor, entity, questions, search, start
from kg.pages.answer import Answer, Asked
from kg.pages.template import html
from kg.store import Graph

Page = Callable[[Graph, Asked, str], Answer | None]

# pattern of the whole path -> the page; its one group, where it has one, is handed over
ROUTES: tuple[tuple[str, Page], ...] = (
    (r"/", start.page),
    (r"/id/([^/]+)", entity.page),
    (r"/neighbours/([^/]+)", entity.neighbours),
    (r"/search", search.page),
    (r"/suggest", search.suggest),
    (r"/compare", compare.page),
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
                if (answer := page(graph, asked, "".join(match.groups("")))) is not None:
                    return answer
            except QueryError as error:
                return _failure(asked, 400, str(error))
    return _failure(asked, 404, "")


def _failure(asked: Asked, status: int, said: str) -> Answer:
    values: dict[str, Any] = {"status": status, "said": said}
    return Answer(html("failure.html", asked, values), status)
