"""Weights that doubt what rules claim: their file, how they are learned, and what they take away."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.extraction.engine import reader
from kg.extraction.weights import Weights, read_weights, weights_file, weights_of, write_weights
from kg.language import languages
from kg.model import Document, Extraction
from kg.pipeline import load_extractor
from kg.regression import fit
from kg.training import Trial, best_least, cross_validate, load, weights

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).resolve().parents[1] / "seeds" / "articles"
TRAINED = [lang for lang in languages() if weights_file(lang).is_file()]


def test_what_is_written_can_be_read() -> None:
    weights = Weights(0.45, {"rule=A": -12, "side=L": 85})
    text = write_weights(weights)
    assert read_weights(text, "x") == weights
    assert write_weights(read_weights(text, "x")) == text


@pytest.mark.parametrize("text", ["@least\t40\nside=L\n", "side=L\t1\n", "@least\t40\nside=L\thalf\n", ""])
def test_a_wrong_line_is_named(text: str) -> None:
    with pytest.raises(DataError, match="line"):
        read_weights(text, "x")


def test_probability_follows_the_weights() -> None:
    weights = Weights(0.5, {"x": 150, "y": -300})
    assert weights.likely(["unknown"]) == 0.5
    assert weights.likely(["x", "unknown"]) == pytest.approx(0.8176, abs=1e-4)
    assert weights.likely(["x", "y"]) == pytest.approx(1 - 0.8176, abs=1e-4)


def test_regression_finds_what_tells_the_answers_apart_and_is_deterministic() -> None:
    examples = [["bias", "wet"], ["bias", "wet", "cold"], ["bias", "dry"], ["bias", "dry", "cold"]] * 5
    answers = [True, True, False, False] * 5
    found = fit(examples, answers, 1.0)
    assert found == fit(examples, answers, 1.0)
    assert found["wet"] > 0.5 > abs(found["cold"])
    assert found["dry"] < -0.5
    assert fit([], [], 1.0) == {}


def test_training_gives_the_same_weights_for_the_same_texts() -> None:
    articles = [replace(one, held_out=number % 4 == 0) for number, one in enumerate(load("en", [], GOLD)[:40])]
    trials = cross_validate(articles)
    assert len(trials) == 10
    assert best_least([]) is None
    first, second = (write_weights(weights(articles, 0.3)) for _ in range(2))
    assert first == second
    assert read_weights(first, "en").least == 0.3


def test_the_chosen_level_has_the_best_figures_and_gains_on_fresh_texts() -> None:
    def counts(right: int, made: int) -> Counter[str]:
        return Counter({"strict_tp": right, "strict_fp": made - right, "strict_fn": 100 - right, "gold": 100})

    rows = {0.0: counts(52, 90), 0.3: counts(55, 65), 0.4: counts(55, 65)}
    assert best_least([Trial("a", True, counts(50, 70), rows)]) == 0.4
    assert best_least([Trial("a", True, counts(55, 65), rows)]) is None


# --- the weights that come with the program


def extraction(text: str, lang: str, *, model: bool = True) -> Extraction:
    return load_extractor(model=model).extract(Document("x", text, lang, date="2025-10-16"))


@pytest.fixture(params=TRAINED)
def pairs(request: pytest.FixtureRequest) -> list[tuple[Extraction, Extraction]]:
    """Articles read with weights and by rules alone."""
    lang: str = request.param
    texts = [path.read_text(encoding="utf-8") for path in sorted(TEXTS.rglob("*.txt"))]
    texts += [sentence.text for path in sorted((GOLD / lang).glob("*.yml")) for sentence in sentences(path)]
    return [(extraction(text, lang), extraction(text, lang, model=False)) for text in texts]


def sentences(path: Path) -> list[Document]:
    from kg.gold import load_sentences

    return [sentence.document() for sentence in load_sentences(path)]


def test_what_the_filter_takes_away_it_tells(pairs: list[tuple[Extraction, Extraction]]) -> None:
    for ours, rules in pairs:
        kept = Counter((c.type, c.rule) for c in ours.claims)
        doubted = [d for d in ours.discarded if "learned filter" in d.reason]
        assert Counter(f"{kind}: {rule}" for kind, rule in kept.elements()) + Counter(
            d.rule for d in doubted
        ) == Counter(f"{claim.type}: {claim.rule}" for claim in rules.claims)
        trained = weights_of(ours.document.lang)
        assert trained is not None
        assert all(claim.confidence >= trained.least - 0.005 for claim in ours.claims if claim.type != "holdsOffice")
        assert not any(d.rule.startswith("holdsOffice: ") for d in doubted)
        ids = {claim.id for claim in ours.claims}
        assert all(claim.content is None or claim.content in ids for claim in ours.claims)


def test_the_reader_without_weights_has_rules_alone() -> None:
    assert reader("ar", False).doubts is None
