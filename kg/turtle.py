"""Turtle that is the same bytes for the same graph: sorted, prefixed, without blank nodes.

Sorts outside of memory, so that a store of any size can be written.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from typing import IO

import pyoxigraph as ox

from kg.ontology import ROOT
from kg.rdf import PREFIXES

ALL_PREFIXES = {
    **PREFIXES,
    "dt": "https://w3id.org/geopol/datatype/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "root": ROOT,
    "wdt": "http://www.wikidata.org/prop/direct/",
}
CHUNK = 200_000  # lines sorted at a time: about 100 MB


def write(statements: Iterable[ox.Triple | ox.Quad], out: IO[bytes], form: ox.RdfFormat) -> None:
    """Each statement once, sorted; graph names only in a format that has them."""
    lines = (f"{statement} .\n" for statement in _without_graph(statements, form))
    flat = ox.RdfFormat.N_QUADS if form.supports_datasets else ox.RdfFormat.N_TRIPLES
    prefixes = ALL_PREFIXES if form in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG) else None
    with tempfile.TemporaryFile() as sorted_file:
        for line in sorted_once(lines):
            sorted_file.write(line.encode())
        sorted_file.seek(0)
        quads = ox.parse(sorted_file, flat)
        if form.supports_datasets:
            ox.serialize(_by_graph(quads, form), out, form, prefixes=prefixes)
        else:
            ox.serialize((quad.triple for quad in quads), out, form, prefixes=prefixes)


def _without_graph(statements: Iterable[ox.Triple | ox.Quad], form: ox.RdfFormat) -> Iterator[ox.Triple | ox.Quad]:
    for statement in statements:
        flat = isinstance(statement, ox.Quad) and not form.supports_datasets
        yield statement.triple if flat and isinstance(statement, ox.Quad) else statement


def _by_graph(quads: Iterable[ox.Quad], form: ox.RdfFormat) -> Iterable[ox.Quad]:
    """TriG is grouped by graph; N-Quads are sorted as they are."""
    if form != ox.RdfFormat.TRIG:
        return quads
    lines = (f"{quad.graph_name} {quad} .\n" for quad in quads)
    by_graph = (line.split(" ", 1)[1] for line in sorted_once(lines))
    return (quad for line in by_graph for quad in ox.parse(line, ox.RdfFormat.N_QUADS))


def sorted_once(lines: Iterable[str], chunk: int = CHUNK) -> Iterator[str]:
    """The lines in order, each once; more than `chunk` of them are kept on disk meanwhile."""
    rest = iter(lines)
    with ExitStack() as files:
        runs: list[Iterable[str]] = []
        while part := sorted(set(islice(rest, chunk))):
            if len(part) < chunk and not runs:
                yield from part
                return
            run = files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            run.writelines(part)
            run.seek(0)
            runs.append(run)
        for line, _ in groupby(heapq.merge(*runs)):
            yield line
