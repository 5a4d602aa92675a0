"""A store in a folder of this machine, or in memory: pyoxigraph, and what its messages mean for the user.

One program at a time writes to a folder; what was flushed survives a power cut (docs/durability.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.mistakes import unreadable
from kg.remote import Dataset, Found, Substitutions, names_dataset, replacement

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class Local:
    """A store on this machine; errors of the engine come as StoreError or QueryError."""

    location: str
    store: ox.Store | None
    prefixes: Mapping[str, str] = field(default_factory=dict)  # what a question may use without declaring it

    def query(self, sparql: str, substitutions: Substitutions, dataset: Dataset | None = None) -> Found:
        try:
            bound: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
            bound = {ox.Variable(name): term for name, term in substitutions.items()}
            union = dataset is None and not names_dataset(sparql)  # which would override FROM
            found = self._open.query(
                sparql,
                prefixes=dict(self.prefixes),
                use_default_graph_as_union=union,
                default_graph=list(dataset.default) if dataset else None,
                named_graphs=list(dataset.named) if dataset else None,
                substitutions=bound,
            )
        except SyntaxError as error:
            raise unreadable(sparql, str(error)) from error
        except RuntimeError as error:  # a parameter that is not projected, a corrupt block
            raise (why(self.location, error) if "orruption" in str(error) else QueryError(str(error))) from error
        except OSError as error:
            raise why(self.location, error) from error
        return found

    def replace(self, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> None:
        self._do(lambda store: store.update(replacement(graph, quads)))

    def remove(self, graph: ox.NamedNode) -> None:
        self.replace(graph, ())

    def bulk(self, quads: Iterable[ox.Quad]) -> None:
        self._do(lambda store: store.bulk_extend(quads))

    def quads(self, graph: ox.NamedNode | None) -> Iterator[ox.Quad]:
        return told(self.location, self._do(lambda store: store.quads_for_pattern(None, None, None, graph)))

    def count(self) -> int:
        return self._do(len)

    def flush(self) -> None:
        self._do(ox.Store.flush)

    def optimize(self) -> None:
        self._do(ox.Store.optimize)

    def close(self) -> None:
        self.store = None  # pyoxigraph has no close: the lock goes with the last reference

    def snapshot(self, folder: Path) -> None:
        """The store as it is now, in a new folder; takes milliseconds where both are on one disk (hard links)."""
        self._do(lambda store: store.backup(str(folder)))

    def _do(self, deed: Callable[[ox.Store], Result]) -> Result:
        try:
            return deed(self._open)
        except (OSError, RuntimeError) as error:
            raise why(self.location, error) from error

    @property
    def _open(self) -> ox.Store:
        if self.store is None:
            raise StoreError(f"{self.location}: the store has been closed")
        return self.store


# What an engine that was killed while it made a store leaves behind, before there is anything in it.
_BEGUN = re.compile(r"LOCK|LOG.*|IDENTITY|MANIFEST-\d+|OPTIONS-\d+.*|\d+\.(dbtmp|log)")


def open_folder(folder: Path, *, read_only: bool) -> ox.Store:
    """The store of a folder, which is made unless it is read only; StoreError when there is none or it is not free."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: a file, not a store; name a folder")
    is_store = (folder / "CURRENT").exists()
    if read_only and not is_store:
        raise StoreError(f"{folder}: no store here; `kg build … --store {folder}` makes one")
    names = [path.name for path in folder.iterdir()] if folder.is_dir() and not is_store else []
    if any(name.endswith(".sst") for name in names):
        raise StoreError(f"{folder}: the store is damaged (no file CURRENT); build it again or restore a backup")
    if not all(_BEGUN.fullmatch(name) for name in names):
        raise StoreError(f"{folder}: a folder with other files in it, not a store; name a new or empty folder")
    if read_only and is_locked(folder / "LOCK"):
        raise StoreError(f"{folder}: another program is writing to this store; wait until it has ended")
    try:
        return ox.Store.read_only(str(folder)) if read_only else ox.Store(str(folder))
    except (OSError, RuntimeError) as error:
        raise why(str(folder), error) from error


def is_locked(lock: Path) -> bool:
    """True when a program holds the lock, as far as the system tells.

    Asked of /proc, not by locking: POSIX locks are lost when any descriptor of the file is closed.
    """
    try:
        inode = str(lock.stat().st_ino)
        locks = Path("/proc/locks").read_text(encoding="ascii")
    except OSError:
        return False
    return any(inode == line.split()[-3].split(":")[-1] for line in locks.splitlines() if " WRITE " in line)


def told(location: str, items: Iterable[Item]) -> Iterator[Item]:
    """The items; what the engine says when it breaks off in the middle comes as StoreError."""
    try:
        yield from items
    except (OSError, RuntimeError) as error:
        raise why(location, error) from error


def why(location: str, error: Exception) -> StoreError:
    """What the engine's message means for the user."""
    said = str(error)
    if "No such file" in said and ".sst" in said:
        return StoreError(f"{location}: another program changed the store while this one was reading it; ask again")
    if "lock" in said.lower() and ("unavailable" in said or "lock hold" in said):
        return StoreError(f"{location}: another program has this store open; wait until it has ended")
    if "orrupt" in said or "MANIFEST" in said:
        return StoreError(f"{location}: the store is damaged ({said}); build it again or restore a backup")
    if "No space left" in said or "File too large" in said:
        return StoreError(
            f"{location}: the disk is full ({said}); make room and start again, finished articles are kept"
        )
    if "ermission denied" in said or "Read-only file system" in said:
        return StoreError(f"{location}: not permitted ({said}); choose a folder you may write to")
    return StoreError(f"{location}: the store failed ({said})")
