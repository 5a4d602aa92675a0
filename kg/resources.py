"""Finds the data that comes with the program, and reads YAML strictly.

In a checkout `ontology/`, `seeds/` and `queries/` stand beside `kg/`; a wheel carries them in
`kg/data/`.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from kg.errors import DataError
from kg.parsed import keep, recall

if TYPE_CHECKING:  # pydantic takes 0.2 s to load, and a question to a store needs none of it
    from pydantic import BaseModel

PACKAGE = Path(__file__).resolve().parent
Model = TypeVar("Model", bound="BaseModel")


def data_dir(name: str) -> Path:
    """The folder `ontology`, `seeds` or `queries`, of the checkout or of the installed wheel."""
    for root in (PACKAGE.parent, PACKAGE / "data"):
        is_ours = root is not PACKAGE.parent or (root / "pyproject.toml").exists()
        if is_ours and (root / name).is_dir():
            return root / name
    raise DataError(f"{name}/: not found beside {PACKAGE}; install the program again")


def lang_dir(lang: str) -> Path:
    """The folder of one language pack."""
    return PACKAGE / "lang" / lang


class _StrictLoader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML 1.2 scalars: only true/false are booleans, dates stay strings, a key stands once."""


def _resolvers() -> dict[str, list[tuple[str, Any]]]:
    import re

    table: dict[str, list[tuple[str, Any]]] = {}
    rules = (
        ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
        ("tag:yaml.org,2002:null", r"^(?:null|~|)$", "n~\0"),
        ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
        ("tag:yaml.org,2002:float", r"^-?[0-9]+\.[0-9]+$", "-0123456789"),
    )
    for tag, pattern, first in rules:
        for letter in first:
            table.setdefault("" if letter == "\0" else letter, []).append((tag, re.compile(pattern)))
    return table


_StrictLoader.yaml_implicit_resolvers = _resolvers()


def _mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
    seen: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            line = key_node.start_mark.line + 1
            where = f"{key_node.start_mark.name}:{line}"
            raise DataError(f"{where}: the key '{key}' stands twice; keep one")
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> Any:
    """One YAML file, strictly: duplicate keys, Python objects and bad encoding are refused."""
    content = path.read_bytes()
    kept = recall(path, content)
    if kept is not None:
        return kept[0]
    try:
        with path.open(encoding="utf-8") as file:
            value = yaml.load(file, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise DataError(f"{path}: not valid YAML: {error}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    keep(path, content, value)
    return value


def parse(model: type[Model], value: Any, where: str) -> Model:
    """Validate one record of a human-written file; the error names file, record and field."""
    from pydantic import ValidationError

    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "record"
        raise DataError(f"{where}: {field}: {first['msg']} (found {first['input']!r})") from error
