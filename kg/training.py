"""Trains the weights of `kg.extraction.doubt` on annotated text, and measures them on documents left out.

One decision is learned: whether what a rule claims is right.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.evaluate import count, figures, gold_files
from kg.extraction.clusters import Clusters
from kg.extraction.doubt import TRUSTED, Filter, grounds
from kg.extraction.engine import Reader
from kg.extraction.events import Draft
from kg.extraction.gazetteer import gazetteer
from kg.extraction.weights import SCALE, Weights
from kg.gold import load_sentences, sentence_files
from kg.model import Document
from kg.ontology import ontology
from kg.regression import fit
from kg.scoring import Comparison, Named, Side, Stated, compare, is_strict, named, side

FOLDS = 6
STRENGTH = 0.2
TRIED = (0.0, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)  # least probabilities that are tried
PRECISE = 0.75  # strict precision that claims must have
WORTH = 0.01  # strict F1 that weights must gain
CLEANER = 0.03  # strict precision that is as good
EVEN = 0.005  # strict F1 that is less than chance
FRESH = 2  # how much more a text counts that no rule was written with: there rules err as they do on any new text
SMALL = 0.02  # weights below are left out


@dataclass(eq=False)
class Article:
    """An annotated text with what rules make of it."""

    id: str
    gold: Side
    found: Side = field(default_factory=Side)
    made: list[Draft] = field(default_factory=list)
    clusters: Clusters | None = None
    comparison: Comparison | None = None
    held_out: bool = True  # False: only ever trained on
    fresh: bool = False  # no rule was written with it

    @property
    def to(self) -> dict[str, str]:
        """Which gold entity each entity of ours is."""
        assert self.comparison is not None
        return dict(self.comparison.entities)


class _Recorder:
    """Keeps what a filter is given."""

    def __init__(self) -> None:
        self.article: Article | None = None

    def doubted(self, made: list[Draft], clusters: Clusters) -> list[tuple[Draft, float]]:
        assert self.article is not None
        self.article.made, self.article.clusters = list(made), clusters
        return []


def load(lang: str, folders: Iterable[Path], sentences: Path, looked_at: Container[str] = ()) -> list[Article]:
    """The annotated articles of a language below the folders, and our own gold sentences.

    `looked_at`: file names of the articles that rules were written with.
    """
    recorder = _Recorder()
    reader = Reader(gazetteer(lang), ontology(), recorder)
    found: list[Article] = []
    for document, gold, held_out in _texts(lang, folders, sentences):
        article = recorder.article = Article(document.id, gold, held_out=held_out)
        article.fresh = held_out and f"{document.id}.json" not in looked_at
        reader.read(document)
        assert article.clusters is not None
        article.found = _side(article.made, article.clusters, document.text)
        article.comparison = compare(article.found, gold)
        found.append(article)
    return found


def _texts(lang: str, folders: Iterable[Path], sentences: Path) -> Iterable[tuple[Document, Side, bool]]:
    for folder in folders:
        for path in gold_files(folder):
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["lang"] == lang:
                title, date = record.get("title") or "", record.get("date")
                yield Document(record["id"], record["text"], lang, title, date), side(record), True
    for path in sentence_files(sentences):
        if path.parent.name == lang:
            for sentence in load_sentences(path):
                yield sentence.document(), sentence.gold, False


def _side(made: Sequence[Draft], clusters: Clusters, text: str) -> Side:
    """All entities of the text, and the claims."""
    entities: list[Named] = []
    for cluster in clusters.clusters:
        words = sorted({span.of(text) for span in cluster.spans})
        entities.append(named(str(cluster.number), cluster.cls, clusters.name(cluster, text), words))
    claims = tuple(_stated(f"c{k}", draft.type, draft.args) for k, draft in enumerate(made))
    return Side(text, tuple(entities), claims)


def _stated(name: str, kind: str, args: dict[str, list[int]]) -> Stated:
    return Stated(name, kind, {role: frozenset(map(str, numbers)) for role, numbers in args.items() if numbers})


def weights(articles: Iterable[Article], least: float) -> Weights:
    """Trained on all these articles; what is less likely than `least` is not claimed."""
    examples: list[list[str]] = []
    answers: list[bool] = []
    for article in articles:
        assert article.clusters is not None
        for draft, stated in zip(article.made, article.found.claims, strict=True):
            if draft.type not in TRUSTED:
                right = any(is_strict(stated, claim, article.to) for claim in article.gold.claims)
                times = FRESH if article.fresh else 1
                examples += [grounds(draft, article.clusters)] * times
                answers += [right] * times
    found = fit(examples, answers, STRENGTH)
    return Weights(least, {name: round(weight * SCALE) for name, weight in found.items() if abs(weight) >= SMALL})


def folds(articles: Sequence[Article]) -> dict[str, int]:
    """The fold in which an article is left out; -1 where it never is."""
    order = [article.id for article in articles if article.held_out]
    return {article.id: -1 for article in articles} | {name: k % FOLDS for k, name in enumerate(order)}


@dataclass(frozen=True, slots=True)
class Trial:
    """One article that was left out: counts of rules alone, and of rules filtered at each least probability."""

    id: str
    fresh: bool
    rules: Counter[str]
    filtered: dict[float, Counter[str]]


def cross_validate(articles: Sequence[Article], tried: Sequence[float] = TRIED) -> list[Trial]:
    """Figures for every article, none of them trained on."""
    fold = folds(articles)
    trials: list[Trial] = []
    for k in range(FOLDS):
        doubts = Filter(weights((article for article in articles if fold[article.id] != k), 0.0))
        trials += [_trial(article, doubts, tried) for article in articles if fold[article.id] == k]
    return trials


def best_least(trials: Sequence[Trial]) -> float | None:
    """The least probability with enough precision whose strict F1 is the best one's, or nearly.

    Rules look better than they are on the texts they were written with, so where figures are even the weights decide
    more. None where fresh texts gain nothing.
    """
    fresh = [trial for trial in trials if trial.fresh] or trials
    strict = {least: _strict(trials, least) for least in (trials[0].filtered if trials else ())}
    enough = {least: one["f1"] for least, one in strict.items() if one["p"] >= PRECISE}
    even = [least for least, f1 in enough.items() if f1 >= max(enough.values()) - EVEN]
    if not even:
        return None
    best = max(even)
    alone, ours = _strict(fresh, None), _strict(fresh, best)
    gained, cleaner = ours["f1"] - alone["f1"], ours["p"] - alone["p"]
    return best if gained >= WORTH or (gained >= 0 and cleaner >= CLEANER) else None


def _strict(trials: Sequence[Trial], least: float | None) -> dict[str, float]:
    """Strict figures over all these articles; None: of rules alone."""
    counts = [trial.rules if least is None else trial.filtered[least] for trial in trials]
    found: dict[str, float] = figures(sum(counts, Counter()))["strict"]
    return found


def _trial(article: Article, doubts: Filter, tried: Sequence[float]) -> Trial:
    assert article.clusters is not None
    likely = [doubts.likely(draft, article.clusters) for draft in article.made]
    rows: dict[float, Counter[str]] = {}
    for least in tried:
        kept = [claim for claim, p in zip(article.found.claims, likely, strict=True) if p >= least]
        rows[least] = _counts(article, kept)
    return Trial(article.id, article.fresh, _counts(article, article.found.claims), rows)


def _counts(article: Article, claims: Sequence[Stated]) -> Counter[str]:
    used = {number for claim in claims for numbers in claim.args.values() for number in numbers}
    entities = tuple(entity for entity in article.found.entities if entity.id in used)
    return count(compare(Side(article.found.text, entities, tuple(claims)), article.gold))
