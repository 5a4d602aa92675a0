"""Many documents into a store, in batches; what was read before and has not changed is left alone.

An article is written whole or not at all. A run that was interrupted goes on where it stopped, because
what is in the store is skipped. Every engine writes the same bytes in the same order.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeVar

import pyoxigraph as ox

from kg import rdf
from kg.decisions import Decisions
from kg.documents import Unreadable
from kg.engines import Load, Part, in_processes, serial, stamp_of
from kg.identity import finish, stored_decisions
from kg.links import refused
from kg.model import Document
from kg.seeds import world
from kg.store import Graph, Stamp

log = logging.getLogger(__name__)

BATCH = 200  # articles in one transaction: some 70,000 quads, a second's work
MAX_FAILURES = 1_000  # told in full; all are counted

Item = TypeVar("Item", Document, Part)


@dataclass(slots=True)
class Report:
    """What became of the documents of one run."""

    read: int = 0
    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    failed: int = 0
    failures: list[Unreadable] = field(default_factory=list)
    claims: Counter[str] = field(default_factory=Counter)
    modalities: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    linked: int = 0
    unlinked: int = 0
    quads: int = 0
    seconds: float = 0.0

    def fail(self, where: str, reason: str) -> None:
        """Count and keep one document that did not get into the store."""
        self.failed += 1
        log.warning("%s: %s", where, reason)
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(Unreadable(where, reason))

    def as_dict(self) -> dict[str, Any]:
        """For a JSON file; keys in a fixed order, counts from the highest."""
        return {
            "read": self.read,
            "new": self.new,
            "replaced": self.replaced,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "failures": [{"where": one.where, "reason": one.reason} for one in self.failures],
            "claims": _by_count(self.claims),
            "modalities": _by_count(self.modalities),
            "facts": self.facts,
            "entities": {"linked": self.linked, "unlinked": self.unlinked},
            "quads": self.quads,
            "seconds": round(self.seconds, 3),
        }


Progress = Callable[[Report], None]


def _by_count(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def build(
    documents: Iterable[Document | Unreadable],
    load: Load,
    graph: Graph,
    *,
    processes: int = 1,
    again: bool = False,
    background: bool = True,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Report:
    """Read the documents into the graph; what cannot be read is in the report and the rest goes on.

    `load` makes the extractor: once here, or once in each of the `processes` workers, and must then be
    importable. `again` reads unchanged articles too. `progress` is called after each batch.
    """

    def read(wanted: Iterable[Document]) -> Generator[Part, None, None]:
        return serial(wanted, load) if processes <= 1 else in_processes(wanted, load, processes)

    return _run(documents, read, graph, again, background, batch, progress)


def load_parts(
    parts: Iterable[Part | Unreadable],
    graph: Graph,
    *,
    again: bool = False,
    background: bool = True,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Report:
    """Put into the graph what another engine has read, by the same rules as `build`."""

    def ready(wanted: Iterable[Part]) -> Generator[Part, None, None]:
        yield from wanted

    return _run(parts, ready, graph, again, background, batch, progress)


def _run(
    found: Iterable[Item | Unreadable],
    read: Callable[[Iterable[Item]], Generator[Part, None, None]],
    graph: Graph,
    again: bool,
    background: bool,
    batch: int,
    progress: Progress | None,
) -> Report:
    report, started = Report(), time.monotonic()
    finish(graph)
    decisions = stored_decisions(graph)
    if background:
        report.quads += graph.refresh(rdf.ONTOLOGY_GRAPH, rdf.ontology_quads())
        report.quads += graph.refresh(rdf.WORLD_GRAPH, rdf.world_quads(world(), refused(graph)))
    known: dict[str, bool] = {}  # articles under way: True when one of that id is in the store
    wanted = _wanted(found, graph, report, known, again=again)
    parts = read(wanted)
    with closing(wanted), closing(parts):  # here and now: a thread that came upon them later may not
        while group := list(islice(parts, batch)):
            _write([_settled(part, decisions) for part in group], graph, report, known)
            report.seconds = time.monotonic() - started
            log.info("safe on disk: %d new, %d replaced, %.1f s", report.new, report.replaced, report.seconds)
            if progress:
                progress(report)
    if report.new + report.replaced:
        graph.optimize()
    report.seconds = time.monotonic() - started
    return report


def _wanted(
    found: Iterable[Item | Unreadable],
    graph: Graph,
    report: Report,
    known: dict[str, bool],
    *,
    again: bool,
) -> Generator[Item, None, None]:
    """What must be read or written: not the articles that stand in the store as they are."""
    with closing(sqlite3.connect("")) as seen:  # a temporary file: memory stays bounded
        seen.execute("CREATE TABLE seen (article TEXT PRIMARY KEY, digest TEXT) WITHOUT ROWID")
        for one in found:
            report.read += 1
            if isinstance(one, Unreadable):
                report.fail(one.where, one.reason)
                continue
            where, article, stamp = _head(one)
            find = "SELECT digest FROM seen WHERE article = ?"
            earlier = seen.execute(find, (article,)).fetchone()
            if earlier is not None and earlier[0] != stamp.digest:
                report.fail(
                    where,
                    "another article of this run has the same id and a different text; "
                    "the first was kept, give this one an id of its own",
                )
                continue
            if earlier is not None:
                report.unchanged += 1
                continue
            seen.execute("INSERT INTO seen VALUES (?, ?)", (article, stamp.digest))
            name = ox.NamedNode(article)
            stored = graph.stamps([name]).get(name)
            if stored == stamp and not again:
                report.unchanged += 1
                continue
            known[article] = stored is not None
            yield one


def _head(one: Document | Part) -> tuple[str, str, Stamp]:
    """Its id, the IRI of its article, and its stamp."""
    if isinstance(one, Part):
        return one.where, one.article, one.stamp
    return one.id, rdf.article_iri(one.id).value, stamp_of(one)


def _settled(part: Part, decisions: Decisions) -> Part:
    """The part as it is written: with those whom people have decided to be meant."""
    if not decisions.made or part.failure:
        return part
    statements = decisions.settle(list(ox.parse(part.nquads, ox.RdfFormat.N_QUADS)))
    return replace(part, nquads=rdf.nquads(statements), quads=len(statements))


def _write(parts: list[Part], graph: Graph, report: Report, known: dict[str, bool]) -> None:
    """New articles all at once, changed ones each in the place of its former graph."""
    fresh: list[bytes] = []
    for part in parts:
        in_store = known.pop(part.article)
        if part.failure:
            report.fail(part.where, part.failure)
            continue
        if in_store:
            graph.replace(ox.NamedNode(part.article), ox.parse(part.nquads, ox.RdfFormat.N_QUADS))
            report.replaced += 1
        else:
            fresh.append(part.nquads)
            report.new += 1
        report.claims.update(part.claims)
        report.modalities.update(part.modalities)
        report.facts += part.facts
        report.linked += part.linked
        report.unlinked += part.unlinked
        report.quads += part.quads
    if fresh:
        graph.bulk(ox.parse(b"".join(fresh), ox.RdfFormat.N_QUADS))
    graph.flush()
