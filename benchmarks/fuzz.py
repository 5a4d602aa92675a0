"""Feeds hostile input to the parts that meet it, and tells what breaks them.

    python benchmarks/fuzz.py TARGET... [--cases 100000] [--seconds 600] [--keep FOLDER]

TARGET: readers, language, guard, server, records, export, dates, or `all`. Each case is bytes. With atheris installed
(`pip install -r requirements-fuzz.lock`) they are bred by what they reach in our code, from the seeds in
tests/fuzz/TARGET/; without it hypothesis makes them. A target may refuse (KgError) and nothing else: another exception,
a dead process, more than 20 seconds or 2 GB for a case is a crash, and so is a file that is opened or a connection
that is made meanwhile (told by an audit hook). Prints a Markdown row for each target; crashes are kept in FOLDER.
Exit code 1 when there was one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SEEDS = ROOT / "tests" / "fuzz"
LONG = 20  # seconds for a case
MEMORY = 2048  # MB
WATCHED = ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "urllib.Request")


# --- nothing is opened and nobody is called

_warm: set[str] = set()  # targets that have loaded what they need
_watching: list[str] = []  # the files that may be opened; empty while nobody watches
_seen: list[str] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in WATCHED and not str(arguments[0]).startswith(tuple(_watching)):
        _seen.append(f"{event} {arguments[:2]}")


@contextmanager
def closed(*files: str) -> Iterator[None]:
    """Nothing but these files (and the modules of Python) may be opened inside, and no connection made."""
    if not _warm:  # what is loaded once may still be loaded
        yield
        return
    _seen.clear()
    _watching.extend([sys.prefix, sys.base_prefix, str(ROOT / "kg"), *files])
    try:
        yield
    finally:
        _watching.clear()
    if _seen:
        raise AssertionError(f"reached out: {_seen[:3]}")


# --- the targets


def readers(data: bytes) -> None:
    """Files of every kind, packed or not, and standard input."""
    from kg.documents import read

    kinds = (".txt", ".html", ".json", ".jsonl", "")
    kind, packed = kinds[data[0] % 5] if data else "", data[:1] >= b"\x80"
    content = gzip.compress(data[1:], 1) if packed else data[1:]
    if not kind:
        with closed():
            list(read(["-"], stdin=BytesIO(content)))
        return
    path = f"{_folder()}/x{kind}{'.gz' if packed else ''}"
    Path(path).write_bytes(content)
    with closed(path):
        list(read([path]))


@cache
def _folder() -> str:
    return tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)


def language(data: bytes) -> None:
    """A whole reading in one of the languages; what comes out must be sound: offsets, entities, claims."""
    from kg.interchange import faults, to_record
    from kg.model import Document

    lang = ("en", "ar")[data[0] % 2] if data else "en"
    text = data[1:].decode(errors="ignore").replace("\0", " ")
    with closed():
        extraction = _extractor().extract(Document("fuzz", text, lang, date="2025-10-15"))
    assert faults(to_record(extraction)) == []


@cache
def _extractor() -> Any:
    from kg.model import Document
    from kg.pipeline import load_extractor

    extractor = load_extractor()
    for lang in ("en", "ar"):
        extractor.extract(Document("warm", "Putin visited Damascus on Tuesday.", lang))
    return extractor


def guard(data: bytes) -> None:
    """A question: what the guard lets through must not bring down the engine, nor reach out."""
    from kg.queries import check

    sparql = data.decode(errors="ignore")
    with closed():
        check(sparql)
        found = _store().query(sparql)
        if not isinstance(found, bool):
            list(islice(getattr(found, "rows", None) or getattr(found, "triples", ()), 20))


@cache
def _store() -> Any:
    import pyoxigraph as ox

    from kg.store import open_graph

    graph = open_graph(":memory:")
    iri = ox.NamedNode("https://w3id.org/geopol/article/a")
    graph.bulk([ox.Quad(iri, ox.NamedNode("https://w3id.org/geopol/ns#memberOf"), ox.Literal("x"), iri)])
    return graph


STRANGE: tuple[Any, ...] = (
    None, "", "x", "javascript:alert(1)", "file:///etc/passwd", "http://[", "https://a b/<>", "\u202eevil\u2066",
    "\ud800", "\0", "'\"><script>", "=1+1", -1, 0, 10**30, 1.5, float("inf"), float("nan"), True, [], {}, ["x"],
    {"x": 1}, "e1", "c1", "2025-13-40", "0000", "Q0",
)  # fmt: skip


def records(data: bytes) -> None:
    """An annotated article as JSON, with strange values in strange places."""
    from kg import rdf
    from kg.interchange import from_record
    from kg.store import open_graph

    record = json.loads(_record())
    for at in range(0, len(data) - 3, 3):
        _disturb(record, data[at], data[at + 1], STRANGE[data[at + 2] % len(STRANGE)])
    with closed():
        quads = list(rdf.quads(from_record(record)))
        with open_graph(":memory:") as graph:
            graph.bulk(quads)


def _disturb(record: Any, which: int, where: int, value: Any) -> None:
    """Put the value in the place of one that stands somewhere inside."""
    inner = record
    for step in (which % 16, which // 16, where % 16, where // 16):
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner))) if isinstance(inner, list) else []
        if not keys:
            return
        key = keys[step % len(keys)]
        if not isinstance(inner[key], (dict, list)) or step == where // 16:
            inner[key] = value
            return
        inner = inner[key]


@cache
def _record() -> str:
    from kg.interchange import to_record
    from kg.model import Document

    text = "Russia signed an agreement with Syria on Tuesday. Putin asked Iran to withdraw its troops from Aleppo."
    return json.dumps(to_record(_extractor().extract(Document("fuzz", text, "en", date="2025-10-15"))))


def export(data: bytes) -> None:
    """Strange words in every field of an article: each view can be written, and read back the same."""
    import pyoxigraph as ox

    from kg import rdf
    from kg.export import VIEWS
    from kg.export import export as write
    from kg.interchange import from_record
    from kg.store import open_graph

    words = data.decode(errors="ignore").replace("\0", "").split("|")
    record = json.loads(_record())
    for key, value in zip(("title", "url", "source", "id", "date"), words, strict=False):
        record[key] = value
    for entity, value in zip(record["entities"], words[5:], strict=False):
        entity["name"] = value or "x"
    with closed("/dev/shm", tempfile.gettempdir()), open_graph(":memory:") as graph:
        quads = set(rdf.quads(from_record(record)))
        graph.bulk(quads)
        for view in VIEWS:
            out = BytesIO()
            write(graph, view, out)
            if view in ("nquads", "trig"):
                form = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG}[view]
                assert {
                    one for one in ox.parse(out.getvalue(), form) if one.graph_name in {q.graph_name for q in quads}
                } == quads
            elif view in ("annotations", "jsonld"):
                json.loads(out.getvalue())


def dates(data: bytes) -> None:
    """A date of publication and words that may be a date."""
    from kg.model import Document
    from kg.records import document

    lang = ("en", "ar")[data[0] % 2] if data else "en"
    given, _, words = data[1:].decode(errors="ignore").replace("\0", " ").partition("|")
    with closed():
        read = document({"text": f"Putin visited Damascus {words}.", "date": given, "lang": lang}, "fuzz", "fuzz")
        for claim in _extractor().extract(Document("fuzz", read.text, lang, date=read.date)).claims:
            if claim.date is not None and not re.fullmatch(r"-?\d{4}(-\d\d(-\d\d)?)?", claim.date):
                raise AssertionError(f"{claim.date} is no date")


def server(data: bytes) -> None:
    """A question as it comes over HTTP, and the guard of the server."""
    from kg.server.guard import guard as admit

    with closed():
        admit(data.decode(errors="ignore"))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "readers": readers,
    "language": language,
    "guard": guard,
    "server": server,
    "records": records,
    "export": export,
    "dates": dates,
}


def once(name: str, data: bytes) -> None:
    """One case; what a target refuses with a sentence is no fault."""
    from kg.errors import KgError

    if name not in _warm:
        warmed = set(_warm)
        _warm.clear()
        for seed in seeds_of(name):
            with suppress(KgError):
                TARGETS[name](seed)
        if not warmed:
            sys.addaudithook(_audit)
        _warm.update(warmed, {name})
    with suppress(KgError):
        TARGETS[name](data)


# --- the runs


def main() -> int:
    """Print the table; 1 when something broke."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("targets", nargs="+", choices=[*TARGETS, "all"])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir(), "kg-crashes"))
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    names = list(TARGETS) if "all" in given.targets else given.targets
    if given.inside:
        _breed(names[0], given)
    print("| target | cases | seconds | crashes |\n|---|---:|---:|---:|", flush=True)
    return max([_run(name, given) for name in names])


