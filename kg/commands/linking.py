"""Who is who: what a mention was taken for, and what an entity is in Wikidata."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import (
    Input,
    folder_argument,
    json_option,
    lang_option,
    model_option,
    pipeline_option,
    plural,
    say,
    show,
    store_option,
    talk,
    text_option,
)
from kg.wikidata.endpoint import WIKIDATA

if TYPE_CHECKING:
    from kg.links import Link
    from kg.model import Extraction


endpoint_option = click.option(
    "--endpoint",
    metavar="URL",
    default=WIKIDATA,
    show_default=True,
    envvar="KG_WIKIDATA",
    help="Where Wikidata is asked.",
)
fresh_option = click.option("--fresh", is_flag=True, help="Ask again what has been answered before.")
cache_option = click.option(
    "--cache", type=folder_argument, help="File for what has been answered; in your cache folder by default."
)


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@text_option
@lang_option
@click.option("--store", metavar="DIR|URL", envvar="KG_STORE", help="Store whose links are shown or changed.")
@click.option("--live", is_flag=True, help="Ask Wikidata for the entities of the store that have no link.")
@endpoint_option
@click.option("--limit", type=click.IntRange(0), default=0, help="Ask for so many entities at most; 0 for all.")
@fresh_option
@cache_option
@click.option("--dry-run", is_flag=True, help="Show what --live would write.")
@click.option("--set", "chosen", nargs=2, metavar="ENTITY QID", help="The entity is this item.")
@click.option("--reject", "refused", nargs=2, metavar="ENTITY QID", help="The entity is not this item.")
@click.option("--undo", metavar="ENTITY", help="Forget all that was found or decided about the entity.")
@json_option
@pipeline_option
@model_option
@talk
def link(
    paths: tuple[str, ...],
    text: str | None,
    lang: str | None,
    store: str | None,
    live: bool,
    endpoint: str,
    limit: int,
    fresh: bool,
    cache: Path | None,
    dry_run: bool,
    chosen: tuple[str, str] | None,
    refused: tuple[str, str] | None,
    undo: str | None,
    as_json: bool,
    pipelines: dict[str, str],
    model: bool,
) -> None:
    """Show which entity each mention was taken for, and what it is in Wikidata.

    With files or --text: the choices made while reading. An entity that the world data does not know stays
    without a link; that is no error. With --store: the links found by --live or decided by you. Only --live
    asks an endpoint; what is not sure stays proposed, and what you decide no search changes.

    \b
    kg link --text "الرئيس الروسي فلاديمير بوتين"
    kg link --live --store news.kg
    kg link --store news.kg
    kg link --set hmeimim-air-base Q… --store news.kg
    """
    deeds = [
        name for name, given in [("--live", live), ("--set", chosen), ("--reject", refused), ("--undo", undo)] if given
    ]
    if paths or text is not None:
        if deeds:
            raise click.UsageError(f"{deeds[0]} works on a store: give --store and no article")
        _read(Input(paths, text, lang), pipelines, model, as_json)
    elif not store:
        raise click.UsageError("give articles, --text, or a --store; see --help")
    elif len(deeds) > 1:
        raise click.UsageError(f"{' and '.join(deeds)} at once; one after the other")
    elif live:
        _live(store, endpoint, cache, limit=limit, fresh=fresh, dry=dry_run, as_json=as_json)
    elif deeds:
        _decide(store, chosen, refused, undo)
    else:
        _stored(store, as_json)


@click.command()
@store_option
@endpoint_option
@fresh_option
@cache_option
@talk
def enrich(store: str, endpoint: str, fresh: bool, cache: Path | None) -> None:
    """Fetch from Wikidata what it says of the linked entities that articles name.

    Heads of state and government, countries, operators, coordinates, signatories, members, offices with their
    dates: into a graph of its own, with the day, never mixed with what articles say.

    \b
    kg enrich --store news.kg
    kg query against-wikidata --store news.kg -p verdict=differs
    """
    from kg.store import open_graph
    from kg.wikidata.cache import Cache
    from kg.wikidata.endpoint import Endpoint
    from kg.wikidata.enrich import enrich as fetch
    from kg.wikidata.search import Search

    with open_graph(store) as graph, Cache(cache) as kept:
        found = fetch(graph, Search(Endpoint(endpoint), kept, fresh=fresh))
    say(
        f"{plural(found.facts, 'fact')} about {plural(found.entities, 'linked name')}, {plural(found.quads, 'quad')}; "
        f"{plural(found.requests, 'request')}"
    )


def _live(store: str, endpoint: str, cache: Path | None, *, limit: int, fresh: bool, dry: bool, as_json: bool) -> None:
    from kg.seeds import world
    from kg.store import open_graph
    from kg.wikidata.cache import Cache
    from kg.wikidata.endpoint import Endpoint
    from kg.wikidata.live import link_live
    from kg.wikidata.search import Search

    with open_graph(store, read_only=dry) as graph, Cache(cache) as kept:
        outcome, links = link_live(graph, world(), Search(Endpoint(endpoint), kept, fresh=fresh), limit=limit, dry=dry)
    _table(links, as_json)
    say(
        f"{outcome.asked:,} of the entities had no link: {outcome.linked:,} linked, "
        f"{outcome.proposed:,} with proposals, {outcome.asked - outcome.linked - outcome.proposed:,} unknown there; "
        f"{plural(outcome.requests, 'request')}{'; nothing written' if dry else ''}"
    )


def _decide(store: str, chosen: tuple[str, str] | None, refused: tuple[str, str] | None, undo: str | None) -> None:
    from kg import links
    from kg.queries import find_entity
    from kg.rdf import shorten
    from kg.seeds import world
    from kg.store import open_graph

    day = datetime.now(UTC).date().isoformat()
    with open_graph(store) as graph:
        if chosen:
            entity = find_entity(graph, chosen[0]).value
            links.accept(graph, world(), entity, chosen[1], day)
            say(f"{shorten(entity)} is {chosen[1]}; `kg link --undo` takes it back")
        elif refused:
            entity = find_entity(graph, refused[0]).value
            links.reject(graph, world(), entity, refused[1], day)
            say(f"{shorten(entity)} is not {refused[1]}; `kg link --undo` takes it back")
        elif undo:
            entity = find_entity(graph, undo).value
            say(f"{shorten(entity)}: {plural(links.undo(graph, world(), entity), 'link')} taken back")


def _stored(store: str, as_json: bool) -> None:
    from kg.links import stored_links
    from kg.store import open_graph

    with open_graph(store, read_only=True) as graph:
        found = stored_links(graph)
    _table(found, as_json)
    say(f"{plural(len(found), 'link')} beside those of the world data")


def _table(links: list[Link], as_json: bool) -> None:
    from kg.rdf import shorten
    from kg.terminal import table

    if as_json:
        keys = ("entity", "qid", "status", "score", "reason", "source", "date")
        show([json.dumps([{key: getattr(link, key) for key in keys} for link in links], ensure_ascii=False, indent=1)])
    elif links:
        heads = ("entity", "Wikidata", "status", "score", "why")
        show(
            table(heads, [[shorten(one.entity), one.qid, one.status, f"{one.score:.2f}", one.reason] for one in links])
        )


def _read(given: Input, pipelines: dict[str, str], model: bool, as_json: bool) -> None:
    from kg.commands.reading import extractions
    from kg.terminal import table

    rows = [row for extraction in extractions(given, pipelines, model) for row in _choices(extraction)]
    if as_json:
        show([json.dumps(rows, ensure_ascii=False, indent=1)])
    else:
        heads = ("mention", "class", "entity", "Wikidata", "why", "or else")
        show(table(heads, [[row[head] for head in heads] for row in rows]))
    given.finish(f"{sum(bool(row['entity']) for row in rows)} of {plural(len(rows), 'mention')} linked")


def _choices(extraction: Extraction) -> Iterator[dict[str, str]]:
    for entity in extraction.entities:
        chosen = entity.candidates[0] if entity.candidates else None
        yield {
            "article": extraction.document.id,
            "mention": entity.mentions[0].of(extraction.document.text),
            "class": entity.cls,
            "entity": entity.ref or "",
            "Wikidata": entity.qid or "",
            "why": f"{chosen.reason} ({chosen.score:.2f})" if chosen else "",
            "or else": ", ".join(f"{one.ref} ({one.score:.2f})" for one in entity.candidates[1:]),
        }
