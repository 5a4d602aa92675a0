"""A store as it was at one moment, in a folder of its own, so that builds and readers do not meet.

The engine's own backup asks for the lock of the store, which belongs to `kg build`, or forgets what is
in the log. A store that nobody writes to is files at rest: those that never change are linked, the
few others copied, and whether somebody wrote meanwhile is asked before and after.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store import open_graph

log = logging.getLogger(__name__)
NEVER_CHANGED = ".sst"  # tables of RocksDB are written once
NOT_DATA = ("LOCK", "LOG")  # and LOG.old.…


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder that is ours, and the state of the store that it holds."""

    folder: Path
    state: str
    taken: float  # seconds since 1970

    def remove(self) -> None:
        """Take the folder away; nobody must have it open."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)


def state_of(store: Path) -> str:
    """A short name for what the files of a store are now; another one after every change."""
    seen = blake2b(digest_size=8)
    for name, size, changed in sorted(_files(store)):
        seen.update(f"{name} {size} {changed}\n".encode())
    return seen.hexdigest()


def _files(store: Path) -> list[tuple[str, int, int]]:
    found = []
    with os.scandir(store) as entries:
        for entry in entries:
            if not entry.name.startswith(NOT_DATA):
                status = entry.stat()
                found.append((entry.name, status.st_size, status.st_mtime_ns))
    return found


def take(store: Path) -> Snapshot:
    """A snapshot of a store that nobody writes to; StoreError where there is none, or while somebody does."""
    open_graph(store, read_only=True).close()  # says what is wrong with it, and whether it is locked
    home = _home(store)
    try:
        state = state_of(store)
        folder = home / "store"
        folder.mkdir()
        for name, _, _ in _files(store):
            _bring(store / name, folder / name)
        open_graph(store, read_only=True).close()
        if state_of(store) != state:
            raise StoreError(f"{store}: another program is writing to this store; wait until it has ended")
        ox.Store(str(folder)).flush()  # what is in the log becomes a table, once and not in every worker
        _catalogue(folder)
        return Snapshot(folder, state, time.time())
    except OSError as error:
        shutil.rmtree(home, ignore_errors=True)
        raise StoreError(f"{store}: no snapshot of it can be made ({error}); see to space and rights") from error
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise


def _catalogue(folder: Path) -> None:
    """What the pages count by, made once for all workers; a process of its own, for it takes seconds of computing."""
    made = subprocess.run(
        [sys.executable, "-P", "-m", "kg.views.catalogue", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode:  # each worker makes its own, then
        log.warning("%s: no catalogue for the pages: %s", folder, made.stderr.strip()[-500:])


def _home(store: Path) -> Path:
    """A new folder beside the store, where files can be linked, else among the temporary ones."""
    store = store.resolve()
    prefix = f".{store.name}.served-"
    try:
        _clear(store.parent, prefix)
        return Path(tempfile.mkdtemp(f"-{os.getpid()}", prefix, store.parent))
    except OSError:
        return Path(tempfile.mkdtemp(f"-{os.getpid()}", prefix))


def _clear(parent: Path, prefix: str) -> None:
    """Take away what servers that were killed have left."""
    for left in parent.glob(f"{prefix}*-*"):
        number = left.name.rpartition("-")[2]
        if number.isdecimal() and not _is_alive(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _bring(source: Path, target: Path) -> None:
    if source.suffix == NEVER_CHANGED:
        try:
            os.link(source, target)
            return
        except OSError:
            pass  # another disk, or one without links
    shutil.copyfile(source, target)
