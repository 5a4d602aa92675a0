"""The SPARQL editor: a form that shows its answer or where the mistake is; a script makes it comfortable.

Reads only, by the same guard as every other question; the server stops what takes too long.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from kg.errors import QueryError, UnreadableQuery
from kg.ontology import Term, ontology
from kg.pages.answer import Answer, Asked
from kg.pages.cells import Cell, Name, cell
from kg.pages.questions import FORMATS, library
from kg.pages.template import html, path_of, phrase
from kg.queries import ask
from kg.rdf import ID, PREFIXES
from kg.results import write_answer
from kg.store import Graph, Rows, Triples, text
from kg.views.sources import Sources

ROWS = 1_000  # that a page shows; the files have all
LINES = 1_000  # of Turtle that a page shows
LONGEST_LINK = 6_000  # characters of a query that still fits in an address
MEDIA_TYPES = {
    **FORMATS,
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xml": "application/sparql-results+xml",
}
START_FROM = ("bases", "requests", "said-by", "timeline")
# Terms that most queries need, with our words for them; the ontology's own come after these.
COMMON = (
    "gp:states", "gp:eventType", "gp:saidToBe", "gp:wouldBe", "gp:actor", "gp:recipient", "gp:object", "gp:modality",
    "gp:negated", "gp:attributedTo", "gp:evidence", "oa:exact", "rdf:subject", "rdf:predicate", "rdf:object",
    "rdfs:label", "schema:headline", "schema:datePublished",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What a page shows of an answer: rows, or Turtle, or yes or no; `more` says that it has more."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    turtle: str = ""
    said: bool | None = None
    more: bool = False


def page(graph: Graph, asked: Asked, _: str) -> Answer:
    """The editor, and the answer to the query that it is given."""
    given = asked.params.get("query", "").replace("\r\n", "\n")
    form = asked.params.get("format", "")
    question = library().get(asked.params.get("question", ""))
    if form and given:
        return _download(graph, given, form)
    values: dict[str, object] = {
        "query": given or (question.sparql if question else phrase(asked.lang, "editor.example")),
        "asked_for": given,
        "result": None,
        "error": None,
        "place": None,
        "hint": 0,
        "rows_shown": ROWS,
        "link": given if len(given) <= LONGEST_LINK else "",
        "prefixes": list(PREFIXES),
        "common": COMMON,
        "terms": _terms(asked.lang),
        "questions": [library()[name] for name in START_FROM],
    }
    if given:
        try:
            values["result"] = _result(graph, given, asked.lang)
        except QueryError as error:
            values["error"] = error
            if isinstance(error, UnreadableQuery) and error.line:
                values |= {"place": error, "hint": _hint(given, error), "bad_line": given.split("\n")[error.line - 1]}
    return Answer(html("editor.html", asked, values), 400 if values["error"] else 200)


def _result(graph: Graph, sparql: str, lang: str) -> Result:
    found = ask(graph, sparql)
    if isinstance(found, bool):
        return Result(said=found)
    if isinstance(found, Triples):
        out = io.StringIO()
        write_answer(found, "turtle", out)
        lines = out.getvalue().splitlines()
        return Result(turtle="\n".join(lines[:LINES]), more=len(lines) > LINES)
    rows = list(islice(found.rows, ROWS + 1))
    sources = Sources(graph)
    shown = []
    for row in rows[:ROWS]:
        cells = zip(found.variables, row, strict=True)
        shown.append(
            tuple(
                _cell(sources, cell(f"?{name}", term, lang, lambda _: None), text(term), lang) for name, term in cells
            )
        )
    return Result(found.variables, tuple(shown), more=len(rows) > ROWS)


def _cell(sources: Sources, found: Cell, value: str, lang: str) -> Cell:
    """An entity by its name; the words of a literal as they are."""
    if found.kind == "code" and value.startswith(ID) and "/" not in value.removeprefix(ID):
        return Cell("names", names=(Name(sources.entity(value).name(lang), path_of(value)),))
    return Cell("quote", value) if found.kind in ("names", "literal") else found


def _download(graph: Graph, sparql: str, form: str) -> Answer:
    if form not in MEDIA_TYPES:
        raise QueryError(f"no format '{form}'; choose one of {', '.join(MEDIA_TYPES)}")
    found = ask(graph, sparql)
    out = io.StringIO()
    write_answer(found, form if isinstance(found, Rows | bool) else "turtle", out)
    ending = "ttl" if isinstance(found, Triples) else form
    media_type = FORMATS["turtle"] if isinstance(found, Triples) else MEDIA_TYPES[form]
    headers = {"Content-Disposition": f'attachment; filename="answer.{ending}"'}
    return Answer(out.getvalue().encode(), 200, media_type, headers)


def _hint(sparql: str, error: UnreadableQuery) -> int:
    """The number of the line before the mistake, where that one ends without a sign; else 0."""
    if error.line < 2 or error.prefix is not None:
        return 0
    lines = [line.partition(" #")[0].rstrip() for line in sparql.split("\n")[: error.line - 1]]
    number = next((number for number in range(len(lines), 0, -1) if lines[number - 1]), 0)
    bare = bool(number) and lines[number - 1][-1] not in ".;,{}()" and not lines[number - 1].lstrip().startswith("#")
    return number if bare else 0


def _terms(lang: str) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """The ontology by kind: prefixed names with what they mean, for people and for completion."""
    known = ontology()
    relations, roles = set(known.relations), set(known.roles)
    others = {name: term for name, term in known.properties.items() if name not in relations | roles}
    kinds: list[tuple[str, str, Sequence[Term]]] = [
        ("events", "ev", list(known.event_types.values())),
        ("relations", "gp", list(known.relations.values())),
        (
            "properties",
            "gp",
            [*(known.properties[role] for role in known.roles if role in known.properties), *others.values()],
        ),
        ("classes", "gp", list(known.classes.values())),
        ("modalities", "gp", list(known.modalities.values())),
        ("offices", "gp", list(known.offices.values())),
    ]
    return [
        (kind, [(f"{prefix}:{one.name}", one.labels.get(lang, one.name)) for one in terms])
        for kind, prefix, terms in kinds
    ]
