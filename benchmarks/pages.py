"""Times every kind of page of the explorer at a million quads, and weighs what a browser fetches for it.

    python benchmarks/pages.py [--quads 1000000] [--store FOLDER] [--turns 3]

Asks a `kg serve` on loopback, one request after another: the busiest parties, pairs of them, letters as they are typed,
articles and claims, every ready question. Prints a Markdown table: median, 95th percentile and the slowest page in
milliseconds, and with chromium the kilobytes that a browser fetches for the slowest one, fonts and all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, sync_playwright

from benchmarks.queries import fill
from benchmarks.serve import kg_serve
from benchmarks.tables import heads, row
from kg.queries import SavedQuery, saved_queries
from kg.rdf import ART, ID
from kg.store import Graph, open_graph, text

BUSY = "SELECT ?e (COUNT(*) AS ?n) { ?happening gp:actor ?e } GROUP BY ?e ORDER BY DESC(?n) ?e LIMIT 24"
FETCHED = """() => ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
  .reduce((sum, one) => sum + one.transferSize, 0)"""
GIVEN = {"entity": "russia", "relation": "operator", "text": "headOfState"}


def main() -> None:
    """Fill, serve, ask, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--quads", type=int, default=1_000_000)
    options.add_argument("--store", type=Path, help="keep the store here, or use the one that is here")
    options.add_argument("--turns", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = given.store or Path(folder) / "store"
        if not store.exists():
            fill(store, given.quads)
        with open_graph(store, read_only=True) as graph:
            asked = paths(graph)
            print(f"{graph.count():,} quads\n")
        with kg_serve(store) as server, browser() as chromium:
            connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
            print(heads("page", "pages", "median ms", "p95 ms", "slowest ms", "slowest", "slowest: KB"))
            for kind, addresses in asked.items():
                print(measured(connection, kind, addresses, given.turns, chromium), flush=True)


def paths(graph: Graph) -> dict[str, list[str]]:
    """Addresses of each kind of page."""
    busy = [text(found[0]).removeprefix(ID) for found in graph.select(BUSY) if text(found[0]).startswith(ID)]
    articles = [
        "/article/" + article.iri.value.removeprefix(ART)
        for article, _ in zip(graph.articles(), range(20), strict=False)
    ]
    words = ["r", "ru", "rus", "russia", "u", "uni", "united", "ت", "تر", "تركيا", "al", "base"]
    return {
        "start": ["/", "/?lang=ar"],
        "entity": [f"/id/{key}" for key in busy],
        "neighbours": [f"/neighbours/{key}" for key in busy],
        "compare": [f"/compare?a={one}&b={other}" for one, other in pairwise(busy)],
        "search": [f"/search?q={quote(word)}" for word in words],
        "suggest": [f"/suggest?q={quote(word)}" for word in words],
        "articles": ["/articles", "/articles?lang=ar"],
        "article": articles,
        "claim": [f"{path}/c1" for path in articles],
        "questions": ["/questions", "/questions?lang=ar"],
        "question": [question(query) for query in saved_queries()],
        "editor": ["/editor"],
        "read": ["/read"],
    }


def question(query: SavedQuery) -> str:
    """The address of a ready question, with what it needs."""
    needed = {parameter.name: GIVEN.get(parameter.type, "") for parameter in query.parameters if parameter.required}
    return f"/questions/{query.name}?{urlencode({**needed, 'view': 'table'})}"


def measured(connection: HTTPConnection, kind: str, addresses: list[str], turns: int, chromium: Browser | None) -> str:
    """One line of the table; each address is asked for once before it is timed."""
    failed = [address for address in addresses if fetched(connection, address) != 200]
    times: dict[str, list[float]] = {address: [] for address in addresses if address not in failed}
    for _ in range(turns):
        for address in times:
            started = time.perf_counter()
            fetched(connection, address)
            times[address].append((time.perf_counter() - started) * 1000)
    connection.close()  # which the server would do while the browser looks
    every = [one for found in times.values() for one in found]
    late = quantiles(every, n=20, method="inclusive")[-1]
    slowest = max(times, key=lambda address: median(times[address]))
    for address in failed:
        print(f"{address} was not answered within the deadline, and is not counted", file=sys.stderr)
    return row(kind, len(times), f"{median(every):.0f}", f"{late:.0f}", f"{median(times[slowest]):.0f}",
               f"`{slowest}`", weighed(chromium, f"http://127.0.0.1:{connection.port}{slowest}"))  # fmt: skip


def fetched(connection: HTTPConnection, address: str) -> int:
    """Ask for a page as a browser does, and read it whole; its status."""
    connection.request("GET", address, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    return response.status


@contextmanager
def browser() -> Iterator[Browser | None]:
    """Debian's chromium; None where it is not installed."""
    program = shutil.which("chromium")
    if program is None:
        yield None
        return
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=program, args=options)
        yield launched
        launched.close()


def weighed(chromium: Browser | None, address: str) -> str:
    """Kilobytes that a browser with nothing kept fetches for a page: itself, scripts, styles, fonts, data."""
    if chromium is None:
        return ""
    with chromium.new_context(locale="ar" if "lang=ar" in address else "en") as context:
        page = context.new_page()
        page.goto(address, wait_until="networkidle", timeout=30_000)
        return f"{page.evaluate(FETCHED) / 1000:.0f}"


if __name__ == "__main__":
    main()
