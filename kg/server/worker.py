"""A process that answers one job after another over a snapshot, and may be killed at any time.

What it may take is bounded by the system: memory by RLIMIT_AS, time by an alarm that ends it even
inside the engine, should its server be gone.
"""

from __future__ import annotations

import gc
import gzip
import io
import logging
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import KgError, QueryError
from kg.model import Document, Extraction
from kg.remote import Dataset
from kg.server.negotiation import FORMATS
from kg.server.wire import Job, Reply, pack_reply, receive, unpack_job
from kg.store import Graph, open_graph
from kg.turtle import ALL_PREFIXES

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

log = logging.getLogger(__name__)
MB = 1 << 20
GRACE = 5  # seconds after the server's deadline at which a worker ends itself
COMPRESSED_FROM = 1_000  # bytes; below, gzip gains nothing
LEVEL = 4  # of gzip: a third of the time of the best for a tenth more bytes
BASE = "https://w3id.org/geopol/"  # of relative IRIs: `<id/russia>`
RESOURCE = """
PREFIX gp: <https://w3id.org/geopol/ns#>
SELECT ?iri ?s ?p ?o WHERE { ?iri (gp:states|gp:evidence)? ?s . ?s ?p ?o }"""


class TooMuch(Exception):
    """The answer has more rows or bytes than are sent."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one answer may take."""

    memory: int  # MB
    timeout: float  # seconds
    rows: int
    bytes: int


