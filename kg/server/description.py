"""The endpoint described in RDF, as SPARQL 1.1 Service Description wants it at the endpoint's own address."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.server.negotiation import FORMATS, OFFERED

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMAT = "http://www.w3.org/ns/formats/"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
W3C_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "trig": "TriG",
    "nquads": "N-Quads",
}
PREFIXES = {"sd": SD, "format": FORMAT}


def description(address: str, form: str) -> bytes:
    """The service description of the endpoint at that address, in one of the formats for triples."""
    engine = FORMATS[form].engine
    assert isinstance(engine, ox.RdfFormat)
    written = ox.serialize(_triples(address), format=engine, prefixes=PREFIXES)
    assert written is not None
    return written


def _triples(address: str) -> Iterator[ox.Triple]:
    service = ox.NamedNode(address)
    dataset, default = ox.NamedNode(f"{address}#dataset"), ox.NamedNode(f"{address}#union")

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(SD + name)

    yield ox.Triple(service, RDF_TYPE, sd("Service"))
    yield ox.Triple(service, sd("endpoint"), service)
    yield ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query"))
    yield ox.Triple(service, sd("feature"), sd("UnionDefaultGraph"))
    for form in (*OFFERED["rows"], *OFFERED["triples"]):
        yield ox.Triple(service, sd("resultFormat"), ox.NamedNode(FORMAT + W3C_NAMES[form.name]))
    yield ox.Triple(service, sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, RDF_TYPE, sd("Dataset"))
    yield ox.Triple(dataset, sd("defaultGraph"), default)
    yield ox.Triple(default, RDF_TYPE, sd("Graph"))