def _run(name: str, given: argparse.Namespace) -> int:
    """One target, in processes of their own: each goes on where a crash ended the former."""
    given.keep.mkdir(parents=True, exist_ok=True)
    done, crashes, start = 0, 0, time.monotonic()
    while done < given.cases and (left := int(given.seconds - (time.monotonic() - start))) > 0 and crashes < 10:
        command = [sys.executable, __file__, name, "--inside", "--cases", str(given.cases - done)]
        command += ["--seconds", str(left), "--keep", str(given.keep)]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", env=env)
        said = run.stdout + run.stderr
        done += max([int(n) for n in re.findall(r"^(?:#|Done |DONE )(\d+)", said, re.MULTILINE)], default=1)
        if run.returncode:
            crashes += 1
            (given.keep / f"{name}-{crashes}.txt").write_text(said[-20_000:], encoding="utf-8")
            lines = re.findall(r"^(?:\w+(?:\.\w+)*(?:Error|Exception).*|.*ERROR: libFuzzer.*)$", said, re.MULTILINE)
            print(f"{name}: {lines[0] if lines else f'exit code {run.returncode}'}"[:300], file=sys.stderr, flush=True)
    print(f"| {name} | {done:,} | {time.monotonic() - start:.0f} | {crashes} |", flush=True)
    return min(crashes, 1)