class Sink(io.BytesIO):
    """A body that grows up to a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def write(self, part: ReadableBuffer, /) -> int:
        """As of any file; TooMuch beyond the limit."""
        written = super().write(part)
        if self.tell() > self.limit:
            raise TooMuch(f"the answer has more than {self.limit // MB} MB; ask for less, for instance by LIMIT")
        return written


def query(graph: Graph, job: Job, bounds: Bounds) -> Reply:
    """The answer to a query in the format that was negotiated."""
    dataset = None
    if job.dataset is not None:
        default, named = ([_iri(name) for name in names] for names in job.dataset)
        dataset = Dataset(tuple(default), tuple(named))
    try:
        found = graph.found(job.text, dataset=dataset)
    except QueryError as error:  # a relative IRI, where the query names no base; a mistake keeps its line and column
        try:
            found = graph.found(f"BASE <{BASE}> {job.text}", dataset=dataset)
        except QueryError:
            raise error from None
    engine = FORMATS[job.form].engine
    sink = Sink(bounds.bytes)
    if isinstance(found, ox.QuerySolutions | ox.QueryBoolean):
        assert isinstance(engine, ox.QueryResultsFormat)
        found.serialize(sink, engine)
        body = sink.getvalue()
        if isinstance(found, ox.QuerySolutions):
            _check_rows(body, engine, bounds.rows)
        return Reply(body, media_type=job.media_type)
    return _written(found, job, bounds)


def _check_rows(body: bytes, engine: ox.QueryResultsFormat, limit: int) -> None:
    """TooMuch for more rows than the limit; they are counted one by one only where signs of that many are seen."""
    sign = {ox.QueryResultsFormat.JSON: b"},{", ox.QueryResultsFormat.XML: b"<result>"}.get(engine, b"\n")
    if body.count(sign) <= limit:
        return
    if engine == ox.QueryResultsFormat.JSON:  # a literal may hold the sign
        again = ox.parse_query_results(body, engine)
        assert isinstance(again, ox.QuerySolutions)
        if sum(1 for _ in again) <= limit:
            return
    raise TooMuch(f"the answer has more than {limit:,} rows; ask for less, for instance by LIMIT")


def _written(statements: Iterator[ox.Triple] | Iterator[ox.Quad], job: Job, bounds: Bounds) -> Reply:
    engine = FORMATS[job.form].engine
    assert isinstance(engine, ox.RdfFormat)
    sink = Sink(bounds.bytes)
    ox.serialize(_counted(statements, bounds.rows), sink, engine, prefixes=ALL_PREFIXES)
    return Reply(sink.getvalue(), media_type=job.media_type)


def _counted(
    statements: Iterator[ox.Triple] | Iterator[ox.Quad], limit: int
) -> Iterator[ox.Triple] | Iterator[ox.Quad]:
    for number, statement in enumerate(statements):
        if number >= limit:
            raise TooMuch(f"the answer has more than {limit:,} statements; ask for less, for instance by LIMIT")
        yield statement  # type: ignore[misc]  # one kind goes in and comes out


def whole_graph(graph: Graph, job: Job, bounds: Bounds) -> Reply:
    """One named graph, the union of all (`default`) or every quad (`""`), as the Graph Store Protocol gives it."""
    takes_names = FORMATS[job.form].engine in (ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS)
    if job.text == "":
        return _written(graph.quads(), job, bounds)
    if job.text == "default":
        found = graph.found("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        assert not isinstance(found, ox.QuerySolutions | ox.QueryBoolean)
        return _written(found, job, bounds)
    quads = graph.quads(_iri(job.text))
    first = next(quads, None)
    if first is None:
        return Reply(f"no graph <{job.text}> in this store\n".encode(), 404)
    every = _chain(first, quads)
    return _written(every if takes_names else (quad.triple for quad in every), job, bounds)


def _chain(first: ox.Quad, rest: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    yield first
    yield from rest


def resource_of(graph: Graph, job: Job, bounds: Bounds) -> Reply:
    """What the store says of an entity or claim; of an article, its whole graph."""
    iri = _iri(job.text)
    if next(graph.quads(iri), None) is not None:
        return whole_graph(graph, job, bounds)
    found = graph.found(RESOURCE, {"iri": iri})
    assert isinstance(found, ox.QuerySolutions)
    triples = {ox.Triple(row["s"], row["p"], row["o"]) for row in found}
    if not triples:
        return Reply(f"nothing is known of <{job.text}>\n".encode(), 404)
    return _written(iter(sorted(triples, key=str)), job, bounds)


def page(graph: Graph, job: Job, _bounds: Bounds) -> Reply:
    """A page of the explorer."""
    from kg.pages import Asked, respond

    answer = respond(graph, Asked(job.text, job.params, job.lang, job.method))
    return Reply(answer.body, answer.status, answer.media_type, answer.headers)


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise QueryError(f"'{text}' is no IRI; write it in full, as in https://w3id.org/geopol/world") from error


def form(_graph: Graph, job: Job, _bounds: Bounds) -> Reply:
    """The empty form for a text; what is sent by it goes to a reader."""
    from kg.pages import Asked
    from kg.pages.reading import respond

    answer = respond(Asked(job.text, job.params, job.lang), _no_reader)
    return Reply(answer.body, answer.status, answer.media_type, answer.headers)


def _no_reader(_document: Document) -> Extraction:
    raise AssertionError("a worker over a store reads no article")


JOBS: dict[str, Callable[[Graph, Job, Bounds], Reply]] = {
    "query": query,
    "graph": whole_graph,
    "resource": resource_of,
    "page": page,
    "form": form,
}


def done(perform: Callable[[Job], Reply], job: Job, bounds: Bounds) -> Reply:
    """The reply to a job; what goes wrong is told by its status and in one sentence."""
    try:
        reply = perform(job)
    except QueryError as error:
        return _sentence(400, str(error))
    except TooMuch as error:
        return _sentence(413, str(error))
    except MemoryError:
        return _sentence(503, f"this took more than {bounds.memory} MB of memory; ask for less")
    except KgError as error:
        return _sentence(500, str(error))
    except Exception:
        log.exception("%s failed: %.500s", job.kind, job.text)
        return _sentence(500, "the server failed at this; its log says why")
    if job.gzip and len(reply.body) >= COMPRESSED_FROM and "Content-Encoding" not in reply.headers:
        packed = gzip.compress(reply.body, LEVEL, mtime=0)
        return replace(reply, body=packed, headers={**reply.headers, "Content-Encoding": "gzip"})
    return reply


def _sentence(status: int, words: str) -> Reply:
    return Reply(f"{words}\n".encode(), status)


def work(connection: socket.socket, perform: Callable[[Job], Reply], bounds: Bounds) -> None:
    """Answer jobs until the server hangs up."""
    connection.sendall(pack_reply(Reply(b"ready")))
    while frame := receive(connection):
        signal.setitimer(signal.ITIMER_REAL, bounds.timeout + GRACE)
        reply = pack_reply(done(perform, unpack_job(*frame), bounds))
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.sendall(reply)


def begin(bounds: Bounds) -> None:
    """All is loaded: bound this process, for good.

    So many MB beyond what it holds now: an open store reserves addresses that it never fills.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    gc.collect()
    gc.freeze()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + bounds.memory * MB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(connection: socket.socket, folder: Path, bounds: Bounds) -> None:
    """Open the snapshot, bound itself, work."""
    with open_graph(folder, read_only=True) as graph:
        begin(bounds)
        work(connection, lambda job: JOBS[job.kind](graph, job, bounds), bounds)
