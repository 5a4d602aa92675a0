"""Scoring: by hand on small articles, and figure for figure like the guidelines' own scorer."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.errors import DataError
from kg.evaluate import (
    count,
    count_types,
    evaluate_extractor,
    evaluate_files,
    figures,
    findings,
    gold_files,
)
from kg.interchange import from_record
from kg.model import Document, Extraction
from kg.scoring import PARTIAL, STRICT, compare, normal, side

SHARED = Path(__file__).resolve().parents[2] / "shared" / "eval"
Record = dict[str, Any]


def claim(id: str, type: str, by: str | None = None, **more: Any) -> Record:  # noqa: A002
    fields = {role: more.pop(role) for role in list(more) if isinstance(more[role], list)}
    return {
        "id": id, "type": type, "args": fields, "content": None, "office": None, "former": False,
        "branch": None, "modality": "asserted", "negated": False, "attributedTo": by, "date": None,
        "quote": "زار بوتين دمشق", "core": True, **more,
    }  # fmt: skip


def article(*claims: Record) -> Record:
    entities = [
        {"id": "e1", "class": "Person", "name": "Putin", "mentions": ["بوتين"], "qid": "Q7747"},
        {"id": "e2", "class": "State", "name": "Syria", "mentions": ["دمشق", "سوريا"]},
        {"id": "e3", "class": "Person", "name": "Lavrov", "mentions": ["سيرغي لافروف"]},
    ]
    text = "زار بوتين دمشق في سوريا كما قال سيرغي لافروف"
    return {"id": "a", "lang": "ar", "text": text, "entities": entities, "claims": list(claims)}


def grades(system: Record, gold: Record) -> list[int]:
    return [pair.grade for pair in compare(side(system), side(gold)).pairs]


VISIT = claim("c1", "visit", actor=["e1"], recipient=["e2"])


@pytest.mark.parametrize(
    ("found", "grade"),
    [
        (claim("x", "visit", actor=["e1"], recipient=["e2"], place=["e2"]), [STRICT]),
        (claim("x", "visit", actor=["e1"], recipient=[]), [PARTIAL]),
        (claim("x", "meeting", actor=["e1", "e2"], recipient=[]), [PARTIAL]),
        (claim("x", "visit", actor=["e3"], recipient=[]), []),
        (claim("x", "assault", actor=["e1"], recipient=["e2"]), []),
    ],
)
def test_a_match_needs_type_and_participants(found: Record, grade: list[int]) -> None:
    assert grades(article(found), article(VISIT)) == grade


def test_two_participants_of_a_meeting_must_agree_in_any_role() -> None:
    gold = article(claim("c1", "meeting", actor=["e1", "e2", "e3"]))
    assert grades(article(claim("x", "meeting", actor=["e1"], recipient=["e3"])), gold) == [STRICT]
    assert grades(article(claim("x", "meeting", actor=["e1"])), gold) == [PARTIAL]


def test_an_event_without_participants_is_matched_by_its_place() -> None:
    gold = article(claim("c1", "assault", place=["e2"]))
    assert grades(article(claim("x", "assault", place=["e2"])), gold) == [STRICT]


def test_an_entity_is_recognized_by_a_shared_mention_or_by_part_of_its_name() -> None:
    system = article(claim("x", "visit", actor=["e3"]))
    system["entities"] = [{"id": "e3", "class": "Person", "name": "?", "mentions": [{"text": "لافروف", "start": 0}]}]
    assert grades(system, article(claim("c1", "visit", actor=["e3"]))) == [STRICT]


def test_spelling_variation_does_not_count() -> None:
    assert normal("الإمَارات") == normal("الامارات") == "امارات"
    assert normal("The  Kremlin") == "kremlin"


def test_a_claim_that_is_arguable_costs_nothing_missed_or_found() -> None:
    optional = claim("c2", "visit", actor=["e3"], core=False)
    gold = article(VISIT, optional)
    for system in (article(VISIT), gold):
        assert figures(compare_counts(system, gold))["strict"] == {"p": 1.0, "r": 1.0, "f1": 1.0}


def compare_counts(system: Record, gold: Record) -> Counter[str]:
    return count(compare(side(system), side(gold)))


def test_figures_of_an_empty_system_are_zero_and_not_an_error() -> None:
    counts = compare_counts({"entities": [], "claims": []}, article(VISIT))
    made = figures(counts)
    assert made["strict"] == {"p": 0.0, "r": 0.0, "f1": 0.0}
    assert made["quotes_verbatim"] is None


def test_modality_speaker_content_and_date_are_asked_where_the_gold_answers() -> None:
    inner = claim("c2", "aid", "e3", actor=["e1"], modality="promised", date="2025-10")
    gold = article(claim("c1", "agree", actor=["e1"], content="c2"), inner)
    wrong = copy.deepcopy(gold)
    wrong["claims"][0]["content"] = None
    wrong["claims"][1].update(modality="planned", attributedTo="e1", date="2025")
    made = figures(compare_counts(wrong, gold))["on_strict_matches"]
    assert (made["modality"], made["not_asserted_kept_apart"]) == (0.5, 1.0)
    assert (made["speaker_recall"], made["content_links"], made["dates"]) == (0.0, 0.0, 0.0)


def test_errors_are_listed_by_what_went_wrong() -> None:
    gold = article(VISIT, claim("c2", "visit", actor=["e3"], core=False))
    system = article(claim("x", "threaten", "e3", actor=["e1"], recipient=["e2"], negated=True))
    lines = [(one.mark, one.claim) for one in findings(compare(side(system), side(gold)))]
    assert lines == [
        ("missed", "visit(actor=Putin; recipient=Syria)"),
        ("optional", "visit(actor=Lavrov)"),
        ("extra", "threaten(actor=Putin; recipient=Syria) not by Lavrov"),
    ]


def test_types_are_counted_apart() -> None:
    gold, system = article(VISIT), article(VISIT, claim("x", "aid", actor=["e1"]))
    counts = count_types(compare(side(system), side(gold)))
    assert +counts == Counter({("visit", "tp"): 1, ("aid", "fp"): 1})


def put(folder: Path, record: Record) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record['id']}.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_an_article_without_a_system_file_counts_as_missed(tmp_path: Path) -> None:
    put(tmp_path / "gold" / "ar", article(VISIT))
    [result] = evaluate_files(gold_files(tmp_path / "gold"), tmp_path / "system")
    assert result.counts["strict_fn"] == 1


def test_a_type_may_be_left_out_on_both_sides(tmp_path: Path) -> None:
    path = put(tmp_path / "gold", article(VISIT, claim("c2", "aid", actor=["e1"])))
    [result] = evaluate_files([path], tmp_path / "gold", without=["aid"])
    assert (result.counts["gold"], result.counts["system"]) == (1, 1)


def test_the_extractor_is_run_on_the_text_of_the_gold(tmp_path: Path) -> None:
    record = article(VISIT)
    path = put(tmp_path / "gold", record)
    asked: list[Document] = []

    def extract(document: Document) -> Extraction:
        asked.append(document)
        used = {**record, "entities": record["entities"][:2]}
        return from_record(used)

    [result] = evaluate_extractor([path], extract)
    assert figures(result.counts)["strict"]["f1"] == 1.0
    assert asked == [Document("a", record["text"], "ar")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("{", "not valid JSON"), ("[]", "not an annotated article; it needs 'entities' and 'claims'")],
)
def test_a_bad_gold_file_is_named(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=sentence):
        list(evaluate_files([path], tmp_path))


def test_a_folder_without_gold_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no gold articles here"):
        gold_files(tmp_path)


if SHARED.is_dir():  # the guidelines' scorer, where it stands beside the checkout

    def scorer() -> ModuleType:
        sys.path.insert(0, str(SHARED))
        try:
            spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        finally:
            sys.path.remove(str(SHARED))
        return module

    def worse(gold: Record, rng: random.Random) -> Record:
        """A system's output with mistakes of every kind."""
        made = copy.deepcopy(gold)
        ids = [entity["id"] for entity in made["entities"]]
        types = [one["type"] for one in made["claims"]]
        for entity in made["entities"]:
            entity["class"] = rng.choice([entity["class"]] * 8 + ["State", "Person"])
            entity["mentions"] = rng.sample(entity["mentions"], rng.randint(1, len(entity["mentions"])))
            entity["qid"] = rng.choice([entity.get("qid"), None, "Q1"])
        kept = [one for one in made["claims"] if rng.random() < 0.8]
        for one in kept:
            one["type"] = rng.choice([one["type"]] * 5 + types)
            one["modality"] = rng.choice([one["modality"]] * 5 + ["planned", "possible"])
            one["negated"] = rng.choice([one["negated"]] * 9 + [True])
            one["attributedTo"] = rng.choice([one["attributedTo"], None, rng.choice(ids)])
            one["date"] = rng.choice([one["date"], "2020"])
            one["office"] = rng.choice([one["office"], "minister"])
            if rng.random() < 0.3:
                role = rng.choice(list(one["args"]))
                one["args"][role] = rng.sample(ids, min(len(ids), rng.randint(0, 2)))
            if rng.random() < 0.1:
                del one["quote"]
        for index, one in enumerate(kept):
            one["id"] = f"s{index}"
            one["content"] = rng.choice([None, f"s{rng.randrange(len(kept))}"])
        return {"entities": made["entities"], "claims": kept}

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_figures_are_those_of_the_guidelines_scorer(seed: int, tmp_path: Path) -> None:
        theirs = scorer().Tally()
        ours: Counter[str] = Counter()
        types: Counter[tuple[str, str]] = Counter()
        rng = random.Random(seed)
        for path in gold_files(SHARED / "gold")[seed::9]:  # theirs takes seconds for all
            gold = json.loads(path.read_text(encoding="utf-8"))
            if not gold["claims"]:
                continue
            system = worse(gold, rng)
            theirs.add(system, gold)
            comparison = compare(side(system), side(gold))
            ours += compare_counts(system, gold)
            types += count_types(comparison)
        assert figures(ours) == theirs.report()
        flat = {(kind, mark): n for kind, marks in theirs.per_type.items() for mark, n in marks.items()}
        assert types == Counter(flat)

    def test_gold_against_itself_is_perfect() -> None:
        folder = SHARED / "gold" / "ar"
        total: Counter[str] = Counter()
        for result in evaluate_files(gold_files(folder), folder):
            total += result.counts
        assert figures(total)["strict"] == {"p": 1.0, "r": 1.0, "f1": 1.0}
