from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from endpoint import server  # noqa: F401

from kg import rdf
from kg.build import Report, build, load_parts
from kg.documents import Unreadable
from kg.engines import Part, part_of, read_part, text_digest
from kg.errors import InputError, KgError
from kg.model import Claim, Document, Entity, Extraction, Span
from kg.store import Graph, open_graph

A = Document("a", "Russia is an ally of Syria.", "en", date="2025-01-01")
B = Document("b", "Iran is no ally of Iraq.", "en")
C = Document("c", "Turkey may be an ally of Qatar.", "en")
NAMES = {"Russia": "russia", "Syria": "syria", "Iran": "iran", "Iraq": "iraq"}


def extract(document: Document) -> Extraction:
    """A reader of one pattern: the first and the last word are allies, or not, or perhaps."""
    if "unreadable" in document.text:
        raise InputError(f"{document.id}: in a language without a pack")
    if "bug" in document.text:
        raise RuntimeError("out of luck")
    if "crash" in document.text:
        os._exit(9)
    words = document.text.rstrip(".").split()
    entities = []
    for number, word in enumerate((words[0], words[-1]), 1):
        start = document.text.index(word)
        span = Span(start, start + len(word))
        entities.append(Entity(f"e{number}", "State", word, (span,), NAMES.get(word)))
    claim = Claim(
        "c1",
        "alliedWith",
        {"subject": ("e1",), "object": ("e2",)},
        Span(0, len(document.text)),
        modality="possible" if "may" in words else "asserted",
        negated="no" in words,
        rule="ally",
    )
    return Extraction(document, tuple(entities), (claim,))


def load() -> object:
    return extract


def run(graph: Graph, *documents: Document | Unreadable, **options: object) -> Report:
    return build(documents, lambda: extract, graph, background=False, **options)  # type: ignore[arg-type]


def dump(graph: Graph) -> list[str]:
    return sorted(str(quad) for quad in graph.quads())


@pytest.fixture
def graph() -> Iterator[Graph]:
    with open_graph(":memory:") as opened:
        yield opened


def test_the_report_counts_what_was_read_and_said(graph: Graph) -> None:
    report = run(graph, A, B, C)
    assert (report.read, report.new, report.failed, report.facts) == (3, 3, 0, 1)
    assert report.as_dict()["claims"] == {"alliedWith": 3}
    assert report.as_dict()["modalities"] == {"asserted": 2, "possible": 1}
    assert report.as_dict()["entities"] == {"linked": 4, "unlinked": 2}
    assert report.quads == graph.count() - 1  # without the format marker


def test_reading_the_same_again_adds_nothing(graph: Graph) -> None:
    run(graph, A, B)
    before = dump(graph)
    report = run(graph, A, B)
    assert (report.unchanged, report.new, report.quads) == (2, 0, 0)
    assert dump(graph) == before


def test_an_extractor_that_is_not_needed_is_not_loaded(graph: Graph) -> None:
    run(graph, A)

    def never() -> object:
        raise AssertionError("loaded")

    assert build([A], never, graph, background=False).unchanged == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [replace(A, text="Russia is an ally of Iran."), replace(A, date="2025-02-02"), replace(A, title="T")],
)
def test_an_article_that_has_changed_takes_the_place_of_the_former(graph: Graph, changed: Document) -> None:
    run(graph, A, B)
    report = run(graph, changed)
    assert (report.replaced, report.new) == (1, 0)
    with open_graph(":memory:") as fresh:
        run(fresh, changed, B)
        assert dump(graph) == dump(fresh)


def test_what_another_version_read_is_read_again(graph: Graph) -> None:
    run(graph, A)
    article = rdf.article_iri("a")
    older = [
        ox.Quad(quad.subject, quad.predicate, ox.Literal("kg 0.0.1"), article)
        if quad.predicate.value.endswith("madeBy")
        else quad
        for quad in graph.quads(article)
    ]
    graph.replace(article, older)
    assert run(graph, A).replaced == 1


def test_unchanged_articles_are_read_again_when_told(graph: Graph) -> None:
    run(graph, A)
    assert run(graph, A, again=True).replaced == 1


def test_two_articles_of_one_id_keep_the_first_and_name_the_second(graph: Graph) -> None:
    report = run(graph, A, B, replace(A, text="Iran is an ally of Syria."), B)
    assert (report.new, report.unchanged, report.failed) == (2, 1, 1)
    assert "same id and a different text" in str(report.failures[0])
    assert graph.digest(rdf.article_iri("a")) == text_digest(A.text)


def test_an_unreadable_article_is_told_and_the_rest_goes_on(graph: Graph) -> None:
    bad = Document("d", "unreadable")
    report = run(graph, Unreadable("x.txt", "not UTF-8"), A, bad, B)
    assert (report.read, report.new, report.failed) == (4, 2, 2)
    assert [str(one) for one in report.failures] == ["x.txt: not UTF-8", "d: in a language without a pack"]


def test_a_fault_of_ours_costs_one_article_and_says_where(graph: Graph) -> None:
    report = run(graph, A, Document("d", "bug"), B)
    assert (report.new, report.failed) == (2, 1)
    assert re.search(r"^d: a fault of kg \(RuntimeError at test_build.py:\d+: out of luck\)", str(report.failures[0]))


def test_progress_is_told_after_each_batch(graph: Graph) -> None:
    told: list[int] = []
    run(graph, A, B, C, batch=2, progress=lambda report: told.append(report.new))
    assert told == [2, 3]


