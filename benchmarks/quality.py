"""How well articles are read: Markdown tables of figures against annotated articles.

    python benchmarks/quality.py GOLD_FOLDER [--half FILE] [--write PAGE]

GOLD_FOLDER holds articles as `kg evaluate` reads them. With --half, a file that names (one per line) the articles that
rules were written with, the figures of these and of all others stand side by side: the second is what to expect.
With --write the tables replace those of PAGE, between its lines `<!-- figures -->` and `<!-- end of figures -->`.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.evaluate import Result, count_types, evaluate_extractor, figures, gold_files, precision_recall
from kg.pipeline import load_extractor

LANGUAGES = {"ar": "Arabic", "en": "English"}
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
LEAST = 5  # core claims of a type in the gold, so that its line says something


def main() -> None:
    """Print the tables, or write them into a page."""
    options = ArgumentParser(usage=__doc__)
    options.add_argument("gold", type=Path)
    options.add_argument("--half", type=Path)
    options.add_argument("--write", type=Path)
    given = options.parse_args()
    seen = set(given.half.read_text(encoding="utf-8").split()) if given.half else None
    made = "\n".join(tables(given.gold, seen)) + "\n"
    if given.write is None:
        print(made, end="")
        return
    page = given.write.read_text(encoding="utf-8")
    before, mark, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (mark and end):
        sys.exit(f"{given.write}: the lines '{BEGIN}' and '{END}' are missing; put them where the tables belong")
    given.write.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")


def tables(folder: Path, seen: set[str] | None) -> Iterator[str]:
    """The lines of the page, language by language."""
    extract = load_extractor(model=False).extract
    results = list(evaluate_extractor(gold_files(folder), extract))
    bare = list(evaluate_extractor(gold_files(folder), extract, without={"holdsOffice"}))
    for lang in sorted({result.lang for result in results}):
        mine = [result for result in results if result.lang == lang]
        groups = {"all": {r.id for r in mine}}
        if seen is not None:
            groups |= {"written with": {r.id for r in mine if f"{r.id}.json" in seen}}
            groups |= {"not looked at": groups["all"] - groups["written with"]}
        columns = {name: _figures(results, lang, ids) for name, ids in groups.items()}
        without = [_figures(bare, lang, ids) for ids in groups.values()]
        yield f"\n### {LANGUAGES.get(lang, lang)}\n"
        yield _row(["figure", *columns])
        yield "|---|" + "---|" * len(columns)
        for label, read in ROWS:
            yield _row([label, *map(read, columns.values())])
        yield _row(["strict F1 without `holdsOffice`", *(found["strict"]["f1"] for found in without)])
        yield from _modalities(mine)
        yield from _types(mine)


def _row(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(map(_show, cells)) + " |"


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


def _modalities(results: list[Result]) -> Iterator[str]:
    """Of the claims that were found: how often each modality of the gold was read as such."""
    total: Counter[tuple[str, bool]] = Counter()
    for result in results:
        for pair in result.comparison.strict().values():
            total[pair.gold.modality, pair.gold.modality == pair.system.modality] += 1
    yield "\n| modality in the gold | claims found | modality right |\n|---|---|---|"
    for name in sorted({name for name, _ in total}, key=lambda n: (-total[n, True] - total[n, False], n)):
        yield _row([name, total[name, True] + total[name, False], total[name, True]])


def _types(results: list[Result]) -> Iterator[str]:
    total: Counter[tuple[str, str]] = Counter()
    for result in results:
        total += count_types(result.comparison)
    yield "\n| type | gold | found | extra | P | R | F1 |\n|---|---|---|---|---|---|---|"
    names = {kind for kind, _ in total}
    for kind in sorted(names, key=lambda k: (-(total[k, "tp"] + total[k, "fn"]), k)):
        tp, fp, fn = (total[kind, part] for part in ("tp", "fp", "fn"))
        if tp + fn >= LEAST:
            found = precision_recall(tp, fp, fn)
            yield _row([kind, tp + fn, tp, fp, found["p"], found["r"], found["f1"]])


if __name__ == "__main__":
    main()
