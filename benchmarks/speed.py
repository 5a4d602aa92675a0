"""Times what a user waits for: start-up, reading, extraction, building, a question; and how much memory it takes.

    python benchmarks/speed.py [ARTICLES] [--beside PIPELINE]

ARTICLES is a file or folder; by default the articles of seeds/articles/, read several times over.
With --beside, the name or folder of a spaCy pipeline for English, the English articles are read by our reader and by
that pipeline in turn, on one core. Prints Markdown tables. Run it alone on the machine; the first run after an
installation compiles.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.tables import heads, row
from kg.documents import read
from kg.identify import identify
from kg.model import Document

LEAST = 50  # articles, so that the figures do not rest on a handful
WORDS = 250  # of one article, where articles a second are told
TURNS = 3  # of which the fastest counts: others may use the machine
SENTENCE = "Russian President Vladimir Putin visited Damascus on Tuesday."


def main() -> None:
    """Measure and print."""
    words = sys.argv[1:]
    beside = words.pop(words.index("--beside") + 1) if "--beside" in words[:-1] else None
    words = [word for word in words if word != "--beside"]
    if len(words) > 1:
        sys.exit(__doc__)
    source = Path(words[0]) if words else ROOT / "seeds" / "articles"
    articles = [found for found in read([source]) if isinstance(found, Document)]
    several = repeated(articles, LEAST)
    with tempfile.TemporaryDirectory() as folder:
        lines, store = Path(folder) / "articles.jsonl", Path(folder) / "store"
        lines.write_text("".join(map(line, several)), encoding="utf-8")
        print(f"{len(several)} articles, {count(several):,} words\n\n| what | time | memory |\n|---|---:|---:|")
        show("kg --help", [kg("--help") for _ in range(5)])
        show("kg extract, one sentence", [kg("extract", "--text", SENTENCE) for _ in range(5)])
        show("read the articles", [(timed(lambda: list(read([lines]))), 0)])
        show("kg extract", [kg("extract", str(lines), "--format", "jsonl")])
        show("kg build", [kg("build", str(lines), "--store", str(store))])
        show("kg query leaders", [kg("query", "leaders", "--store", str(store))])
    print(
        "\n"
        + heads(
            "one core, in one process", "articles", "words", "s of the processor", f"articles of {WORDS} words a second"
        )
    )
    one_core()
    by_lang: dict[str, list[Document]] = {}
    for article in articles:
        by_lang.setdefault(article.lang or identify(article.text), []).append(article)
    for lang, found in sorted(by_lang.items()):
        rates(lang, repeated(found, LEAST), beside if lang == "en" else None)


def repeated(articles: Sequence[Document], least: int) -> list[Document]:
    """The articles, over and over until there are so many."""
    turns = range(-(-least // len(articles)))
    return [replace(article, id=f"{article.id}-{turn}") for turn in turns for article in articles]


def count(articles: Sequence[Document]) -> int:
    """Words of the articles."""
    return sum(len(article.text.split()) for article in articles)


def rates(lang: str, articles: Sequence[Document], beside: str | None) -> None:
    """Rows: our reader, and in turn with it the pipeline to compare with."""
    from kg.pipeline import load_extractor

    extract = load_extractor().extract
    readers: dict[str, Callable[[], object]] = {f"kg, {lang}": lambda: [extract(article) for article in articles]}
    if beside is not None:
        import spacy

        nlp = spacy.load(beside)
        readers[f"{nlp.lang}_{nlp.meta['name']}, {lang}"] = lambda: [nlp(article.text) for article in articles]
    extract(articles[0])
    times: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(TURNS):
        for name, act in readers.items():
            times[name].append(timed(act, time.process_time))
    for name, found in times.items():
        print(row(name, len(articles), count(articles), min(found), count(articles) / WORDS / min(found)))
    if beside is not None:
        ours, theirs = (min(found) for found in times.values())
        print(row(f"ratio, {lang}", "", "", "", theirs / ours))


def one_core() -> None:
    """Keep this process on one core where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def line(article: Document) -> str:
    """The article as a line of JSON."""
    record = {"id": article.id, "lang": article.lang, "date": article.date, "text": article.text}
    return json.dumps(record, ensure_ascii=False) + "\n"


def kg(*words: str) -> tuple[float, int]:
    """Run the program as a user does: seconds, and the most memory it took in MiB (0 where the system tells none)."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors
        )
        memory = 0
        if hasattr(os, "wait4"):
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            memory = used.ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)
        if process.wait() != 0:
            errors.seek(0)
            sys.exit(f"kg {words[0]}: {errors.read().decode(errors='replace').strip()}")
    return time.perf_counter() - start, memory


def timed(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds on a clock: the one on the wall, or this process's own, which others on the machine do not disturb."""
    start = clock()
    act()
    return clock() - start


def show(what: str, runs: Sequence[tuple[float, int]]) -> None:
    """A row of the table: the middle of the times, the most memory."""
    memory = max(used for _, used in runs)
    print(
        f"| {what} | {median(seconds for seconds, _ in runs):.2f} s | {f'{memory} MiB' if memory else ''} |", flush=True
    )


if __name__ == "__main__":
    main()
