"""Kills `kg` at random moments and looks whether an article was lost or left half-written.

    python benchmarks/kills.py [--rounds 1000] [--seed 1] [--only NAME]... [--corpus FILE.jsonl --most N] [--disk]

Each round runs one command on a store and ends it by SIGKILL at a random moment. Of every named graph the store must
then hold either what stood there before or what an uninterrupted run writes, by number and digest of its quads; what
the command had reported as done must be done. Builds go on where they were killed, until one ends: then the store must
equal that of an uninterrupted run. In every fourth round the tail of the engine's log is cut off at random, down to
what it was when the last report came: what a power cut may take. With --disk the store lies on a file system of a few
MB that runs full, is made larger, and is gone on with (needs root, for mount). Exit code 1 when anything was lost.

The articles are our gold sentences, one each; --corpus takes others (JSON lines), --most so many of them.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.tables import heads, row
from kg import rdf
from kg.commands import main as kg
from kg.gold import load_sentences, sentence_files
from kg.model import Document
from kg.pipeline import load_extractor
from kg.seeds import world

WIKIDATA = """
import sys
from endpoint import oxigraph
from wikidata import Entry, door, fill
with oxigraph() as url, door(url) as shown:
    fill(url, [Entry("Q9001", "Q5", en="Mira Lunde"), Entry("Q159", "Q6256", en="Russia", facts=(("P35", "Q9001"),))])
    print(shown.url, flush=True)
    sys.stdin.read()
"""
State = Mapping[str, str]  # graph -> number and digest of its quads
SMALL = 250  # gold sentences in the corpus: a full batch of `kg build` and a part of one
SLOW = ("processes", "build-anew")  # a round takes ten times as long as another
FEW = 30  # articles withdrawn in one command: each takes a flush of the disk
ORPHANS = 20  # seconds that worker processes may outlive the one that was killed
DONE = re.compile(r"safe on disk: (\d+) new, (\d+) replaced")
GONE = re.compile(r"^(\S+): [\d,]+ statements? taken out", re.MULTILINE)


@dataclass(slots=True)
class Way:
    """One command, from a store before it to what it leaves when nobody kills it."""

    name: str
    arguments: list[str]
    before: Path
    after: State
    order: Sequence[str] = ()  # graphs in the order in which they are reported
    goes_on: bool = False  # the next round takes the killed store


@dataclass(slots=True)
class Tally:
    """What the rounds of one way came to."""

    killed: int = 0
    ended: int = 0
    cut: int = 0
    reported: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> int:
    """Print the table; 1 when anything was lost."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--most", type=int, default=SMALL)
    parser.add_argument("--disk", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as name, contextlib.ExitStack() as stack:
        work = Path(name)
        corpus = _corpus(given.corpus, given.most)
        for one in {one["lang"]: one for one in corpus}.values():  # what has to be loaded is loaded once for all forks
            load_extractor().extract(Document(one["id"], one["text"], one["lang"]))
        world()
        ways = list(_ways(work, corpus, stack, given.only, bool(given.corpus)))
        rng, tallies = random.Random(given.seed), {way.name: Tally() for way in ways}
        if given.disk:
            for _ in range(given.rounds):
                _full_disk(ways[0], work, rng, tallies[ways[0].name])
        else:
            with contextlib.suppress(KeyboardInterrupt):  # what was tried so far is shown
                _rounds(ways, work, rng, tallies, given.rounds)
    print(heads("command", "rounds", "killed", "ended before", "log cut", "reported done", "lost or half-written"))
    for way, tally in tallies.items():
        rounds = tally.killed + tally.ended
        print(row(way, rounds, tally.killed, tally.ended, tally.cut, tally.reported, len(tally.faults)))
    faults = [f"{way}: {fault}" for way, tally in tallies.items() for fault in tally.faults]
    print(*faults[:20], sep="\n", file=sys.stderr)
    return bool(faults)


# --- the commands


def _corpus(file: Path | None, most: int) -> list[dict[str, str]]:
    if file is not None:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in islice(lines, most)]
    gold = (one for path in sentence_files(ROOT / "tests" / "gold") for one in load_sentences(path))
    sentences = dict.fromkeys((one.text, one.lang) for one in gold)
    return [{"id": f"k{n}", "text": words, "lang": lang} for n, (words, lang) in enumerate(islice(sentences, most))]


