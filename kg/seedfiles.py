"""Single values of the world data changed in their files: comments, order and every other character stay as they are.

Nothing is written that could not be read again: the changed files are first loaded, with the checks between records.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kg.errors import DataError
from kg.seeds import KINDS, faults, load_world

_PLAIN = re.compile(r"[^\W\d_][\w .'’-]*", re.UNICODE)  # a name that YAML reads as it stands
_WORDS = frozenset({"true", "false", "null"})
_BARE = re.compile(r"-?\d+(\.\d+)?|\d{4}-\d\d(-\d\d)?|Q\d+", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One value to be set, or with `old` empty to be added: a name to the list, a day to the office."""

    record: str  # its id
    field: str  # qid, lat, lon; en, ar, source: one more; `offices 1 to`: the end of the first office
    old: str
    new: str


def file_of(folder: Path) -> dict[str, str]:
    """The file of every record, as a path below the folder."""
    return {ref: path.relative_to(folder).as_posix() for path in _paths(folder) for ref in _records(path, _text(path))}


def write(folder: Path, changes: Iterable[Change]) -> list[str]:
    """Carry all changes out, or none; returns the files that were written.

    DataError where the result would not load, or breaks a check between records.
    """
    texts = dict(_changed(folder, list(changes)))
    with _copy(folder) as trial:
        for path, text in texts.items():
            (trial / path.relative_to(folder)).write_text(text, encoding="utf-8", newline="")
        found = faults(load_world(trial))
    if found:
        raise DataError(f"{folder}: nothing written, for the result is not sound: {found[0]}")
    parts = {path: path.with_name(path.name + ".part") for path in texts}
    try:
        for path, part in parts.items():
            part.write_text(texts[path], encoding="utf-8", newline="")
        for path, part in parts.items():
            os.replace(part, path)
    except OSError as error:
        raise DataError(f"{error.filename}: cannot be written: {error.strerror or error}") from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return sorted(path.relative_to(folder).as_posix() for path in texts)


def _changed(folder: Path, changes: list[Change]) -> Iterator[tuple[Path, str]]:
    """Every file that changes, with its new text."""
    wanted: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        wanted[change.record].append(change)
    for path in _paths(folder):
        text = _text(path)
        edits: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        for ref, record in _records(path, text).items():
            for change in wanted.pop(ref, ()):
                start, end, words = _edit(record, change, text, path)
                edits[start, end].append(words)
        if edits:
            for (start, end), pieces in sorted(edits.items(), reverse=True):
                text = text[:start] + "".join(pieces) + text[end:]
            yield path, text
    if wanted:
        raise DataError(f"{folder}: there is no record '{min(wanted)}'")


def _edit(record: Mapping[str, yaml.Node], change: Change, text: str, path: Path) -> tuple[int, int, str]:
    """From where to where a file changes, and what stands there then."""
    where = f"{path.name}: {change.record}: {change.field}"
    name, _, rest = change.field.partition(" ")
    node = record.get(name)
    if name == "offices" and isinstance(node, yaml.SequenceNode):
        number, _, key = rest.partition(" ")
        term = node.value[int(number) - 1]
        return _insert(term, f"{key}: {_scalar(change.new)}", text, where)
    if name in ("en", "ar", "source") and isinstance(node, yaml.SequenceNode):
        return _insert(node, _scalar(change.new), text, where)
    if name in ("ar", "source") and node is None:
        return _insert_after(record["en"], f"{name}: [{_scalar(change.new)}]", text)
    if name == "qid" and node is None and not change.old:
        return _insert_after(record["en"], f"qid: {_scalar(change.new)}", text)
    if isinstance(node, yaml.ScalarNode) and node.value == change.old:
        return node.start_mark.index, node.end_mark.index, _scalar(change.new)
    raise DataError(f"{where} is not '{change.old}' any more; ask again")


def _insert(node: yaml.Node, words: str, text: str, where: str) -> tuple[int, int, str]:
    """Before the closing bracket of a list or mapping in brackets."""
    end = node.end_mark.index - 1
    if not getattr(node, "flow_style", False) or text[end] not in "]}":
        raise DataError(f"{where}: stands without brackets; write it by hand")
    return end, end, f", {words}" if node.value else words


def _insert_after(node: yaml.Node, words: str, text: str) -> tuple[int, int, str]:
    """As the next key of the record, on the same line where the record is on one."""
    end = node.end_mark.index
    line = text.rfind("\n", 0, node.start_mark.index) + 1
    inline = text[line:].lstrip(" -").startswith("{")
    return end, end, f", {words}" if inline else f"\n  {words}"


def _scalar(value: str) -> str:
    plain = _BARE.fullmatch(value) or (
        _PLAIN.fullmatch(value) and value.lower() not in _WORDS and value == value.strip()
    )
    return value if plain else json.dumps(value, ensure_ascii=False)


def _records(path: Path, text: str) -> dict[str, dict[str, yaml.Node]]:
    """Record -> field -> node with its place in the text."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        raise DataError(f"{path}: not valid YAML: {error}") from error
    found = {}
    for item in root.value if isinstance(root, yaml.SequenceNode) else ():
        fields = {key.value: value for key, value in item.value}
        found[str(fields["id"].value)] = fields
    return found


def _paths(folder: Path) -> list[Path]:
    return [path for kind in KINDS for path in sorted([*folder.glob(f"{kind}.yml"), *folder.glob(f"{kind}/*.yml")])]


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


@contextmanager
def _copy(folder: Path) -> Iterator[Path]:
    """A copy of the world data to try changes on."""
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place) / "seeds"
        for path in folder.rglob("*.yml"):
            target = trial / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        yield trial
