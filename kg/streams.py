"""Bytes from outside, in pieces of bounded size: gzip, encodings, lines, objects of a JSON file.

Refuses to hold more than one piece: a line of 100 MB or a gzip bomb costs a sentence, no memory.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, TypeAlias, cast

from kg.errors import InputError

CHUNK = 1 << 16
MAX_PIECE = 16 << 20  # bytes or characters of one line or one JSON object; an article is at most 2 MB of text
MAX_RATIO = 200  # news text packs about 1:4, the worst honest case (one article repeated) about 1:100
FREE = 64 << 20  # bytes that may be unpacked before the ratio counts

_TOO_LONG = f"longer than {MAX_PIECE >> 20} MB; split it into articles"
_NOT_UTF8 = "not UTF-8 text; save it as UTF-8"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

Buffered: TypeAlias = "io.BufferedReader[io.RawIOBase]"


@dataclass(frozen=True, slots=True)
class Piece:
    """One line or JSON object: its text, or the sentence that says what is wrong with it."""

    line: int  # line of the file where it begins, from 1
    text: str = ""
    fault: str = ""


class _Readable(io.RawIOBase):
    """What our two wrapped streams share; the buffering is that of `io.BufferedReader`."""

    def readable(self) -> bool:
        return True

    def next_bytes(self, size: int) -> bytes:
        raise NotImplementedError

    def readinto(self, buffer: Any) -> int:
        data = self.next_bytes(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Counted:
    """Counts the bytes that are read; a pipe has no `tell`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.count += len(data)
        return data


class Borrowed(_Readable):
    """A stream of somebody else, which stays open when we are done with it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def next_bytes(self, size: int) -> bytes:
        return self._stream.read(size)


class _Gunzip(_Readable):
    """Unpacked bytes; InputError for a broken file and for one that unpacks to far too much."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._packed = _Counted(stream)
        self._gzip = gzip.GzipFile(fileobj=cast(IO[bytes], self._packed))
        self._unpacked = 0

    def next_bytes(self, size: int) -> bytes:
        try:
            data = self._gzip.read1(size)
        except EOFError as error:
            raise InputError("the gzip file is cut off; fetch it again") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError("not a sound gzip file; pack it again") from error
        self._unpacked += len(data)
        if self._unpacked > FREE and self._unpacked > MAX_RATIO * self._packed.count:
            raise InputError(f"unpacks to more than {MAX_RATIO} times its size; if it is sound, unpack it first")
        return data


class _FromUtf16(_Readable):
    """The same text as UTF-8 bytes."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._rest = b""

    def next_bytes(self, size: int) -> bytes:
        while not self._rest:
            data = self._stream.read(CHUNK)
            try:
                self._rest = self._decoder.decode(data, final=not data).encode()
            except UnicodeDecodeError as error:
                raise InputError("not sound UTF-16 text; save it as UTF-8") from error
            if not data:
                break
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def unwrap(stream: BinaryIO | io.RawIOBase) -> Buffered:
    """The stream without gzip, byte order mark and UTF-16, told by its first bytes."""
    plain: Buffered = io.BufferedReader(cast(io.RawIOBase, stream), CHUNK)
    if plain.peek(2)[:2] == b"\x1f\x8b":
        plain = io.BufferedReader(_Gunzip(cast(BinaryIO, plain)), CHUNK)
    start = plain.peek(3)[:3]
    if start == codecs.BOM_UTF8:
        plain.read(3)
    elif start[:2] in _UTF16:
        plain.read(2)
        plain = io.BufferedReader(_FromUtf16(cast(BinaryIO, plain), _UTF16[start[:2]]), CHUNK)
    return plain


def decode(data: bytes) -> str:
    """UTF-8 text; InputError says what the bytes are instead. Line ends become a single newline."""
    if b"\0" in data:
        raise InputError("holds NUL bytes, so it is no text; give the article as text")
    try:
        return re.sub(r"\r\n?", "\n", data.decode())
    except UnicodeDecodeError as error:
        raise InputError(_NOT_UTF8) from error


def lines(stream: Buffered) -> Iterator[Piece]:
    """Each line that is not blank; after one that is too long or not UTF-8 the rest is read."""
    number = 0
    while data := stream.readline(MAX_PIECE + 1):
        number += 1
        if len(data) > MAX_PIECE:
            while data and not data.endswith(b"\n"):
                data = stream.readline(CHUNK)
            yield Piece(number, fault=_TOO_LONG)
            continue
        try:
            text = data.decode()
        except UnicodeDecodeError:
            yield Piece(number, fault=_NOT_UTF8)
            continue
        if text.strip():
            yield Piece(number, text.rstrip())


_OUTSIDE = re.compile(r'["\[\]{}]')
_INSIDE = re.compile(r'["\\]')
_BETWEEN = re.compile(r"[\s,]*")


class _Objects:
    """Finds where the objects of a JSON text begin and end, chunk by chunk."""

    def __init__(self) -> None:
        self.line = 1
        self.in_list = False  # inside the one list that may hold all objects
        self._depth = 0  # brackets open inside the current object
        self._in_string = False
        self._skip = 0  # characters of the next chunk that an escape covers
        self._begin = 0
        self._size = 0
        self._parts: list[str] = []

    @property
    def open(self) -> bool:
        return self._depth > 0 or self.in_list

    def feed(self, chunk: str) -> Iterator[Piece]:
        position, start = self._skip, 0
        self._skip = 0
        while match := (_INSIDE if self._in_string else _OUTSIDE).search(chunk, position):
            char, position = match[0], match.end()
            if self._depth == 0:
                start = self._between(chunk, start, match)
            elif self._in_string:
                self._in_string = char != '"'
                position += char == "\\"
            elif char == '"':
                self._in_string = True
            else:
                self._depth += 1 if char in "{[" else -1
                if self._depth == 0:
                    yield self._close(chunk[start:position])
                    start = position
        self._skip = max(0, position - len(chunk))
        if self._depth:
            self._keep(chunk[start:])
        elif not _BETWEEN.fullmatch(chunk, start):
            raise self._junk()
        self.line += chunk.count("\n", start)

    def _between(self, chunk: str, start: int, match: re.Match[str]) -> int:
        """Handle a bracket outside all objects; the new start of what is not yet used up."""
        if not _BETWEEN.fullmatch(chunk, start, match.start()):
            raise self._junk()
        self.line += chunk.count("\n", start, match.start())
        char = match[0]
        if char == "{":
            self._depth, self._begin = 1, self.line
            return match.start()
        if (char == "[") == self.in_list or char not in "[]":
            raise self._junk()
        self.in_list = char == "["
        return match.end()

    def _keep(self, text: str) -> None:
        self._size += len(text)
        if self._size <= MAX_PIECE:
            self._parts.append(text)
        else:
            self._parts.clear()

    def _close(self, text: str) -> Piece:
        self._keep(text)
        self.line += text.count("\n")
        piece = Piece(self._begin, "".join(self._parts), "" if self._size <= MAX_PIECE else _TOO_LONG)
        self._parts, self._size = [], 0
        return piece

    def _junk(self) -> InputError:
        return InputError(f"not valid JSON near line {self.line}; give one object or a list of objects")


def objects(stream: Buffered) -> Iterator[Piece]:
    """Each object of a JSON text, alone, in a row or in a list; InputError where it breaks off."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    found = _Objects()
    while True:
        data = stream.read(CHUNK)
        try:
            chunk = decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise InputError(_NOT_UTF8) from error
        yield from found.feed(chunk)
        if not data:
            break
    if found.open:
        raise InputError(f"breaks off in the middle, at line {found.line}; the file is cut off")
