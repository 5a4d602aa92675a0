"""The W3C tests run by the command, where they are on this machine; else a few of our own in their form."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks import w3c

OURS = Path(__file__).parent / "fixtures" / "w3c"
W3C = Path(os.environ.get("KG_W3C", Path(__file__).resolve().parents[2] / "shared" / "data" / "w3c-sparql11"))
WRONG = "protocol#wrong-rows"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit code of the command."""
    monkeypatch.setattr(sys, "argv", ["w3c.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        w3c.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_failure_must_be_known_and_a_known_one_must_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.yml"
    known.write_text("protocol#rows: why\n", encoding="utf-8")
    assert run(monkeypatch, OURS, "--known", known) == 1
    told = capsys.readouterr().err
    assert "protocol#rows is known to fail and passes" in told
    assert f"{WRONG} fails and is not known" in told
    known.write_text(f"{WRONG}: no data\n", encoding="utf-8")
    assert run(monkeypatch, OURS, "--known", known) == 0
    told = capsys.readouterr().out
    assert "| protocol (queries) | 1 | 1 |" in told
    assert "| query evaluation | 1 | 2 |" in told
    assert "| update evaluation | 1 | 1 |" in told
    assert "| syntax | 2 | 2 |" in told
    assert f"- {WRONG}: no data" in told


@pytest.mark.skipif(not W3C.is_dir(), reason="the W3C tests are not on this machine")
def test_the_w3c_tests_pass_but_for_those_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, W3C) == 0
