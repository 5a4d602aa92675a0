"""What an endpoint has answered, kept with the day of the answer: nothing is asked twice, and a stopped run goes on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from kg.errors import LinkError
from kg.parsed import cache_dir

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
  endpoint TEXT, kind TEXT, key TEXT, answer TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (endpoint, kind, key)
) WITHOUT ROWID"""


class Cache:
    """A file of answers by endpoint, kind of question and key. Each batch is written whole before the next is asked."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or cache_dir() / "wikidata.sqlite"
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.file)
            with self._db:
                self._db.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            raise LinkError(f"{self.file}: cannot keep answers there ({error}); name another --cache") from error

    def answers(
        self,
        endpoint: str,
        kind: str,
        keys: Iterable[str],
        ask: Callable[[list[str]], Mapping[str, Any]],
        batch: int,
        *,
        fresh: bool = False,
    ) -> dict[str, Any]:
        """The answer for every key: a kept one, else that of `ask`, called with at most `batch` keys at a time.

        A key that `ask` says nothing about has the answer None. `fresh`: kept answers are asked for again.
        """
        wanted = list(dict.fromkeys(keys))
        found = {} if fresh else self._kept(endpoint, kind, wanted)
        missing = (key for key in wanted if key not in found)
        while some := list(islice(missing, batch)):
            answer = ask(some)
            new = {key: answer.get(key) for key in some}
            self._keep(endpoint, kind, new)
            found |= new
        return {key: found[key] for key in wanted}

    def when(self, endpoint: str, kind: str, key: str) -> str:
        """The day of an answer, YYYY-MM-DD; KeyError when there is none."""
        row = self._db.execute(
            "SELECT at FROM answers WHERE (endpoint, kind, key) = (?, ?, ?)", (endpoint, kind, key)
        ).fetchone()
        if row is None:
            raise KeyError(key)
        return str(row[0])[:10]

    def _kept(self, endpoint: str, kind: str, keys: list[str]) -> dict[str, Any]:
        ask = "SELECT answer FROM answers WHERE (endpoint, kind, key) = (?, ?, ?)"
        with closing(self._db.cursor()) as cursor:
            rows = {key: cursor.execute(ask, (endpoint, kind, key)).fetchone() for key in keys}
        return {key: json.loads(row[0]) for key, row in rows.items() if row is not None}

    def _keep(self, endpoint: str, kind: str, new: Mapping[str, Any]) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [(endpoint, kind, key, json.dumps(value, ensure_ascii=False), at) for key, value in new.items()]
        try:
            with self._db:
                self._db.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise LinkError(f"{self.file}: cannot keep answers there ({error}); name another --cache") from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
