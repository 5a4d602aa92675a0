"""A store as one file, and back: gzipped N-Quads with their number and digest at the end.

The file outlives any format of the store's folder, and every RDF program reads it. Refuses to restore over anything,
and to leave half a backup or half a store behind.
"""

from __future__ import annotations

import glob
import gzip
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import InputError, StoreError
from kg.local import Local, is_locked
from kg.store import Graph, open_graph

HEAD = b"# kg backup 1\n"
LEVEL = 3  # of gzip: a third of the time of the default for a tenth more bytes
CHUNK = 1 << 20
_DAMAGED = "no whole backup of kg; take another copy"


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands in a backup."""

    articles: int
    quads: int


class _Digested:
    """Passes bytes on and digests them."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self.digest = sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def backup(location: str, file: Path) -> Saved:
    """Write the store of a folder to a file, read it again, and only then put it in place.

    The store is held for the milliseconds that a snapshot takes; whoever writes to it then is not in the way.
    """
    _folder(location)
    part = file.with_name(file.name + ".part")
    try:
        with _snapshot(location) as graph:
            quads, articles = graph.count(), sum(1 for _ in graph.articles())
            with part.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as packed:
                out = _Digested(packed)
                out.write(HEAD)
                ox.serialize(graph.quads(), cast(IO[bytes], out), ox.RdfFormat.N_QUADS)
                packed.write(_tail(quads, out.digest.hexdigest()))
            if _verify(part) != quads:
                raise StoreError(f"{location}: {quads:,} quads are there and others were read; run kg check")
        _sync(part)
        os.replace(part, file)
        _sync(file.parent)
    except OSError as error:
        raise InputError(f"{file}: cannot write there: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return Saved(articles, quads)


def restore(file: Path, location: str) -> Saved:
    """Make a store out of a backup, in a folder that is not there yet or empty."""
    folder = _folder(location)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder}: there is something already; name a new folder, then put it in place")
    quads = _verify(file)
    made = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.restored-", dir=folder.parent))
        store = ox.Store(str(made / "store"))
        with gzip.open(file) as packed:
            store.bulk_extend(ox.parse(cast(IO[bytes], packed), ox.RdfFormat.N_QUADS))
        del store  # lets the lock go
        with open_graph(made / "store") as graph:
            found = Saved(sum(1 for _ in graph.articles()), graph.count())
            if found.quads != quads:
                raise StoreError(f"{file}: {quads:,} quads are told and {found.quads:,} restored; take another copy")
            graph.optimize()
            graph.flush()
        os.rename(made / "store", folder)
        _sync(folder.parent)
    except (OSError, RuntimeError, SyntaxError) as error:
        raise StoreError(f"{folder}: cannot be restored: {getattr(error, 'strerror', None) or error}") from error
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
    return found


def _folder(location: str) -> Path:
    if location.startswith(("http://", "https://")) or location == ":memory:":
        raise StoreError(f"{location}: no folder; a server keeps its own backups")
    return Path(location)


@contextmanager
def _snapshot(location: str) -> Iterator[Graph]:
    """The store of a folder as it is now; what a backup that was killed has left is cleared away."""
    folder = Path(location).resolve()
    open_graph(folder, read_only=True).close()  # a sentence when there is none, or another program writes to it
    prefix = f".{folder.name}.snapshot-"
    for stale in folder.parent.glob(f"{glob.escape(prefix)}*"):
        if not is_locked(stale / "store" / "LOCK"):
            shutil.rmtree(stale, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        with open_graph(folder) as graph:
            assert isinstance(graph.backend, Local)
            graph.backend.snapshot(place / "store")
        with open_graph(place / "store") as graph:
            yield graph
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _tail(quads: int, digest: str) -> bytes:
    return f"# {quads} quads sha256:{digest}\n".encode()


def _verify(file: Path) -> int:
    """How many quads the file says that it holds; InputError unless every byte is as it was written."""
    digest, rest = sha256(), b""
    try:
        with gzip.open(file) as packed:
            while data := packed.read(CHUNK):
                rest += data
                digest.update(rest[:-200])  # the last line may be shorter than that, and is not counted in
                rest = rest[-200:]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{file}: {_DAMAGED}") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
    body, _, last = rest[:-1].rpartition(b"\n")
    digest.update(body + b"\n")
    with suppress(ValueError, IndexError):
        quads = int(last.split()[1])
        if last + b"\n" == _tail(quads, digest.hexdigest()):
            return quads
    raise InputError(f"{file}: {_DAMAGED}")


def _sync(path: Path) -> None:
    """See to it that a file, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
