"""The benchmarks run on the real reader, here over a few lines of our own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import gsr, plover, segmentation

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


@pytest.mark.parametrize("main", [plover.main, gsr.main, segmentation.main])
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
