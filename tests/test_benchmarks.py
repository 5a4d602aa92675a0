"""The benchmarks run on the real reader, here over a few lines of our own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy

from benchmarks import gsr, parallel, plover, segmentation, speed
from kg.model import Document

Rows = dict[str, list[str]]
Table = Callable[..., Rows]


def lines(path: Path, *found: dict[str, object]) -> Path:
    """The objects as a file of JSON lines."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found), encoding="utf-8")
    return path


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Table:
    """Runs a benchmark as from the command line and gives its rows by their first cell."""

    def run(main: Callable[[], None], *arguments: object) -> Rows:
        monkeypatch.setattr(sys, "argv", ["benchmark", *map(str, arguments)])
        main()
        rows = (line.strip("|").split("|") for line in capsys.readouterr().out.splitlines() if line.startswith("| "))
        return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in rows}

    return run


def test_roots_between_given_spans_are_counted_by_root(tmp_path: Path, table: Table) -> None:
    path = lines(
        tmp_path / "train.jsonl",
        {"text": "Norway accused Zorvian fishermen of fraud.", "source": "Norway", "target": "Zorvian fishermen",
         "plover": "ACCUSE"},
        {"text": "Chad released the Zorvian crew.", "source": "Chad", "target": "the Zorvian crew", "plover": "YIELD"},
        {"text": "Chad paints Norway.", "source": "Chad", "target": "Norway", "plover": "AID"},
    )  # fmt: skip
    rows = table(plover.main, path)
    assert rows["ACCUSE"] == ["1", "1", "0", "0", "1.000", "1.000", "1.000"]
    assert rows["RETREAT"][-1] == "1.000"
    assert rows["AID"] == ["1", "0", "0", "1", "0.000", "0.000", "0.000"]
    assert rows["macro"][-1] == "0.667"


def test_a_rule_that_lacked_a_party_tells_the_root_where_no_claim_does() -> None:
    record = {"text": "Chad launched an attack and left.", "source": "Chad", "target": "left"}
    assert plover.said(record, "1") is None
    assert plover.said(record, "1", tried=True) == "ASSAULT"


def test_sentences_and_parties_of_events_are_counted(tmp_path: Path, table: Table) -> None:
    attack, shop = "هاجمت القوات التركية دمشق.", "هاجم الناقد رواية فرنسية."
    lines(
        tmp_path / "assault_sentences.jsonl",
        {"text": attack, "label": "yes"},
        {"text": shop, "label": "difficult no"},
        {"text": attack, "label": "easy no"},
    )
    spans = [{"source_actor": ["القوات", "التركية"], "verb": ["هاجمت"], "target_actor": ["دمشق"]}]
    lines(tmp_path / "assault_spans.jsonl", {"text": attack, "spans": spans})
    lines(tmp_path / "protest_sentences.jsonl", {"text": shop, "label": "yes"})
    lines(tmp_path / "protest_spans.jsonl", {"text": shop, "spans": [{"source_actor": ["الناقد"], "target_actor": []}]})
    rows = table(gsr.main, tmp_path)
    assert rows["assault: sentences"][:4] == ["1", "1", "0", "0"]
    assert rows["assault: source, words"][:4] == ["2", "2", "0", "0"]
    assert rows["assault: target, head"][:4] == ["1", "1", "0", "0"]
    assert rows["protest: sentences"][:4] == ["1", "0", "0", "1"]
    assert rows["protest: source, head"][:4] == ["1", "0", "0", "1"]


@pytest.mark.parametrize("main", [plover.main, gsr.main, segmentation.main, parallel.main])
def test_a_benchmark_without_its_path_tells_its_usage(main: Callable[[], None], table: Table) -> None:
    with pytest.raises(SystemExit, match="python benchmarks/"):
        table(main)


def test_split_words_are_counted_by_halves(tmp_path: Path, table: Table) -> None:
    path = tmp_path / "words.ref"
    rows = ["ref\tPOS", "و+ال+دول+ة\tCONJ+DET+NOUN+NSUFF", "قال+ت\tV+PRON", "من+ما\tPREP+PART",
            "ل+ال+جيش\tPREP+DET+NOUN", "7\tNUM", "زورف+ه\tNOUN+NSUFF"]  # fmt: skip
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = table(segmentation.main, path)
    assert found["first half"] == ["2", "2", "1.000", "1", "1", "1.000"]
    assert found["second half"] == ["3", "2", "0.667", "1", "1", "1.000"]
    assert found["all, none split"][2] == "0.600"


def annotated(folder: Path, lang: str, text: str, *claims: tuple[str, dict[str, list[str]]], **names: str) -> None:
    """An annotated article of the parallel corpus."""
    entities = [{"id": one, "class": "State", "name": name, "mentions": [name]} for one, name in names.items()]
    told = [
        {"type": kind, "args": args, "core": True, "modality": "asserted", "negated": False} for kind, args in claims
    ]
    record = {"id": "x", "lang": lang, "date": "2025-10-15", "text": text, "entities": entities, "claims": told}
    (folder / f"{lang}-ntrex-zorv.1.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def test_claims_of_an_article_and_its_translation_are_compared(tmp_path: Path, table: Table) -> None:
    visit = ("visit", {"actor": ["e1"], "recipient": ["e2"]})
    english = "Russian President Vladimir Putin visited Damascus. Zorvists visited Norway."
    annotated(tmp_path, "ar", "زار الرئيس الروسي فلاديمير بوتين دمشق.", visit, e1="Putin", e2="Syria")
    annotated(tmp_path, "en", english, visit, e1="Syria", e2="Putin")
    (tmp_path / "en-other.2.json").write_text("{}", encoding="utf-8")
    rows = table(parallel.main, tmp_path)
    assert rows["ntrex-zorv.1"][2] == rows["all"][2] == "2"  # the visit and the office
    assert rows["all, linked parties only"][3] == "1.000"
    assert rows["all, annotators"] == ["1", "1", "0", "0.000", "0"]


def test_our_reader_and_a_pipeline_are_timed_on_the_same_articles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    speed.rates("en", [Document("a", "Norway accused Chad.", "en")] * 3, str(tmp_path / "blank"))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines] == ["kg, en", "en_pipeline, en", "ratio, en"]
    assert lines[0].split("|")[2:4] == [" 3 ", " 9 "]


def test_a_run_of_the_program_is_timed_and_weighed() -> None:
    seconds, memory = speed.kg("--help")
    assert seconds > 0
    assert memory > 5
