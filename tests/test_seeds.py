"""World data: the files that come with the program are sound, and faults are told in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.seeds import faults, load_world, world

SOURCE = "- {id: common, title: Common, licence: facts}\n"


def folder(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "sources.yml").write_text(SOURCE, encoding="utf-8")
    for name, text in files.items():
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_shipped_world_data_has_no_fault() -> None:
    assert faults(world()) == []


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"states": "- {id: a, en: [Aa], capital: nowhere}\n"}, "capital names 'nowhere'"),
        ({"states": "- {id: a, en: [Aa], qid: Q1}\n"}, "Q1 has no source"),
        (
            {"states": "- {id: a, en: [Aa], qid: Q1, source: [common]}\n"
                + "- {id: b, en: [Bb], qid: Q1, source: [common]}\n"},
            "Q1 is also the QID of a",
        ),
        (
            {"states": "- {id: a, en: [Aa], bbox: [0.0, 0.0, 1.0, 1.0]}\n",
             "bases": "- {id: x, en: [Xx], host: a, lat: 5.0, lon: 0.5}\n"},
            "lies outside a",
        ),
        ({"bases": "- {id: x, en: [Xx], host: x}\n"}, "host names 'x', which is a MilitaryBase"),
    ],
)  # fmt: skip
def test_faults_between_records_are_named(tmp_path: Path, files: dict[str, str], sentence: str) -> None:
    assert any(sentence in fault for fault in faults(load_world(folder(tmp_path, **files))))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- {id: a, en: [Aa], population: 3}\n", "states.yml: a: population"),
        ("- {id: A B, en: [Aa]}\n", "states.yml: A B: id"),
        ("- {id: a, en: [Aa]}\n- {id: a, en: [Bb]}\n", "the id is taken"),
        ("- {id: a, id: b, en: [Aa]}\n", "'id' stands twice"),
        ("- {id: a, en: [Aa]\n", "not valid YAML"),
    ],
)
def test_a_bad_record_is_told_with_file_entry_and_field(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence.replace("(", r"\(")):
        load_world(folder(tmp_path, states=text))


def test_norway_is_a_name_and_a_date_is_text(tmp_path: Path) -> None:
    made = load_world(folder(tmp_path, states="- {id: norway, en: [Norway], iso: NO}\n"))
    assert made.records["norway"].iso == "NO"  # type: ignore[union-attr]
