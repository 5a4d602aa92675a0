"""What hostile input must not do: crash, run for ever, open a file or make a connection (docs/security.md)."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import TARGETS, cases, once, seeds_of
from kg.documents import Unreadable, read
from kg.errors import InputError, QueryError
from kg.model import Document
from kg.pipeline import load_extractor
from kg.queries import answer, ask, saved_queries
from kg.store import Graph, open_graph

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("target", TARGETS)
def test_the_seeds_of_the_fuzzer_break_nothing(target: str) -> None:
    for seed in seeds_of(target):
        once(target, seed)


@pytest.mark.parametrize("target", TARGETS)
def test_made_up_input_breaks_nothing(target: str) -> None:
    @settings(max_examples=40, derandomize=True, database=None)
    @given(cases(seeds_of(target)))
    def draw(data: bytes) -> None:
        once(target, data)

    draw()


LONG = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))  # where a step takes the square of the length, hours would not do
from kg.model import Document
from kg.pipeline import load_extractor
for lang in ("en", "ar"):
    load_extractor().extract(Document("x", (sys.argv[1] * 100_000)[:100_000], lang))
"""


@pytest.mark.parametrize("words", ["\n", "Mr. ", "president of ", "the ", ".", "<", "a'", "said that "])
def test_a_text_of_one_thing_repeated_is_read_in_time(words: str) -> None:
    run = subprocess.run([sys.executable, "-c", LONG, words], capture_output=True, text=True, cwd=ROOT)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tags.html", b"<div>" * 1_000_000),
        ("entities.html", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>' + b"&b;" * 1000),
        ("external.html", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><p>&a; and four more words'),
        ("deep.json", b'{"text": ' + b"[" * 1_000_000),
        ("bomb.jsonl.gz", gzip.compress(bytes(200 << 20), 1)),
        ("number.json", b'{"text": "x", "id": ' + b"9" * 10_000 + b"}"),
    ],
)
def test_a_bomb_is_told_in_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    found = list(read([tmp_path / name]))
    assert found
    assert all(isinstance(one, Unreadable) or "root:" not in one.text for one in found)


def test_what_nests_without_end_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = load_extractor()
    extractor.extract(Document("warm", "Putin visited Damascus.", "en"))
    text = ", ".join(["Russia"] * 300) + " and Syria signed an agreement with Iran."
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(len(__import__("inspect").stack()) + 40)
        with pytest.raises(InputError, match="nests too deeply"):
            extractor.extract(Document("x", text, "en"))
    finally:
        sys.setrecursionlimit(limit)


# --- questions

INJECTED = (
    'x" } SERVICE <http://127.0.0.1:{port}/> { ?s ?p ?o } #',
    "x' . ?a ?b ?c } ; DROP ALL #",
    "> } LOAD <http://127.0.0.1:{port}/x> #",
    "\\u0022 ) UNION { ?s ?p ?o",
    "\u202e\u2066russia",
    "id:russia> ?p ?o . <file:///etc/passwd",
)


@pytest.fixture
def graph() -> Graph:
    return open_graph(":memory:")


def test_no_parameter_of_a_saved_question_becomes_a_part_of_it(graph: Graph) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0)
        port = str(listener.getsockname()[1])
        before = graph.count()
        for query in saved_queries():
            sound = {one.name: SOUND[one.type] for one in query.parameters if one.required}
            for parameter in query.parameters:
                for words in INJECTED:
                    value = words.replace("{port}", port)
                    try:
                        found = answer(graph, query, {**sound, parameter.name: value})
                        assert list(getattr(found, "rows", [])) is not None
                    except QueryError:
                        pass  # refused, in a sentence
        assert graph.count() == before
        with pytest.raises(BlockingIOError):
            listener.accept()


SOUND = {
    "text": "x", "entity": "russia", "eventType": "visit", "relation": "memberOf", "date": "2025-10-15", "integer": "1",
    "lang": "en",
}  # fmt: skip


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERV\\u0049CE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "LOAD <file:///etc/passwd>",
        "PREFIX a: <urn:a> INSERT DATA { a:a a:a a:a }",
        "SELECT * { " + "{" * 4000 + "}" * 4000 + " }",
        "ASK { " + "OPTIONAL { ?s ?p ?o } " * 3000 + "}",
        "ASK { FILTER(" + "!" * 20_000 + "true) }",
    ],
)
def test_a_question_that_changes_calls_or_nests_is_refused(graph: Graph, sparql: str) -> None:
    with pytest.raises(QueryError):
        ask(graph, sparql)


@given(st.text())
@settings(max_examples=50, derandomize=True, database=None)
def test_an_address_that_is_no_web_address_is_text_and_no_link(words: str) -> None:
    from kg import rdf

    for address in (f"javascript:{words}", f"file:///{words}", f"data:{words}", f"HTTPS:{words}"):
        assert type(rdf._link(address)).__name__ == "Literal"


def test_the_fuzzer_tells_a_file_that_is_opened_and_a_connection(tmp_path: Path) -> None:
    code = (
        "import sys; from benchmarks import fuzz\n"
        "fuzz.TARGETS['x'] = lambda data: exec(data.decode())\n"
        "fuzz.once('x', b'')\n"
        "fuzz.once('x', sys.argv[1].encode())\n"
    )
    guarded = "from benchmarks.fuzz import closed\nwith closed(): {}"
    for deed in ("open('/etc/hostname')", "__import__('socket').getaddrinfo('127.0.0.1', 9)"):
        run = subprocess.run(
            [sys.executable, "-c", code, guarded.format(deed)], capture_output=True, text=True, cwd=ROOT
        )
        assert "reached out" in run.stderr
