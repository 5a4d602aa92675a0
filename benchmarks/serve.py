"""Requests a second of `kg serve`, `oxigraph serve` and Virtuoso over the same quads, and how soon `kg serve` recovers.

    python benchmarks/serve.py [--quads 1000000] [--store FOLDER] [--seconds 5] [--turns 3]

Needs `wrk`, and for the third column `virtuoso-t` and `isql-vt` (Debian: wrk, virtuoso-opensource-7); all listen on
loopback alone. A point query asks for the labels of one entity, another one with each request, so that no answer is
asked for twice in a row. The servers take turns; the median of their turns counts. Prints Markdown tables. Run it
alone on the machine.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pyoxigraph as ox

from benchmarks.queries import fill
from benchmarks.tables import heads, row
from kg.rdf import ID
from kg.store import open_graph, text

CLIENTS = 16
ENTITIES = 500
POINT = "SELECT ?name WHERE {{ GRAPH ?g {{ <{0}> <http://www.w3.org/2000/01/rdf-schema#label> ?name }} }}"
JOIN = (
    "SELECT ?claim ?quote WHERE {{ GRAPH ?g {{ ?happening <https://w3id.org/geopol/ns#actor> <{0}> . "
    "?claim <https://w3id.org/geopol/ns#states> ?happening ; <https://w3id.org/geopol/ns#evidence> ?e . "
    "?e <http://www.w3.org/ns/oa#exact> ?quote }} }} LIMIT 20"
)
SCRIPT = """
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local number = 0
request = function()
  number = number % #paths + 1
  return wrk.format("GET", paths[number], {["Accept"] = "application/sparql-results+json"})
end
done = function(summary, latency, requests)
  local errors = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect
  print(string.format("FOUND %f %f %f %d", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, errors))
end
"""
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
DOUBLED = 'BIND("x" AS ?x0) ' + "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(60))
HARM = {
    "4,000 nested braces": "SELECT * " + "{" * 4000 + "}" * 4000,
    "cross product of three": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "ORDER BY over it": f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f",
    "CONCAT doubled 60 times": f"SELECT ?x60 {{ {DOUBLED} }}",
    "1,000 patterns": "SELECT * { " + "".join(f"?a{n} ?b{n} ?c{n} . " for n in range(1000)) + "}",
}


@dataclass(frozen=True, slots=True)
class Server:
    """One that is asked."""

    name: str
    port: int
    path: str  # of its endpoint


def main() -> None:
    """Fill, start, ask, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--quads", type=int, default=1_000_000)
    options.add_argument("--store", type=Path, help="keep the store here, or use the one that is here")
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--turns", type=int, default=3)
    given = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed; `apt-get install wrk`")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = given.store or folder / "store"
        if not store.exists():
            fill(store, given.quads)
        with open_graph(store, read_only=True) as graph:
            names = graph.select(
                "SELECT DISTINCT ?e { ?e rdfs:label ?n FILTER STRSTARTS(STR(?e), STR(id:)) } ORDER BY ?e"
            )
            entities = [text(found[0]) for found in names][:ENTITIES]
            actors = graph.select("SELECT DISTINCT ?e { ?happening gp:actor ?e } ORDER BY ?e LIMIT 100")
            busy = [text(found[0]) for found in actors if text(found[0]).startswith(ID)]
            print(f"{graph.count():,} quads, {os.cpu_count()} cores, {CLIENTS} connections\n")
        servers = [stack.enter_context(kg_serve(store)), stack.enter_context(oxigraph(store))]
        if shutil.which("virtuoso-t"):
            servers.append(stack.enter_context(virtuoso(store, folder)))
        compare("point query", POINT, entities, servers, given, folder)
        compare("20 quotes of one actor", JOIN, busy, servers, given, folder)
        recover(servers[0])


def compare(
    title: str, query: str, entities: list[str], servers: list[Server], given: argparse.Namespace, folder: Path
) -> None:
    """One table: each server, and how it stands to the first."""
    found: dict[str, list[tuple[float, ...]]] = {server.name: [] for server in servers}
    for _ in range(given.turns):
        for server in servers:
            found[server.name].append(asked(server, query, entities, given.seconds, folder))
    print(heads(title, "requests/s", "ours / theirs", "median ms", "p95 ms", "errors"))
    ours = median(turn[0] for turn in found[servers[0].name])
    for name, turns in found.items():
        rate = median(turn[0] for turn in turns)
        middle, late = (median(turn[index] for turn in turns) for index in (1, 2))
        print(
            row(
                name,
                f"{rate:,.0f}",
                f"{ours / rate:.2f}",
                f"{middle:.1f}",
                f"{late:.1f}",
                f"{sum(t[3] for t in turns):.0f}",
            )
        )
    print(flush=True)


