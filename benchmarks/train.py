"""Trains the weights that complete what rules leave open, or measures them on documents left out.

    python benchmarks/train.py [GOLD_FOLDER ...] [--check] [--half FILE] [--level SHARE] [--lang LANG]

Our own gold sentences (tests/gold) are always trained on; GOLD_FOLDER holds annotated articles, as `kg evaluate` reads
them. Writes kg/lang/LANG/weights.tsv where it gains. With --check nothing is written: every article is read with
weights trained on all others, and the figures are printed; --half FILE names (one per line) the articles that rules
were written with. --level sets the least probability of a claim instead of choosing it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kg.evaluate import figures
from kg.extraction.weights import weights_file, write_weights
from kg.language import languages
from kg.training import LEVELS, Article, Trial, best_level, cross_validate, load, train


def main() -> None:
    """Train, or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--half", type=Path)
    parser.add_argument("--level", type=float)
    parser.add_argument("--lang", choices=languages(), action="append")
    given = parser.parse_args()
    for lang in given.lang or languages():
        articles = load(lang, given.gold, ROOT / "tests" / "gold")
        if given.check:
            check(lang, cross_validate(lang, articles), given.half)
        else:
            write(lang, articles, given.level or best_level(cross_validate(lang, articles)))


def write(lang: str, articles: list[Article], level: float | None) -> None:
    """The file of weights, or none where they gain nothing."""
    if level is None:
        weights_file(lang).unlink(missing_ok=True)
        print(f"{lang}: {len(articles)} texts; rules alone are as good, so there are no weights")
        return
    text = write_weights(train(lang, articles, level))
    weights_file(lang).write_text(text, encoding="utf-8")
    size = len(text.encode()) // 1024
    print(f"{lang}: {len(articles)} texts; {len(text.splitlines())} weights, {size} kB; a claim from {level} on")


def check(lang: str, trials: list[Trial], half: Path | None) -> None:
    """Print the figures by least probability, for all articles and for those rules were not written with."""
    groups = {"all": trials}
    if half is not None:
        seen = set(half.read_text(encoding="utf-8").split())
        groups["not looked at"] = [trial for trial in trials if f"{trial.id}.json" not in seen]
    for name, group in groups.items():
        print(f"\n{lang}, {name}: {len(group)} articles\n")
        print("| least probability | claims | strict P | R | F1 | partial F1 | extra per 100 | entities F1 |")
        print("|---|---|---|---|---|---|---|---|")
        row("rules alone", [trial.rules for trial in group])
        for level in LEVELS:
            row(str(level), [trial.with_more[level] for trial in group])


def row(name: str, counts: list[Counter[str]]) -> None:
    """One line of the table."""
    found = figures(sum(counts, Counter()))
    strict = found["strict"]
    cells = [
        name, sum(c["system"] for c in counts), strict["p"], strict["r"], strict["f1"], found["partial"]["f1"],
        found["extra_per_100_gold"], found["entities"]["f1"],
    ]  # fmt: skip
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
