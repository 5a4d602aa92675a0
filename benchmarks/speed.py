"""Times what a user waits for: start-up, reading, extraction, building, a question.

    python benchmarks/speed.py [ARTICLES]

ARTICLES is a file or folder; by default the articles of seeds/articles/, read several times over.
Prints a Markdown table. Run it alone on the machine; the first run after an installation compiles.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kg.documents import read
from kg.model import Document

LEAST = 50  # articles, so that the figures do not rest on a handful


def main() -> None:
    """Measure and print."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "seeds" / "articles"
    articles = [found for found in read([source]) if isinstance(found, Document)]
    several = [
        replace(article, id=f"{article.id}-{turn}")
        for turn in range(-(-LEAST // len(articles)))
        for article in articles
    ]
    words = sum(len(article.text.split()) for article in several)
    with tempfile.TemporaryDirectory() as folder:
        lines, store = Path(folder) / "articles.jsonl", Path(folder) / "store"
        lines.write_text("".join(map(line, several)), encoding="utf-8")
        print(f"{len(several)} articles, {words:,} words\n\n| what | time |\n|---|---:|")
        show("kg --help", median(timed(lambda: kg("--help")) for _ in range(5)))
        show("read the articles", timed(lambda: list(read([lines]))))
        show("kg extract", timed(lambda: kg("extract", str(lines), "--format", "jsonl")))
        show("kg build", timed(lambda: kg("build", str(lines), "--store", str(store))))
        show("kg query leaders", timed(lambda: kg("query", "leaders", "--store", str(store))))


def line(article: Document) -> str:
    """The article as a line of JSON."""
    record = {"id": article.id, "lang": article.lang, "date": article.date, "text": article.text}
    return json.dumps(record, ensure_ascii=False) + "\n"


def kg(*words: str) -> None:
    """Run the program as a user does."""
    subprocess.run([sys.executable, "-m", "kg", *words], cwd=ROOT, check=True, capture_output=True)


def timed(act: Callable[[], object]) -> float:
    """Seconds on the clock."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def show(what: str, seconds: float) -> None:
    """A row of the table."""
    print(f"| {what} | {seconds:.2f} s |", flush=True)


if __name__ == "__main__":
    main()
