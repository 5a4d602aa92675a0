from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from endpoint import server  # noqa: F401

from kg.errors import QueryError, StoreError
from kg.store import FORMAT, Graph, Rows, Stamp, Triples, open_graph

GP = "https://w3id.org/geopol/ns#"
A1 = ox.NamedNode("https://w3id.org/geopol/article/a1")
A2 = ox.NamedNode("https://w3id.org/geopol/article/a2")
PAIRS = "SELECT ?s ?o WHERE { ?s <https://w3id.org/geopol/ns#memberOf> ?o } ORDER BY ?s ?o"


def article(iri: ox.NamedNode, article_id: str, *members: str, digest: str = "sha256:1") -> list[ox.Quad]:
    def quad(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(iri, ox.NamedNode(predicate), value, iri)

    return [
        quad("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ox.NamedNode(GP + "Article")),
        quad("http://purl.org/dc/terms/identifier", ox.Literal(article_id)),
        quad("https://schema.org/headline", ox.Literal('«عنوان»\n"quoted"', language="ar")),
        quad("https://schema.org/inLanguage", ox.Literal("ar")),
        quad(GP + "textDigest", ox.Literal(digest)),
        quad(GP + "madeBy", ox.Literal("kg 0.1.0")),
        *(
            ox.Quad(
                ox.NamedNode("urn:" + name),
                ox.NamedNode(GP + "memberOf"),
                ox.NamedNode("urn:nato"),
                iri,
            )
            for name in members
        ),
    ]


def members(graph: Graph) -> list[str]:
    return [row[0].value for row in graph.select(PAIRS) if isinstance(row[0], ox.NamedNode)]


@pytest.fixture(params=["memory", "folder", "server"])
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Graph]:
    """The same empty graph in the three places that can keep one."""
    location = {"memory": ":memory:", "folder": str(tmp_path / "store")}.get(request.param)
    if location is None:
        location = str(request.getfixturevalue("server"))
        with open_graph(location) as stale:
            for found in stale.articles():
                stale.withdraw(found.id)
    with open_graph(location) as opened:
        yield opened


def test_reading_an_article_again_replaces_its_graph(graph: Graph) -> None:
    graph.replace(A1, article(A1, "one", "syria", "turkey"))
    graph.replace(A1, article(A1, "one", "turkey"))
    assert members(graph) == ["urn:turkey"]


def test_an_edge_that_two_articles_support_stays_while_one_of_them_does(graph: Graph) -> None:
    graph.bulk([*article(A1, "one", "syria"), *article(A2, "two", "syria", "turkey")])
    assert graph.withdraw("two") == 8
    assert members(graph) == ["urn:syria"]


def test_withdrawing_an_unknown_article_is_an_error_that_names_it(graph: Graph) -> None:
    with pytest.raises(StoreError, match="no article 'three'"):
        graph.withdraw("three")


def test_stamps_tell_which_text_was_read_by_which_program(graph: Graph) -> None:
    graph.replace(A1, article(A1, "one", digest="sha256:7"))
    assert graph.stamps([A1, A2]) == {A1: Stamp("sha256:7", "kg 0.1.0", ('«عنوان»\n"quoted"', "", "", ""))}
    assert graph.digest(A1) == "sha256:7"
    assert graph.digest(A2) is None


def test_articles_are_listed_by_id_with_their_title(graph: Graph) -> None:
    graph.bulk([*article(A2, "two"), *article(A1, "one")])
    assert [(a.iri, a.id, a.lang, a.date) for a in graph.articles()] == [
        (A1, "one", "ar", None),
        (A2, "two", "ar", None),
    ]
    assert next(graph.articles()).title == '«عنوان»\n"quoted"'


def test_a_parameter_is_bound_as_a_term_and_never_as_text(graph: Graph) -> None:
    graph.bulk(article(A1, "one\"} # ' \\", "syria"))
    ask = "SELECT ?id ?a WHERE { ?a <http://purl.org/dc/terms/identifier> ?id }"
    found = list(graph.select(ask, {"id": ox.Literal("one\"} # ' \\")}))
    assert [row[1] for row in found] == [A1]


def test_a_graph_asked_for_has_all_its_quads_and_no_others(graph: Graph) -> None:
    graph.bulk([*article(A1, "one", "syria"), *article(A2, "two")])
    assert set(graph.quads(A1)) == set(article(A1, "one", "syria"))
    assert graph.count() == 7 + 6 + 1  # the two articles and the format marker


def test_select_ask_and_construct_have_their_own_answers(graph: Graph) -> None:
    graph.replace(A1, article(A1, "one", "syria"))
    assert isinstance(graph.query(PAIRS), Rows)
    assert graph.query("ASK WHERE { ?s <urn:p> ?o }") is False
    answer = graph.query("CONSTRUCT { ?o <urn:has> ?s } WHERE { ?s <https://w3id.org/geopol/ns#memberOf> ?o }")
    assert isinstance(answer, Triples)
    assert [str(triple) for triple in answer.triples] == ["<urn:nato> <urn:has> <urn:syria>"]


def test_a_query_that_cannot_be_read_is_a_query_error(graph: Graph) -> None:
    with pytest.raises(QueryError):
        graph.query("SELECT WHERE {")
    with pytest.raises(QueryError, match="does not SELECT"):
        graph.select("ASK {}")


def test_a_quad_for_another_graph_is_refused(graph: Graph) -> None:
    with pytest.raises(ValueError, match="another graph"):
        graph.replace(A1, article(A2, "two"))


def test_a_graph_opened_for_reading_cannot_be_written(tmp_path: Path) -> None:
    open_graph(tmp_path / "store").close()
    with (
        open_graph(tmp_path / "store", read_only=True) as graph,
        pytest.raises(StoreError, match="reading only"),
    ):
        graph.replace(A1, article(A1, "one"))


def test_a_closed_store_can_be_opened_again_and_has_kept_everything(tmp_path: Path) -> None:
    with open_graph(tmp_path / "store") as graph:
        graph.replace(A1, article(A1, "one", "syria"))
        graph.flush()
        graph.optimize()
    with pytest.raises(StoreError, match="closed"):
        graph.count()
    with open_graph(tmp_path / "store", read_only=True) as graph:
        assert members(graph) == ["urn:syria"]


def test_a_store_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    store = ox.NamedNode(GP + "store")
    newer = ox.Quad(store, ox.NamedNode(GP + "formatVersion"), ox.Literal(FORMAT + 1), store)
    with open_graph(tmp_path / "store") as graph:
        graph.backend.replace(store, [newer])
    with pytest.raises(StoreError, match=r"newer kg \(format 2, this one reads 1\); upgrade"):
        open_graph(tmp_path / "store")


def test_a_folder_with_other_files_is_no_store_and_stays_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("…", encoding="utf-8")
    with pytest.raises(StoreError, match="a folder with other files in it"):
        open_graph(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(StoreError, match="a file, not a store"):
        open_graph(tmp_path / "thesis.txt")


def test_a_missing_store_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store here; `kg build"):
        open_graph(tmp_path / "store", read_only=True)
    assert not (tmp_path / "store").exists()


OPEN = """
import sys
from kg.store import open_graph
open_graph(sys.argv[1], read_only=len(sys.argv) > 2)
"""


@pytest.mark.parametrize(
    ("mode", "said"),
    [([], "another program has this store open"), (["r"], "another program is writing")],
)
def test_a_store_that_another_program_holds_is_refused(tmp_path: Path, mode: list[str], said: str) -> None:
    with open_graph(tmp_path / "store"):
        run = subprocess.run([sys.executable, "-c", OPEN, tmp_path / "store", *mode], capture_output=True, text=True)
    assert f"StoreError: {tmp_path / 'store'}: {said}" in run.stderr


@pytest.mark.parametrize("victim", ["CURRENT", "MANIFEST-*", "*.sst"])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_store_says_so(tmp_path: Path, victim: str, read_only: bool) -> None:
    with open_graph(tmp_path / "store") as graph:
        graph.bulk(article(A1, "one", "syria"))
        graph.flush()
    for path in (tmp_path / "store").glob(victim):
        path.write_bytes(b"\x00\xff garbage")
    with pytest.raises(StoreError, match=r"the store is damaged .* restore a backup"):
        open_graph(tmp_path / "store", read_only=read_only)


FILL = """
import resource, signal, sys
import pyoxigraph as ox
from kg.store import open_graph
graph = open_graph(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
for number in range(200):
    name = ox.NamedNode(f"urn:g{number}")
    values = [ox.Literal("v" * 90 + str(i)) for i in range(50)]
    quads = [ox.Quad(name, ox.NamedNode("urn:p"), value, name) for value in values]
    graph.replace(name, quads) if sys.argv[2] == "replace" else graph.bulk(quads * 40)
"""


@pytest.mark.parametrize("way", ["replace", "bulk"])
def test_a_full_disk_is_one_sentence_and_leaves_whole_graphs(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "store"
    run = subprocess.run([sys.executable, "-c", FILL, folder, way], capture_output=True, text=True)
    assert f"StoreError: {folder}: the disk is full" in run.stderr
    with open_graph(folder) as graph:
        sizes = {
            int(row[1].value)
            for row in graph.select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s <urn:p> ?o } } GROUP BY ?g")
            if isinstance(row[1], ox.Literal)
        }
    assert sizes <= {50}


def test_an_address_where_nobody_answers_says_so() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(StoreError, match=rf"{address}/query: no answer .*refused.*; start the server"):
            open_graph(address)


def test_an_address_that_is_no_endpoint_says_so(server: str) -> None:  # noqa: F811
    with pytest.raises(StoreError, match="the server answered 404"):
        open_graph(server + "/nothing/here")
    with pytest.raises(StoreError, match="no host in this address"):
        open_graph("http:///query")


def test_a_password_in_the_address_is_sent_and_never_shown(server: str) -> None:  # noqa: F811
    with pytest.raises(StoreError) as caught:
        open_graph(server.replace("//", "//me:secret@") + "/nothing")
    assert "secret" not in str(caught.value)


def test_a_copied_store_opens(tmp_path: Path) -> None:
    with open_graph(tmp_path / "store") as graph:
        graph.replace(A1, article(A1, "one", "syria"))
    shutil.copytree(tmp_path / "store", tmp_path / "copy")
    with open_graph(tmp_path / "copy", read_only=True) as graph:
        assert members(graph) == ["urn:syria"]


def test_a_store_of_an_older_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    store = ox.NamedNode(GP + "store")
    older = ox.Quad(store, ox.NamedNode(GP + "formatVersion"), ox.Literal(FORMAT - 1), store)
    with open_graph(tmp_path / "store") as graph:
        graph.backend.replace(store, [older])
    for read_only in (True, False):
        with pytest.raises(StoreError, match=r"an older kg \(format 0, this one reads 1\); build it again"):
            open_graph(tmp_path / "store", read_only=read_only)


def test_a_store_of_another_program_gets_no_mark_of_ours(tmp_path: Path) -> None:
    foreign = ox.Store(str(tmp_path / "store"))
    foreign.add(ox.Quad(A1, A1, A1))
    del foreign
    for _ in range(2):
        with pytest.raises(StoreError, match="a store of another program; name a new or empty folder"):
            open_graph(tmp_path / "store")


def test_a_store_whose_making_was_cut_short_is_made_again(tmp_path: Path) -> None:
    for name in ("LOCK", "LOG", "IDENTITY", "000001.dbtmp", "MANIFEST-000001"):
        (tmp_path / name).touch()
    with open_graph(tmp_path) as graph:
        assert graph.count() == 1


def test_a_store_that_lost_its_first_file_is_damaged_and_not_new(tmp_path: Path) -> None:
    with open_graph(tmp_path / "store") as graph:
        graph.bulk(article(A1, "one", "syria"))
        graph.flush()
    (tmp_path / "store" / "CURRENT").unlink()
    with pytest.raises(StoreError, match=r"the store is damaged .* restore a backup"):
        open_graph(tmp_path / "store")
    assert list((tmp_path / "store").glob("*.sst"))


REWRITE = """
import sys
import pyoxigraph as ox
from kg.store import open_graph
with open_graph(sys.argv[1]) as graph:
    for number in range(40):
        graph.withdraw(f"a{number}")
    graph.flush()
    graph.optimize()
"""


def test_a_reader_that_a_writer_overtakes_gets_its_answer_whole_or_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_graph(folder) as graph:
        for number in range(40):
            iri = ox.NamedNode(f"https://w3id.org/geopol/article/a{number}")
            graph.bulk(article(iri, f"a{number}", *(f"{number}-{member}" * 40 for member in range(300))))
    with open_graph(folder, read_only=True) as graph:
        before = graph.quads()
        next(before)
        subprocess.run([sys.executable, "-c", REWRITE, folder], check=True)
        with pytest.raises(StoreError, match="another program changed the store while this one was reading it; ask"):
            assert sum(1 for _ in before) == 0
