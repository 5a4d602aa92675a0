"""One file to mail: report."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import LANGS, date_option, save, talk
from kg.errors import InputError, QueryError

if TYPE_CHECKING:
    from kg.store import Graph


@click.command()
@click.argument("what", metavar="ARTICLE|ENTITY|FILE")
@click.option("-o", "--output", "target", required=True, metavar="FILE|-", help="The page to write; - is stdout.")
@click.option("--store", metavar="DIR|URL", envvar="KG_STORE", help="Store to look into; also from KG_STORE.")
@click.option("--lang", type=click.Choice(LANGS), default="en", show_default=True, help="Language of the page.")
@date_option
@talk
def report(what: str, target: str, store: str | None, lang: str, date: str | None) -> None:
    """Write an article or an entity with its claims as one HTML file, to mail or to print.

    It needs no server, no internet and no script. Without a store, ARTICLE is a file, which is read first.

    \b
    kg report seed-article -o page.html --store news.kg
    kg report hmeimim-air-base -o page.html --store news.kg --lang ar
    kg report article.txt -o page.html
    """
    if store is None:
        page = _of_file(what, lang, date)
        save(target, lambda out: out.write(page))
        return
    if date is not None:
        raise click.UsageError("--date belongs to a file that is read without --store")
    from kg.store import open_graph

    with open_graph(store, read_only=True) as graph:
        page = _of_store(graph, what, lang)
    save(target, lambda out: out.write(page))


def _of_store(graph: Graph, what: str, lang: str) -> bytes:
    """The article of that id or IRI, else the entity of that key, IRI or name."""
    from kg.pages.report import article_report, entity_report
    from kg.queries import find_entity
    from kg.rdf import ART, ID, article_iri

    iri = what.strip("<>") if what.strip("<>").startswith(ART) else article_iri(what).value
    if (page := article_report(graph, iri, lang)) is not None:
        return page
    try:
        found = entity_report(graph, find_entity(graph, what).value.removeprefix(ID), lang)
    except QueryError as error:
        raise QueryError(f"no article has the id '{what}', and {error}") from error
    if found is None:
        raise QueryError(f"the store has no article and nobody called '{what}'; give an article's id or a name")
    return found


def _of_file(name: str, lang: str, date: str | None) -> bytes:
    """The only article of a file."""
    from kg.documents import Unreadable, read
    from kg.pages.report import reading_report
    from kg.pipeline import load_extractor
    from kg.views.reading import reading_of

    found = list(islice(read([name]), 2))
    if not found:
        raise InputError(f"{name}: holds no article")
    first, *more = found
    if isinstance(first, Unreadable):
        hint = "" if name == "-" or Path(name).exists() else "; for what a store holds, give --store"
        raise InputError(f"{first}{hint}")
    if more:
        raise InputError(f"{name}: holds several articles; `kg build` them, and report one with --store")
    document = replace(first, date=date or first.date)
    return reading_report(reading_of(load_extractor().extract(document), most=None), lang)
