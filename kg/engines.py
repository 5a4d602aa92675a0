"""Articles to N-Quads by one pure function, in this process or in several: the same bytes from each.

An article that cannot be read fails alone, also when it brings down the process that reads it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context, parent_process
from traceback import extract_tb
from typing import Any

from kg import __version__, rdf
from kg.errors import KgError
from kg.model import Document, Extraction
from kg.store import Stamp

CHUNK = 8  # articles that a worker takes at a time

Extract = Callable[[Document], Extraction]
Load = Callable[[], Extract]


@dataclass(frozen=True, slots=True)
class Part:
    """What one document adds to the store, ready to be written by another process."""

    where: str
    article: str
    stamp: Stamp
    nquads: bytes = b""
    quads: int = 0
    claims: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    facts: int = 0
    linked: int = 0
    unlinked: int = 0
    failure: str = ""

    def as_record(self) -> dict[str, Any]:
        """For a line of JSON."""
        return {**asdict(self), "nquads": self.nquads.decode()}


def part_of(record: dict[str, Any]) -> Part:
    """The part of such a line."""
    stamp = record["stamp"]
    return Part(
        **{
            **record,
            "stamp": Stamp(stamp["digest"], stamp["made_by"], tuple(stamp["about"])),
            "nquads": record["nquads"].encode(),
            "claims": tuple(record["claims"]),
            "modalities": tuple(record["modalities"]),
        }
    )


def text_digest(text: str) -> str:
    """The digest of an article's text as the store keeps it."""
    return "sha256:" + sha256(text.encode()).hexdigest()


def stamp_of(document: Document) -> Stamp:
    """What tells whether the article must be read again."""
    about = (document.title, document.date or "", document.url or "", document.source or "")
    return Stamp(text_digest(document.text), f"kg {__version__}", about)


def read_part(document: Document, extract: Extract) -> Part:
    """One document to N-Quads: a pure function, equal wherever it runs; every failure is in the part."""
    article, stamp = rdf.article_iri(document.id).value, stamp_of(document)
    try:
        extraction = extract(document)
        nquads = rdf.nquads(rdf.quads(extraction))
    except KgError as error:
        return Part(document.id, article, stamp, failure=str(error).removeprefix(f"{document.id}: "))
    except Exception as error:  # a fault of ours: one article must not take ten million others with it
        return Part(document.id, article, stamp, failure=_fault(error))
    linked = sum(entity.ref is not None for entity in extraction.entities)
    return Part(
        document.id,
        article,
        stamp,
        nquads,
        nquads.count(b"\n"),
        tuple(claim.type for claim in extraction.claims),
        tuple(claim.modality for claim in extraction.claims),
        sum(claim.is_fact for claim in extraction.claims),
        linked,
        len(extraction.entities) - linked,
    )


def _fault(error: Exception) -> str:
    last = extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
    return f"a fault of kg ({type(error).__name__} at {place}: {error}); report it with this article"


def serial(documents: Iterable[Document], load: Load) -> Generator[Part, None, None]:
    """The parts of the documents, read here one after the other."""
    extract: Extract | None = None
    for document in documents:
        extract = extract or load()  # not before there is something to read
        yield read_part(document, extract)


# In a worker process: the extractor, loaded once by its initializer.
_extractor: list[Extract] = []


def _start_worker(load: Load) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the run, in order
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _extractor.append(load())


def _end_with_parent() -> None:
    """A parent that was killed cannot tell its workers, and they would wait for ever for the next chunk."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_chunk(documents: list[Document]) -> list[Part]:
    return [read_part(document, _extractor[0]) for document in documents]


def _pool(processes: int, load: Load) -> ProcessPoolExecutor:
    # spawn and not fork: a fork would inherit the lock and the threads of the store
    return ProcessPoolExecutor(processes, get_context("spawn"), initializer=_start_worker, initargs=(load,))


def in_processes(documents: Iterable[Document], load: Load, processes: int) -> Generator[Part, None, None]:
    """Parts in the order of the documents, with at most a few chunks under way.

    When a worker dies, what was under way is read again, each article alone.
    """
    waiting: deque[tuple[list[Document], Future[list[Part]]]] = deque()
    documents = iter(documents)
    pool = _pool(processes, load)
    try:
        while True:
            try:
                while len(waiting) < 2 * processes and (chunk := list(islice(documents, CHUNK))):
                    waiting.append((chunk, _submitted(pool, chunk)))
                if not waiting:
                    return
                parts = waiting[0][1].result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                yield from alone([document for chunk, _ in waiting for document in chunk], load)
                waiting.clear()
                pool = _pool(processes, load)
            else:
                waiting.popleft()
                yield from parts
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, chunk: list[Document]) -> Future[list[Part]]:
    """The chunk under way; in a pool that has just died it waits with the others to be read again."""
    try:
        return pool.submit(_read_chunk, chunk)
    except BrokenProcessPool as error:
        failed: Future[list[Part]] = Future()
        failed.set_exception(error)
        return failed


def alone(documents: Iterable[Document], load: Load) -> Iterator[Part]:
    """Parts, each read in a process that the next article does not need: one that kills it fails alone.

    KgError when such a process does not even start.
    """
    pool: ProcessPoolExecutor | None = None
    try:
        for document in documents:
            pool = pool or _started(load)
            try:
                yield pool.submit(_read_chunk, [document]).result()[0]
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                pool = None
                article = rdf.article_iri(document.id).value
                yield Part(document.id, article, stamp_of(document), failure=_DEADLY)
    finally:
        if pool is not None:
            pool.shutdown(wait=False)


_DEADLY = "the process that read it ended before its time, perhaps for want of memory; report it with this article"


def _started(load: Load) -> ProcessPoolExecutor:
    pool = _pool(1, load)
    try:
        pool.submit(_read_chunk, []).result()
    except BrokenProcessPool as error:
        pool.shutdown(wait=False)
        raise KgError(
            "a worker process ended before it could read anything, perhaps for want of memory; start again with "
            "--engine serial: what has been written stays"
        ) from error
    return pool