def asked(server: Server, query: str, entities: list[str], seconds: int, folder: Path) -> tuple[float, ...]:
    """Requests a second, median and 95th percentile in milliseconds, errors."""
    paths, script = folder / "paths", folder / "ask.lua"
    lines = (f"{server.path}?query={quote(query.format(entity))}\n" for entity in entities)
    paths.write_text("".join(lines), encoding="utf-8")
    script.write_text(SCRIPT, encoding="utf-8")
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{server.port}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PATHS": str(paths)})
    found = re.search(r"FOUND (\S+) (\S+) (\S+) (\S+)", told.stdout)
    assert found is not None, told.stdout
    return tuple(map(float, found.groups()))


def recover(server: Server) -> None:
    """After each harmful query: its status and time, and how soon the next one was answered."""
    print(heads("harmful query to kg serve, deadline 5 s", "status", "seconds", "the next answer: ms"))
    for name, query in HARM.items():
        started = time.monotonic()
        status = posted(server, query)
        ended = time.monotonic()
        assert posted(server, "ASK {}") == 200
        print(row(name, status, f"{ended - started:.1f}", f"{(time.monotonic() - ended) * 1000:.0f}"), flush=True)


def posted(server: Server, query: str) -> int:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", server.path, query.encode(), {"Content-Type": "application/sparql-query"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


@contextmanager
def running(command: list[str], is_up: Callable[[], bool], **options: object) -> Iterator[None]:
    """A server that is up, and stopped at the end."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        for _ in range(600):
            if is_up() or process.poll() is not None:
                break
            time.sleep(0.1)
        assert process.poll() is None, f"{command[0]} did not start"
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def kg_serve(store: Path) -> Iterator[Server]:
    """Two workers, for two cores, as the others have their threads."""
    port = free_port()
    command = [sys.executable, str(ROOT / "cli.py"), "serve", "--store", str(store), "--port", str(port)]
    with running([*command, "--workers", "2", "--timeout", "5", "--quiet"], lambda: listens(port) and healthy(port)):
        yield Server("`kg serve`", port, "/sparql")


def healthy(port: int) -> bool:
    try:
        return posted(Server("", port, "/sparql"), "ASK {}") == 200
    except OSError:
        return False


@contextmanager
def oxigraph(store: Path) -> Iterator[Server]:
    port = free_port()
    program = str(Path(sys.executable).parent / "oxigraph")
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with running(command, lambda: listens(port)):
        yield Server("`oxigraph serve`", port, "/query")


@contextmanager
def virtuoso(store: Path, folder: Path) -> Iterator[Server]:
    """Virtuoso with the settings of its own documentation for 2 GB, filled from N-Quads."""
    home, port, sql = folder / "virtuoso", free_port(), free_port()
    home.mkdir()
    with open_graph(store, read_only=True) as graph, (home / "all.nq").open("wb") as file:
        ox.serialize(graph.quads(), file, ox.RdfFormat.N_QUADS)
    (home / "virtuoso.ini").write_text(
        f"[Database]\nDatabaseFile = {home}/v.db\nErrorLogFile = {home}/v.log\nLockFile = {home}/v.lck\n"
        f"TransactionFile = {home}/v.trx\n"
        f"xa_persistent_file = {home}/v.pxa\n[TempDatabase]\nDatabaseFile = {home}/t.db\n"
        f"TransactionFile = {home}/t.trx\n[Parameters]\nServerPort = 127.0.0.1:{sql}\nDirsAllowed = {home}\n"
        "NumberOfBuffers = 170000\nMaxDirtyBuffers = 130000\nServerThreads = 32\n"
        f"[HTTPServer]\nServerPort = 127.0.0.1:{port}\nServerThreads = 32\nMaxClientConnections = 32\n",
        encoding="utf-8",
    )
    command = ["virtuoso-t", "+foreground", "+configfile", str(home / "virtuoso.ini")]
    with running(command, lambda: listens(port) and listens(sql), cwd=home):
        load = f"DB.DBA.TTLP(file_to_string_output('{home}/all.nq'), '', 'urn:none', 512); checkpoint;"
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"], check=True, capture_output=True)
        yield Server("Virtuoso 7", port, "/sparql")


if __name__ == "__main__":
    main()
