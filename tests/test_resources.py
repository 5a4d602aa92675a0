"""Files that come with the program: read strictly, and fast the second time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.parsed import cache_dir
from kg.resources import read_yaml


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache_dir()


def kept(cache: Path) -> list[Path]:
    return sorted(cache.glob("*.json")) if cache.exists() else []


def test_a_file_is_kept_parsed_and_read_from_there(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("- {id: دمشق, n: 3}\n", encoding="utf-8")
    assert read_yaml(path) == [{"id": "دمشق", "n": 3}]
    (copy,) = kept(cache)
    content = json.loads(copy.read_text(encoding="utf-8"))
    copy.write_text(json.dumps(content | {"value": "from the copy"}), encoding="utf-8")
    assert read_yaml(path) == "from the copy"


def test_a_changed_file_is_parsed_again_and_keeps_its_place(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: 1\n", encoding="utf-8")
    read_yaml(path)
    path.write_text("a: 2\n", encoding="utf-8")
    assert read_yaml(path) == read_yaml(path) == {"a": 2}
    assert len(kept(cache)) == 1


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"of": 3}', "\x00"])
def test_a_broken_copy_is_no_harm(tmp_path: Path, cache: Path, broken: str) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: 1\n", encoding="utf-8")
    read_yaml(path)
    kept(cache)[0].write_text(broken, encoding="utf-8")
    assert read_yaml(path) == {"a": 1}


def test_what_json_would_change_is_not_kept(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("1: one\n", encoding="utf-8")
    assert read_yaml(path) == read_yaml(path) == {1: "one"}
    assert kept(cache) == []


def test_a_cache_folder_that_is_no_folder_is_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    path = tmp_path / "a.yml"
    path.write_text("a: 1\n", encoding="utf-8")
    assert read_yaml(path) == read_yaml(path) == {"a": 1}


def test_a_key_that_stands_twice_is_refused_every_time(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: 1\na: 2\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(DataError, match=r"a\.yml:2: the key 'a' stands twice"):
            read_yaml(path)
    assert kept(cache) == []
