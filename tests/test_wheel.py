"""The wheel carries its data and runs outside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("kg", "ontology", "seeds", "queries")
FILES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources and unpacked."""
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source)
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", str(target), str(source)],
        check=True,
        capture_output=True,
    )
    [wheel] = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target / "site")
    return target / "site"


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("name", ["ontology", "seeds", "queries"])
def test_the_wheel_carries_every_data_file(unpacked: Path, name: str) -> None:
    assert files(unpacked / "kg" / "data" / name) == files(ROOT / name) != set()


def test_the_wheel_carries_every_language_file_and_module(unpacked: Path) -> None:
    packed = files(unpacked / "kg")
    assert {name for name in packed if not name.startswith("data/")} == files(ROOT / "kg")


def test_the_program_runs_from_the_wheel(unpacked: Path, tmp_path: Path) -> None:
    code = "import kg.resources as r; print(r.data_dir('seeds')); from kg.seeds import world; world()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()) == unpacked / "kg" / "data" / "seeds"
