"""What may be wrong with a graph: one SPARQL query per kind of fault, and the same rules as SHACL.

The queries of `ontology/checks/` run over a whole store in seconds; the shapes of
`ontology/shapes.ttl` suit single articles and other people's tools. A test holds the two against
each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from kg.errors import DataError
from kg.rdf import ontology_quads, shorten
from kg.resources import data_dir

SHAPES = "https://w3id.org/geopol/shapes/"
Select = Callable[[str], Iterable[Mapping[str, str]]]
"""Runs a SELECT over the union of all graphs; a row gives the bound variables as plain strings."""

_HEADER = re.compile(r"^# (title|title@ar|fault): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of fault; `fault` is the sentence to print, with the query's variables in braces."""

    name: str
    title: str
    title_ar: str
    fault: str
    query: str


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: the check that found it, the node, and a sentence."""

    check: str
    node: str
    sentence: str


def load_checks(folder: Path | None = None) -> tuple[Check, ...]:
    """The checks of `ontology/checks/`, sorted by name."""
    folder = folder or data_dir("ontology") / "checks"
    return tuple(_check(path) for path in sorted(folder.glob("*.rq")))


@lru_cache(maxsize=1)
def checks() -> tuple[Check, ...]:
    """The checks that come with the program, read once."""
    return load_checks()


def _check(path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    for key in ("title", "title@ar", "fault"):
        if key not in header:
            raise DataError(f"{path}: the header has no line '# {key}: …'; add one")
    return Check(path.stem, header["title"], header["title@ar"], header["fault"], text)


def faults(select: Select, *, only: Iterable[Check] | None = None) -> Iterator[Fault]:
    """Everything that the checks find, check by check, sorted within each.

    The store must hold the graph gp:ontology; where it does not, that is the only fault.
    """
    chosen = tuple(checks() if only is None else only)
    for check in sorted(chosen, key=lambda check: (check.name != "ontology-missing", check.name)):
        found = sorted({_fault(check, row) for row in select(check.query)})
        yield from found
        if found and check.name == "ontology-missing":
            return


def _fault(check: Check, row: Mapping[str, str]) -> Fault:
    short = {name: shorten(value) for name, value in row.items()}
    return Fault(check.name, row["node"], check.fault.format_map(short))


def shape_faults(statements: Iterable[Quad]) -> list[Fault]:
    """What the SHACL shapes find in one article and the world data that it names; needs pyshacl.

    The graphs are merged, so give one article at a time; the ontology is added if it is not there.
    """
    import pyshacl
    import rdflib

    lines = {f"{quad.triple} .\n" for quad in (*statements, *ontology_quads())}
    data = rdflib.Graph().parse(data="".join(sorted(lines)), format="nt")
    shapes = rdflib.Graph().parse(data_dir("ontology") / "shapes.ttl", format="turtle")
    _conforms, report, _text = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    titles = {check.name: check.title for check in checks()}
    found = set()
    for result in report.objects(None, sh.result):  # the details below a result are left aside
        name = _shape_name(shapes, report.value(result, sh.sourceShape))
        in_sparql = report.value(result, sh.sourceConstraint) is not None
        node = report.value(result, sh.value if in_sparql else sh.focusNode)
        found.add(Fault(name, str(node), titles[name]))
    return sorted(found)


def _shape_name(shapes: Any, shape: Any) -> str:
    """The check that a shape stands for: its local name up to the first dot, or its parent's."""
    while not str(shape).startswith(SHAPES):
        shape = next(shapes.subjects(None, shape))
    return str(shape).removeprefix(SHAPES).split(".")[0]
