"""Articles from files, folders and standard input, one at a time.

Refuses to stop at a bad one: what cannot be read comes as `Unreadable`, with the sentence for the
user, and the rest goes on. Never holds more than one article.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from kg.errors import InputError
from kg.model import Document
from kg.records import MAX_NAME, MAX_TEXT, TOO_LONG, document
from kg.streams import MAX_PIECE, Borrowed, Buffered, Piece, decode, lines, objects, unwrap

KINDS = {".txt": "text", ".html": "html", ".htm": "html", ".json": "json", ".jsonl": "jsonl"}
ACCEPTED = "give .txt, .html, .json or .jsonl, each also .gz"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An article or file that was not read: where it stands and, in one sentence, why."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Source:
    """One place to read from; `name` is its path below what the user named: equal everywhere."""

    where: str
    name: str
    kind: str  # a value of KINDS; empty where the content must tell
    path: Path | None = None  # None for standard input and for what others have opened


def read(paths: Iterable[str | os.PathLike[str]], *, stdin: BinaryIO | None = None) -> Iterator[Document | Unreadable]:
    """All articles of the paths, in order; folders recursively and sorted; `-` is standard input.

    An article that stands twice, equal in everything, is given once.
    """
    shelf = _Shelf()
    for path in paths:
        for source in sources(os.fspath(path)):
            if isinstance(source, Unreadable):
                yield source
                continue
            for found in _guarded(source, stdin):
                if isinstance(found, Document):
                    yield from shelf.admit(found, source)
                else:
                    yield found


def from_text(text: str, *, id: str = "text", lang: str = "", date: str | None = None) -> Document:  # noqa: A002
    """A document of words given directly; InputError when there is nothing to read in them."""
    return document({"id": id, "text": text, "lang": lang, "date": date}, id, "--text")


class _Shelf:
    """Keeps ids apart; of each article only id and digest stay in memory."""

    def __init__(self) -> None:
        self._digests: dict[str, bytes] = {}

    def admit(self, document: Document, source: Source) -> Iterator[Document | Unreadable]:
        if document.id.startswith(_GENERATED):
            document = replace(document, id=self._free_id(document.id[1:], source.name))
        digest = digest_of(document)
        taken = self._digests.setdefault(document.id, digest)
        if taken is digest:
            yield document
        elif taken != digest:
            yield taken_by_another(document.id, source.where)

    def _free_id(self, stem: str, name: str) -> str:
        """The stem; after another file of the same stem, the stem and a hash of the path."""
        if stem not in self._digests:
            return stem
        return f"{stem}-{hashlib.blake2b(name.encode(), digest_size=4).hexdigest()}"


def digest_of(document: Document) -> bytes:
    """Equal for documents that are equal in everything."""
    return hashlib.blake2b(repr(document).encode(), digest_size=8).digest()


def taken_by_another(article_id: str, where: str) -> Unreadable:
    """What is said of an article whose id an earlier one has."""
    return Unreadable(where, f"the id '{article_id}' is taken by another article; give each an id of its own")


def read_source(source: Source, stream: BinaryIO | None = None) -> Iterator[Document | Unreadable]:
    """What one source holds, which `stream` gives where it has no path; nothing is known of other sources.

    So an id that the file did not give is its stem also where another file has the same.
    """
    for found in _guarded(source, stream):
        if isinstance(found, Document) and found.id.startswith(_GENERATED):
            found = replace(found, id=found.id[1:])
        yield found


_GENERATED = "\0"  # marks an id that the file did not give; no given id holds a NUL


# --- files and folders


def sources(path: str) -> Iterator[Source | Unreadable]:
    """The files of one path, in the order in which they are read."""
    if path == "-":
        yield Source("standard input", "stdin", "")
        return
    root = Path(path)
    try:
        root.stat()
    except OSError as error:
        yield Unreadable(path, _why(error))
        return
    if root.is_dir():
        yield from _folder(root)
    elif (kind := kind_of(root)) or not root.is_file():
        yield Source(path, root.name, kind, root)
    else:
        yield Unreadable(path, f"not a kind of file that holds articles; {ACCEPTED}")


def _folder(root: Path) -> Iterator[Source | Unreadable]:
    found = False
    errors: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for error in errors:
            yield Unreadable(str(error.filename), _why(error))
        found = found or bool(errors)
        errors.clear()
        for name in sorted(files):
            path = Path(folder, name)
            kind = kind_of(path)
            if kind and not name.startswith("."):
                found = True
                yield Source(str(path), path.relative_to(root).as_posix(), kind, path)
    for error in errors:
        found = True
        yield Unreadable(str(error.filename), _why(error))
    if not found:
        yield Unreadable(str(root), f"no articles in this folder; {ACCEPTED}")


def kind_of(path: PurePath) -> str:
    """A value of KINDS; empty for what is no kind of ours."""
    name = path.name.lower().removesuffix(".gz")
    return KINDS.get(PurePath(name).suffix, "")


def _why(error: OSError) -> str:
    """The reason in our words where there is more to say than the system does."""
    match error:
        case FileNotFoundError():
            return "no such file or folder; check the path"
        case PermissionError():
            return "no permission to read it; change its rights or run as its owner"
        case _:
            return f"cannot be read: {(error.strerror or str(error)).lower()}"


@contextmanager
def _opened(source: Source, stdin: BinaryIO | None) -> Iterator[Buffered]:
    if source.path is None:
        yield unwrap(Borrowed(stdin or sys.stdin.buffer))
    else:
        with source.path.open("rb") as file:
            yield unwrap(cast(BinaryIO, file))


def _guarded(source: Source, stdin: BinaryIO | None) -> Iterator[Document | Unreadable]:
    """What the source holds; whatever breaks it off is the last thing that comes."""
    try:
        with _opened(source, stdin) as stream:
            if not stream.peek(1):
                raise InputError("empty; there is nothing to read")
            yield from _READERS[source.kind or _sniff(stream)](stream, source)
    except InputError as error:
        yield Unreadable(source.where, str(error))
    except OSError as error:
        yield Unreadable(source.where, _why(error))


def _sniff(stream: Buffered) -> str:
    """The kind of a stream without a name, by how it begins."""
    start = stream.peek(1024)[:1024].lstrip()
    if start.startswith(b"{"):
        first = start.partition(b"\n")[0].rstrip()
        return "jsonl" if first.endswith(b"}") or len(first) == len(start) else "json"
    if start.startswith(b"["):
        return "json"
    return "html" if re.match(rb"<(!doctype html|html|\?xml)", start.lower()) else "text"


# --- one reader for each kind


def _text(stream: Buffered, source: Source) -> Iterator[Document]:
    data = stream.read(4 * MAX_TEXT + 1)
    if len(data) > 4 * MAX_TEXT:
        raise InputError(TOO_LONG)
    text = decode(data)
    heads = [line for line in map(str.strip, text.splitlines()) if line][:2]
    first = heads[-1] if heads and len(heads[0].split()) == 1 else "".join(heads[:1])  # one word: «Breaking», a section
    title = first if len(first) <= MAX_NAME else ""
    yield replace(document({"text": text}, _stem(source), source.where), title=title)


def _html(stream: Buffered, source: Source) -> Iterator[Document]:
    data = stream.read(MAX_PIECE + 1)
    if len(data) > MAX_PIECE:
        raise InputError(f"a page of more than {MAX_PIECE >> 20} MB; save the article as text")
    from kg.webpage import article  # trafilatura takes a second to load

    yield document(article(data), _stem(source), source.where)


def _json(stream: Buffered, source: Source) -> Iterator[Document | Unreadable]:
    number = 0
    for number, piece in enumerate(objects(stream), 1):
        name = _stem(source) if number == 1 else f"{_stem(source)}-{number}"
        yield _read_piece(piece, name, source)
    if not number:
        raise InputError("holds no article; give an object with a 'text', or a list of such objects")


def _jsonl(stream: Buffered, source: Source) -> Iterator[Document | Unreadable]:
    for piece in lines(stream):
        yield _read_piece(piece, f"{_stem(source)}-{piece.line}", source)


_READERS: dict[str, Callable[[Buffered, Source], Iterator[Document | Unreadable]]] = {
    "text": _text,
    "html": _html,
    "json": _json,
    "jsonl": _jsonl,
}


def _read_piece(piece: Piece, name: str, source: Source) -> Document | Unreadable:
    where = f"{source.where}:{piece.line}"
    try:
        return document(_record(piece), name, where)
    except InputError as error:
        return Unreadable(where, str(error))


def _record(piece: Piece) -> dict[str, Any]:
    if piece.fault:
        raise InputError(piece.fault)
    try:
        value = json.loads(piece.text)
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg.lower()} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:
        raise InputError("JSON that is nested too deeply or holds too long a number") from error
    if not isinstance(value, dict):
        raise InputError("not a JSON object; each article is an object with a 'text'")
    return value


def _stem(source: Source) -> str:
    name = Path(source.name).name
    stem = re.sub(r"\.gz$", "", name, flags=re.IGNORECASE)
    return _GENERATED + (Path(stem).stem if kind_of(Path(stem)) else stem).encode(errors="replace").decode()
