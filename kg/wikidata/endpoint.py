"""A polite client of a SPARQL endpoint: waits when it is told to, tries again, and says in one sentence why it gave up.

After the etiquette of the Wikimedia services: one request at a time, a user agent with an address, Retry-After obeyed
(https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual).
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pyoxigraph as ox

from kg import __version__
from kg.errors import LinkError

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

log = logging.getLogger(__name__)

WIKIDATA = "https://query.wikidata.org/sparql"
AGENT = f"kg/{__version__} (https://pypi.org/project/kg-geopolitics/; offline by default, run by its user)"
TIMEOUT = 65  # seconds; the public service gives up after 60
TRIES = 5
LONGEST = 120  # seconds that are waited at most before the next try
PASSING = frozenset({429, 500, 502, 503, 504})  # answers after which the same question may succeed
PAGE = 5000  # rows asked for at once

Row = dict[str, str]  # variable -> characters of the term
Refused = tuple[int | None, str, str | None]  # HTTP status, what was said, Retry-After


@dataclass(slots=True)
class Endpoint:
    """One address that answers SPARQL; `sleep` and `jitter` are for tests."""

    url: str = WIKIDATA
    timeout: int = TIMEOUT
    tries: int = TRIES
    page: int = PAGE
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[float, float], float] = field(default=random.uniform)
    requests: int = 0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise LinkError(f"{self.url}: not the address of an endpoint; write https://host/sparql")

    def solutions(self, select: str, most: int) -> Iterator[dict[str, object]]:
        """At most so many rows of a SELECT, with their terms; LinkError when the endpoint gives none."""
        found = ox.parse_query_results(self._patiently(f"{select}\nLIMIT {most}"), ox.QueryResultsFormat.JSON)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return ({name: term for name in names if (term := row[name]) is not None} for row in found)

    def rows(self, select: str) -> list[Row]:
        """All rows of an ordered SELECT, page after page; LinkError when the endpoint gives none."""
        found: list[Row] = []
        while True:
            answer = self._patiently(f"{select}\nLIMIT {self.page} OFFSET {len(found)}")
            page = _rows(json.loads(answer))
            found += page
            if len(page) < self.page:
                return found

    def _patiently(self, query: str) -> bytes:
        """A whole answer in SPARQL's JSON."""
        said = ""
        for attempt in range(self.tries):
            answer = self._ask(query)
            if isinstance(answer, bytes):
                return answer
            status, said, after = answer
            if status is not None and status not in PASSING:
                raise LinkError(f"{self.url}: refused ({said}); check the address")
            if attempt + 1 < self.tries:
                wait = self._wait(attempt, after)
                log.info("%s: %s; again in %.1f s", self.url, said, wait)
                self.sleep(wait)
        raise LinkError(
            f"{self.url}: no answer after {self.tries} tries ({said}); nothing was changed, and what was answered "
            "before is kept: start again later, or name another --endpoint"
        )

    def _wait(self, attempt: int, after: str | None) -> float:
        """Seconds until the next try: as told, else twice as long each time, with jitter."""
        told = _seconds(after)
        if told is not None:
            return min(told, LONGEST)
        return min(2.0**attempt, LONGEST) * self.jitter(0.5, 1.5)

    def _ask(self, query: str) -> bytes | Refused:
        """A whole answer, or why there is none."""
        wrapper = _wrapper(self.url)
        wrapper.setTimeout(self.timeout)
        wrapper.setQuery(query)
        self.requests += 1
        try:
            body: bytes = wrapper.query().response.read()
            _rows(json.loads(body))  # cut off, or no result at all
            return body
        except HTTPError as error:
            moved = f" to {error.headers['Location']}" if error.headers.get("Location") else ""
            return error.code, f"{error.code} {error.reason}{moved}", error.headers.get("Retry-After")
        except URLError as error:
            return None, str(error.reason), None
        except (OSError, ValueError, KeyError, TypeError) as error:  # broken off, timed out
            return None, str(error) or type(error).__name__, None


class _Stay(HTTPRedirectHandler):
    """Follows no redirection: it could lead to an address that nobody named."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _wrapper(url: str) -> SPARQLWrapper:
    """A wrapper that posts its query, takes JSON and goes nowhere else."""
    from SPARQLWrapper import JSON, POST, SPARQLWrapper

    class Wrapper(SPARQLWrapper):
        def _query(self) -> tuple[Any, str]:
            return build_opener(_Stay).open(self._createRequest(), timeout=self.timeout), self.returnFormat

    wrapper = Wrapper(url, agent=AGENT)
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(JSON)
    return wrapper


def _rows(answer: Any) -> list[Row]:
    """The rows of SPARQL 1.1 JSON results; ValueError for anything else."""
    if not isinstance(answer, dict):
        raise ValueError("the answer is no SPARQL result")
    return [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]


def _seconds(after: str | None) -> float | None:
    """Retry-After as seconds: a number, or an HTTP date."""
    if after is None:
        return None
    if after.strip().isdigit():
        return float(after)
    try:
        return max(0.0, (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
