"""SERVICE in a query, carried out by us and not by the engine: only endpoints that the user named are called.

What the rest of the query binds is sent along in batches, and the answer takes the place of the SERVICE group as a
VALUES block (a bind join; SPARQL 1.1 Federated Query, section 3 and 4).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

import pyoxigraph as ox

from kg.errors import KgError, QueryError
from kg.queries import TOKEN, check
from kg.rdf import PREFIXES
from kg.remote import declared
from kg.store import Answer, Graph, Rows
from kg.wikidata.endpoint import Endpoint

BATCH = 200  # rows of bindings in one question
MOST = 20_000  # rows that one SERVICE may bring
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
HIDING = frozenset({"EXISTS", "MINUS"})  # groups whose inside binds nothing outside

Term = ox.NamedNode | ox.Literal
Bound = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Service:
    """One SERVICE group: where it stands in the query, whom it asks, and what."""

    start: int
    end: int
    address: str
    silent: bool
    body: str  # what stands between its braces

    @property
    def variables(self) -> set[str]:
        """The variables of its pattern."""
        return _variables(self.body)


def federated(graph: Graph, sparql: str, endpoints: Mapping[str, Endpoint]) -> Answer:
    """Ask a query with SERVICE groups; `endpoints` by address are the only ones that are called.

    Raises QueryError for a group that names another endpoint, or stands where it cannot be carried out, and LinkError
    when an endpoint does not answer (unless the group is SILENT).
    """
    found = services(sparql)
    _allow(found, endpoints)
    check(_without(sparql, found))
    parts, done = [], 0
    for service in found:
        check(f"SELECT * WHERE {{ {service.body} }}")
        parts += [sparql[done : service.start], _answered(graph, sparql, found, service, endpoints)]
        done = service.end
    return graph.query("".join([*parts, sparql[done:]]))


def services(sparql: str) -> list[Service]:
    """The SERVICE groups of a query, in its order; those inside of others are part of them."""
    tokens = [match for match in TOKEN.finditer(sparql) if not match[0].isspace() and not match[0].startswith("#")]
    found: list[Service] = []
    opened: list[str] = []  # the word before each open brace
    k = 0
    while k < len(tokens):
        word = tokens[k][0]
        if tokens[k].lastgroup == "word" and word.upper() == "SERVICE":
            if HIDING & set(opened):
                raise QueryError("SERVICE inside of EXISTS or MINUS cannot be carried out; ask for its rows outside")
            k = _read(sparql, tokens, k, found)
            continue
        if word == "{":
            opened.append(tokens[k - 1][0].upper() if k else "")
        elif word == "}" and opened:
            opened.pop()
        k += 1
    return found


def _read(sparql: str, tokens: Sequence[re.Match[str]], at: int, found: list[Service]) -> int:
    """Read the SERVICE group that begins at the token; returns the token behind it."""
    k = at + 1
    silent = k < len(tokens) and tokens[k][0].upper() == "SILENT"
    k += silent
    address = tokens[k][0] if k < len(tokens) else ""
    if not (address.startswith("<") and address.endswith(">")):
        raise QueryError(f"SERVICE {address or '…'}: write the address as <https://…>; no variable, no prefix")
    if k + 1 >= len(tokens) or tokens[k + 1][0] != "{":
        raise QueryError(f"SERVICE {address}: a group in braces must follow")
    depth, first = 0, k + 1
    for last in range(first, len(tokens)):
        depth += (tokens[last][0] == "{") - (tokens[last][0] == "}")
        if depth == 0:
            body = sparql[tokens[first].end() : tokens[last].start()]
            found.append(Service(tokens[at].start(), tokens[last].end(), address[1:-1], silent, body))
            return last + 1
    raise QueryError(f"SERVICE {address}: its closing brace is missing")


def _allow(found: Sequence[Service], endpoints: Collection[str]) -> None:
    for service in found:
        if service.address not in endpoints:
            known = ", ".join(f"<{address}>" for address in endpoints)
            raise QueryError(f"SERVICE <{service.address}> is not allowed; only {known} by --federate")
    if not found:
        raise QueryError("--federate allows SERVICE, and this query has none; leave it out")


def _without(sparql: str, found: Sequence[Service]) -> str:
    """The query with an empty group in the place of each SERVICE."""
    parts, done = [], 0
    for service in found:
        parts += [sparql[done : service.start], "{ }"]
        done = service.end
    return "".join([*parts, sparql[done:]])


def _answered(
    graph: Graph, sparql: str, found: Sequence[Service], service: Service, endpoints: Mapping[str, Endpoint]
) -> str:
    """The VALUES block that takes the place of a SERVICE."""
    names = sorted(service.variables)
    outside = _variables(_without(sparql, [service]))
    try:
        rows = list(
            _rows(graph, sparql, found, service, sorted(service.variables & outside), endpoints[service.address])
        )
    except KgError:
        if service.silent:
            return "{ }"
        raise
    lines = " ".join(f"({' '.join(str(row[name]) if name in row else 'UNDEF' for name in names)})" for row in rows)
    return f"VALUES ({' '.join('?' + name for name in names)}) {{ {lines} }}"


def _rows(
    graph: Graph, sparql: str, found: Sequence[Service], service: Service, shared: list[str], endpoint: Endpoint
) -> Iterator[Bound]:
    """What the endpoint answers, for the bindings that the rest of the query has."""
    start, opening, end = _main_group(sparql)
    prologue = sparql[:start]
    bindings: list[Bound] = []
    if shared:
        rest = _without(sparql[opening:end], [_moved(one, -opening) for one in found if opening <= one.start < end])
        asked = graph.query(f"{prologue} SELECT DISTINCT {' '.join('?' + name for name in shared)} WHERE {rest}")
        assert isinstance(asked, Rows)
        rows = [dict(zip(asked.variables, row, strict=True)) for row in asked.rows]
        bound = [name for name in shared if rows and all(isinstance(row[name], Term) for row in rows)]
        if not rows:
            return
        distinct = dict.fromkeys(tuple(row[name] for name in bound) for row in rows) if bound else {}
        bindings = [{n: v for n, v in zip(bound, row, strict=True) if isinstance(v, Term)} for row in distinct]
    names = " ".join("?" + name for name in sorted(service.variables)) or "*"
    total = 0
    waiting = iter(bindings)
    while batch := list(islice(waiting, BATCH)) or ([{}] if not bindings and not total else []):
        values = ""
        if batch[0]:
            heads = " ".join("?" + name for name in batch[0])
            lines = " ".join(f"({' '.join(map(str, row.values()))})" for row in batch)
            values = f"VALUES ({heads}) {{ {lines} }} "
        query = declared(f"{prologue} SELECT DISTINCT {names} WHERE {{ {values}{service.body} }}", PREFIXES)
        for row in endpoint.solutions(query, MOST + 1 - total):
            total += 1
            if total > MOST:
                raise QueryError(f"SERVICE <{service.address}> brings more than {MOST:,} rows; ask for less")
            yield {name: _plain(term, service.address) for name, term in row.items()}
        if not batch[0]:
            return


def _moved(service: Service, by: int) -> Service:
    return Service(service.start + by, service.end + by, service.address, service.silent, service.body)


def _main_group(sparql: str) -> tuple[int, int, int]:
    """Where the query form begins, and the first and last place of its WHERE group."""
    depth, form, opening, kind = 0, -1, -1, ""
    groups: list[tuple[int, int]] = []
    where = False
    for match in TOKEN.finditer(sparql):
        word = match[0].upper()
        if match.lastgroup == "word" and depth == 0 and word in FORMS and form < 0:
            form, kind = match.start(), word
        elif match.lastgroup == "word" and depth == 0 and word == "WHERE":
            groups, where = [], True
        elif word == "{" and match.lastgroup == "open":
            if depth == 0:
                opening = match.start()
            depth += 1
        elif word == "}" and match.lastgroup == "close":
            depth -= 1
            if depth == 0:
                groups.append((opening, match.end()))
                if where:
                    break
    if form < 0 or not groups:
        raise QueryError("this query has no group in braces; write SELECT … WHERE { … }")
    return form, *groups[1 if kind == "CONSTRUCT" and not where and len(groups) > 1 else 0]


def _variables(sparql: str) -> set[str]:
    return {match[0][1:] for match in TOKEN.finditer(sparql) if match[0][0] in "?$" and len(match[0]) > 1}


def _plain(term: object, address: str) -> Term:
    """The term; a blank node gets a name of its own, as VALUES cannot hold one."""
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term
    return ox.NamedNode(f"urn:kg:blank:{sha256(f'{address} {term}'.encode()).hexdigest()[:20]}")
