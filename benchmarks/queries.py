"""Times every shipped query on a made-up store of a million quads.

    python benchmarks/queries.py [--quads 1000000] [--store FOLDER] [--only NAME …]

The articles are drawn from a fixed seed over the world data, with a few parties far more often named than others, as
in news. Prints a Markdown table: the median of three runs, with every optional parameter left out ("all") and with
one party given ("one").
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg import rdf
from kg.model import MODALITIES, Claim, Document, Entity, Extraction, Span
from kg.ontology import ontology
from kg.queries import SavedQuery, answer, saved_queries
from kg.seeds import KINDS, World, world
from kg.store import Graph, Rows, open_graph

CLAIMS = 20  # in one article: what a long news story yields
RELATIONS = {
    "hostState": ("bases", "states"),
    "operator": ("bases", "states"),
    "militaryPresenceIn": ("states", "states"),
    "signatory": ("agreements", "states"),
    "memberOf": ("states", "organizations"),
    "alliedWith": ("states", "states"),
    "holdsOffice": ("leaders", "states"),
}


def main() -> None:
    """Generate, load, ask, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--quads", type=int, default=1_000_000)
    options.add_argument("--store", type=Path, help="keep the store here, or use the one that is here")
    options.add_argument("--only", nargs="*", default=[])
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        location = given.store or Path(folder) / "store"
        if not location.exists():
            fill(location, given.quads)
        with open_graph(location, read_only=True) as graph:
            print(f"{graph.count():,} quads, {sum(1 for _ in graph.articles()):,} articles\n")
            print("| query | all: ms | rows | one: ms | rows |\n|---|---:|---:|---:|---:|")
            for query in saved_queries():
                if not given.only or query.name in given.only:
                    print(row(graph, query), flush=True)


def fill(location: Path, wanted: int) -> None:
    """A store of about so many quads."""
    started = time.process_time()
    with open_graph(location) as graph:
        graph.bulk(rdf.ontology_quads())
        graph.bulk(rdf.world_quads(world()))
        graph.bulk(quads(wanted - graph.count()))
        graph.flush()
        graph.optimize()
    print(f"filled in {time.process_time() - started:.0f} s", file=sys.stderr)


def quads(wanted: int) -> Iterator[rdf.Quad]:
    """Articles until there are enough quads."""
    random = Random(20251015)
    pools = {kind: pool(world(), kind) for kind in KINDS}
    number = 0
    while wanted > 0:
        number += 1
        written = list(rdf.quads(article(random, pools, number)))
        wanted -= len(written)
        yield from written


def pool(data: World, kind: str) -> list[Entity]:
    """The entities of one kind, and a few that only articles know."""
    model, cls = KINDS[kind]
    found = [Entity(record.id, cls, record.en[0], (), ref=record.id) for record in data.of_kind(model)]
    if kind in ("organizations", "agreements"):
        found += [Entity(f"{kind}{n}", cls, f"made-up {kind} {n}", ()) for n in range(40)]
    return found


def pick(random: Random, entities: list[Entity]) -> Entity:
    """One of them; those at the front far more often."""
    return entities[int(len(entities) * random.random() ** 3)]


def article(random: Random, pools: dict[str, list[Entity]], number: int) -> Extraction:
    """One made-up article of CLAIMS claims over some 200 words."""
    text = f"Report {number}\n\n" + " ".join(f"{random.randrange(9999):04}" for _ in range(200))
    date = f"20{random.randrange(15, 26)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
    document = Document(f"made-up-{number}", text, "en", f"Report {number}", date, source="made up")
    used: dict[str, Entity] = {}

    def take(kind: str, belongs_to: str = "") -> str:
        drawn = pick(Random(belongs_to) if belongs_to else random, pools[kind])
        span = Span(10, 14)
        used[drawn.id] = Entity(drawn.id, drawn.cls, drawn.name, (span,), drawn.ref)
        return drawn.id

    claims: list[Claim] = []
    types = [*RELATIONS, *ontology().event_types]
    for index in range(1, CLAIMS + 1):
        kind = types[int(len(types) * random.random())]
        start = random.randrange(12, 900)
        inner = claims[-1].id if claims and kind in ("request", "accuse", "reject") else None
        asserted = random.random() < 0.6
        claims.append(
            Claim(
                f"c{index}",
                kind,
                arguments(random, kind, take),
                Span(start, start + 80),
                modality="asserted" if asserted else random.choice(MODALITIES),
                negated=random.random() < 0.05,
                attributed_to=take(random.choice(["leaders", "organizations"])) if random.random() < 0.3 else None,
                content=inner,
                date=date if random.random() < 0.2 else None,
                office=random.choice(["headOfState", "minister"]) if kind == "holdsOffice" else None,
                former=kind == "holdsOffice" and random.random() < 0.2,
                rule="made up",
                confidence=0.9,
            )
        )
    return Extraction(document, tuple(used.values()), tuple(claims))


def arguments(random: Random, kind: str, take) -> dict[str, tuple[str, ...]]:  # type: ignore[no-untyped-def]
    """Fillers for the roles of one claim."""
    if kind in RELATIONS:
        subject, value = RELATIONS[kind]
        drawn = take(subject)
        settled = random.random() < 0.95  # a base stands in one state, whoever writes about it
        return {"subject": (drawn,), "object": (take(value, drawn if settled else ""),)}
    agent = ["states", "states", "leaders", "organizations"]
    filled = {"actor": (take(random.choice(agent)),)}
    if random.random() < 0.7:
        filled["recipient"] = (take(random.choice(agent)),)
    if kind == "sign" or (kind in ("agree", "withdraw", "reject") and random.random() < 0.2):
        filled["object"] = (take("agreements"),)
    if random.random() < 0.2:
        filled["place"] = (take("cities"),)
    return filled


def row(graph: Graph, query: SavedQuery) -> str:
    """One line of the table."""
    first = {"entity": "russia", "relation": "operator", "text": "headOfState"}
    needed = {p.name: first[p.type] for p in query.parameters if p.required}
    one = dict(needed)
    for parameter in query.parameters:
        if parameter.type == "entity" and not parameter.required:
            one[parameter.name] = first["entity"]
            break
    if "subject" in one:
        one["subject"] = needed["subject"] = next(iter(world().of_kind(KINDS["bases"][0]))).id
    cells = [timed(graph, query, given) for given in (needed, one)]
    if needed == one:
        cells[0 if needed else 1] = ("", "")
    return f"| {query.name} | {cells[0][0]} | {cells[0][1]} | {cells[1][0]} | {cells[1][1]} |"


def timed(graph: Graph, query: SavedQuery, given: dict[str, str]) -> tuple[str, str]:
    """Median milliseconds of three runs, and how many rows."""
    times, rows = [], 0
    for _ in range(3):
        started = time.process_time()
        found = answer(graph, query, given)
        assert isinstance(found, Rows)
        rows = sum(1 for _ in found.rows)
        times.append(time.process_time() - started)
    return f"{median(times) * 1000:,.0f}", f"{rows:,}"


if __name__ == "__main__":
    main()
