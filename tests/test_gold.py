"""Our own gold sentences: the notation, the judgement, and the floors for the extractor."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.gold import (
    Judgement,
    below,
    judge,
    judge_files,
    load_floors,
    load_sentences,
    save_floors,
    sentence_figures,
    sentence_files,
)
from kg.model import Claim, Entity, Extraction, Span

GOLD = Path(__file__).parent / "gold"
ASKED = """
- text: قال لافروف إن بوتين طلب من أحمد الشرع زيارة موسكو
  claims:
    - request actor=بوتين recipient="أحمد الشرع" by=لافروف content=2
    - visit actor="أحمد الشرع" recipient=موسكو modality=requested by=بوتين
"""


def gold_file(tmp_path: Path, text: str, name: str = "ar/request.yml") -> Path:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_claim_line_says_type_roles_and_what_keeps_it_from_being_a_fact(tmp_path: Path) -> None:
    [sentence] = load_sentences(gold_file(tmp_path, ASKED))
    request, visit = sentence.gold.claims
    names = {entity.id: entity.name for entity in sentence.gold.entities}
    assert {role: {names[x] for x in ids} for role, ids in request.args.items()} == {
        "actor": {"بوتين"},
        "recipient": {"أحمد الشرع"},
    }
    assert (request.content, visit.modality, names[visit.by or ""]) == ("c2", "requested", "بوتين")
    assert (sentence.lang, sentence.type) == ("ar", "request")


def test_several_fillers_and_flags_are_read(tmp_path: Path) -> None:
    claim_line = 'meeting actor=بوتين+"الشرع" negated optional'
    line = f"- {{text: لا اجتماع بين بوتين والشرع, claims: ['{claim_line}']}}"
    [sentence] = load_sentences(gold_file(tmp_path, line))
    [claim] = sentence.gold.claims
    assert (len(claim.args["actor"]), claim.negated, claim.core) == (2, True, False)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("danse actor=بوتين", "there is no relation or event type 'danse'"),
        ("visit subject=بوتين", "visit has no 'subject'; it may have actor"),
        ("visit actor=لافروف", "'لافروف' does not stand in the text"),
        ("visit actor=بوتين refused", "visit has no 'refused'"),
        ("visit actor=بوتين modality=hoped", "unknown modality 'hoped'; known are asserted"),
        ("visit actor=بوتين content=1", "content=1 is the number of no other claim"),
        ("visit actor=بوتين date=soon", "the date 'soon' is not YYYY-MM-DD"),
        ("visit negated", "visit without anybody who takes part"),
        ("visit actor= بوتين", "cannot read 'actor= بوتين'"),
        ("holdsOffice subject=بوتين", "there is no kind of office ''"),
    ],
)
def test_a_bad_claim_line_is_told_with_file_entry_and_word(tmp_path: Path, line: str, sentence: str) -> None:
    path = gold_file(tmp_path, f"- {{text: زار بوتين دمشق, claims: ['{line}']}}\n")
    with pytest.raises(DataError, match=r"ar/request.yml, entry 1: ") as error:
        load_sentences(path)
    assert sentence in str(error.value)


def test_a_file_is_named_after_a_claim_type(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'visits' is no claim type; name the file after one"):
        load_sentences(gold_file(tmp_path, "[]", "ar/visits.yml"))


def extraction(path: Path, **changes: object) -> Extraction:
    """The right answer to ASKED, with changes to its request."""
    [sentence] = load_sentences(path)
    text = sentence.text

    def at(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    names = ("لافروف", "بوتين", "أحمد الشرع", "موسكو")
    entities = tuple(Entity(f"e{n}", "Person", name, (at(name),)) for n, name in enumerate(names))
    request = {
        "id": "c1", "type": "request", "args": {"actor": ("e1",), "recipient": ("e2",)},
        "quote": at("طلب"), "attributed_to": "e0", "content": "c2", **changes,
    }  # fmt: skip
    visit = Claim(
        "c2", "visit", {"actor": ("e2",), "recipient": ("e3",)}, at("زيارة"),
        modality="requested", attributed_to="e1",
    )  # fmt: skip
    aside = Claim("c3", "memberOf", {"subject": ("e1",), "object": ("e3",)}, at("بوتين"))
    return Extraction(
        sentence.document(),
        entities,
        (Claim(**request), visit, aside),  # type: ignore[arg-type]
    )


def judged(path: Path, **changes: object) -> Judgement:
    return judge(load_sentences(path)[0], extraction(path, **changes))


def test_claims_of_types_that_the_sentence_does_not_mention_are_not_judged(tmp_path: Path) -> None:
    assert judged(gold_file(tmp_path, ASKED)).is_right


@pytest.mark.parametrize(
    "changes",
    [
        {"modality": "planned"},
        {"negated": True},
        {"attributed_to": None},
        {"content": None},
        {"args": {"actor": ("e2",), "recipient": ("e1",)}},
    ],
)
def test_a_claim_that_is_wrong_in_one_thing_is_both_missed_and_extra(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    result = judged(gold_file(tmp_path, ASKED), **changes)
    assert (result.right, len(result.missed), len(result.extra)) == (1, 1, 1)


def test_a_near_miss_counts_any_claim_of_the_type_of_its_file(tmp_path: Path) -> None:
    answer = extraction(gold_file(tmp_path, ASKED))
    [near_miss] = load_sentences(gold_file(tmp_path, f"- {{text: {answer.document.text}, claims: []}}"))
    assert len(judge(near_miss, answer).extra) == 1


def test_floors_are_kept_raised_and_told_when_fallen_below(tmp_path: Path) -> None:
    path = gold_file(tmp_path, ASKED)
    good = sentence_figures([judged(path)])
    bad = sentence_figures([judged(path, modality="planned")])
    save_floors(tmp_path / "floors.json", good)
    floors = load_floors(tmp_path / "floors.json")
    assert floors == {"ar": {"precision": 1.0, "recall": 1.0, "sentences": 1}}
    assert below(floors, good) == []
    assert below(floors, bad) == [
        "ar: precision 0.5 is below the floor 1",
        "ar: recall 0.5 is below the floor 1",
    ]
    assert load_floors(tmp_path / "none.json") == {}


def test_every_gold_file_of_the_project_reads() -> None:
    assert all(load_sentences(path) for path in sentence_files(GOLD))


if importlib.util.find_spec("kg.pipeline"):

    @pytest.fixture(scope="module")
    def judgements() -> list[Judgement]:
        from kg.pipeline import load_extractor

        return list(judge_files(sentence_files(GOLD), load_extractor(model=False).extract))

    def test_precision_and_recall_keep_their_floors(judgements: list[Judgement]) -> None:
        assert below(load_floors(GOLD / "floors.json"), sentence_figures(judgements)) == []

    def test_a_known_failure_that_is_mended_is_noticed(judgements: list[Judgement]) -> None:
        mended = [one.sentence.where for one in judgements if one.sentence.xfail and one.is_right]
        assert mended == [], "take `xfail` out of these entries"
