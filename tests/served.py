"""A real `kg serve` on loopback for tests, with a small store."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote, urlsplit

from sample_article import EXTRACTION

from kg import rdf
from kg.seeds import world
from kg.store import open_graph

ROOT = Path(__file__).resolve().parents[1]
WAIT = 60  # seconds for anything on a busy machine


@dataclass(frozen=True, slots=True)
class Told:
    """What the server answered."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(slots=True)
class Served:
    """A server under test."""

    address: str  # http://127.0.0.1:port
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        found = urlsplit(self.address).port
        assert found is not None
        return found

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Told:
        """One request; header names are written with `_` for `-`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, names)
            return told(connection.getresponse())
        finally:
            connection.close()

    def query(self, sparql: str, **headers: str) -> Told:
        """One query by GET."""
        return self.ask(f"/sparql?query={quote(sparql)}", **headers)

    def workers(self) -> list[int]:
        """The process ids of its workers: children of the process from which they are forked."""
        return [worker for child in children(self.process.pid) for worker in children(child)]


def children(process: int) -> list[int]:
    """Those of all its threads."""
    listed = (path.read_text(encoding="ascii") for path in Path(f"/proc/{process}/task").glob("*/children"))
    return [int(number) for numbers in listed for number in numbers.split()]


def told(response: HTTPResponse) -> Told:
    headers: dict[str, str] = {}
    for name, value in response.getheaders():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    return Told(response.status, headers, response.read())


@contextmanager
def serving(store: Path, *options: str, token: str = "") -> Iterator[Served]:
    """`kg serve` on a free port, stopped at the end."""
    command = [sys.executable, "-m", "kg", "serve", "--store", str(store), "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KG_TOKEN": token}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    served, ready = Served("", process), Event()
    reader = Thread(target=_read, args=(served, ready))
    reader.start()
    try:
        assert ready.wait(WAIT), "the server did not start"
        assert served.address, f"the server did not start: {''.join(served.log)}"
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT)
        reader.join(WAIT)
        assert process.stderr is not None
        process.stderr.close()


def _read(served: Served, ready: Event) -> None:
    """Keep the log from filling the pipe."""
    assert served.process.stderr is not None
    for line in served.process.stderr:
        served.log.append(line)
        if not served.address and (found := re.search(r"at (http://\S+?)/,", line)):
            served.address = found[1]
            ready.set()
    ready.set()


def fill(store: Path) -> Path:
    """A store of the ontology, the world data and one article."""
    with open_graph(store) as graph:
        graph.bulk(rdf.ontology_quads())
        graph.bulk(rdf.world_quads(world()))
        graph.bulk(rdf.quads(EXTRACTION))
        graph.flush()
    return store