def _breed(name: str, given: argparse.Namespace) -> None:
    """Cases until there are enough; ends the process."""
    try:
        import atheris
    except ImportError:
        _draw(name, given)
    with atheris.instrument_imports(include=["kg"]):
        once(name, b"")
    work = tempfile.mkdtemp(prefix="corpus-")
    options = [f"-runs={given.cases}", f"-max_total_time={given.seconds}", f"-timeout={LONG}"]
    options += [
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={given.keep}/{name}-",
        "-max_len=4000",
        "-print_final_stats=1",
    ]
    seeds = [str(SEEDS / name)] if (SEEDS / name).is_dir() else []
    atheris.Setup(["fuzz", *options, work, *seeds], lambda data: once(name, data))
    atheris.Fuzz()


def seeds_of(name: str) -> list[bytes]:
    """Our own cases of a target, to begin with."""
    return [path.read_bytes() for path in sorted((SEEDS / name).glob("*"))]


def _draw(name: str, given: argparse.Namespace) -> None:
    """Cases of hypothesis, where atheris is not to be had."""
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis import given as drawn

    seeds = seeds_of(name)
    start, count = time.monotonic(), 0

    @settings(
        max_examples=1_000,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @drawn(cases(seeds))
    def draw(data: bytes) -> None:
        nonlocal count
        count += 1
        once(name, data)

    while count < given.cases and time.monotonic() - start < given.seconds:
        draw()
    print(f"DONE {count}")
    sys.exit(0)


def cases(seeds: list[bytes]) -> Any:
    """Bytes, words in both scripts, and seeds with something else in the middle."""
    from hypothesis import strategies

    words = strategies.text().map(str.encode)
    cut = strategies.tuples(
        strategies.sampled_from(seeds or [b"x"]), strategies.integers(0, 300), strategies.integers(0, 40)
    )
    spliced = strategies.tuples(cut, words | strategies.binary()).map(
        lambda both: both[0][0][: both[0][1]] + both[1] + both[0][0][both[0][1] + both[0][2] :]
    )
    return strategies.binary() | words | spliced


if __name__ == "__main__":
    sys.exit(main())
