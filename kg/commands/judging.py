"""How good the extraction is: evaluate."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.options import (
    folder_argument,
    is_quiet,
    json_option,
    model_option,
    pipeline_option,
    plural,
    say,
    show,
    talk,
)
from kg.errors import DataError

if TYPE_CHECKING:
    from kg.evaluate import Result
    from kg.gold import Judgement


@click.command()
@click.argument("gold", type=folder_argument)
@click.option("--system", type=folder_argument, help="Folder of <id>.json files to judge instead.")
@click.option("--per-type", is_flag=True, help="Figures for every claim type.")
@click.option("--per-article", is_flag=True, help="Figures for every article.")
@click.option("--errors", metavar="ID", help="List what was found, missed and extra in an article.")
@click.option("--without", metavar="TYPE", multiple=True, help="Leave a claim type out.")
@click.option("--update", is_flag=True, help="Raise the floors of gold sentences.")
@click.option("--allow-regression", is_flag=True, help="With --update, lower them too.")
@json_option
@pipeline_option
@model_option
@talk
def evaluate(
    gold: Path,
    system: Path | None,
    per_type: bool,
    per_article: bool,
    errors: str | None,
    without: tuple[str, ...],
    update: bool,
    allow_regression: bool,
    as_json: bool,
    pipelines: dict[str, str],
    model: bool,
) -> None:
    """Precision and recall against annotated text.

    Without --system the texts of the gold are read now, by the extractor; gold sentences by rules alone.

    \b
    kg evaluate tests/gold
    kg evaluate gold/ar --per-type
    kg evaluate gold/ar --system out/ --errors some-article
    """
    from kg.gold import sentence_files

    if paths := sentence_files(gold):
        _sentences(gold, paths, pipelines, errors, update=update, lower=allow_regression, as_json=as_json)
    elif update:
        raise click.UsageError("--update is for folders of gold sentences, <lang>/<type>.yml")
    else:
        results = _results(gold, system, pipelines, model, without)
        if as_json:
            show([json.dumps(_figures_of(results, per_type, per_article), indent=1)])
        else:
            _show_results(results, per_type=per_type, per_article=per_article, errors=errors)


# --- annotated articles


def _results(
    gold: Path, system: Path | None, pipelines: dict[str, str], model: bool, without: Sequence[str]
) -> list[Result]:
    from kg.evaluate import evaluate_extractor, evaluate_files, gold_files
    from kg.terminal import progress

    paths = progress(gold_files(gold), "articles", quiet=is_quiet())
    if system is not None:
        if not system.is_dir():
            raise DataError(f"{system}: no such folder; --system names one with <id>.json files")
        return list(evaluate_files(paths, system, without=without))
    from kg.pipeline import load_extractor

    return list(evaluate_extractor(paths, load_extractor(pipelines, model).extract, without=without))


def _figures_of(results: Sequence[Result], per_type: bool, per_article: bool) -> dict[str, Any]:
    from kg.evaluate import figures

    made = figures(_total(results))
    if per_type:
        made["types"] = {kind: dict(counts) for kind, counts in _types(results).items()}
    if per_article:
        made["each"] = {result.id: figures(result.counts) for result in results}
    return made


def _total(results: Iterable[Result]) -> Counter[str]:
    total: Counter[str] = Counter()
    for result in results:
        total += result.counts
    return total


def _types(results: Iterable[Result]) -> dict[str, Counter[str]]:
    """Counts by type, the most frequent type of the gold first."""
    from kg.evaluate import count_types

    found: dict[str, Counter[str]] = {}
    for result in results:
        for (kind, mark), number in count_types(result.comparison).items():
            found.setdefault(kind, Counter())[mark] += number
    return dict(sorted(found.items(), key=lambda item: (-item[1]["tp"] - item[1]["fn"], item[0])))


def _show_results(results: Sequence[Result], *, per_type: bool, per_article: bool, errors: str | None) -> None:
    from kg.evaluate import figures, findings, precision_recall
    from kg.terminal import table

    if errors is not None:
        chosen = [result for result in results if result.id == errors]
        if not chosen:
            raise DataError(f"the gold has no article '{errors}'; its files are called <id>.json")
        rows = [(one.mark, one.claim, one.quote) for one in findings(chosen[0].comparison)]
        show(table(("", "claim", "words"), rows))
        return
    if per_article:
        heads = ("article", "gold", "found", "extra", "P", "R", "F1")
        show(table(heads, [(result.id, *_row(result.counts)) for result in results]))
        show([""])
    if per_type:
        rows_of_types = [
            (kind, *map(str, (c["tp"] + c["fn"], c["tp"], c["fp"])),
             *_shares(precision_recall(c["tp"], c["fp"], c["fn"])))
            for kind, c in _types(results).items()
        ]  # fmt: skip
        show(table(("type", "gold", "found", "extra", "P", "R", "F1"), rows_of_types))
        show([""])
    made = figures(_total(results))
    levels = [(name, *_shares(made[name])) for name in ("strict", "partial", "entities")]
    show(table(("", "P", "R", "F1"), levels))
    show([""])
    show(table(("of claims that are right", "share"), _answers(made)))
    say(
        f"{plural(made['articles'], 'article')}, {made['gold_core_claims']} claims in the gold, "
        f"{made['system_claims']} extracted"
    )


def _row(counts: Counter[str]) -> list[str]:
    from kg.evaluate import precision_recall

    tp, fp, fn = (counts[f"strict_{x}"] for x in ("tp", "fp", "fn"))
    return [*map(str, (tp + fn, tp, fp)), *_shares(precision_recall(tp, fp, fn))]


def _shares(level: dict[str, float]) -> list[str]:
    return [f"{level[name]:.3f}" for name in ("p", "r", "f1")]


def _answers(made: dict[str, Any]) -> list[tuple[str, str]]:
    asked = {
        **made["on_strict_matches"],
        "entity_class": made["class_accuracy"],
        "wikidata_when_given": made["qid"]["accuracy_when_given"],
        "quotes_verbatim": made["quotes_verbatim"],
    }
    return [(name.replace("_", " "), "–" if share is None else f"{share:.3f}") for name, share in asked.items()]


# --- gold sentences


def _sentences(
    folder: Path,
    paths: list[Path],
    pipelines: dict[str, str],
    errors: str | None,
    *,
    update: bool,
    lower: bool,
    as_json: bool,
) -> None:
    from kg.gold import below, judge_files, load_floors, save_floors, sentence_figures
    from kg.pipeline import load_extractor
    from kg.terminal import table

    judgements = list(judge_files(paths, load_extractor(pipelines, model=False).extract))
    found, floors = sentence_figures(judgements), load_floors(folder / "floors.json")
    fallen = below(floors, found)
    if as_json:
        show([json.dumps({"figures": found, "below": fallen}, indent=1)])
    else:
        wrong = [one for one in judgements if not one.is_right]
        if errors is not None:
            wrong = [one for one in wrong if errors in one.sentence.where]
        show(line for one in wrong for line in _faults(one))
        heads = ("language", "sentences", "precision", "recall", "floors")
        rows = [
            (lang, *(f"{made[name]:g}" for name in heads[1:4]),
             " / ".join(f"{floors.get(lang, {}).get(name, 0):g}" for name in heads[2:4]))
            for lang, made in found.items()
        ]  # fmt: skip
        show(table(heads, rows))
    if update and fallen and not lower:
        raise DataError(f"{fallen[0]}; mend it, or say --allow-regression and why in CHANGELOG.md")
    if update:
        save_floors(folder / "floors.json", found)
        say(f"{folder / 'floors.json'}: the floors are those of now")
    elif fallen:
        raise DataError("; ".join(fallen))


def _faults(judgement: Judgement) -> list[str]:
    from kg.terminal import clean, isolate

    known = f"  (known: {judgement.sentence.xfail})" if judgement.sentence.xfail else ""
    return [
        f"{judgement.sentence.where}: {isolate(clean(judgement.sentence.text))}{known}",
        *(f"  missed  {isolate(clean(line))}" for line in judgement.missed),
        *(f"  extra   {isolate(clean(line))}" for line in judgement.extra),
    ]
