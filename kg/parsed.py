"""Keeps parsed YAML as JSON in the user's cache folder: JSON loads some thirty times faster.

A kept file names the digest of the bytes it was made from, so it is never stale, and it is only a copy: where the
folder cannot be written, or its content is not as expected, the YAML is parsed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

FORMAT = 1  # of the kept files; raise it when what `read_yaml` makes of the same bytes changes


def cache_dir() -> Path:
    """`$XDG_CACHE_HOME/kg`, else `%LOCALAPPDATA%/kg`, else `~/.cache/kg`."""
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(root) if root else Path.home() / ".cache") / "kg"


def _digest(content: bytes) -> str:
    return f"{FORMAT}:{hashlib.sha256(content).hexdigest()}"


def _place(path: Path) -> Path:
    return cache_dir() / f"{path.stem}-{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]}.json"


def recall(path: Path, content: bytes) -> tuple[Any] | None:
    """What was kept for these bytes of the file, as a tuple of one; None: nothing was."""
    try:
        kept = json.loads(_place(path).read_bytes())
        return (kept["value"],) if kept["of"] == _digest(content) else None
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):
        return None


def keep(path: Path, content: bytes, value: Any) -> None:
    """Keep what the file was parsed to, if JSON can hold it unchanged and the folder can be written."""
    with suppress(OSError, RuntimeError, ValueError, TypeError):
        text = json.dumps({"of": _digest(content), "value": value}, ensure_ascii=False)
        if json.loads(text)["value"] != value:
            return
        place = _place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
            file.write(text)
        os.replace(file.name, place)
