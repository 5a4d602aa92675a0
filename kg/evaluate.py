"""How good an extraction is: counts, figures and the list of errors, article by article.

The figures are those of the annotation guidelines. Claims that the gold calls arguable cost nothing
when they are missed and nothing when they are found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.interchange import to_record
from kg.model import Document, Extraction
from kg.scoring import OUTSIDE, PARTIAL, STRICT, Comparison, Side, Stated, compare, side

COARSE = {
    "asserted": "fact",
    "planned": "future",
    "promised": "future",
    "requested": "asked",
    "conditional": "open",
    "possible": "open",
}
Extract = Callable[[Document], Extraction]


@dataclass(frozen=True, slots=True)
class Result:
    """One article, compared."""

    id: str
    lang: str
    comparison: Comparison

    @property
    def counts(self) -> Counter[str]:
        """What `figures` adds up over articles."""
        return count(self.comparison)


def gold_files(folder: Path) -> list[Path]:
    """The gold articles of a folder and its subfolders, in order; DataError when there are none."""
    found = sorted(folder.rglob("*.json")) if folder.is_dir() else []
    if not found:
        raise DataError(f"{folder}: no gold articles here; name a folder of .json files")
    return found


def evaluate_files(paths: Iterable[Path], system: Path, *, without: Collection[str] = ()) -> Iterator[Result]:
    """Compare gold articles with the files of the same name in the folder `system`.

    A file that is missing there counts as an article of which nothing was found.
    """
    for path in paths:
        other = system / path.name
        found = _load(other) if other.exists() else {"entities": [], "claims": []}
        yield _result(_load(path), found, without)


def evaluate_extractor(paths: Iterable[Path], extract: Extract, *, without: Collection[str] = ()) -> Iterator[Result]:
    """Compare gold articles with what the extractor reads in their texts."""
    for path in paths:
        gold = _load(path)
        document = Document(gold["id"], gold["text"], gold["lang"], gold.get("title") or "", gold.get("date"))
        yield _result(gold, to_record(extract(document)), without)


def _load(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path}: not valid JSON: {error}") from error
    if not isinstance(record, dict) or not {"entities", "claims"} <= record.keys():
        raise DataError(f"{path}: not an annotated article; it needs 'entities' and 'claims'")
    return record


def _result(gold: Mapping[str, Any], system: Mapping[str, Any], without: Collection[str]) -> Result:
    sides = (_without(side(record), without) for record in (system, gold))
    return Result(gold["id"], gold.get("lang", ""), compare(*sides))


def _without(given: Side, types: Collection[str]) -> Side:
    kept = tuple(claim for claim in given.claims if claim.type not in types)
    return Side(given.text, given.entities, kept)


# --- counting


def count(comparison: Comparison) -> Counter[str]:
    """All that is counted in one article; counts of several articles may be added."""
    return Counter(articles=1) + _count_claims(comparison) + _count_entities(comparison) + _count_matches(comparison)


def _count_claims(comparison: Comparison) -> Counter[str]:
    system, gold = comparison.system.claims, comparison.gold.claims
    core = sum(claim.core for claim in gold)
    quotes = [claim.quote for claim in system if claim.quote is not None]
    counts = Counter(
        gold=core,
        system=len(system),
        quotes=len(quotes),
        quotes_ok=sum(quote in comparison.gold.text for quote in quotes),
    )
    for level, least in (("strict", STRICT), ("partial", PARTIAL)):
        hits = [pair for pair in comparison.pairs if pair.grade >= least]
        found = sum(pair.gold.core for pair in hits)
        counts[f"{level}_tp"] += found
        counts[f"{level}_fp"] += len(system) - len(hits)
        counts[f"{level}_fn"] += core - found
    return counts


def _count_entities(comparison: Comparison) -> Counter[str]:
    to, system = comparison.entities, comparison.system.entities
    known = {entity.id: entity for entity in comparison.gold.entities}
    found = {gold for gold in to.values() if not gold.startswith(OUTSIDE)}
    right_class = {to[one.id] for one in system if to[one.id] in known
                   and one.cls == known[to[one.id]].cls}  # fmt: skip
    given = {(to[one.id], one.qid) for one in system if one.qid}
    qids = {(one.id, one.qid) for one in known.values() if one.qid}
    return Counter(
        ent_tp=len(found),
        ent_fp=len(to) - len(found),
        ent_fn=len(known) - len(found),
        class_ok=len(right_class),
        qid_gold=len(qids),
        qid_given=len({gold for gold, _ in qids} & {gold for gold, _ in given}),
        qid_ok=len(qids & given),
    )


def _count_matches(comparison: Comparison) -> Counter[str]:
    """What is right about claims that were found, each question where the gold answers it."""
    counts: Counter[str] = Counter()
    strict = comparison.strict()
    for pair in strict.values():
        a, b = pair.system, pair.gold
        said = comparison.speaker(a)
        linked = strict.get(a.content or "")
        questions = (
            ("modality", True, a.modality == b.modality),
            ("coarse", True, COARSE.get(a.modality) == COARSE[b.modality]),
            ("polarity", True, a.negated == b.negated),
            ("attribution", True, said == b.by),
            ("attributed", b.by, said == b.by),
            ("unreal", b.modality != "asserted", a.modality != "asserted"),
            ("content", b.content, linked is not None and linked.gold.id == b.content),
            ("offices", b.type == "holdsOffice", (a.office, a.former) == (b.office, b.former)),
            ("dates", b.date, a.date == b.date),
        )
        for name, asked, right in questions:
            counts[name] += bool(asked)
            counts[f"{name}_ok"] += bool(asked) and right
    return counts


def count_types(comparison: Comparison) -> Counter[tuple[str, str]]:
    """(type, `tp`, `fp`, `fn` or `free`) of every claim, at the strict level."""
    counts: Counter[tuple[str, str]] = Counter()
    strict = comparison.strict()
    for claim in comparison.system.claims:
        pair = strict.get(claim.id)
        counts[claim.type, "fp" if pair is None else "tp" if pair.gold.core else "free"] += 1
    found = {pair.gold.id for pair in strict.values()}
    for claim in comparison.gold.claims:
        counts[claim.type, "fn"] += claim.core and claim.id not in found
    return counts


# --- figures


def precision_recall(tp: int, fp: int, fn: int) -> dict[str, float]:
    """Precision, recall and F1, rounded to three digits; 0 where there is nothing to divide by."""
    p, r = tp / (tp + fp) if tp + fp else 0.0, tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return {"p": round(p, 3), "r": round(r, 3), "f1": round(f1, 3)}


def figures(counts: Counter[str]) -> dict[str, Any]:
    """The figures of the annotation guidelines; None where the gold asks nothing."""

    def share(part: str, whole: str) -> float | None:
        return round(counts[part] / counts[whole], 3) if counts[whole] else None

    def level(name: str) -> dict[str, float]:
        return precision_recall(*(counts[f"{name}_{x}"] for x in ("tp", "fp", "fn")))

    gold = counts["gold"]
    return {
        "articles": counts["articles"],
        "gold_core_claims": gold,
        "system_claims": counts["system"],
        "strict": level("strict"),
        "partial": level("partial"),
        "extra_per_100_gold": round(100 * counts["partial_fp"] / gold, 1) if gold else None,
        "entities": level("ent"),
        "class_accuracy": share("class_ok", "ent_tp"),
        "qid": {
            "gold": counts["qid_gold"],
            "accuracy_when_given": share("qid_ok", "qid_given"),
            "recall": share("qid_ok", "qid_gold"),
        },
        "on_strict_matches": {
            "modality": share("modality_ok", "modality"),
            "modality_coarse": share("coarse_ok", "coarse"),
            "not_asserted_kept_apart": share("unreal_ok", "unreal"),
            "polarity": share("polarity_ok", "polarity"),
            "attribution": share("attribution_ok", "attribution"),
            "speaker_recall": share("attributed_ok", "attributed"),
            "content_links": share("content_ok", "content"),
            "office_and_former": share("offices_ok", "offices"),
            "dates": share("dates_ok", "dates"),
        },
        "quotes_verbatim": share("quotes_ok", "quotes"),
    }


# --- errors


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list of errors: `found`, `missed`, `optional` or `extra`, and the claim."""

    mark: str
    claim: str
    quote: str


def findings(comparison: Comparison) -> Iterator[Finding]:
    """Every gold claim, found or not, then every claim that the gold does not have."""
    strict = comparison.strict()
    hit = {pair.gold.id for pair in strict.values()}
    for claim in comparison.gold.claims:
        mark = "found" if claim.id in hit else "missed" if claim.core else "optional"
        yield Finding(mark, describe(claim, comparison.gold), claim.quote or "")
    for claim in comparison.system.claims:
        if claim.id not in strict:
            yield Finding("extra", describe(claim, comparison.system), claim.quote or "")


def describe(claim: Stated, whose: Side) -> str:
    """A claim in one line: type, who and what, and what keeps it from being a plain fact."""
    names = {entity.id: entity.name for entity in whose.entities}
    filled = (
        f"{role}={', '.join(sorted(names.get(filler, filler) for filler in fillers))}"
        for role, fillers in claim.args.items()
    )
    notes = [claim.modality] if claim.modality != "asserted" else []
    notes += ["not"] if claim.negated else []
    notes += [f"by {names.get(claim.by, claim.by)}"] if claim.by else []
    return " ".join([f"{claim.type}({'; '.join(filled)})", *notes])
