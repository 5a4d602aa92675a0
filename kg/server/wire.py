"""What the server and its workers say to each other: jobs and replies in frames over a socket.

A frame is two lengths, a JSON head and the body as bytes; nothing in it is ever executed.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LENGTHS = struct.Struct("!II")
Kind = Literal["query", "graph", "resource", "page", "form", "read"]


@dataclass(frozen=True, slots=True)
class Job:
    """One thing that a worker is asked to do."""

    kind: Kind
    text: str  # the query, the IRI, or the path of a page
    form: str = ""  # a name of `negotiation.FORMATS`
    media_type: str = ""  # as the client called it
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None  # default and named graphs, in place of the union
    params: Mapping[str, str] = field(default_factory=dict)
    lang: str = "en"
    method: str = "GET"
    gzip: bool = False  # the client takes a compressed body


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it, ready to be sent."""

    body: bytes
    status: int = 200
    media_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def pack_job(job: Job) -> bytes:
    head = (job.kind, job.form, job.media_type, job.dataset, dict(job.params), job.lang, job.method, job.gzip)
    return _frame(head, job.text.encode())


def pack_reply(reply: Reply) -> bytes:
    return _frame([reply.status, reply.media_type, dict(reply.headers)], reply.body)


def unpack_job(head: bytes, body: bytes) -> Job:
    kind, *rest = json.loads(head)
    return Job(kind, body.decode(), *rest)


def unpack_reply(head: bytes, body: bytes) -> Reply:
    status, media_type, headers = json.loads(head)
    return Reply(body, status, media_type, headers)


def _frame(head: object, body: bytes) -> bytes:
    written = json.dumps(head).encode()
    return b"".join((LENGTHS.pack(len(written), len(body)), written, body))


def receive(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """Head and body of the next frame; None when the other side has gone."""
    lengths = _exactly(connection, LENGTHS.size)
    if lengths is None:
        return None
    head_size, body_size = LENGTHS.unpack(lengths)
    rest = _exactly(connection, head_size + body_size)
    return None if rest is None else (rest[:head_size], rest[head_size:])


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        part = connection.recv(min(size - len(found), 1 << 20))
        if not part:
            return None
        found += part
    return bytes(found)
