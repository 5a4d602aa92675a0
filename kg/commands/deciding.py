"""Who is who across articles: merge, split, duplicates, and what has been decided."""

from __future__ import annotations

import getpass
import json
import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import Command, folder_argument, json_option, plural, say, show, store_option, talk
from kg.errors import InputError, QueryError

if TYPE_CHECKING:
    from kg.decisions import Decision, Decisions
    from kg.store import Graph


def recorded(command: Command) -> Command:
    """Who decides, and why; the day is today."""
    by = click.option("--by", metavar="NAME", envvar="KG_USER", help="Who decides; your user name when not given.")
    note = click.option("--note", default="", metavar="WORDS", help="Why: kept with the decision.")
    return by(note(command))


@click.command()
@click.argument("entities", nargs=-1, metavar="[ENTITY INTO]")
@store_option
@click.option("--not", "apart", is_flag=True, help="They are not one: `kg duplicates` asks no more.")
@click.option("--undo", metavar="ENTITY", help="Take back that this entity was merged, or that it is --not another.")
@recorded
@talk
def merge(entities: tuple[str, ...], store: str, apart: bool, undo: str | None, by: str | None, note: str) -> None:
    """Say that two entities are one: wherever articles name the first, the second is written.

    In the articles of the store and in those built later. Entities are named by key, IRI or name. Nothing is lost:
    --undo brings back every statement as it was.

    \b
    kg merge x-0f3a… x-77b1… --store news.kg --note "one spelling of many"
    kg merge --undo x-0f3a… --store news.kg
    kg merge --not x-0f3a… x-9c2e… --store news.kg
    """
    from kg.identity import keep_apart, offer_again
    from kg.identity import merge as decide
    from kg.queries import find_entity
    from kg.rdf import shorten
    from kg.store import open_graph

    if len(entities) != (2 - bool(undo) if apart else 0 if undo else 2):
        raise click.UsageError("name two entities: the one to merge and the one it is; or --undo and one")
    with open_graph(store) as graph:
        if apart:
            named = [find_entity(graph, value).value for value in ([undo, *entities] if undo else entities)]
            if undo:
                offer_again(graph, *named)
                say(f"{' and '.join(map(shorten, named))} may be one again")
            else:
                keep_apart(graph, *named, day=_today(), by=_who(by), note=note)
                say(f"{' and '.join(map(shorten, named))} are not one")
            return
        if undo:
            _undo(graph, undo, merges=True)
            return
        one, other = (find_entity(graph, value).value for value in entities)
        made = decide(graph, one, other, day=_today(), by=_who(by), note=note)
        say(f"{shorten(made.entity)} is {shorten(made.meant)}; `kg merge --undo {shorten(made.entity)}` takes it back")


@click.command()
@click.argument("entity", required=False)
@store_option
@click.option("--article", "articles", multiple=True, metavar="ID", help="In this article; more than once for several.")
@click.option("--office", metavar="KIND", help="Where articles give it an office of this kind (minister …), with --of.")
@click.option("--of", metavar="ENTITY", help="The state or organization of --office.")
@click.option("--to", metavar="ENTITY", help="Who it is there; somebody new when not given.")
@click.option("--name", metavar="WORDS", help="Name of somebody new; as the articles name it when not given.")
@click.option("--undo", metavar="ENTITY", help="Take back the splits of this entity, or the one that made it.")
@recorded
@talk
def split(
    entity: str | None,
    store: str,
    articles: tuple[str, ...],
    office: str | None,
    of: str | None,
    to: str | None,
    name: str | None,
    undo: str | None,
    by: str | None,
    note: str,
) -> None:
    """Say that an entity is another one in some articles: somebody new, or --to whom.

    \b
    kg split x-0f3a… --article news-17 --store news.kg --note "a namesake"
    kg split jordan --article news-9 --to x-77b1… --store news.kg
    kg split x-0f3a… --office minister --of egypt --store news.kg
    kg split --undo x-0f3a… --store news.kg
    """
    from kg.identity import split as decide
    from kg.ontology import ontology
    from kg.queries import find_entity
    from kg.rdf import shorten
    from kg.store import open_graph

    if bool(entity) == bool(undo):
        raise click.UsageError("name the entity to split, or --undo and one")
    if entity and (bool(articles) == bool(office) or bool(office) != bool(of)):
        raise click.UsageError("say where it is another: --article, or --office and --of")
    if office:
        ontology().offices[office]
    with open_graph(store) as graph:
        if undo:
            _undo(graph, undo, merges=False)
            return
        made = decide(
            graph,
            find_entity(graph, str(entity)).value,
            articles=articles,
            office=office or "",
            of=find_entity(graph, of).value if of else "",
            to=find_entity(graph, to).value if to else "",
            name=name or "",
            day=_today(),
            by=_who(by),
            note=note,
        )
        say(f"{shorten(made.entity)} is {shorten(made.meant)} {made.where}; `kg split --undo` takes it back")


