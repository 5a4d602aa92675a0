"""What docs/durability.md promises; `benchmarks/kills.py` tries the same at random moments, a thousand times."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.backup import Saved, backup, restore
from kg.errors import InputError, KgError, StoreError
from kg.store import Graph, open_graph

GP = "https://w3id.org/geopol/ns#"


def article(number: int, size: int = 20) -> list[ox.Quad]:
    iri = ox.NamedNode(f"https://w3id.org/geopol/article/{number}")
    quads = [
        ox.Quad(
            iri, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(GP + "Article"), iri
        ),
        ox.Quad(iri, ox.NamedNode("http://purl.org/dc/terms/identifier"), ox.Literal(f"a{number}"), iri),
    ]
    return quads + [
        ox.Quad(iri, ox.NamedNode(GP + "memberOf"), ox.Literal(f"«{number}» {k}\n", language="ar"), iri)
        for k in range(size)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with open_graph(tmp_path / "news.kg") as graph:
        graph.bulk(quad for number in range(30) for quad in article(number))
    return tmp_path / "news.kg"


def content(folder: Path) -> set[ox.Quad]:
    with open_graph(folder, read_only=True) as graph:
        return set(graph.quads())


def test_a_restored_store_holds_the_same_and_gives_the_same_backup(tmp_path: Path, store: Path) -> None:
    assert backup(str(store), tmp_path / "one.nq.gz") == Saved(30, 30 * 22 + 1)
    assert restore(tmp_path / "one.nq.gz", str(tmp_path / "again.kg")) == Saved(30, 30 * 22 + 1)
    assert content(tmp_path / "again.kg") == content(store)
    backup(str(tmp_path / "again.kg"), tmp_path / "two.nq.gz")
    assert (tmp_path / "one.nq.gz").read_bytes() == (tmp_path / "two.nq.gz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.kg", "news.kg", "one.nq.gz", "two.nq.gz"]


def test_a_backup_is_nquads_for_any_program(tmp_path: Path, store: Path) -> None:
    backup(str(store), tmp_path / "b.nq.gz")
    quads = set(ox.parse(gzip.decompress((tmp_path / "b.nq.gz").read_bytes()), ox.RdfFormat.N_QUADS))
    assert quads == content(store)


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_backup_is_refused_and_nothing_is_made(tmp_path: Path, store: Path, seed: int) -> None:
    backup(str(store), tmp_path / "b.nq.gz")
    data = bytearray((tmp_path / "b.nq.gz").read_bytes())
    place = random.Random(seed).randrange(10, len(data))  # the first ten bytes are gzip's, mostly without meaning
    if seed % 2:
        data[place] ^= 0x40
    else:
        del data[place:]
    (tmp_path / "b.nq.gz").write_bytes(data)
    with pytest.raises(InputError, match=r"b\.nq\.gz: no whole backup of kg; take another copy"):
        restore(tmp_path / "b.nq.gz", str(tmp_path / "again.kg"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.nq.gz", "news.kg"]


@pytest.mark.parametrize(
    "words",
    [b"", b"# kg backup 1\n", b"# kg backup 1\n# 5 quads sha256:00\n", b"<urn:a> <urn:b> <urn:c> .\n"],
)
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, words: bytes) -> None:
    (tmp_path / "b.nq.gz").write_bytes(gzip.compress(words))
    with pytest.raises(InputError, match="no whole backup of kg"):
        restore(tmp_path / "b.nq.gz", str(tmp_path / "again.kg"))


def test_nothing_is_restored_over_a_store(tmp_path: Path, store: Path) -> None:
    backup(str(store), tmp_path / "b.nq.gz")
    with pytest.raises(StoreError, match="there is something already; name a new folder"):
        restore(tmp_path / "b.nq.gz", str(store))


def test_a_missing_store_and_a_server_cannot_be_backed_up(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store here"):
        backup(str(tmp_path / "no.kg"), tmp_path / "b.nq.gz")
    with pytest.raises(StoreError, match="a server keeps its own backups"):
        backup("http://127.0.0.1:9", tmp_path / "b.nq.gz")
    open_graph(tmp_path / "s").close()
    with pytest.raises(InputError, match="cannot write there"):
        backup(str(tmp_path / "s"), tmp_path / "missing" / "b.nq.gz")


def test_a_store_that_is_being_written_is_not_backed_up_but_waited_for(tmp_path: Path, store: Path) -> None:
    with open_graph(store):
        run = python(f"from kg.backup import backup; from pathlib import Path; backup({str(store)!r}, Path('x'))")
        assert "another program is writing to this store; wait until it has ended" in run.stderr


def test_a_backup_that_was_killed_leaves_the_former_one_and_the_next_one_clears_up(tmp_path: Path, store: Path) -> None:
    backup(str(store), tmp_path / "b.nq.gz")
    before = (tmp_path / "b.nq.gz").read_bytes()
    killed = python(
        f"""
