"""Many documents into a store, in batches; what was read before and has not changed is left alone.

An article is written whole or not at all. A run that was interrupted goes on where it stopped, because
what is in the store is skipped. Every engine writes the same bytes in the same order.
"""

from __future__ import annotations

import logging
import signal
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from typing import Any

import pyoxigraph as ox

from kg import __version__, rdf
from kg.documents import Unreadable
from kg.errors import KgError
from kg.links import refused
from kg.model import Document, Extraction
from kg.seeds import world
from kg.store import Graph, Stamp

log = logging.getLogger(__name__)

BATCH = 200  # articles in one transaction: some 70,000 quads, a second's work
CHUNK = 8  # articles that a worker takes at a time
MAX_FAILURES = 1_000  # told in full; all are counted

Extract = Callable[[Document], Extraction]


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


def _by_count(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class Part:
    """What one document adds to the store, ready to be written by another process."""

    where: str
    article: str
    nquads: bytes = b""
    quads: int = 0
    claims: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    facts: int = 0
    linked: int = 0
    unlinked: int = 0
    failure: str = ""


def build(
    documents: Iterable[Document | Unreadable],
    load: Callable[[], Extract],
    graph: Graph,
    *,
    processes: int = 1,
    again: bool = False,
    background: bool = True,
    batch: int = BATCH,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Read the documents into the graph; what cannot be read is in the report and the rest goes on.

    `load` makes the extractor: once here, or once in each of the `processes` workers, and must then be
    importable. `again` reads unchanged articles too. `progress` is called after each batch.
    """
    report, started = Report(), time.monotonic()
    if background:
        report.quads += graph.refresh(rdf.ONTOLOGY_GRAPH, rdf.ontology_quads())
        report.quads += graph.refresh(rdf.WORLD_GRAPH, rdf.world_quads(world(), refused(graph)))
    known: dict[str, bool] = {}  # articles under way: True when one of that id is in the store
    wanted = _wanted(documents, graph, report, known, again=again)
    parts = _serial(wanted, load) if processes <= 1 else _parallel(wanted, load, processes)
    with closing(wanted), closing(parts):  # here and now: a thread that came upon them later may not
        while group := list(islice(parts, batch)):
            _write(group, graph, report, known)
            report.seconds = time.monotonic() - started
            if progress:
                progress(report)
    if report.new + report.replaced:
        graph.optimize()
    report.seconds = time.monotonic() - started
    return report


def text_digest(text: str) -> str:
    """The digest of an article's text as the store keeps it."""
    return "sha256:" + sha256(text.encode()).hexdigest()


def _stamp(document: Document) -> Stamp:
    about = (document.title, document.date or "", document.url or "", document.source or "")
    return Stamp(text_digest(document.text), f"kg {__version__}", about)


def _wanted(
    documents: Iterable[Document | Unreadable],
    graph: Graph,
    report: Report,
    known: dict[str, bool],
    *,
    again: bool,
) -> Generator[Document, None, None]:
    """The documents that must be read: not those that stand in the store as they are."""
    with closing(sqlite3.connect("")) as seen:  # a temporary file: memory stays bounded
        seen.execute("CREATE TABLE seen (article TEXT PRIMARY KEY, digest TEXT) WITHOUT ROWID")
        for document in documents:
            report.read += 1
            if isinstance(document, Unreadable):
                report.fail(document.where, document.reason)
                continue
            article, stamp = rdf.article_iri(document.id), _stamp(document)
            find = "SELECT digest FROM seen WHERE article = ?"
            earlier = seen.execute(find, (article.value,)).fetchone()
            if earlier is not None and earlier[0] != stamp.digest:
                report.fail(
                    document.id,
                    "another article of this run has the same id and a different text; "
                    "the first was kept, give this one an id of its own",
                )
                continue
            if earlier is not None:
                report.unchanged += 1
                continue
            seen.execute("INSERT INTO seen VALUES (?, ?)", (article.value, stamp.digest))
            stored = graph.stamps([article]).get(article)
            if stored == stamp and not again:
                report.unchanged += 1
                continue
            known[article.value] = stored is not None
            yield document


def read_part(document: Document, extract: Extract) -> Part:
    """One document to N-Quads: a pure function, equal wherever it runs."""
    article = rdf.article_iri(document.id).value
    try:
        extraction = extract(document)
        statements = list(rdf.quads(extraction))
    except KgError as error:
        reason = str(error).removeprefix(f"{document.id}: ")
        return Part(document.id, article, failure=reason)
    except Exception as error:
        error.add_note(f"while reading the article {document.id!r}")
        raise
    linked = sum(entity.ref is not None for entity in extraction.entities)
    return Part(
        document.id,
        article,
        rdf.nquads(statements),
        len(statements),
        tuple(claim.type for claim in extraction.claims),
        tuple(claim.modality for claim in extraction.claims),
        sum(claim.is_fact for claim in extraction.claims),
        linked,
        len(extraction.entities) - linked,
    )


def _serial(documents: Iterable[Document], load: Callable[[], Extract]) -> Generator[Part, None, None]:
    extract: Extract | None = None
    for document in documents:
        extract = extract or load()  # not before there is something to read
        yield read_part(document, extract)


# In a worker process: the extractor, loaded once by its initializer.
_extractor: list[Extract] = []


def _start_worker(load: Callable[[], Extract]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the run, in order
    _extractor.append(load())


def _read_chunk(documents: list[Document]) -> list[Part]:
    return [read_part(document, _extractor[0]) for document in documents]


def _parallel(
    documents: Iterator[Document], load: Callable[[], Extract], processes: int
) -> Generator[Part, None, None]:
    """Parts in the order of the documents, with at most a few chunks under way."""
    waiting: deque[Future[list[Part]]] = deque()
    # spawn and not fork: a fork would inherit the lock and the threads of the store
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_start_worker, initargs=(load,)) as pool:
        try:
            while True:
                while len(waiting) < 2 * processes and (chunk := list(islice(documents, CHUNK))):
                    waiting.append(pool.submit(_read_chunk, chunk))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        except BrokenProcessPool as error:
            raise KgError(
                "a worker process ended before its time, perhaps for want of memory; start again "
                "with fewer processes: what has been written stays"
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _write(parts: list[Part], graph: Graph, report: Report, known: dict[str, bool]) -> None:
    """New articles all at once, changed ones each in the place of its former graph."""
    fresh: list[bytes] = []
    for part in parts:
        in_store = known.pop(part.article)
        if part.failure:
            report.fail(part.where, part.failure)
            continue
        if in_store:
            graph.replace(ox.NamedNode(part.article), _parsed(part.nquads))
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
        graph.bulk(_parsed(b"".join(fresh)))
    graph.flush()


def _parsed(nquads: bytes) -> Iterator[ox.Quad]:
    return ox.parse(nquads, ox.RdfFormat.N_QUADS)