def _ways(
    work: Path, corpus: list[dict[str, str]], stack: contextlib.ExitStack, only: list[str], others: bool
) -> Iterator[Way]:
    """The commands, each with the store that it begins with and the graphs that it ends with."""
    changed = [{**one, "text": f"{one['text']} {one['text']}"} for one in corpus]
    files = [_write(work / f"{name}.jsonl", some) for name, some in (("first", corpus), ("changed", changed))]
    articles = [rdf.article_iri(one["id"]).value for one in corpus]
    bare, full = work / "bare", work / "full"
    _must(["build", str(_write(work / "none.jsonl", corpus[:1])), "--store", str(bare)])
    _must(["withdraw", corpus[0]["id"], "--store", str(bare)])
    shutil.copytree(bare, full)
    build = ["build", "-v", str(files[0]), "--engine", "serial"]
    _must([*build, "--store", str(full)])
    built = state(full)
    if _chosen("build", only):
        yield Way("build", build, bare, built, articles, goes_on=True)
    if _chosen("processes", only):
        yield Way("processes", [*build[:-1], "processes"], bare, built, articles, goes_on=True)
    if others:
        return
    if _chosen("build-anew", only):
        yield Way("build-anew", build, work / "nothing", built, articles)
    if _chosen("replace", only):
        replace = ["build", "-v", str(files[1]), "--engine", "serial"]
        yield Way("replace", replace, full, _after(work, full, replace), articles, goes_on=True)
    if _chosen("withdraw", only):
        out = ["withdraw", *(one["id"] for one in corpus[:FEW])]
        yield Way("withdraw", out, full, _after(work, full, out), articles)
    if _chosen("link", only):
        link = ["link", "--set", "russia", "Q9001"]
        yield Way("link", link, full, _after(work, full, link))
    if _chosen("enrich", only):
        url = stack.enter_context(_wikidata())
        enrich = ["enrich", "--endpoint", url, "--fresh", "--cache", str(work / "answers.sqlite")]
        yield Way("enrich", enrich, full, _after(work, full, enrich))


def _chosen(name: str, only: list[str]) -> bool:
    return not only or name in only


def _write(file: Path, articles: Sequence[Mapping[str, str]]) -> Path:
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in articles), encoding="utf-8")
    return file


def _after(work: Path, before: Path, arguments: list[str]) -> State:
    """The graphs that a command leaves when nobody kills it."""
    store = work / "trial"
    shutil.copytree(before, store)
    _must([*arguments, "--store", str(store)])
    found = state(store)
    shutil.rmtree(store)
    return found


