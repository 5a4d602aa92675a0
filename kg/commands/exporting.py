"""The graph for other programs: export."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from kg.commands.options import say, store_option, talk
from kg.errors import InputError

VIEWS = ("turtle", "nquads", "trig", "jsonld", "rdf12", "annotations", "graphml", "events")
BY_SUFFIX = {
    ".ttl": "turtle",
    ".nq": "nquads",
    ".trig": "trig",
    ".jsonld": "jsonld",
    ".graphml": "graphml",
    ".csv": "events",
    ".json": "annotations",
}


@click.command()
@click.argument("file", metavar="FILE|-")
@store_option
@click.option("--view", type=click.Choice(VIEWS), help="What to write; told by FILE's ending when not given.")
@click.option("--article", metavar="ID", help="Only what this article says.")
@click.option("--entity", metavar="NAME", help="Only what is said about this entity: key, IRI or name.")
@talk
def export(file: str, store: str, view: str | None, article: str | None, entity: str | None) -> None:
    """Write the graph to a file: the same store gives the same bytes.

    Endings: .ttl, .nq, .trig, .jsonld, .graphml (a network), .csv (a table of events), .json (Web
    Annotations on the articles' words). The view rdf12 is Turtle with the reifiers of RDF 1.2.

    \b
    kg export news.ttl --store news.kg
    kg export syria.graphml --store news.kg --entity syria
    kg export - --store news.kg --view events
    """
    from kg.export import export as write
    from kg.queries import find_entity
    from kg.store import open_graph

    view = view or BY_SUFFIX.get(Path(file).suffix.lower(), "")
    if not view:
        raise click.UsageError(f"{file}: say --view, or let it end in {', '.join(BY_SUFFIX)}")
    with open_graph(store, read_only=True) as graph:
        about = find_entity(graph, entity).value if entity else None
        if file == "-":
            write(graph, view, sys.stdout.buffer, article=article, entity=about)
            return
        target = Path(file)
        in_place = target.exists() and not target.is_file()  # a device or pipe must not be replaced by a file
        part = target if in_place else target.with_name(target.name + ".part")
        try:
            with part.open("wb") as out:
                write(graph, view, out, article=article, entity=about)
            if not in_place:
                os.replace(part, target)
        except OSError as error:
            raise InputError(f"{file}: cannot write there: {error.strerror or error}") from error
        finally:
            if not in_place:
                part.unlink(missing_ok=True)
    say(f"{file}: {target.stat().st_size:,} bytes")
