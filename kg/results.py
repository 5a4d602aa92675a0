"""Answers as people and programs read them: table, JSON, CSV, TSV, XML, Turtle.

What comes from articles may hold anything: `terminal` keeps a table's columns where they are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg import turtle
from kg.errors import QueryError
from kg.rdf import XSD, shorten
from kg.store import Answer, Rows, Term, Triples, text
from kg.terminal import clean, isolate, screen_width, width
from kg.terminal import shorten as cut

FORMATS = ("table", "json", "csv", "tsv", "xml", "turtle")
CELL = 60  # columns of the terminal that one cell may take
LONG = 300  # and below its row
_STRING = XSD + "string"


def write_answer(answer: Answer, form: str, out: IO[str], *, cell: int = CELL) -> None:
    """Write an answer in one of FORMATS; QueryError for a form that it cannot take."""
    if form not in FORMATS:
        raise QueryError(f"no format '{form}'; choose one of {', '.join(FORMATS)}")
    if isinstance(answer, Triples):
        if form not in ("table", "turtle"):
            raise QueryError(f"this query answers with triples, which {form} cannot hold; use turtle")
        body = io.BytesIO()
        turtle.write(answer.triples, body, ox.RdfFormat.TURTLE)
        out.write(body.getvalue().decode())
    elif form == "turtle":
        raise QueryError("turtle holds triples; this query does not CONSTRUCT any: use table or json")
    elif isinstance(answer, bool):
        _write_boolean(answer, form, out)
    elif form == "table":
        out.writelines(line + "\n" for line in table(answer, cell=cell))
    else:
        _ROWS[form](answer, out)


def _write_boolean(answer: bool, form: str, out: IO[str]) -> None:
    word = "true" if answer else "false"
    if form == "json":
        out.write(json.dumps({"head": {}, "boolean": answer}) + "\n")
    elif form == "xml":
        out.write(f"{_XML}<head/><boolean>{word}</boolean></sparql>\n")
    else:
        out.write(word + "\n")


def _write_json(answer: Rows, out: IO[str]) -> None:
    """SPARQL 1.1 Query Results JSON, one binding a line."""
    out.write(json.dumps({"head": {"vars": answer.variables}})[:-1] + ', "results": {"bindings": [')
    comma = "\n"
    for row in answer.rows:
        pairs = zip(answer.variables, row, strict=True)
        binding = {name: _json_term(term) for name, term in pairs if term is not None}
        out.write(comma + json.dumps(binding, ensure_ascii=False))
        comma = ",\n"
    out.write("\n]}}\n")


def _json_term(term: Term) -> dict[str, str]:
    if not isinstance(term, ox.Literal):
        kind = "uri" if isinstance(term, ox.NamedNode) else "bnode"
        return {"type": kind, "value": text(term) or str(term)}
    found = {"type": "literal", "value": term.value}
    if term.language:
        return {**found, "xml:lang": term.language}
    return found if term.datatype.value == _STRING else {**found, "datatype": term.datatype.value}


def _write_csv(answer: Rows, out: IO[str]) -> None:
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(answer.variables)
    writer.writerows([text(term) for term in row] for row in answer.rows)


def _write_tsv(answer: Rows, out: IO[str]) -> None:
    out.write("\t".join(f"?{name}" for name in answer.variables) + "\n")
    for row in answer.rows:
        cells = ("" if term is None else str(term).replace("\t", "\\t") for term in row)
        out.write("\t".join(cells) + "\n")


_XML = '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def _write_xml(answer: Rows, out: IO[str]) -> None:
    names = "".join(f"<variable name={quoteattr(name)}/>" for name in answer.variables)
    out.write(f"{_XML}<head>{names}</head>\n<results>\n")
    for row in answer.rows:
        pairs = zip(answer.variables, row, strict=True)
        cells = (f"<binding name={quoteattr(n)}>{_xml_term(t)}</binding>" for n, t in pairs if t)
        out.write(f"<result>{''.join(cells)}</result>\n")
    out.write("</results></sparql>\n")


def _xml_term(term: Term) -> str:
    value = escape("".join(sign if _in_xml(sign) else "\ufffd" for sign in text(term)))
    if not isinstance(term, ox.Literal):
        return f"<uri>{value}</uri>"
    if term.language:
        return f'<literal xml:lang="{term.language}">{value}</literal>'
    kind = "" if term.datatype.value == _STRING else f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{kind}>{value}</literal>"


def _in_xml(sign: str) -> bool:
    return sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff")


_ROWS: dict[str, Callable[[Rows, IO[str]], None]] = {
    "json": _write_json,
    "csv": _write_csv,
    "tsv": _write_tsv,
    "xml": _write_xml,
}


def table(answer: Rows, *, cell: int = CELL, columns: int | None = None) -> Iterator[str]:
    """Lines of a table for the terminal; holds all rows, because widths depend on them.

    Columns for which the screen has no room stand below their row, each with its name.
    """
    terms = list(answer.rows)
    rows = [[_cell(term, cell) for term in row] for row in terms]
    names, room = list(answer.variables), columns or screen_width()
    widths = [max([width(name), *(width(row[column]) for row in rows)]) for column, name in enumerate(names)]
    fits = sum(1 for end in range(len(names)) if sum(widths[: end + 1]) + 2 * end <= room) or 1
    yield _line(names[:fits], widths[:fits])
    yield "  ".join("─" * size for size in widths[:fits])
    for row, whole in zip(rows, terms, strict=True):
        yield _line(row[:fits], widths[:fits])
        yield from _below(zip(names[fits:], (_cell(term, LONG) for term in whole[fits:]), strict=True), room)
    yield f"({len(rows)} row{'' if len(rows) == 1 else 's'})"


def _below(cells: Iterable[tuple[str, str]], room: int) -> Iterator[str]:
    """Names and words, indented, as many on a line as fit; what is empty or false is left out."""
    line, used = "", 0
    for name, words in cells:
        if words in ("", "false"):
            continue
        size = width(f"{name}: {words}") + 4
        if line and used + size > room:
            yield line
            line, used = "", 0
        line, used = f"{line}    {name}: {isolate(words)}", used + size
    if line:
        yield line


def _cell(term: Term | None, cell: int) -> str:
    shown = shorten(term.value) if isinstance(term, ox.NamedNode) else text(term)
    return cut(clean(shown), cell)


def _line(cells: list[str], widths: list[int]) -> str:
    padded = (isolate(cell) + " " * (size - width(cell)) for cell, size in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip(" ")
