"""How well articles are read: a Markdown page of figures against annotated articles.

    python benchmarks/quality.py GOLD_FOLDER [--half FILE] > figures.md

GOLD_FOLDER holds articles as `kg evaluate` reads them. With --half, a file that names (one per line) the articles that
rules were written with, the figures of these and of all others stand side by side: the second is what to expect.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.evaluate import Result, count_types, evaluate_extractor, figures, gold_files, precision_recall
from kg.pipeline import load_extractor

LEAST = 5  # core claims of a type in the gold, so that its line says something


def main() -> None:
    """Print the page."""
    if len(sys.argv) not in {2, 4}:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    seen = set(Path(sys.argv[3]).read_text(encoding="utf-8").split()) if len(sys.argv) == 4 else None
    extract = load_extractor().extract
    results = list(evaluate_extractor(gold_files(folder), extract))
    bare = list(evaluate_extractor(gold_files(folder), extract, without={"holdsOffice"}))
    for lang in sorted({result.lang for result in results}):
        print(f"\n## {lang}\n")
        groups = {"all": {r.id for r in results}}
        if seen is not None:
            groups |= {"written with": {r.id for r in results if f"{r.id}.json" in seen}}
            groups |= {"not looked at": groups["all"] - groups["written with"]}
        columns = {name: _figures(results, lang, ids) for name, ids in groups.items()}
        without = {name: _figures(bare, lang, ids) for name, ids in groups.items()}
        print("| figure | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
        for label, read in ROWS:
            print(f"| {label} | " + " | ".join(_show(read(f)) for f in columns.values()) + " |")
        print(
            "| strict F1 without holdsOffice | " + " | ".join(_show(f["strict"]["f1"]) for f in without.values()) + " |"
        )
        _types([result for result in results if result.lang == lang])


def _figures(results: list[Result], lang: str, ids: set[str]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    for result in results:
        if result.lang == lang and result.id in ids:
            total += result.counts
    return figures(total)


def _show(value: Any) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _level(name: str, part: str) -> Any:
    return lambda found: found[name][part]


def _match(name: str) -> Any:
    return lambda found: found["on_strict_matches"][name]


ROWS: list[tuple[str, Any]] = [
    ("articles", lambda found: found["articles"]),
    ("core claims in the gold", lambda found: found["gold_core_claims"]),
    ("strict precision", _level("strict", "p")),
    ("strict recall", _level("strict", "r")),
    ("strict F1", _level("strict", "f1")),
    ("partial F1", _level("partial", "f1")),
    ("extra per 100 gold", lambda found: found["extra_per_100_gold"]),
    ("entities F1", _level("entities", "f1")),
    ("modality right", _match("modality")),
    ("not asserted kept apart", _match("not_asserted_kept_apart")),
    ("polarity", _match("polarity")),
    ("attribution", _match("attribution")),
    ("content links", _match("content_links")),
    ("offices and former", _match("office_and_former")),
    ("dates", _match("dates")),
    ("Wikidata id right when given", lambda found: found["qid"]["accuracy_when_given"]),
    ("quotes verbatim", lambda found: found["quotes_verbatim"]),
]


def _types(results: list[Result]) -> None:
    total: Counter[tuple[str, str]] = Counter()
    for result in results:
        total += count_types(result.comparison)
    print("\n| type | gold | found | extra | P | R | F1 |\n|---|---|---|---|---|---|---|")
    names = {kind for kind, _ in total}
    for kind in sorted(names, key=lambda k: (-(total[k, "tp"] + total[k, "fn"]), k)):
        tp, fp, fn = (total[kind, part] for part in ("tp", "fp", "fn"))
        if tp + fn >= LEAST:
            found = precision_recall(tp, fp, fn)
            print(f"| {kind} | {tp + fn} | {tp} | {fp} | {found['p']} | {found['r']} | {found['f1']} |")


if __name__ == "__main__":
    main()
