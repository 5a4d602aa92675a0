"""A small reader of QuickStatements V1: carries the commands out on a Wikidata-shaped SPARQL server."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.request import Request, urlopen

import pyoxigraph as ox
from wikidata import PQ, PS, WD, WDT, P

PR, PRV = "http://www.wikidata.org/prop/reference/", "http://www.wikidata.org/prop/reference/value/"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
WIKIBASE = "http://wikiba.se/ontology#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
XSD = "http://www.w3.org/2001/XMLSchema#"
TIME = re.compile(r"\+(\d{4}-\d\d-\d\dT00:00:00Z)/(9|10|11)")
TEXT = re.compile(r'([a-z-]+):"(.*)"')


@dataclass(slots=True)
class Tool:
    """What carries the commands out; items that it makes get made-up identifiers."""

    server: str
    last: str = ""
    made: int = 0
    triples: list[ox.Triple] = field(default_factory=list)

    def run(self, script: str) -> None:
        """All lines, one after the other; AssertionError for one that is no command."""
        assert "|" not in script, "some tools split there"
        for line in script.splitlines():
            cells = line.split("\t")
            if cells == ["CREATE"]:
                self.made += 1
                self.last = f"Q93000000{self.made}"
                continue
            item = self.last if cells[0] == "LAST" else cells[0]
            assert re.fullmatch(r"Q\d+", item), line
            if re.fullmatch("L[a-z]{2}", cells[1]):
                (name,) = cells[2:]
                self._add(WD + item, LABEL, ox.Literal(string(name), language=cells[1][1:]))
            else:
                assert len(cells) % 2 == 1, line
                self._statement(item, cells[1], cells[2], list(zip(cells[3::2], cells[4::2], strict=True)))
        body = ox.serialize(self.triples, format=ox.RdfFormat.N_TRIPLES)
        headers = {"Content-Type": "application/n-triples"}
        with urlopen(Request(f"{self.server}/store?default", body, headers, method="POST")):
            self.triples.clear()

    def _statement(self, item: str, name: str, value: str, parts: list[tuple[str, str]]) -> None:
        """One that stands there already with this value gets the references alone added, as the tool does."""
        assert re.fullmatch(r"P\d+", name)
        found = select(
            self.server, f"SELECT ?node WHERE {{ <{WD}{item}> <{P}{name}> ?node . ?node <{PS}{name}> <{WD}{value}> }}"
        )
        node = found[0]["node"] if found else f"{WD}statement/{item}-{name}-{value}"
        self._add(WD + item, P + name, ox.NamedNode(node))
        self._add(WD + item, WDT + name, ox.NamedNode(WD + value))
        self._add(node, PS + name, ox.NamedNode(WD + value))
        reference = 0
        for key, words in parts:
            if key.startswith("P"):
                assert not reference, "a qualifier after a reference"
                self._value(node, PQ, "", key, words)
                continue
            mark, number = re.fullmatch(r"(!?)S(\d+)", key).groups()  # type: ignore[union-attr]
            reference += bool(mark) or not reference
            source = f"{node}/reference/{reference}"
            self._add(node, DERIVED, ox.NamedNode(source))
            self._value(source, PR, PRV, f"P{number}", words)

    def _value(self, node: str, simple: str, full: str, name: str, words: str) -> None:
        if moment := TIME.fullmatch(words):
            first = moment[1].replace("-00", "-01")
            self._add(node, simple + name, ox.Literal(first, datatype=ox.NamedNode(XSD + "dateTime")))
            if full:
                value = WD.replace("entity", "value") + sha256(words.encode()).hexdigest()
                self._add(node, full + name, ox.NamedNode(value))
                self._add(value, WIKIBASE + "timePrecision", ox.Literal(int(moment[2])))
        elif text := TEXT.fullmatch(words):
            self._add(node, simple + name, ox.Literal(text[2], language=text[1]))
        elif re.fullmatch(r"Q\d+", words):
            self._add(node, simple + name, ox.NamedNode(WD + words))
        else:
            self._add(node, simple + name, ox.NamedNode(string(words)))

    def _add(self, subject: str, name: str, value: ox.NamedNode | ox.Literal) -> None:
        self.triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(name), value))


def string(words: str) -> str:
    """What stands between the first and the last quotation mark."""
    assert re.fullmatch('".*"', words), words
    return words[1:-1]


def select(server: str, query: str) -> list[dict[str, str]]:
    """The rows of a SELECT."""
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
    with urlopen(Request(f"{server}/query", query.encode(), headers)) as answer:
        rows = json.load(answer)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]