@contextlib.contextmanager
def _wikidata() -> Iterator[str]:
    """The address of an endpoint on loopback that knows two entities; a process of its own, so that we can fork."""
    path = os.pathsep.join([str(ROOT / "tests"), str(ROOT)])
    with subprocess.Popen(
        [sys.executable, "-c", WIKIDATA],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()


# --- one process for each run; this one never opens a store, so that it may fork


def _forked(deed: Callable[[], object]) -> tuple[int, int]:
    """A child that does it, in a session of its own, and the end of a pipe that its output comes from."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        os.setsid()
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        deed()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException as error:  # the parent must hear of it, and nothing of ours may run on in the child
        print(f"child: {error!r}", flush=True)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _must(arguments: list[str]) -> str:
    child, pipe = _forked(lambda: kg(arguments))
    said = _until(pipe, None)[0]
    if os.waitpid(child, 0)[1]:
        sys.exit(f"kg {' '.join(arguments[:3])}: {said}")
    return said


def _until(pipe: int, end: float | None, heard: Callable[[], None] = lambda: None) -> tuple[str, bool]:
    """What comes out of the pipe until that moment, and whether it came to its end before."""
    parts: list[bytes] = []
    while end is None or time.monotonic() < end:
        if not select.select([pipe], [], [], None if end is None else max(0.0, end - time.monotonic()))[0]:
            continue
        data = os.read(pipe, 1 << 16)
        if not data:
            return b"".join(parts).decode(), True
        parts.append(data)
        heard()
    return b"".join(parts).decode(), False


def state(store: Path) -> State:
    """The graphs of a store, read by a child."""
    child, pipe = _forked(lambda: _print_state(store))
    said = _until(pipe, None)[0]
    os.close(pipe)
    if os.waitpid(child, 0)[1]:
        raise AssertionError(f"the store does not open: {said[-500:]}")
    found = json.loads(said)
    assert isinstance(found, dict)
    return found


def _print_state(store: Path) -> None:
    from kg.store import open_graph

    lines: dict[str, list[str]] = {}
    with open_graph(store) as graph:
        for quad in graph.quads():
            lines.setdefault(quad.graph_name.value, []).append(str(quad.triple))
    found = {name: f"{len(some)} {sha256(''.join(sorted(some)).encode()).hexdigest()}" for name, some in lines.items()}
    print(json.dumps(found))


# --- the rounds


def _rounds(ways: list[Way], work: Path, rng: random.Random, tallies: dict[str, Tally], rounds: int) -> None:
    stores = {way.name: _fresh(way, work) for way in ways}
    befores = {way.name: state(store) if store.exists() else {} for way in ways for store in [stores[way.name]]}
    starts = dict(befores)
    long = {way.name: _seconds(way, work) for way in ways}
    idle = [way.name for way in ways if befores[way.name] == way.after]
    if idle:
        sys.exit(f"{', '.join(idle)}: changes nothing, so there is nothing to lose")
    weights = [8 if way.goes_on and way.name != "processes" else 1 if way.name in SLOW else 4 for way in ways]
    for number in range(rounds):
        way = rng.choices(ways, weights)[0]
        tally, store = tallies[way.name], stores[way.name]
        is_cut = number % 4 == 3
        said, ended = _killed(way, store, rng.uniform(0, 1.05 * long[way.name]), rng if is_cut else None)
        tally.killed += not ended
        tally.ended += ended
        tally.cut += is_cut
        if not store.exists():
            after: State = {}
        else:
            try:
                after = state(store)
            except AssertionError as error:
                tally.faults.append(f"round {number}: {error}")
                after = {}
        done = _reported(way, said, befores[way.name], ended)
        tally.reported += len(done)
        tally.faults += [f"round {number}: {one}" for one in _faults(way, befores[way.name], after, done)]
        if ended or not way.goes_on or tally.faults:
            stores[way.name] = _fresh(way, work)
            befores[way.name] = starts[way.name]
        else:
            befores[way.name] = after
        if sys.stderr.isatty():
            print(f"\r{number + 1:,} rounds", end="\x1b[K", file=sys.stderr, flush=True)


def _fresh(way: Way, work: Path) -> Path:
    store = work / f"{way.name}.kg"
    shutil.rmtree(store, ignore_errors=True)
    if way.before.exists():
        shutil.copytree(way.before, store)
    return store


def _seconds(way: Way, work: Path) -> float:
    """How long the command takes when nobody kills it."""
    store, start = _fresh(way, work), time.monotonic()
    _must([*way.arguments, "--store", str(store)])
    seconds = time.monotonic() - start
    _fresh(way, work)
    return seconds


def _killed(way: Way, store: Path, after: float, cut: random.Random | None) -> tuple[str, bool]:
    """What the command said until it was killed, and whether it ended before."""
    sizes: dict[str, int] = {}

    def heard() -> None:  # something was reported: so much of the log is safe
        with contextlib.suppress(OSError):
            sizes.update((path.name, path.stat().st_size) for path in store.glob("*.log"))

    child, pipe = _forked(lambda: kg([*way.arguments, "--store", str(store)]))
    said, ended = _until(pipe, time.monotonic() + after, heard)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    code = os.waitpid(child, 0)[1]
    _wait_for_orphans(child)
    while data := os.read(pipe, 1 << 16):
        said += data.decode()
    os.close(pipe)
    if ended and code not in (0, signal.SIGKILL):
        said += f"\nexit code {code}"
    if cut is not None and not ended:
        for path in sorted(store.glob("*.log"))[-1:]:  # the engine has synced the others before it went on to this one
            size = path.stat().st_size
            os.truncate(path, cut.randint(min(sizes.get(path.name, 0), size), size))
    return said, ended and code == 0


def _wait_for_orphans(session: int) -> None:
    """Worker processes end when the one that started them was killed; those that do not are a fault."""
    for _ in range(ORPHANS * 20):
        if not list(_members(session)):
            return
        time.sleep(0.05)
    for pid in _members(session):
        os.kill(pid, signal.SIGKILL)
    sys.exit(f"worker processes were still there {ORPHANS} s after the kill")


def _members(session: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if fields[3] == str(session) and fields[0] != "Z":
                yield int(stat.parent.name)


def _reported(way: Way, said: str, before: State, ended: bool) -> list[str]:
    """The graphs that the command had said were done."""
    if ended:
        return sorted(set(way.after) | set(before))
    if way.arguments[0] == "withdraw":
        return [rdf.article_iri(one).value for one in GONE.findall(said)]
    open_ones = [graph for graph in way.order if before.get(graph) != way.after.get(graph)]
    found = DONE.findall(said)
    return open_ones[: sum(map(int, found[-1]))] if found else []


def _faults(way: Way, before: State, now: State, done: Sequence[str]) -> Iterator[str]:
    for graph in sorted({*before, *now, *way.after}):
        if now.get(graph) not in (before.get(graph), way.after.get(graph)) and graph != rdf.GP + "store":
            yield f"{graph} is half-written: {now.get(graph)} and not {before.get(graph)} or {way.after.get(graph)}"
    for graph in done:
        if now.get(graph) != way.after.get(graph):
            yield f"{graph} was reported done and is not"


# --- a disk that runs full


def _full_disk(way: Way, work: Path, rng: random.Random, tally: Tally) -> None:
    place = work / "disk"
    place.mkdir(exist_ok=True)
    base = sum(path.stat().st_size for path in way.before.iterdir()) >> 10
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={base + rng.randrange(64, 4096)}k", "kills", place], check=True
    )
    try:
        shutil.copytree(way.before, place / "news.kg")
        before = state(place / "news.kg")
        child, pipe = _forked(lambda: kg([*way.arguments, "--store", str(place / "news.kg")]))
        said, _ = _until(pipe, None)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        subprocess.run(["mount", "-o", "remount,size=1g", place], check=True)
        after = state(place / "news.kg")
        done = _reported(way, said, before, code == 0)
        tally.killed += code != 0
        tally.ended += code == 0
        tally.reported += len(done)
        tally.faults += _faults(way, before, after, done)
        if code and "the disk is full" not in said:
            tally.faults.append(f"no sentence, exit code {code}: {said[-300:]}")
        _must([*way.arguments, "--store", str(place / "news.kg")])
        tally.faults += _faults(way, way.after, state(place / "news.kg"), sorted(way.after))
    finally:
        subprocess.run(["umount", place], check=True)


if __name__ == "__main__":
    sys.exit(main())
