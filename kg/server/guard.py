"""What a query must not be, told before any parser of the engine sees it.

The engine answers deep or long queries with a stack overflow, and follows SERVICE and LOAD to any
address. `kg.queries.check` knows all that; here are the narrower bounds of a server.
"""

from __future__ import annotations

from kg.errors import QueryError
from kg.queries import MAX_LENGTH, TOKEN, check

MAX_PATTERNS = 200  # triple patterns and groups; our longest question has some 40


class TooLong(QueryError):
    """A query with more characters than are read."""


def guard(sparql: str) -> str:
    """The form of the query (SELECT, ASK, CONSTRUCT or DESCRIBE); QueryError for what is refused."""
    if len(sparql) > MAX_LENGTH:
        raise TooLong(f"the query has {len(sparql):,} characters; {MAX_LENGTH:,} are allowed")
    form = check(sparql)
    if sparql.count(".") + sparql.count(";") + sparql.count(",") + sparql.count("{") > MAX_PATTERNS:
        _count_patterns(sparql)
    return form


def _count_patterns(sparql: str) -> None:
    """Counts what opens or separates patterns; commas between arguments and rows of VALUES are none."""
    brackets: list[str] = []
    patterns = 0
    for match in TOKEN.finditer(sparql):
        kind, sign = match.lastgroup, match[0]
        if kind == "open":
            brackets.append(sign)
            patterns += sign == "{"
        elif kind == "close" and brackets:
            brackets.pop()
        elif kind is None and sign in (".", ";", ",") and brackets and brackets[-1] != "(":
            patterns += 1
    if patterns > MAX_PATTERNS:
        raise QueryError(f"the query has some {patterns:,} patterns; {MAX_PATTERNS} are allowed: ask in several steps")
