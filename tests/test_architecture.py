"""The code keeps to docs/architecture.md: layers, owners of libraries, sizes, language as data."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kg"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400
ENTRY = {"__init__", "__main__"}
HTTP = {"urllib", "http", "requests", "httpx", "SPARQLWrapper", "socket"}
ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
ROW = re.compile(r"^\| (?P<left>[^|]+?) \| (?P<names>`[^|]+?) \|", re.MULTILINE)


def name_of(path: Path) -> str:
    """`kg/extraction/words.py` is `extraction`: a package stands in the table as one."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def rows() -> Iterator[tuple[str, set[str]]]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for match in ROW.finditer(text):
        yield match["left"], set(re.findall(r"`(\w+)`", match["names"]))


LAYERS = {name: int(left) for left, names in rows() if left.isdigit() for name in names}
OWNERS = {left: names for left, names in rows() if not left.isdigit()}


@cache
def imports(path: Path) -> frozenset[str]:
    """Dotted names that the module imports anywhere, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def ours(path: Path) -> set[str]:
    """Our top-level modules that the module imports."""
    parts = (name.split(".") for name in imports(path) if name.startswith("kg."))
    return {name[1] for name in parts} & LAYERS.keys()


def test_every_module_has_a_layer() -> None:
    assert {name_of(path) for path in MODULES} - ENTRY <= LAYERS.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_lower_layers(path: Path) -> None:
    name = name_of(path)
    layer = LAYERS.get(name, max(LAYERS.values()) + 1)
    assert {other for other in ours(path) - {name} if LAYERS[other] >= layer} == set()


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_used_only_by_its_owners(library: str) -> None:
    names = HTTP if library.startswith("HTTP") else set(re.findall(r"\w+", library.lower()))
    users = {
        name_of(path)
        for path in MODULES
        if {name.split(".")[0] for name in imports(path)} - {"urllib"} & names
        or ("urllib" in names and any(name.startswith("urllib.request") for name in imports(path)))
    }
    assert users <= OWNERS[library]


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    graph = {path: needed(path) for path in MODULES}
    while ends := [path for path in graph if not graph[path] & graph.keys()]:
        for path in ends:
            del graph[path]
    while starts := graph.keys() - set().union(*graph.values()):
        for path in starts:
            del graph[path]
    assert sorted(path.relative_to(ROOT).as_posix() for path in graph) == []


def needed(path: Path) -> set[Path]:
    """The files that have to be loaded before the module, without packages that only hold it."""
    found = set()
    for name in imports(path):
        target = ROOT.joinpath(*name.split("."))
        for file in (target.with_suffix(".py"), target / "__init__.py"):
            if file in MODULES and file != path and file.name != "__init__.py":
                found.add(file)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_has_at_most_four_hundred_lines_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    assert ast.get_docstring(ast.parse(text))


def literals(path: Path) -> Iterator[str]:
    """Strings of the code that are no docstring; comments are not looked at."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if name_of(path) != "commands"],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_no_arabic_word_stands_in_the_code_because_language_is_data(path: Path) -> None:
    assert [words for words in literals(path) if ARABIC_LETTER.search(words)] == []


def test_sources_are_utf8_and_free_of_hidden_direction_marks() -> None:
    for path in MODULES:
        with tokenize.open(path) as file:
            assert not re.search("[\u202a-\u202e\u2066-\u2069]", file.read()), path
