"""A Wikidata-shaped endpoint on loopback: a real SPARQL server, and before it a door that can be slow or shut."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

WD, WDT = "http://www.wikidata.org/entity/", "http://www.wikidata.org/prop/direct/"
P, PS, PQ = (f"http://www.wikidata.org/prop/{part}" for part in ("", "statement/", "qualifier/"))


@dataclass(slots=True)
class Entry:
    """One item of the fixture; its identifier is made up and stands for nothing in the real Wikidata."""

    qid: str
    cls: str  # QID of its class, as P31
    en: str = ""
    ar: str = ""
    aliases: tuple[tuple[str, str], ...] = ()  # language, name
    states: tuple[str, ...] = ()  # QIDs
    by: str = "P17"  # the property that names the states
    place: tuple[float, float] | None = None
    sitelinks: int = 1
    description: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # property, QID of the value
    offices: tuple[tuple[str, str, str], ...] = ()  # QID of the position, from, to (YYYY-MM-DD or empty)

    def turtle(self) -> Iterator[str]:
        """Its triples, as Wikidata writes them."""
        item = f"<{WD}{self.qid}>"
        yield f"{item} <{WDT}P31> <{WD}{self.cls}> ."
        for lang, name in (("en", self.en), ("ar", self.ar)):
            if name:
                label = "http://www.w3.org/2000/01/rdf-schema#label"
                yield f"{item} <{label}> {json.dumps(name, ensure_ascii=False)}@{lang} ."
        for lang, name in self.aliases:
            alias = "http://www.w3.org/2004/02/skos/core#altLabel"
            yield f"{item} <{alias}> {json.dumps(name, ensure_ascii=False)}@{lang} ."
        for state in self.states:
            yield f"{item} <{WDT}{self.by}> <{WD}{state}> ."
            node = f"<{WD}statement/{self.qid}-{self.by}-{state}>"
            yield f"{item} <{P}{self.by}> {node} . {node} <{PS}{self.by}> <{WD}{state}> ."
        if self.place:
            point = f'"Point({self.place[1]} {self.place[0]})"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
            yield f"{item} <{WDT}P625> {point} ."
        integer = "http://www.w3.org/2001/XMLSchema#integer"
        yield f'{item} <http://wikiba.se/ontology#sitelinks> "{self.sitelinks}"^^<{integer}> .'
        for name, value in self.facts:
            yield f"{item} <{WDT}{name}> <{WD}{value}> ."
        for number, (office, start, end) in enumerate(self.offices):
            node = f"<{WD}statement/{self.qid}-P39-{number}>"
            yield f"{item} <{P}P39> {node} . {node} <{PS}P39> <{WD}{office}> . {item} <{WDT}P39> <{WD}{office}> ."
            for qualifier, day in (("P580", start), ("P582", end)):
                if day:
                    moment = f'"{day}T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
                    yield f"{node} <{PQ}{qualifier}> {moment} ."
        if self.description:
            yield f"{item} <http://schema.org/description> {json.dumps(self.description)}@en ."


def fill(server: str, entries: list[Entry]) -> None:
    """Add the items to the server."""
    body = "\n".join(line for entry in entries for line in entry.turtle()).encode()
    with urlopen(Request(f"{server}/store?default", body, {"Content-Type": "text/turtle"}, method="POST")):
        pass


@dataclass(slots=True)
class Door:
    """Passes questions on to the server behind it; `faults` are met first, one a question."""

    url: str = ""
    faults: list[str] = field(default_factory=list)  # "503", "429 1" (Retry-After), "302 URL", "slow 2", "cut", "html"
    questions: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)


@contextmanager
def door(server: str) -> Iterator[Door]:
    """A door before the server's query address."""
    found = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.questions.append(body.decode())
            found.agents.add(self.headers["User-Agent"])
            fault, _, detail = (found.faults.pop(0) if found.faults else "").partition(" ")
            if fault.isdigit():
                self.send_response(int(fault))
                if detail:
                    self.send_header("Location" if fault[0] == "3" else "Retry-After", detail)
                self.end_headers()
                return
            if fault == "slow":
                time.sleep(float(detail))
            headers = {"Content-Type": self.headers["Content-Type"], "Accept": "application/sparql-results+json"}
            try:
                with urlopen(Request(f"{server}/query", body, headers)) as answer:
                    words = answer.read()
            except HTTPError as error:
                with error:
                    self.send_response(error.code)
                self.end_headers()
                return
            if fault == "cut":
                words = words[: len(words) // 2]
            self.send_response(200)
            kind = "text/html" if fault == "html" else "application/sparql-results+json"
            self.send_header("Content-Type", kind)
            self.end_headers()
            with suppress(BrokenPipeError):  # the client did not wait
                self.wfile.write(b"<html>busy</html>" if fault == "html" else words)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{http.server_port}/sparql"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        http.shutdown()
        http.server_close()
