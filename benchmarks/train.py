"""Trains the weights that doubt what rules claim, or measures them on documents left out.

    python benchmarks/train.py [GOLD_FOLDER ...] [--check] [--half FILE] [--least P] [--lang LANG]

Our own gold sentences (tests/gold) and articles (benchmarks/articles) are always trained on; GOLD_FOLDER holds further
annotated articles, as `kg evaluate` reads them. Writes kg/lang/LANG/weights.tsv where it gains.
With --check nothing is written: every article is read with weights trained on all others, and the figures are printed.
--half FILE names (one per line) the articles that rules
were written with; the others count more in training. --least sets the probability below which a claim is not made,
instead of choosing it.
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
from kg.training import Article, Trial, best_least, cross_validate, load, weights

OWN = ROOT / "benchmarks" / "articles"


def main() -> None:
    """Train, or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--half", type=Path, default=ROOT / "benchmarks" / "looked-at.txt")
    parser.add_argument("--least", type=float)
    parser.add_argument("--lang", choices=languages(), action="append")
    given = parser.parse_args()
    halves = (given.half, OWN / "looked-at.txt")
    looked_at = frozenset(name for half in halves for name in half.read_text(encoding="utf-8").split())
    for lang in given.lang or languages():
        articles = load(lang, [OWN, *given.gold], ROOT / "tests" / "gold", looked_at)
        if given.check:
            check(lang, cross_validate(articles))
        else:
            write(lang, articles, best_least(cross_validate(articles)) if given.least is None else given.least)


def write(lang: str, articles: list[Article], least: float | None) -> None:
    """The file of weights, or none where they gain nothing."""
    if least is None:
        weights_file(lang).unlink(missing_ok=True)
        print(f"{lang}: {len(articles)} texts; rules alone are as good, so there are no weights")
        return
    text = write_weights(weights(articles, least))
    weights_file(lang).write_text(text, encoding="utf-8")
    size = len(text.encode()) // 1024
    print(f"{lang}: {len(articles)} texts; {len(text.splitlines())} weights, {size} kB; least probability {least}")


def check(lang: str, trials: list[Trial]) -> None:
    """Print the figures by least probability, for all articles and for those rules were not written with."""
    groups = {"all": trials, "not looked at": [trial for trial in trials if trial.fresh]}
    print(f"\n{lang}: chosen {best_least(trials)}")
    for name, group in groups.items():
        print(f"\n{lang}, {name}: {len(group)} articles\n")
        print("| least probability | claims | strict P | R | F1 | partial F1 | extra per 100 | entities F1 |")
        print("|---|---|---|---|---|---|---|---|")
        row("rules alone", [trial.rules for trial in group])
        for least in trials[0].filtered:
            row(f"{least}", [trial.filtered[least] for trial in group])


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
