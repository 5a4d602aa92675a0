"""The world data: how much there is, and what a live endpoint says differently."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.linking import cache_option, endpoint_option, fresh_option
from kg.commands.options import folder_argument, json_option, plural, say, show, talk


@click.command()
@click.option("--live", is_flag=True, help="Ask Wikidata for the items of the world data, and show what differs.")
@click.option("--missing", is_flag=True, help="Look also for items of records that have none.")
@click.option("--write", is_flag=True, help="Change the files; everything else in them stays as it is.")
@click.option("--folder", type=folder_argument, help="World data of yours; by default what comes with the program.")
@endpoint_option
@fresh_option
@cache_option
@json_option
@talk
def seeds(
    live: bool,
    missing: bool,
    write: bool,
    folder: Path | None,
    endpoint: str,
    fresh: bool,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Show how much world data there is; with --live, what Wikidata says of it that differs.

    Merged items, labels that are no spelling of a name here, offices that have ended, coordinates more than 5
    km away. Look at the difference, take out what is wrong by hand afterwards, and let `kg check` and the tests
    judge. An item that the endpoint does not have is only told.

    \b
    kg seeds
    kg seeds --live
    kg seeds --live --write
    kg seeds --live --missing
    """
    if (write or missing) and not live:
        raise click.UsageError(
            f"{'--write' if write else '--missing'} needs --live: nothing is known without an answer"
        )
    if live:
        _live(folder, endpoint, cache, missing=missing, write=write, fresh=fresh, as_json=as_json)
    else:
        _count(folder, as_json)


def _count(folder: Path | None, as_json: bool) -> None:
    from kg.seeds import KINDS, load_world

    world = load_world(folder)
    kinds = {name: list(world.of_kind(kind)) for name, (kind, _) in KINDS.items()}
    _table(
        ("kind", "records", "with an item"),
        [(name, str(len(found)), str(sum(bool(one.qid) for one in found))) for name, found in kinds.items()],
        as_json,
    )


def _live(
    folder: Path | None, endpoint: str, cache: Path | None, *, missing: bool, write: bool, fresh: bool, as_json: bool
) -> None:
    from kg import seedfiles
    from kg.resources import data_dir
    from kg.seeds import load_world
    from kg.wikidata.cache import Cache
    from kg.wikidata.endpoint import Endpoint
    from kg.wikidata.refresh import compare
    from kg.wikidata.search import Search

    place = folder or data_dir("seeds")
    with Cache(cache) as kept:
        found = compare(load_world(place), Search(Endpoint(endpoint), kept, fresh=fresh), missing=missing)
    files = seedfiles.file_of(place)
    rows = [(files[one.record], one.record, one.field, one.old, one.new) for one in found.changes]
    rows += [(files[one.record], one.record, one.field, one.old, "(not there: look yourself)") for one in found.gone]
    _table(("file", "record", "field", "here", "Wikidata"), sorted(rows), as_json)
    written = seedfiles.write(place, found.changes) if write and found.changes else []
    done = f"written to {plural(len(written), 'file')}" if written else "nothing written"
    say(
        f"{plural(len(found.changes), 'difference')} and {plural(len(found.gone), 'missing item')} among "
        f"{plural(found.asked, 'item')}, {plural(found.requests, 'request')}; {done}"
    )


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]], as_json: bool) -> None:
    import json

    from kg.terminal import table

    if as_json:
        show([json.dumps([dict(zip(heads, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)])
    elif rows:
        show(table(heads, rows))