def test_background_is_laid_once(graph: Graph) -> None:
    first = build([], load, graph)  # type: ignore[arg-type]
    assert first.quads > 1_000
    assert {quad.graph_name for quad in graph.quads()} >= {rdf.WORLD_GRAPH, rdf.ONTOLOGY_GRAPH}
    assert build([], load, graph).quads == 0  # type: ignore[arg-type]


def test_an_endpoint_holds_the_same_after_the_same_run(graph: Graph, server: str) -> None:  # noqa: F811
    with open_graph(server) as remote:
        for stale in remote.articles():
            remote.withdraw(stale.id)
        run(remote, A, B, C)
        assert run(remote, A, replace(B, date="2025-03-03")).as_dict()["replaced"] == 1
        run(graph, A, replace(B, date="2025-03-03"), C)
        for document in (A, B, C):
            article = rdf.article_iri(document.id)
            assert set(remote.quads(article)) == set(graph.quads(article))


def test_several_processes_write_the_same_bytes_and_survive_bad_articles(graph: Graph) -> None:
    documents = [
        Document(f"d{number}", f"Land{number} is an ally of Syria." if number % 7 else "unreadable", "en")
        for number in range(40)
    ]
    one = run(graph, *documents)
    with open_graph(":memory:") as other:
        many = build(documents, load, other, processes=2, background=False)  # type: ignore[arg-type]
        assert dump(other) == dump(graph)
    assert {**one.as_dict(), "seconds": 0} == {**many.as_dict(), "seconds": 0}


def test_an_article_that_kills_its_process_fails_alone(graph: Graph) -> None:
    documents = [Document(f"d{number}", f"Land{number} is an ally of Syria.", "en") for number in range(30)]
    documents[9] = Document("d9", "crash", "en")
    report = build(documents, load, graph, processes=2, background=False)  # type: ignore[arg-type]
    assert (report.new, report.failed) == (29, 1)
    assert str(report.failures[0]).startswith("d9: the process that read it ended before its time")


def broken() -> object:
    os._exit(9)


def test_workers_that_do_not_start_end_the_run_with_a_sentence(graph: Graph) -> None:
    with pytest.raises(KgError, match="a worker process ended before it could read anything"):
        build([A, B], broken, graph, processes=2, background=False)  # type: ignore[arg-type]


def test_what_another_engine_has_read_is_loaded_by_the_same_rules(graph: Graph) -> None:
    changed = replace(A, text="Russia is an ally of Iran.")
    documents = [A, Document("d", "unreadable"), B, B, changed]
    report = run(graph, *documents)
    parts = [part_of(json.loads(json.dumps(read_part(one, extract).as_record()))) for one in documents]
    assert parts == [read_part(one, extract) for one in documents]
    with open_graph(":memory:") as other:
        found: list[Part | Unreadable] = [*parts, Unreadable("x.txt", "not UTF-8")]
        loaded = load_parts(found, other, background=False)
        assert dump(other) == dump(graph)
        assert (loaded.new, loaded.unchanged, loaded.failed) == (report.new, report.unchanged, report.failed + 1)
        assert load_parts(parts[:1], other, background=False).unchanged == 1


ENDLESS = """
import sys
sys.path.insert(0, sys.argv[2])
from test_build import extract
from kg.build import build
from kg.model import Document
from kg.store import open_graph

def documents():
    for number in range(int(sys.argv[3])):
        yield Document(f"d{number}", f"Land{number} is an ally of Syria.", "en")

def told(report):
    print(report.new, report.unchanged, flush=True)

with open_graph(sys.argv[1]) as graph:
    report = build(documents(), lambda: extract, graph, background=False, batch=5, progress=told)
    print("done", report.new, report.unchanged)
"""


@pytest.mark.parametrize("batches", [1, 3, 8])
def test_a_run_that_was_killed_leaves_whole_articles_and_goes_on(tmp_path: Path, batches: int) -> None:
    command = [sys.executable, "-c", ENDLESS, str(tmp_path / "store"), str(Path(__file__).parent)]
    with subprocess.Popen([*command, "100000"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(batches):
            process.stdout.readline()
        process.kill()
    with open_graph(tmp_path / "store") as graph:
        sizes = [sum(1 for _ in graph.quads(article.iri)) for article in graph.articles()]
        assert len(sizes) >= 5 * batches
        assert set(sizes) == {sizes[0]}
        names = {quad.graph_name.value for quad in graph.quads()}
        assert len(names) == len(sizes) + 1  # no graph without its article, but for the marker
    wanted = len(sizes) + 7
    again = subprocess.run([*command, str(wanted)], capture_output=True, text=True, check=True)
    assert again.stdout.splitlines()[-1] == f"done 7 {len(sizes)}"


WORKERS = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from multiprocessing import active_children
from test_build import load
from kg.build import build
from kg.model import Document
from kg.store import open_graph

def documents():
    for number in range(100000):
        yield Document(f"d{number}", f"Land{number} is an ally of Syria.", "en")

def told(report):
    print(*[child.pid for child in active_children()], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    build(documents(), load, open_graph(":memory:"), processes=2, background=False, progress=told)
"""


def test_workers_end_when_the_program_that_started_them_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "workers.py"
    script.write_text(WORKERS, encoding="utf-8")
    command = [sys.executable, script, Path(__file__).parent]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = process.stdout.readline().split()
        assert len(workers) == 2
        assert process.stdout.read() == ""  # the pipe is at its end when the last who holds it is gone
