"""Trains the weights of `kg.extraction.completion` on annotated text, and measures them on documents left out.

Three decisions are learned: which role a mention has in a claim (on triggers whose type the gold states there), whether
a proposal made with those roles is right, and whether what a rule claims is right. The second is trained on proposals
whose roles come from weights that have not seen the document.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kg.evaluate import count, figures, gold_files
from kg.extraction.clusters import Clusters
from kg.extraction.completion import (
    LEAST,
    NONE,
    RIGHT,
    WRONG,
    Attempt,
    Completer,
    Proposal,
    attempts,
    describe,
    distinct,
    overlap,
)
from kg.extraction.doubt import TRUSTED, grounds
from kg.extraction.engine import Reader
from kg.extraction.events import Draft
from kg.extraction.evidence import joint
from kg.extraction.gazetteer import gazetteer
from kg.extraction.weights import SCALE, Table, Weights
from kg.gold import load_sentences, sentence_files
from kg.model import EVENT_ROLES, Document
from kg.ontology import ontology
from kg.regression import fit
from kg.scoring import Comparison, Named, Side, Stated, compare, is_strict, named, side

FOLDS = 6
ROLES = (NONE, *EVENT_ROLES, "subject")
STRENGTH = {"roles": 0.1, "claims": 0.1, "kept": 0.1}
NEVER = 2.0  # a least probability at which nothing is added
ADDED = (NEVER, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25)  # least probabilities of further claims that are tried
KEPT = (0.0, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)  # least probabilities of what rules claim that are tried
PRECISE = 0.75  # strict precision that the claims of rules and weights must have together
WORTH = 0.01  # strict F1 that weights must gain
CLEANER = 0.03  # strict precision that is as good
EVEN = 0.005  # strict F1 that is less than chance
FRESH = 2  # how much more a text counts that no rule was written with: there rules err as they do on any new text
MARGIN = 3  # letters by which a trigger may stand outside the gold's quote
SMALL = 0.02  # weights below are left out


@dataclass(eq=False)
class Article:
    """An annotated text with what rules make of it."""

    id: str
    gold: Side
    found: Side = field(default_factory=Side)
    made: list[Draft] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    clusters: Clusters | None = None
    comparison: Comparison | None = None
    held_out: bool = True  # False: only ever trained on
    fresh: bool = False  # no rule was written with it

    @property
    def to(self) -> dict[str, str]:
        """Which gold entity each entity of ours is."""
        assert self.comparison is not None
        return dict(self.comparison.entities)

    def open(self) -> list[Stated]:
        """Claims of the gold that rules do not find."""
        assert self.comparison is not None
        taken = {pair.gold.id for pair in self.comparison.strict().values()}
        return [claim for claim in self.gold.claims if claim.id not in taken]


class _Recorder:
    """Keeps what a completer is given."""

    def __init__(self) -> None:
        self.article: Article | None = None

    def more(self, tries: list[tuple[Draft, str | None]], made: list[Draft], clusters: Clusters) -> list[Draft]:
        assert self.article is not None
        self.article.attempts = [one for one in attempts(tries, clusters) if one.options or one.reason is None]
        self.article.made, self.article.clusters = list(made), clusters
        return []

    def doubted(self, made: list[Draft], clusters: Clusters) -> list[tuple[Draft, float]]:
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


# --- the two decisions


def stated_there(article: Article, attempt: Attempt) -> list[Stated]:
    """Claims of the gold of the attempt's type whose words hold its trigger."""
    text, start = article.gold.text or article.found.text, attempt.draft.start
    found = []
    for claim in article.gold.claims:
        first = text.find(claim.quote) if claim.quote else 0
        last = first + len(claim.quote) if claim.quote else len(text)
        if claim.type == attempt.type and first - MARGIN <= start < last + MARGIN:
            found.append(claim)
    return found


def role_weights(articles: Iterable[Article]) -> Table:
    """Which role: trained once with the rules' answer and once without, so that it is not believed blindly."""
    examples: list[list[str]] = []
    answers: list[str] = []
    for article in articles:
        to = article.to
        for attempt in article.attempts:
            claims = stated_there(article, attempt)
            if not claims:
                continue
            for option in attempt.options:
                entity = to[str(option.number)]
                roles = [role for claim in claims for role, fillers in claim.args.items() if entity in fillers]
                for blind in (False, True):
                    examples.append(option.seen + joint(option, attempt.draft, attempt.others, blind=blind))
                    answers.append(roles[0] if roles else NONE)
    return _table(examples, answers, ROLES, STRENGTH["roles"])