import os, signal
import pyoxigraph as ox
from pathlib import Path
from kg.backup import backup
ox.serialize = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
backup({str(store)!r}, Path({str(tmp_path / "b.nq.gz")!r}))"""
    )
    assert killed.returncode == -signal.SIGKILL
    assert (tmp_path / "b.nq.gz").read_bytes() == before
    assert len(list(tmp_path.glob(".news.kg.snapshot-*"))) == 1
    backup(str(store), tmp_path / "b.nq.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.nq.gz", "news.kg"]


def python(code: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)


FULL = """
import resource, signal, sys
from pathlib import Path
from kg.backup import backup, restore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
if sys.argv[1] == "backup":
    backup(sys.argv[2], Path(sys.argv[3]))
else:
    restore(Path(sys.argv[3]), sys.argv[2])
"""


@pytest.mark.parametrize(("way", "room"), [("backup", 100), ("restore", 3_000)])
def test_a_full_disk_leaves_no_half_backup_and_no_half_store(tmp_path: Path, store: Path, way: str, room: int) -> None:
    backup(str(store), tmp_path / "b.nq.gz")
    before = (tmp_path / "b.nq.gz").read_bytes()
    place = store if way == "backup" else tmp_path / "again.kg"
    run = python(FULL, way, place, tmp_path / "b.nq.gz", str(room))
    assert run.stderr.strip().splitlines()[-1].startswith("kg.errors.")
    assert "File too large" in run.stderr
    assert (tmp_path / "b.nq.gz").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.nq.gz", "news.kg"]


def read(folder: Path) -> set[ox.Quad] | str:
    try:
        return content(folder)
    except KgError as error:
        return "a sentence" if str(folder) in str(error) else str(error)


@pytest.mark.parametrize("seed", range(12))
def test_a_flipped_bit_anywhere_gives_what_was_written_or_a_sentence(store: Path, seed: int) -> None:
    """Checksums of the engine: damage is found when it is read, and never passed on as data."""
    whole = content(store)
    rng = random.Random(seed)
    path = rng.choice(sorted(path for path in store.iterdir() if path.stat().st_size and path.name != "LOG"))
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    assert read(store) in (whole, "a sentence")


def cut_log(folder: Path, keep: Callable[[int, int], int], flushed: dict[str, int]) -> None:
    """What a power cut may leave of the engine's log: all that was flushed, and of the rest a beginning."""
    for path in folder.glob("*.log"):
        size = path.stat().st_size
        os.truncate(path, keep(flushed.get(path.name, 0), size))


@pytest.mark.parametrize("seed", range(6))
def test_a_power_cut_takes_only_whole_articles_and_none_that_was_flushed(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    folder = tmp_path / "store"
    graph: Graph
    with open_graph(folder) as graph:
        for number in range(10):
            graph.replace(article(number)[0].graph_name, article(number))  # type: ignore[arg-type]
        graph.flush()
        flushed = {path.name: path.stat().st_size for path in folder.glob("*.log")}
        for number in range(10, 20):
            graph.replace(article(number)[0].graph_name, article(number))  # type: ignore[arg-type]
    cut_log(folder, lambda least, size: rng.randint(least, size), flushed)
    with open_graph(folder) as graph:
        found = {one.id: sum(1 for _ in graph.quads(one.iri)) for one in graph.articles()}
        assert set(found.values()) == {22}
        assert {f"a{number}" for number in range(10)} <= set(found)
        names = {quad.graph_name.value for quad in graph.quads()}
        assert len(names) == len(found) + 1  # no graph without its article, but for the marker
