from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.commands import main
from kg.store import open_graph


def test_a_sound_installation_and_store_are_fine(tmp_path: Path) -> None:
    open_graph(tmp_path / "news.kg").close()
    run = CliRunner().invoke(main, ["doctor", "--store", str(tmp_path / "news.kg")])
    assert run.exit_code == 0, run.output
    assert run.stdout.count(": fine") == 4


def test_what_is_wrong_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kg").touch()  # a file where the cache folder should be
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run = CliRunner().invoke(main, ["doctor", "--store", str(tmp_path / "no.kg")])
    assert run.exit_code == 1
    assert "so each start is slower; set XDG_CACHE_HOME" in run.stdout
    assert "no store here; `kg build" in run.stdout