def proposals(articles: Iterable[Article], roles: Table, completer: Completer) -> dict[str, list[Proposal]]:
    """What would be proposed in each article with these weights for roles, whether rules have it already or not."""
    completer.roles = roles
    found: dict[str, list[Proposal]] = {}
    for article in articles:
        assert article.clusters is not None
        for attempt in article.attempts:
            for option in attempt.options:
                option.base = None
        found[article.id] = [p for attempt in article.attempts for p in completer.proposals(attempt)]
        for proposal in found[article.id]:
            proposal.features = describe(proposal, article.made, article.clusters)
    return found


def is_new(article: Article, proposal: Proposal) -> bool:
    """True when rules do not claim it."""
    kind = proposal.attempt.type
    return not any(d.type == kind and overlap(kind, d.args, proposal.args) for d in article.made)


def claim_weights(articles: Iterable[Article], made: dict[str, list[Proposal]]) -> Table:
    """Whether right: what is new must be a claim that rules miss."""
    examples: list[list[str]] = []
    answers: list[str] = []
    for article in articles:
        to, missed = article.to, article.open()
        for proposal in made[article.id]:
            stated = _stated("x", proposal.attempt.type, proposal.args)
            gold = missed if is_new(article, proposal) else article.gold.claims
            examples.append(proposal.features)
            answers.append(RIGHT if any(is_strict(stated, claim, to) for claim in gold) else WRONG)
    return _table(examples, answers, (RIGHT, WRONG), STRENGTH["claims"])


def kept_weights(articles: Iterable[Article]) -> Table:
    """Whether what a rule claims is right."""
    examples: list[list[str]] = []
    answers: list[str] = []
    for article in articles:
        assert article.clusters is not None
        for draft, stated in zip(article.made, article.found.claims, strict=True):
            if draft.type not in TRUSTED:
                right = any(is_strict(stated, claim, article.to) for claim in article.gold.claims)
                times = FRESH if article.fresh else 1
                examples += [grounds(draft, article.clusters)] * times
                answers += [RIGHT if right else WRONG] * times
    return _table(examples, answers, (RIGHT, WRONG), STRENGTH["kept"])


def _table(examples: list[list[str]], answers: list[str], labels: tuple[str, ...], strength: float) -> Table:
    found = fit(examples, answers, labels, strength)
    rows = {f: tuple(round(w * SCALE) for w in row) for f, row in found.items() if max(map(abs, row)) >= SMALL}
    return Table(labels, rows)


# --- all of it


class Levels(NamedTuple):
    """Least probabilities: of a claim of the rules, and of a further claim."""

    kept: float
    added: float


TRIED = [Levels(kept, added) for kept in KEPT for added in ADDED]


def folds(articles: Sequence[Article]) -> dict[str, int]:
    """The fold in which an article is left out; -1 where it never is."""
    order = [article.id for article in articles if article.held_out]
    return {article.id: -1 for article in articles} | {name: k % FOLDS for k, name in enumerate(order)}


def _empty(lang: str) -> Completer:
    tables = {"roles": Table(ROLES), "claims": Table((RIGHT, WRONG)), "least": _least(Levels(0.0, NEVER))}
    return Completer(tables, gazetteer(lang).pack)


def _least(levels: Levels) -> Table:
    return Table(("percent",), {name: (round(level * SCALE),) for name, level in zip(LEAST, levels[::-1], strict=True)})


def _left_out(articles: Sequence[Article], completer: Completer) -> dict[str, list[Proposal]]:
    """Proposals of every article with roles from weights that have not seen it."""
    fold = {article.id: k % FOLDS for k, article in enumerate(articles)} | {
        name: k for name, k in folds(articles).items() if k >= 0
    }
    found: dict[str, list[Proposal]] = {}
    for k in range(FOLDS):
        roles = role_weights(a for a in articles if fold[a.id] != k)
        found |= proposals((a for a in articles if fold[a.id] == k), roles, completer)
    return found


