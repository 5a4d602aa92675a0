"""The graph for other programs: export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import a_day, plural, save, say, show, store_option, talk

if TYPE_CHECKING:
    from kg.store import Graph

VIEWS = ("turtle", "nquads", "trig", "jsonld", "rdf12", "annotations", "graphml", "events")
QUICKSTATEMENTS = "quickstatements"  # no view of the graph: facts alone, for Wikidata
BY_SUFFIX = {
    ".ttl": "turtle",
    ".nq": "nquads",
    ".trig": "trig",
    ".jsonld": "jsonld",
    ".graphml": "graphml",
    ".csv": "events",
    ".json": "annotations",
    ".qs": QUICKSTATEMENTS,
}


@click.command()
@click.argument("file", metavar="FILE|-")
@store_option
@click.option(
    "--view", type=click.Choice((*VIEWS, QUICKSTATEMENTS)), help="What to write; told by FILE's ending when not given."
)
@click.option("--article", metavar="ID", help="Only what this article says.")
@click.option("--entity", metavar="NAME", help="Only what is said about this entity: key, IRI or name.")
@click.option("--preview", "reading", is_flag=True, help="quickstatements: show for reading what would be written.")
@click.option("--attributed", is_flag=True, help="quickstatements: also what somebody with an item is cited for.")
@click.option("--drafts", is_flag=True, help="quickstatements: also items to be made.")
@click.option(
    "--retrieved",
    metavar="YYYY-MM-DD",
    callback=a_day,
    help="quickstatements: day of the references; today if not given.",
)
@talk
def export(
    file: str,
    store: str,
    view: str | None,
    article: str | None,
    entity: str | None,
    reading: bool,
    attributed: bool,
    drafts: bool,
    retrieved: str | None,
) -> None:
    """Write the graph to a file: the same store gives the same bytes.

    Endings: .ttl, .nq, .trig, .jsonld, .graphml (a network), .csv (a table of events), .json (Web
    Annotations on the articles' words), .qs (QuickStatements for Wikidata: facts alone, with all their
    references; read them with --preview first). The view rdf12 is Turtle with the reifiers of RDF 1.2.

    \b
    kg export news.ttl --store news.kg
    kg export syria.graphml --store news.kg --entity syria
    kg export - --store news.kg --view events
    kg export facts.qs --store news.kg --preview
    """
    from kg.export import export as write
    from kg.queries import find_entity
    from kg.store import open_graph

    view = view or BY_SUFFIX.get(Path(file).suffix.lower(), "")
    if not view:
        raise click.UsageError(f"{file}: say --view, or let it end in {', '.join(BY_SUFFIX)}")
    of_wikidata = {"--preview": reading, "--attributed": attributed, "--drafts": drafts, "--retrieved": retrieved}
    if view != QUICKSTATEMENTS and (given := [name for name, value in of_wikidata.items() if value]):
        raise click.UsageError(f"{given[0]} belongs to the view quickstatements")
    if view == QUICKSTATEMENTS and article:
        raise click.UsageError("quickstatements carry the references of all articles; leave --article out")
    with open_graph(store, read_only=True) as graph:
        about = find_entity(graph, entity).value if entity else None
        if view == QUICKSTATEMENTS:
            day = retrieved or datetime.now(UTC).date().isoformat()
            lines = _for_wikidata(graph, about or "", attributed=attributed, drafts=drafts, reading=reading, day=day)
            if reading:
                show(lines)
            else:
                save(file, lambda out: out.writelines(f"{line}\n".encode() for line in lines))
        else:
            save(file, lambda out: write(graph, view, out, article=article, entity=about))


def _for_wikidata(
    graph: Graph, entity: str, *, attributed: bool, drafts: bool, reading: bool, day: str
) -> Iterator[str]:
    """The lines to write or, for reading, the preview; says how much there is."""
    from kg.seeds import world
    from kg.stored import Entities
    from kg.wikidata.constraints import constraints
    from kg.wikidata.preview import preview
    from kg.wikidata.quickstatements import quickstatements
    from kg.wikidata.statements import collect

    rules = constraints()
    made = collect(graph, world(), rules, attributed=attributed, entity=entity)
    if reading:
        return preview(made, Entities(graph), rules)
    if not drafts:
        made.drafts.clear()
    say(
        f"{plural(len(made.statements), 'statement')}, {plural(len(made.drafts), 'new item')}; "
        f"{len(made.held):,} held back, {plural(made.left.total(), 'claim')} left out: --preview tells why"
    )
    return quickstatements(made, rules, day)
