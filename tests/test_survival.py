"""`kg serve` lives on: after each of these the next query is answered, by a server that was never restarted."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from served import WAIT, Served, Told, fill, serving

from kg.store import open_graph

ONE = "SELECT ?name WHERE { id:russia rdfs:label ?name }"
TRIPLE = "?a{0} ?b{0} ?c{0} . "
CROSS = "SELECT (COUNT(*) AS ?n) { " + "".join(TRIPLE.format(n) for n in range(3)) + "}"
DOUBLINGS = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40))
SOON = 5.0  # seconds; a second is promised, machines of tests are busy
TIMEOUT = "1.5"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("survival") / "news.kg")


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Path:
    """A store that a test may change."""
    return shutil.copytree(filled, tmp_path / "news.kg")


@pytest.fixture(scope="module")
def server(filled: Path) -> Iterator[Served]:
    with serving(filled, "--workers", "2", "--timeout", TIMEOUT, "--memory", "200") as served:
        yield served


def lives(server: Served) -> bool:
    """The next query is answered, and soon."""
    started = time.monotonic()
    told = server.query(ONE)
    return told.status == 200 and b"Russia" in told.body and time.monotonic() - started < SOON


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("SELECT * " + "{" * 4000 + "}" * 4000, {400}),
        ("SELECT * { ?s ?p ?o FILTER " + "(" * 4000 + "1" + ")" * 4000 + "}", {400}),
        ("SELECT * { ?s ?p " + "[ ?p " * 4000 + "1" + "]" * 4000 + "}", {400}),
        ("SELECT * { ?s ?p ?o FILTER (" + "!" * 4000 + "?o) }", {400}),
        (CROSS, {504}),
        (CROSS.replace("(COUNT(*) AS ?n)", "*"), {413, 504}),
        (CROSS.replace("(COUNT(*) AS ?n)", "*") + " ORDER BY ?c0 ?a1", {503, 504}),
        (CROSS.replace("(COUNT(*) AS ?n)", "DISTINCT ?a0 ?a1 ?a2"), {413, 503, 504}),
        ('SELECT ?x60 { BIND("x" AS ?x0) ' + DOUBLINGS + "}", {503, 504}),
        ("SELECT * { " + "".join(TRIPLE.format(n) for n in range(1000)) + "}", {400}),
        ("SELECT * { ?s " + "/".join(["gp:operator"] * 1000) + " ?o }", {200, 400, 503, 504}),
        ("SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 1000) + " }", {400}),
        ("SELECT * { ?s ?p ?o . " + "OPTIONAL { ?o ?p ?x } " * 1000 + "}", {400}),
        ("SELECT * { ?a (!gp:none)+ ?b . ?b (!gp:none)+ ?c }", {413, 503, 504}),
        ('SELECT * { ?s ?p ?o FILTER REGEX("' + "a" * 9000 + '", "(a+)+(a+)+$") }', {200, 413, 503, 504}),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_harmful_query_is_refused_or_stopped(server: Served, query: str, statuses: set[int]) -> None:
    body = query.encode()
    told = server.ask("/sparql", "POST", body, Content_Type="application/sparql-query")
    assert told.status in statuses
    assert told.status == 200 or told.body.count(b"\n") == 1
    assert lives(server)


def test_slow_clients_take_nobodys_place(server: Served) -> None:
    head = b"GET /sparql?query=" + ONE.replace(" ", "+").encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    kind = b"Content-Type: application/sparql-query\r\nContent-Length: 9"
    post = b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\n" + kind + b"\r\n\r\nASK"
    rows = "SELECT * { ?s ?p ?o } LIMIT 500"
    many = head.replace(ONE.replace(" ", "+").encode(), rows.replace(" ", "+").encode()) + b"\r\n"  # and never reads
    slow = [socket.create_connection(("127.0.0.1", server.port), WAIT) for _ in range(40)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall((b"", head, post, many)[number % 4])
        assert lives(server)
        slow[1].sendall(b"\r\n")
        assert slow[1].recv(12) == b"HTTP/1.1 200"
    finally:
        for connection in slow:
            connection.close()


def test_a_client_that_falls_silent_is_hung_up_on(server: Served) -> None:
    with socket.create_connection(("127.0.0.1", server.port), WAIT) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        assert silent.recv(1) == b""


def test_two_hundred_clients_at_once_are_all_answered(server: Served) -> None:
    with ThreadPoolExecutor(200) as clients:
        told = list(clients.map(lambda _: server.query(ONE), range(200)))
    assert {one.status for one in told} == {200}
    assert len({one.body for one in told}) == 1
    assert lives(server)


def test_many_clients_with_endless_queries_leave_a_server_that_answers(server: Served) -> None:
    with ThreadPoolExecutor(40) as clients:
        told = list(clients.map(lambda _: server.query(CROSS), range(40)))
    assert {one.status for one in told} <= {503, 504}
    assert lives(server)


def test_workers_that_are_killed_while_idle_are_replaced(server: Served) -> None:
    for worker in server.workers():
        os.kill(worker, signal.SIGKILL)
    assert server.query(ONE).status in (200, 503)  # 503 where it came before the news of the death
    assert lives(server)


def test_a_worker_that_is_killed_at_work_costs_that_query_alone(store: Path) -> None:
    with serving(store, "--workers", "1") as served, ThreadPoolExecutor(1) as client:
        asked = client.submit(served.query, CROSS)
        wait_until(lambda: "kg_running 1.0" in served.ask("/metrics").text)
        for worker in served.workers():
            os.kill(worker, signal.SIGKILL)
        assert asked.result(WAIT).status == 503
        assert lives(served)


def test_what_a_build_has_written_is_served_without_a_restart(store: Path, tmp_path: Path) -> None:
    with serving(store, "--workers", "1") as served:
        before = served.ask("/health").text
        with open_graph(store) as graph:
            graph.withdraw("sample-1")
            assert lives(served)
            assert served.ask("/health").text == before
        wait_until(lambda: served.ask("/health").text != before)
        assert served.query("SELECT ?a { ?a a gp:Article }", Accept="text/csv").text == "a\r\n"
        wait_until(lambda: len(snapshots(tmp_path)) == 1)
    assert snapshots(tmp_path) == []


def test_a_request_under_way_is_answered_before_the_server_ends(store: Path, tmp_path: Path) -> None:
    with serving(store, "--workers", "1", "--timeout", TIMEOUT) as served, ThreadPoolExecutor(1) as client:
        asked: Future[Told] = client.submit(served.query, CROSS)
        wait_until(lambda: "kg_running 1.0" in served.ask("/metrics").text)
        served.process.send_signal(signal.SIGTERM)
        assert asked.result(WAIT).status == 504
        assert served.process.wait(WAIT) == 0
    assert snapshots(tmp_path) == []


def test_a_server_that_was_killed_leaves_nothing_for_long(store: Path, tmp_path: Path) -> None:
    with serving(store, "--workers", "1") as served:
        workers = served.workers()
        served.process.kill()
        served.process.wait(WAIT)
        wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert len(snapshots(tmp_path)) == 1
    with serving(store, "--workers", "1") as served:
        assert lives(served)
        assert len(snapshots(tmp_path)) == 1
    assert snapshots(tmp_path) == []


def snapshots(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".news.kg.served-")]


def wait_until(holds: object) -> None:
    """Look again and again, until it holds or time is up."""
    assert callable(holds)
    end = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