def train(lang: str, articles: Sequence[Article], levels: Levels) -> Weights:
    """The weights of a language, trained on all articles; what is less likely than `levels` is not claimed."""
    tables: Weights = {"least": _least(levels)}
    if levels.kept > 0:
        tables["kept"] = kept_weights(articles)
    if levels.added < NEVER:
        tables["claims"] = claim_weights(articles, _left_out(articles, _empty(lang)))
        tables["roles"] = role_weights(articles)
    return tables


@dataclass(frozen=True, slots=True)
class Trial:
    """One article that was left out: counts of rules alone, and of rules with each pair of least probabilities."""

    id: str
    fresh: bool
    rules: Counter[str]
    with_weights: dict[Levels, Counter[str]]


def cross_validate(lang: str, articles: Sequence[Article], tried: Sequence[Levels] = TRIED) -> list[Trial]:
    """Figures for every article, none of them trained on."""
    completer = _empty(lang)
    made, fold = _left_out(articles, completer), folds(articles)
    trials: list[Trial] = []
    for k in range(FOLDS):
        others = [article for article in articles if fold[article.id] != k]
        completer.claims, completer.kept = claim_weights(others, made), kept_weights(others)
        trials += [_trial(a, made[a.id], completer, tried) for a in articles if fold[a.id] == k]
    return trials


def best_levels(trials: Sequence[Trial]) -> Levels | None:
    """The pair with enough precision whose strict F1 is the best one's, or nearly.

    Rules look better than they are on the texts they were written with, so where figures are even the weights decide
    more. Only the filter is chosen: further claims gain on annotated articles, but of eight read on other news
    one was right; `--levels` may still ask for them. None where fresh texts gain nothing.
    """
    fresh = [trial for trial in trials if trial.fresh] or trials
    tried = [levels for levels in (trials[0].with_weights if trials else ()) if levels.added >= NEVER]
    strict = {levels: _strict(trials, levels) for levels in tried}
    enough = {levels: one["f1"] for levels, one in strict.items() if one["p"] >= PRECISE}
    even = [levels for levels, f1 in enough.items() if f1 >= max(enough.values()) - EVEN]
    if not even:
        return None
    best = max(even, key=lambda levels: (levels.kept, -levels.added))
    alone, ours = _strict(fresh, None), _strict(fresh, best)
    gained, cleaner = ours["f1"] - alone["f1"], ours["p"] - alone["p"]
    return best if gained >= WORTH or (gained >= 0 and cleaner >= CLEANER) else None


def _strict(trials: Sequence[Trial], levels: Levels | None) -> dict[str, float]:
    """Strict figures over all these articles; None: of rules alone."""
    counts = [trial.rules if levels is None else trial.with_weights[levels] for trial in trials]
    found: dict[str, float] = figures(sum(counts, Counter()))["strict"]
    return found


def _trial(article: Article, made: list[Proposal], completer: Completer, tried: Sequence[Levels]) -> Trial:
    assert article.clusters is not None
    fresh = [p for p in made if p.attempt.reason is not None and is_new(article, p)]
    for proposal in fresh:
        proposal.probability = completer.claims.shares(completer.claims.sums(proposal.features))[RIGHT]
    more = [(p.probability, _stated(f"x{n}", p.attempt.type, p.args)) for n, p in enumerate(distinct(fresh))]
    likely = [completer.likely(draft, article.clusters) for draft in article.made]
    rows: dict[Levels, Counter[str]] = {}
    for levels in tried:
        kept = [claim for claim, p in zip(article.found.claims, likely, strict=True) if p >= levels.kept]
        rows[levels] = _counts(article, [*kept, *(claim for p, claim in more if p >= levels.added)])
    return Trial(article.id, article.fresh, _counts(article, article.found.claims), rows)


def _counts(article: Article, claims: Sequence[Stated]) -> Counter[str]:
    used = {number for claim in claims for numbers in claim.args.values() for number in numbers}
    entities = tuple(entity for entity in article.found.entities if entity.id in used)
    return count(compare(Side(article.found.text, entities, tuple(claims)), article.gold))