@click.command()
@store_option
@click.option("--least", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Least score.")
@json_option
@talk
def duplicates(store: str, least: float, as_json: bool) -> None:
    """List entities that may be one, with what speaks for it and the command that says so.

    Nothing is merged. A pair that was decided on is not offered again; `kg merge --not` says that two are not one.

    \b
    kg duplicates --store news.kg
    kg duplicates --store news.kg --least 0.8 --json
    """
    from kg.duplicates import duplicates as suggest
    from kg.store import open_graph
    from kg.terminal import clean, table

    with open_graph(store, read_only=True) as graph:
        found = suggest(graph, least=least)
    option = f" --store {shlex.quote(store)}"
    if as_json:
        keys = ("entity", "name", "into", "into_name", "score", "evidence")
        rows = [{key: getattr(one, key) for key in keys} | {"command": one.command + option} for one in found]
        show([json.dumps(rows, ensure_ascii=False, indent=1)])
    elif found:
        rows_shown = [
            [f"{one.score:.2f}", clean(one.name), clean(one.into_name), clean("; ".join(one.evidence)), one.command]
            for one in found
        ]
        show(table(("score", "entity", "may be", "because", "to merge"), rows_shown))
    say(plural(len(found), "pair") + (" that may be one" if found else ""))


@click.command()
@store_option
@click.option("--export", "target", metavar="FILE|-", help="Write all decisions as Turtle, to keep or share.")
@click.option("--import", "source", type=folder_argument, metavar="FILE", help="Take over decisions from such a file.")
@json_option
@talk
def decisions(store: str, target: str | None, source: Path | None, as_json: bool) -> None:
    """List what has been decided on who is who, by whom and why.

    The file of --export is the same bytes for the same decisions, so that it can be kept under version control;
    `kg build --decisions FILE` applies it to a new store.

    \b
    kg decisions --store news.kg
    kg decisions --export who.ttl --store news.kg
    kg decisions --import who.ttl --store other.kg
    """
    from kg.identity import adopt, stored_decisions
    from kg.store import open_graph

    if target and source:
        raise click.UsageError("--export and --import at once; one after the other")
    with open_graph(store, read_only=source is None) as graph:
        if source is not None:
            say(f"{plural(adopt(graph, from_file(source)), 'decision')} taken over")
        elif target is not None:
            _export(graph, target)
        else:
            found = stored_decisions(graph).made
            _list(found, as_json)
            say(plural(len(found), "decision"))


def from_file(source: Path) -> Decisions:
    """The decisions of a Turtle file; InputError when it cannot be read."""
    from kg.decisions import from_turtle

    try:
        found = from_turtle(source.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{source}: cannot be read as decisions in Turtle: {error}") from error
    if not found.made:
        raise InputError(f"{source}: holds no decision; `kg decisions --export` writes such a file")
    return found


def _export(graph: Graph, target: str) -> None:
    from kg.identity import write_turtle

    if target == "-":
        write_turtle(graph, sys.stdout.buffer)
        return
    part = Path(target + ".part")
    try:
        with part.open("wb") as out:
            write_turtle(graph, out)
        os.replace(part, target)
    except OSError as error:
        raise InputError(f"{target}: cannot write there: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _list(found: tuple[Decision, ...], as_json: bool) -> None:
    from kg.rdf import shorten
    from kg.terminal import clean, table

    if as_json:
        keys = ("entity", "called", "meant", "name", "articles", "office", "of", "by", "date", "note", "apart")
        rows = [{key: getattr(one, key) for key in keys} for one in found]
        show([json.dumps(rows, ensure_ascii=False, indent=1)])
    elif found:
        heads = ("entity", "called", "is", "where", "day", "by", "why")
        show(
            table(
                heads,
                [
                    [shorten(one.entity), one.called, shorten(one.meant), one.where, one.date, one.by, clean(one.note)]
                    for one in found
                ],
            )
        )


def _undo(graph: Graph, value: str, *, merges: bool) -> None:
    from kg.identity import stored_decisions, undo
    from kg.queries import find_entity
    from kg.rdf import ID, shorten

    key = ID + value.strip("<>").removeprefix("id:").removeprefix(ID)
    named = {iri for one in stored_decisions(graph).made for iri in (one.entity, one.meant)}
    called = {one.entity for one in stored_decisions(graph).made if value == one.called and one.is_merge == merges}
    if key in named:
        entity = key
    elif len(called) > 1:
        raise QueryError(
            f"'{value}' may mean several: {', '.join(map(shorten, sorted(called)))}; give one of these keys"
        )
    else:
        entity = called.pop() if called else find_entity(graph, value).value
    for one in undo(graph, entity, merges=merges):
        say(f"{shorten(one.entity)} is no longer {shorten(one.meant)} {one.where}")


def _who(by: str | None) -> str:
    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no user of that number
        return ""


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
