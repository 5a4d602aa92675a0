"""The library of saved questions: a list, and each as a form with its answer as table, graph and map.

An answer is asked anew for every view and format; nothing is kept between requests.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from kg.errors import KgError, QueryError
from kg.ontology import ontology
from kg.pages.answer import Answer, Asked
from kg.pages.cells import Cell, cell, tell
from kg.pages.net import draw
from kg.pages.template import html, path_of, words
from kg.queries import Parameter, SavedQuery, answer, find_entity, load_query, saved_queries
from kg.results import write_answer
from kg.store import Graph, Rows, Term, Triples, text
from kg.stored import Entities, StoredEntity, claim_triples
from kg.views.sources import Source, Sources, claim_count, edges, is_claim, places

GROUPS = {
    "bases": ("bases", "presence"),
    "acts": ("requests", "prospects", "said-by", "allegations", "denials", "visits"),
    "parties": ("leaders", "agreements", "memberships", "network", "timeline", "claims"),
    "checking": ("contradictions", "explain", "mentions", "articles", "against-wikidata", "unsupported"),
}
VIEWS = ("table", "graph", "map")
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/sparql-results+json", "turtle": "text/turtle"}
PAGE = 50  # rows of a table
DRAWN = 200  # rows whose claims are drawn as graph or map
# What the chip, the speaker and the quote of a claim say already.
_SAID_BY_CLAIM = frozenset({"quote", "title", "speaker", "modality", "negated", "first", "second"})
_STANDINGS = frozenset({"stated", "reported", "happened", "on somebody's word", "not yet or not at all", "denied"})


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter as a field of the form; `options` are the values of a closed set with their words."""

    name: str
    kind: str  # entity, select, date, number or text
    label: str
    value: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells, and one source for each column of claims."""

    cells: tuple[Cell, ...]
    sources: tuple[Source | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows; `total` counts all of them."""

    columns: tuple[str, ...]
    claims: tuple[str, ...]
    lines: tuple[Line, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def listing(graph: Graph, asked: Asked, _: str) -> Answer:
    """All questions, by what they are about."""
    return Answer(html("questions.html", asked, {"groups": _groups(), "chosen": ""}))


def page(graph: Graph, asked: Asked, name: str) -> Answer:
    """One question: the form, and its answer in the view or format asked for."""
    query = _load(name)
    if query is None:
        return Answer(html("questions.html", asked, {"groups": _groups(), "chosen": name}), 404)
    form = asked.params.get("format", "")
    given = {one.name: asked.params.get(one.name, "").strip() for one in query.parameters}
    if any(one.name == "lang" for one in query.parameters):
        given["lang"] = asked.lang
    if form:
        return _download(graph, query, given, form)
    values = {
        "query": query,
        "groups": _groups(),
        "chosen": name,
        "fields": _fields(graph, query, given, asked.lang),
        "asks": {key: value for key, value in given.items() if value and key != "lang"},
        "view": asked.params.get("view") if asked.params.get("view") in VIEWS else "table",
        "table": None,
        "net": None,
        "places": (),
        "total": 0,
        "has_claims": False,
        "missing": any(one.required and not given[one.name] for one in query.parameters),
        "error": "",
        "heading": heading,
        "edge_word": lambda edge: tell(edge.type, asked.lang),
    }
    if not values["missing"]:
        try:
            values |= _answered(graph, asked, query, given, str(values["view"]))
        except QueryError as error:
            values["error"] = str(error)
    return Answer(html("question.html", asked, values), 400 if values["error"] else 200)


def _answered(graph: Graph, asked: Asked, query: SavedQuery, given: Mapping[str, str], view: str) -> dict[str, object]:
    found = answer(graph, query, given)
    if not isinstance(found, Rows):
        raise QueryError(f"{query.name}: answers with no rows; ask it in the SPARQL editor")
    rows = list(found.rows)
    shown: dict[str, object] = {"total": len(rows), "has_claims": bool(_claim_columns(found.variables))}
    sources = Sources(graph)
    if view == "table":
        number = asked.params.get("page", "")
        shown["table"] = table(found.variables, rows, sources, asked.lang, int(number) if number.isdecimal() else 1)
        return shown
    behind = _behind(found.variables, rows[:DRAWN], sources)
    if view == "graph":
        found_edges = edges(behind)
        shown["edges"] = found_edges
        shown["net"] = draw(found_edges, lambda iri: claim_count(graph, iri), mirrored=asked.lang == "ar")
    else:
        found_places = places(graph, {party.iri: party for one in behind for party in one.parties}.values())
        shown["places"] = found_places
        shown["points"] = [
            {"lat": one.lat, "lon": one.long, "name": one.entity.name(asked.lang), "href": path_of(one.entity.iri)}
            for one in found_places
        ]
    return shown


def table(
    variables: Sequence[str], rows: Sequence[Sequence[Term | None]], sources: Sources, lang: str, page: int
) -> Table:
    """The rows of that page, with the claims behind them."""
    claims = _claim_columns(variables)
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    part = rows[(page - 1) * PAGE : page * PAGE]
    plain = [name for name in variables if name not in claims and not (claims and _told(name, variables, part))]
    at = {name: place for place, name in enumerate(variables)}
    lines = []
    for row in part:
        found = tuple(sources.get(text(row[at[name]])) for name in claims)
        parties = [party for one in found if one for party in (*one.parties, *([one.speaker] if one.speaker else []))]
        meant = {label: party for party in parties for label in party.labels.values()}
        known = partial(_known, meant, sources, lang)
        lines.append(Line(tuple(cell(name, row[at[name]], lang, known) for name in plain), found))
    return Table(tuple(plain), claims, tuple(lines), len(rows), page)


def _known(meant: Mapping[str, StoredEntity], sources: Sources, lang: str, name: str) -> StoredEntity | None:
    """Whom a name means: a party of the row's claim, else the only one that the store calls so."""
    return meant.get(name) or sources.called(name, lang)


def _claim_columns(variables: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in variables if name in ("claim", "firstClaim", "secondClaim"))


def _told(name: str, variables: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> bool:
    """True for a column whose values the claim of each row tells as well."""
    if name == "standing":
        modalities = ontology().modalities
        values = {text(row[variables.index(name)]) for row in rows}
        return all(value in _STANDINGS or value in modalities for value in values)
    return name in _SAID_BY_CLAIM


def _behind(variables: Sequence[str], rows: Sequence[Sequence[Term | None]], sources: Sources) -> list[Source]:
    iris = dict.fromkeys(text(row[variables.index(name)]) for row in rows for name in _claim_columns(variables))
    return [found for iri in iris if (found := sources.get(iri))]


def _download(graph: Graph, query: SavedQuery, given: Mapping[str, str], form: str) -> Answer:
    """The whole answer as a file; Turtle holds the claims behind its rows."""
    if form not in FORMATS:
        raise QueryError(f"no format '{form}'; choose one of {', '.join(FORMATS)}")
    found = answer(graph, query, given)
    if form == "turtle" and not isinstance(found, Triples):
        body = _turtle(graph, query, found)
    else:
        out = io.StringIO()
        write_answer(found, form, out)
        body = out.getvalue().encode()
    ending = "ttl" if form == "turtle" else form
    return Answer(body, 200, FORMATS[form], {"Content-Disposition": f'attachment; filename="{query.name}.{ending}"'})


def _turtle(graph: Graph, query: SavedQuery, found: object) -> bytes:
    if not isinstance(found, Rows) or not _claim_columns(found.variables):
        raise QueryError(f"{query.name}: no claims stand behind its rows, so there is no Turtle; take CSV or JSON")
    names = _claim_columns(found.variables)
    iris = dict.fromkeys(text(row[found.variables.index(name)]) for row in found.rows for name in names)
    out = io.StringIO()
    triples = (triple for iri in iris if is_claim(iri) for triple in claim_triples(graph, iri))
    write_answer(Triples(triples), "turtle", out)
    return out.getvalue().encode()


def _fields(graph: Graph, query: SavedQuery, given: Mapping[str, str], lang: str) -> list[Field]:
    return [_field(graph, one, given[one.name], lang) for one in query.parameters if one.type != "lang"]


def _field(graph: Graph, parameter: Parameter, value: str, lang: str) -> Field:
    label = parameter.descriptions.get(lang) or parameter.description
    options: tuple[tuple[str, str], ...] = ()
    kind = {"date": "date", "integer": "number", "entity": "entity"}.get(parameter.type, "text")
    if parameter.type == "choice":
        options = tuple((one, tell(one, lang)) for one in parameter.choices)
    elif parameter.type in ("eventType", "relation"):
        terms = ontology().event_types if parameter.type == "eventType" else ontology().relations
        options = tuple(
            sorted(((name, term.labels.get(lang, name)) for name, term in terms.items()), key=lambda o: o[1])
        )
    if options:
        kind = "select"
    elif kind == "entity" and value:
        value = _named(graph, value, lang)
    return Field(parameter.name, kind, label, value, parameter.required, options)


def _named(graph: Graph, value: str, lang: str) -> str:
    """The name of who is meant, where the same name leads back to it; else what was given."""
    try:
        iri = find_entity(graph, value)
        name = Entities(graph).name(iri.value, lang)
        return name if find_entity(graph, name) == iri else value
    except KgError:
        return value


@cache
def library() -> Mapping[str, SavedQuery]:
    """The saved questions by name; read once."""
    return {query.name: query for query in saved_queries()}


def _load(name: str) -> SavedQuery | None:
    return load_query(name) if name in library() else None


def _groups() -> list[tuple[str, list[SavedQuery]]]:
    """The questions by what they are about; those of the user's own come last."""
    left = dict(library())
    groups = [(key, [left.pop(name) for name in names if name in left]) for key, names in GROUPS.items()]
    return [*groups, ("other", list(left.values()))] if left else groups


def heading(column: str, lang: str) -> str:
    """What stands over a column; its own name where we have no words for it."""
    found = words(lang).get(f"column.{column}")
    return found if isinstance(found, str) else f"?{column}"
