"""Answers out: query and questions."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.options import json_option, show, store_option, talk

if TYPE_CHECKING:
    from kg.queries import Parameter, SavedQuery

ANSWER_FORMATS = ("table", "json", "csv", "tsv", "xml", "turtle")


@click.command()
@click.argument("question", metavar="NAME|FILE.rq|-")
@store_option
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A value for a parameter.")
@click.option("--format", "form", type=click.Choice(ANSWER_FORMATS), default="table", show_default=True)
@click.option(
    "--federate", "endpoints", multiple=True, metavar="URL", help="Endpoint that SERVICE in the query may ask."
)
@talk
def query(question: str, store: str, params: tuple[str, ...], form: str, endpoints: tuple[str, ...]) -> None:
    """Ask the store: a saved question, a .rq file or stdin.

    Entities may be given by key (russia), IRI or name in either language. A store is only read.

    \b
    kg query leaders --store news.kg
    kg query requests --store news.kg --param lang=ar
    kg query own.rq --store news.kg --format csv
    echo 'SELECT * { ?s ?p ?o } LIMIT 5' | kg query - --store news.kg
    """
    from kg.queries import answer, ask
    from kg.results import write_answer
    from kg.store import open_graph

    values = _values(params)
    saved = None if question == "-" else _find(question)
    if saved is None and values:
        raise click.UsageError("--param belongs to saved questions and .rq files")
    if endpoints:
        _federated(sys.stdin.read() if saved is None else saved.sparql, store, values, form, endpoints)
        return
    with open_graph(store, read_only=True) as graph:
        found = ask(graph, sys.stdin.read()) if saved is None else answer(graph, saved, values)
        write_answer(found, form, sys.stdout)


def _federated(sparql: str, store: str, values: dict[str, str], form: str, endpoints: tuple[str, ...]) -> None:
    """A query whose SERVICE groups ask the named endpoints, and no others."""
    from kg.federation import federated
    from kg.results import write_answer
    from kg.store import open_graph
    from kg.wikidata.endpoint import Endpoint

    if values:
        raise click.UsageError("--param and --federate at once; write the value into the query")
    with open_graph(store, read_only=True) as graph:
        write_answer(federated(graph, sparql, {url: Endpoint(url) for url in endpoints}), form, sys.stdout)


def _find(question: str) -> SavedQuery:
    """A file where the name looks like one or there is one, else a saved question."""
    from kg.queries import load_query, parse_query

    path = Path(question)
    if path.suffix or len(path.parts) > 1 or path.is_file():
        return parse_query(path)
    return load_query(question)


def _values(params: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--param {param}: write NAME=VALUE")
        if name in found:
            raise click.UsageError(f"--param {name}: given twice")
        found[name] = value
    return found


@click.command()
@click.argument("name", required=False)
@json_option
@talk
def questions(name: str | None, as_json: bool) -> None:
    """List the saved questions, or tell all about one.

    \b
    kg questions
    kg questions timeline
    """
    from kg.queries import load_query, saved_queries

    chosen = [load_query(name)] if name else saved_queries()
    if as_json:
        show([json.dumps([_record(one) for one in chosen], ensure_ascii=False, indent=1)])
    elif name:
        show(_about(chosen[0]))
    else:
        from kg.terminal import table

        rows = [(one.name, one.title.get("en", ""), " ".join(p.name for p in one.parameters)) for one in chosen]
        show(table(("name", "question", "parameters"), rows))


def _record(saved: SavedQuery) -> dict[str, Any]:
    return {
        "name": saved.name,
        "title": dict(saved.title),
        "description": dict(saved.description),
        "parameters": [
            {
                "name": one.name,
                "type": one.type,
                "default": one.default,
                "required": one.required,
                "description": one.description,
            }
            for one in saved.parameters
        ],
    }


def _about(saved: SavedQuery) -> Iterator[str]:
    from kg.terminal import isolate, table

    yield from (isolate(words) for _, words in sorted(saved.title.items(), reverse=True))
    yield from (isolate(words) for _, words in sorted(saved.description.items(), reverse=True))
    yield ""
    heads = ("--param", "kind", "if left out", "meaning")
    yield from table(
        heads,
        [
            (
                one.name,
                one.type,
                _if_left_out(one),
                one.description,
            )
            for one in saved.parameters
        ],
    )


def _if_left_out(parameter: Parameter) -> str:
    return "needed" if parameter.required else parameter.default or "all"
