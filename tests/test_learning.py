"""Weights that complete what rules leave open: their file, how they are learned, and what they add."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.extraction.completion import overlap
from kg.extraction.engine import reader
from kg.extraction.events import allowed_classes
from kg.extraction.weights import Table, read_weights, weights_file, weights_of, write_weights
from kg.language import languages, pack
from kg.model import Document, Extraction
from kg.ontology import ontology
from kg.pipeline import load_extractor
from kg.regression import fit
from kg.training import NEVER, Levels, Trial, best_levels, cross_validate, load, train

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).resolve().parents[1] / "seeds" / "articles"
TRAINED = [lang for lang in languages() if weights_file(lang).is_file()]


def test_what_is_written_can_be_read() -> None:
    tables = {"roles": Table(("none", "actor"), {"side=L": (-12, 85)}), "least": Table(("percent",), {"p": (35,)})}
    text = write_weights(tables)
    assert read_weights(text, "x") == tables
    assert write_weights(read_weights(text, "x")) == text


@pytest.mark.parametrize("text", ["side=L\t1\n", "@roles\ta\tb\nside=L\t1\n", "@roles\ta\nside=L\thalf\n"])
def test_a_wrong_line_is_named(text: str) -> None:
    with pytest.raises(DataError, match="line"):
        read_weights(text, "x")


def test_shares_add_up_and_follow_the_weights() -> None:
    table = Table(("a", "b"), {"x": (150, -50), "y": (10, 0)})
    shares = table.shares(table.sums(["x", "y", "unknown"]))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["a"] > 0.85


def test_regression_finds_what_tells_the_answers_apart_and_is_deterministic() -> None:
    examples = [["bias", "wet"], ["bias", "wet", "cold"], ["bias", "dry"], ["bias", "dry", "cold"]] * 5
    answers = ["rain", "rain", "sun", "sun"] * 5
    found = fit(examples, answers, ("rain", "sun"), 1.0)
    assert found == fit(examples, answers, ("rain", "sun"), 1.0)
    assert found["wet"][0] > 0.5 > abs(found["cold"][0])
    assert found["dry"][1] > 0.5


def test_claims_overlap_when_nothing_that_both_fill_differs() -> None:
    assert overlap("accuse", {"actor": [1]}, {"actor": [1], "recipient": [2]})
    assert not overlap("accuse", {"actor": [1], "recipient": [3]}, {"actor": [1], "recipient": [2]})
    assert overlap("meeting", {"actor": [1]}, {"actor": [1, 2]})
    assert not overlap("meeting", {"actor": [1, 3]}, {"actor": [1, 2]})


def test_training_gives_the_same_weights_for_the_same_texts() -> None:
    articles = [replace(one, held_out=number % 4 == 0) for number, one in enumerate(load("en", [], GOLD)[:40])]
    trials = cross_validate("en", articles)
    assert len(trials) == 10
    assert best_levels([]) is None
    first, second = (write_weights(train("en", articles, Levels(0.3, 0.5))) for _ in range(2))
    assert first == second
    assert read_weights(first, "en")["least"].weights == {"probability": (50,), "kept": (30,)}
    assert "claims" not in train("en", articles, Levels(0.3, NEVER))
    assert "kept" not in train("en", articles, Levels(0.0, 0.5))


def test_the_chosen_levels_have_the_best_figures_and_gain_on_fresh_texts() -> None:
    def counts(right: int, made: int) -> Counter[str]:
        return Counter({"strict_tp": right, "strict_fp": made - right, "strict_fn": 100 - right, "gold": 100})

    rows = {Levels(0.0, 2.0): counts(52, 90), Levels(0.3, 2.0): counts(55, 65), Levels(0.4, 2.0): counts(55, 65)}
    assert best_levels([Trial("a", True, counts(50, 70), rows)]) == Levels(0.4, 2.0)
    assert best_levels([Trial("a", True, counts(55, 65), rows)]) is None


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
        kept = Counter((c.type, c.rule) for c in ours.claims if not c.rule.startswith("learned: "))
        doubted = [d for d in ours.discarded if "learned filter" in d.reason]
        assert Counter(f"{kind}: {rule}" for kind, rule in kept.elements()) + Counter(
            d.rule for d in doubted
        ) == Counter(f"{claim.type}: {claim.rule}" for claim in rules.claims)
        least = weights_of(ours.document.lang)["least"].weights.get("kept", (0,))[0] / 100
        assert all(claim.confidence >= least - 0.005 for claim in ours.claims if claim.type != "holdsOffice")
        assert not any(d.rule.startswith("holdsOffice: ") for d in doubted)
        ids = {claim.id for claim in ours.claims}
        assert all(claim.content is None or claim.content in ids for claim in ours.claims)


def test_what_is_added_says_why_and_keeps_to_the_vocabulary(pairs: list[tuple[Extraction, Extraction]]) -> None:
    for ours, _ in pairs:
        for claim in ours.claims:
            if not claim.rule.startswith("learned: "):
                continue
            assert claim.rule == f"learned: {claim.type}"
            assert claim.type in ontology().event_types or claim.type in ontology().relations
            assert weights_of(ours.document.lang)["least"].weights["probability"][0] / 100 <= claim.confidence + 0.005
            roles = {anchor.role for anchor in claim.anchors}
            assert {"trigger", *claim.args} <= roles
            assert claim.quote.of(ours.document.text).strip()
            rule = pack(ours.document.lang).frames[claim.type].rules[0]
            for role, ids in claim.args.items():
                allowed = set().union(
                    *(
                        allowed_classes(pack(ours.document.lang), claim.type, one, role)
                        for one in [rule, *pack(ours.document.lang).frames[claim.type].rules]
                    )
                )
                people = {"Person", "Organization", "State"}
                assert {ours.entity(one).cls for one in ids} <= allowed | people


def test_the_reader_without_weights_has_rules_alone() -> None:
    assert reader("ar", False).completer is None
