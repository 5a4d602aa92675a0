"""The JSON form: round trips, offsets, and the sentences for what is wrong with a record."""

from __future__ import annotations

import copy
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.interchange import faults, from_record, to_record
from kg.model import Anchor, Candidate, Claim, Document, Entity, Extraction, Span

TEXT = "طلب الشرع من موسكو تسليم الأسد"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "eval"


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


EXTRACTION = Extraction(
    Document("seed", TEXT, lang="ar", title="x", date="2025-10-15", url="u", source="s"),
    (
        Entity("e1", "Person", "Ahmed al-Sharaa", (at("الشرع"),), "ahmed-al-sharaa"),
        Entity(
            "e2", "State", "Russia", (at("موسكو"),), "russia", "Q159",
            (Candidate("russia", 0.9, "capital stands for government"),),
        ),
        Entity("e3", "Person", "Assad", (at("الأسد"),)),
    ),
    (
        Claim(
            "c1", "request", {"actor": ("e1",), "recipient": ("e2",)}, at(TEXT), content="c2",
            rule="request + from + party", confidence=0.8, anchors=(Anchor("trigger", at("طلب")),),
        ),
        Claim(
            "c2", "extradite", {"actor": ("e2",), "object": ("e3",)}, at("تسليم الأسد"),
            modality="requested", attributed_to="e1",
        ),
    ),
)  # fmt: skip


def record() -> dict[str, Any]:
    return to_record(EXTRACTION)


def test_a_record_lists_all_roles_and_carries_offsets() -> None:
    claim = record()["claims"][1]
    assert claim["args"] == {"actor": ["e2"], "recipient": [], "object": ["e3"], "place": []}
    assert TEXT[claim["start"] : claim["end"]] == claim["quote"] == "تسليم الأسد"
    assert record()["entities"][0]["mentions"] == [{"text": "الشرع", "start": 4, "end": 9}]


def test_what_is_written_is_sound_and_reads_back_equal() -> None:
    assert faults(record()) == []
    assert from_record(json.loads(json.dumps(record()))) == EXTRACTION


def test_an_entity_of_no_claim_is_left_out() -> None:
    lonely = Entity("e9", "State", "Syria", (at("الشرع"),))
    made = Extraction(EXTRACTION.document, (*EXTRACTION.entities, lonely), EXTRACTION.claims)
    assert to_record(made) == record()


def test_mentions_and_quotes_without_offsets_are_found_in_the_text() -> None:
    bare = record()
    for entity in bare["entities"]:
        entity["mentions"] = [mention["text"] for mention in entity["mentions"]]
    for claim in bare["claims"]:
        del claim["start"], claim["end"]
    assert from_record(bare) == EXTRACTION


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("text",), None, "'text' is missing or of the wrong kind"),
        (("entities", 0, "class"), "Planet", "e1: unknown class 'Planet'"),
        (("entities", 0, "mentions"), [], "e1: no mentions"),
        (
            ("entities", 0, "mentions"),
            ["بوتين"],
            "e1: the mention 'بوتين' is not in the text there",
        ),
        (("entities", 1, "id"), "e1", "e1: the id stands twice"),
        (("claims", 0, "type"), "dance", "c1: unknown type 'dance'"),
        (("claims", 0, "args"), {"actor": []}, "c1: no arguments"),
        (("claims", 0, "args", "subject"), ["e1"], "c1: request has no role 'subject'"),
        (("claims", 0, "args", "actor"), ["e7"], "c1: there is no entity 'e7'"),
        (("claims", 0, "attributedTo"), "e8", "c1: there is no entity 'e8'"),
        (("claims", 0, "modality"), "hoped", "c1: unknown modality 'hoped'"),
        (("claims", 0, "negated"), "no", "c1: negated must be true or false"),
        (("claims", 0, "content"), "c1", "c1: content 'c1' is no other claim"),
        (("claims", 0, "content"), "c5", "c1: content 'c5' is no other claim"),
        (("claims", 1, "id"), "c1", "two claims have the same id"),
        (("claims", 0, "type"), "holdsOffice", "c1: unknown office 'None'"),
        (("claims", 0, "start"), 3, "c1: the quote is not in the text there"),
        (("claims", 1, "args", "object"), [], "e3: takes part in no claim"),
    ],
)
def test_a_fault_is_told_in_one_sentence(path: tuple[str | int, ...], value: object, sentence: str) -> None:
    broken = copy.deepcopy(record())
    target: Any = broken
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert sentence in faults(broken)
    with pytest.raises(InputError):
        from_record(broken)


@given(st.text(alphabet="ابت xyz\n\u202b🙂", min_size=1), st.data())
def test_offsets_count_code_points_whatever_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    made = Extraction(
        Document("x", text, lang="ar"),
        (Entity("e1", "State", "x", (span,)),),
        (Claim("c1", "visit", {"actor": ("e1",)}, span),),
    )
    assert faults(to_record(made)) == []
    assert from_record(to_record(made)) == made


if SHARED.is_dir():  # the checker of the gold annotation, where it stands beside the checkout

    def test_what_is_written_passes_the_checker_of_the_gold() -> None:
        spec = importlib.util.spec_from_file_location("claims", SHARED / "claims.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        plain = record()
        for entity in plain["entities"]:
            entity["mentions"] = [mention["text"] for mention in entity["mentions"]]
        assert module.faults(plain) == []

    def test_gold_articles_read_and_have_no_fault() -> None:
        paths = sorted((SHARED / "gold").glob("*/*.json"))
        assert paths
        found = {path.name: faults(json.loads(path.read_text(encoding="utf-8"))) for path in paths}
        assert {name: fault for name, fault in found.items() if fault} == {}
